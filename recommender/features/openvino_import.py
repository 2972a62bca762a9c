"""OpenVINO without its telemetry.

At its import OpenVINO asks a telemetry package whether usage may be reported, which fails for a
user without a home directory; and nothing that this program does is to be reported. Where that
package cannot be imported, OpenVINO takes a stub of its own.
"""

import sys

sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

import openvino as ov  # noqa: E402

__all__ = ["ov"]

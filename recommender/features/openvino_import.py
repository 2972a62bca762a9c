"""Import of OpenVINO without its telemetry.

The telemetry package reports usage, which this program must not do, and its import fails for a user
without a home directory. Where it cannot be imported, OpenVINO uses a stub of its own.
"""

import sys

sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

import openvino as ov  # noqa: E402
from openvino import opset13 as ops  # noqa: E402
from openvino.preprocess import PrePostProcessor  # noqa: E402

__all__ = ["PrePostProcessor", "ops", "ov"]

"""OpenVINO imported without its telemetry, which would report every start to its makers.

Where the package `openvino_telemetry` is installed, as it is with OpenVINO, `import openvino`
sends an event to Google Analytics without having asked, and writes `~/intel`. Where it is missing,
OpenVINO puts a stub of its own in its place (openvino/tools/ovc/telemetry_utils.py).
"""

import sys

# An entry of None makes an import fail as if the package were not there.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

import openvino as ov  # noqa: E402 - what comes before decides what is imported

__all__ = ["ov"]

"""OpenVINO reports nothing to its makers."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_engine_starts_without_telemetry_and_leaves_nothing_at_home(tmp_path: Path) -> None:
    code = (
        "import recommender.features.encoder\n"
        "from openvino.tools.ovc import telemetry_utils\n"
        "print(telemetry_utils.tm.__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "openvino.tools.ovc.telemetry_stub", done.stderr
    assert list(tmp_path.iterdir()) == []

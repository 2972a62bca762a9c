"""`app.py` as a person starts it, where it cannot start; where it can, see the other tests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"INDEX_DIR": "nowhere"}, "nowhere is not an index"),
        ({"INDEX_DIR": "a", "INDEX_REPO_ID": "b/c"}, "Set INDEX_REPO_ID or INDEX_DIR, not both."),
        ({"PORT": "many"}, "PORT is a number from 1 to 65535"),
        ({"PRECISION": "f8"}, "PRECISION is one of f32, bf16"),
    ],
)
def test_what_keeps_the_app_from_starting_is_said_in_a_sentence(
    environment: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "app.py")],
        cwd=tmp_path,
        env={**os.environ, "CACHE_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr

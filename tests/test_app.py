"""`app.py` as a person starts it, where it cannot start; where it can, see the other tests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from recommender.errors import SettingsError
from tests.conftest import Served

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


def test_a_port_that_is_taken_is_said_in_a_sentence(served: Served) -> None:
    from recommender.interface.server import launch

    port = int(served.address.rpartition(":")[2])
    with pytest.raises(SettingsError, match=f"{port}: another program does"):
        launch(served.source, "127.0.0.1", port, prevent_thread_lock=True, quiet=True)

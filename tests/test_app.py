"""`app.py` as a person starts it, where it cannot start; where it can, see the other tests."""

import subprocess
import sys
from pathlib import Path

import pytest

from recommender.errors import SettingsError
from tests.conftest import Served
from tests.support.programs import ROOT, environment, script_here


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"INDEX_DIR": "a", "INDEX_REPO_ID": "b/c"}, "Set INDEX_REPO_ID or INDEX_DIR, not both."),
        ({"PORT": "many"}, "PORT is a number from 1 to 65535"),
        ({"PRECISION": "f8"}, "PRECISION is one of auto, f32, bf16"),
    ],
)
def test_what_keeps_the_app_from_starting_is_said_in_a_sentence(
    variables: dict[str, str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    done = script_here("app.py")
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_an_app_without_its_index_leaves_with_a_sentence(tmp_path: Path) -> None:
    """As a program of its own, which has begun to import the page when the index fails."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "app.py")],
        cwd=tmp_path,
        env=environment({"INDEX_DIR": "nowhere"}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "nowhere is not an index" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_said_in_a_sentence(served: Served) -> None:
    from recommender.interface.server import launch

    port = int(served.address.rpartition(":")[2])
    with pytest.raises(SettingsError, match=f"{port}: another program does"):
        launch(served.source, "127.0.0.1", port, prevent_thread_lock=True, quiet=True)

"""The folder of a process: private, gone with the process, and swept if the process was killed."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from recommender.errors import SettingsError
from recommender.interface import private_folder
from recommender.interface.private_folder import PREFIX, make_private_folder, remove_leftovers

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import time
from recommender.interface.private_folder import make_private_folder
print(make_private_folder(), flush=True)
{then}
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def program(temporary: Path, then: str) -> tuple[subprocess.Popen[str], Path]:
    """A process with a private folder, and the folder."""
    started = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(then=then)],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert started.stdout is not None
    return started, Path(started.stdout.readline().strip())


def long_ago(root: Path) -> None:
    then = time.time() - 2 * private_folder.YOUNG_SECONDS
    os.utime(root, (then, then))


def test_nobody_else_can_open_it_and_it_goes_with_the_process(temporary: Path) -> None:
    process, folder = program(temporary, "")
    assert folder.is_relative_to(temporary)
    assert process.wait() == 0
    assert list(temporary.iterdir()) == []
    root = make_private_folder().parent
    assert stat.S_IMODE(root.stat().st_mode) == 0o700


def test_it_goes_with_a_process_that_is_told_to_stop(temporary: Path) -> None:
    stop = "from recommender.commandline import clean_up_when_terminated as clean; clean()\n"
    process, folder = program(temporary, f"{stop}print('ready', flush=True); time.sleep(600)")
    assert folder.exists()
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.terminate()
    assert process.wait() == 143
    assert list(temporary.iterdir()) == []


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_has_stays(
    temporary: Path,
) -> None:
    process, folder = program(temporary, "time.sleep(600)")
    (folder / "picture.png").write_bytes(b"a visitor's")
    long_ago(folder.parent)
    remove_leftovers(temporary)
    assert folder.exists()
    process.send_signal(signal.SIGKILL)
    process.wait()
    remove_leftovers(temporary)
    assert list(temporary.iterdir()) == []


def test_what_is_not_ours_stays(temporary: Path) -> None:
    elsewhere = temporary / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    (elsewhere / "file").write_bytes(b"somebody else's")
    (temporary / f"{PREFIX}link").symlink_to(elsewhere)
    for name, mode in ((f"{PREFIX}open", 0o755), (f"{PREFIX}young", 0o700), ("gradio", 0o700)):
        (temporary / name).mkdir(mode=mode)
        if "young" not in name:
            long_ago(temporary / name)
    before = sorted(temporary.rglob("*"))
    remove_leftovers(temporary)
    assert sorted(temporary.rglob("*")) == before


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_temporary_folder_that_cannot_be_written_is_said_in_a_sentence(temporary: Path) -> None:
    temporary.chmod(0o500)
    try:
        with pytest.raises(SettingsError, match="Set TMPDIR to a folder that can"):
            make_private_folder()
    finally:
        temporary.chmod(0o700)

"""Private temporary folder: one of this process alone, removed at its end or by a later start."""

import atexit
import contextlib
import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from recommender.errors import SettingsError

PREFIX = "fashion-recommender-"
LOCK = "lock"
# A folder this young may belong to a process that has not locked it yet.
YOUNG_SECONDS = 60


def make_private_folder() -> Path:
    """A new folder that only this user can open (mode 0700), removed when the process ends.

    Folders that killed processes left behind are removed first: those of this user, by this name,
    whose lock nobody holds.

    Raises:
        SettingsError: no temporary folder can be written.
    """
    try:
        parent = Path(tempfile.gettempdir())
    except OSError as error:
        raise SettingsError(
            "No temporary folder can be written, and visitors' pictures need one. "
            "Set TMPDIR to a folder that can."
        ) from error
    remove_leftovers(parent)
    try:
        root = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent)).resolve()
        lock = _lock(root)
        lock.acquire(timeout=0)
        folder = root / "files"
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise SettingsError(
            f"The temporary folder {parent} cannot be written: {error.strerror}. "
            "Set TMPDIR to a folder that can."
        ) from error
    atexit.register(_remove, root, lock, os.getpid())
    return folder


def remove_leftovers(parent: Path) -> None:
    """Remove the private folders in a folder whose processes have ended without doing so."""
    for path in parent.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # Another process may be removing it as well.
            if _is_ours(path):
                _remove_unless_locked(path)


def _is_ours(path: Path) -> bool:
    """Whether it is a real folder (no link) of this user, closed to all others, and not new."""
    status = path.lstat()
    return (
        stat.S_ISDIR(status.st_mode)
        and status.st_uid == os.getuid()
        and not status.st_mode & 0o077
        and time.time() - status.st_mtime > YOUNG_SECONDS
    )


def _remove_unless_locked(root: Path) -> None:
    lock = _lock(root)
    try:
        lock.acquire(timeout=0)
    except (Timeout, OSError):
        return
    try:
        shutil.rmtree(root, ignore_errors=True)
    finally:
        lock.release()


def _lock(root: Path) -> BaseFileLock:
    # The system lets go of it when the process dies, however that happens.
    return FileLock(root / LOCK, thread_local=False)


def _remove(root: Path, lock: BaseFileLock, process: int) -> None:
    if os.getpid() == process:  # A forked child leaves with the handlers of its parent.
        shutil.rmtree(root, ignore_errors=True)
        lock.release()

"""Disk writes: locks between programs, atomic files, and error messages for a full disk."""

import errno
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from recommender.errors import RecommenderError, StorageError

_log = logging.getLogger(__name__)

# Bytes of free space. NumPy and OpenVINO report a failed write without an error number; with less
# free space than this, the disk is taken to be full.
FULL_BELOW_BYTES = 1 << 16
# Seconds between two attempts to take the lock; a build holds it for minutes.
LOCK_POLL_SECONDS = 0.2

# What to do when a build cannot write.
GO_ON = "Nothing is lost: make room or choose another --out, and the same command goes on."

_FULL = "the disk is full"
_REASONS = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: "the quota of this user is used up",
    errno.EFBIG: "the file is larger than this user or disk allows",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "this user may not write there",
    errno.EPERM: "this user may not write there",
    errno.EEXIST: "there is a file of that name",
    errno.ENOENT: "its folder cannot be made",
    errno.ENOTDIR: "a part of the path is a file",
    errno.EIO: "the disk reports an error",
}


@contextmanager
def storage_errors(folder: Path, advice: str) -> Iterator[None]:
    """Turn failed writes into a `StorageError`.

    Args:
        folder: where the block writes; in the message where the error has no file name.
        advice: sentence on what to do.

    Raises:
        StorageError: the disk is full or read-only, or this user may not write.
    """
    try:
        yield
    except RecommenderError:
        raise
    except Exception as error:  # NumPy, zipfile, OpenVINO and TensorFlow each have their own
        where: Path | str = folder
        if isinstance(error, OSError) and error.errno is not None:
            reason = _REASONS.get(error.errno)
            if isinstance(error.filename, str | bytes):
                where = os.fsdecode(error.filename)
        else:
            full = (path for path in (folder, Path(tempfile.gettempdir())) if _is_full(path))
            where = next(full, folder)
            reason = _FULL if _is_full(where) else None
        if reason is None:
            raise
        raise StorageError(f"{where} cannot be written: {reason}. {advice}") from error


@contextmanager
def exclusive(path: Path, waiting: str) -> Iterator[None]:
    """Exclusive lock between programs, held while the block runs.

    The operating system holds the lock (`flock`) and drops it with the process, so that a killed
    program blocks nobody.

    Args:
        path: the lock's file; its folder is created, and the file is removed at the end.
        waiting: sentence for the log while another program holds the lock.

    Raises:
        OSError: the file cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        _log.info(waiting)
        lock.acquire(poll_interval=LOCK_POLL_SECONDS)
    try:
        yield
    finally:
        # Removed while it is held: a waiter that opened the old file finds its link count at zero
        # (filelock checks it) and opens the new one.
        with suppress(OSError):
            path.unlink()
        lock.release()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file atomically; its folder is created.

    Raises:
        OSError: the file cannot be written; no part of it is left.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".new")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _is_full(folder: Path) -> bool:
    existing = next((path for path in (folder, *folder.parents) if path.exists()), None)
    return existing is not None and shutil.disk_usage(existing).free < FULL_BELOW_BYTES

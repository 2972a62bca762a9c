"""Folder exchange: a folder replaced by another in one step, whole at every moment.

A folder cannot be renamed over another that is not empty, and between two renames there would be
none at the path. Linux and macOS exchange two folders in one step; where the path is a symbolic
link, the link itself is replaced.
"""

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from recommender.errors import StorageError

# From Linux' fcntl.h and linux/fs.h (https://man7.org/linux/man-pages/man2/rename.2.html), and
# from macOS' sys/stdio.h (renamex_np(2)).
_AT_FDCWD, _RENAME_EXCHANGE, _RENAME_SWAP = -100, 2, 2
_UNSUPPORTED = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP)


def put_in_place(new: Path, path: Path) -> None:
    """Let a folder take another's path, in one step; what was there is removed.

    Whoever has files of the old folder open can read them on.

    Args:
        new: the folder, on the same disk as `path`; its name is gone afterwards.
        path: a folder, a symbolic link to one, or nothing yet.

    Raises:
        StorageError: the disk cannot exchange folders.
        OSError: the folder cannot be renamed; what was at `path` is still there.
    """
    if path.is_symlink():
        _replace_link(new, path)
    elif not path.exists():
        new.rename(path)
    else:
        _exchange(new, path)
        shutil.rmtree(new)  # the old folder now


def _replace_link(new: Path, link: Path) -> None:
    """Point a link at the new folder, which gets a name beside the link, and remove the old one."""
    old = link.resolve()
    named = link.with_name(f"{link.name}.{_free_number(link)}")
    new.rename(named)
    fresh = link.with_name(f".{link.name}.link")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(named.name)
    os.replace(fresh, link)
    # Only a folder that this function named: what else a link points at is its owner's.
    if old.parent == link.parent.resolve() and _number_of(old, link) is not None:
        shutil.rmtree(old)


def _free_number(link: Path) -> int:
    numbers = (_number_of(path, link) or 0 for path in link.parent.iterdir())
    return max(numbers, default=0) + 1


def _number_of(folder: Path, link: Path) -> int | None:
    prefix, _, number = folder.name.rpartition(".")
    return int(number) if prefix == link.name and number.isdecimal() else None


def _exchange(one: Path, other: Path) -> None:
    call = _system_call()
    if call is not None:
        if call(os.fsencode(one), os.fsencode(other)) == 0:
            return
        number = ctypes.get_errno()
        if number not in _UNSUPPORTED:
            raise OSError(number, os.strerror(number), str(other))
    raise StorageError(
        f"The disk of {other} cannot exchange two folders in one step, so that there would be no "
        f"index for a moment. Make {other} a symbolic link to the index, or choose another --out."
    )


def _system_call() -> Callable[[bytes, bytes], int] | None:
    """The system's call that exchanges two paths; None where it has none."""
    library = ctypes.CDLL(None, use_errno=True)
    if sys.platform.startswith("linux") and hasattr(library, "renameat2"):
        return lambda one, other: library.renameat2(
            _AT_FDCWD, one, _AT_FDCWD, other, _RENAME_EXCHANGE
        )
    if sys.platform == "darwin" and hasattr(library, "renamex_np"):
        return lambda one, other: library.renamex_np(one, other, _RENAME_SWAP)
    return None

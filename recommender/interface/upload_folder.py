"""Upload folder: where visitors' pictures and answers lie, how much fits, and the only deletion."""

import contextlib
import functools
import os
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from recommender.errors import PictureError, StorageError
from recommender.interface.private_folder import make_private_folder

# What is uploaded and never searched with, and what nobody fetched of an answer, in seconds.
KEPT_SECONDS = 900
SWEEP_SECONDS = 60
# Bytes on the disk. A picture has at most 50 MB, so that twenty visitors may be sending at once.
MAX_UPLOADED = 1_000_000_000
# Pictures of answers can be made anew, so the oldest make room for new ones.
MAX_ANSWERS = 256_000_000
# What a file and its folder take at least: a block each.
BLOCK = 4096
# Measuring a folder full of small files takes up to a second; counts in between are estimates.
MEASURE_SECONDS = 5.0

NOT_UPLOADED = (
    "Send the picture itself, as an upload to this server or as a data: URL. No other file is "
    "opened and no address is fetched; an upload is deleted after its search."
)
FULL = (
    "This server holds as many uploaded pictures as it has room for. "
    "Try again in a quarter of an hour."
)


@dataclass(frozen=True)
class _File:
    path: Path
    changed: float
    """When it was written or touched, in seconds since 1970."""
    size: int
    """Bytes on the disk, its folder included."""


class UploadFolder:
    """A folder of this process, for uploads; `answers` in it holds pictures that we made.

    Args:
        path: the folder, which nobody else can write to.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self.answers = self.path / "answers"
        self.answers.mkdir(exist_ok=True)
        self._lock = threading.Lock()
        self._uploaded = self._answered = self._arriving = 0
        self._measured = 0.0
        self._full = threading.Event()

    def uploaded(self, path: str | os.PathLike[str]) -> Path:
        """The uploaded file that a path means, after links and `..` are resolved.

        Raises:
            PictureError: it means anything else, or nothing; the sentence is the same for both.
        """
        file = self._inside(path)
        if file is None or file.is_relative_to(self.answers) or not file.is_file():
            raise PictureError(NOT_UPLOADED)
        return file

    def delete(self, path: str | os.PathLike[str]) -> None:
        """Delete a file of the folder, and its own folder if that is empty then.

        The only function that deletes what was uploaded or answered. A file that is gone already
        is no error.

        Raises:
            PictureError: the path means something that is not in the folder.
        """
        file = self._inside(path)
        if file is None:
            raise PictureError(NOT_UPLOADED)
        try:
            size = file.lstat().st_size
            file.unlink()
            with self._lock:
                if not file.is_relative_to(self.answers):
                    self._uploaded = max(0, self._uploaded - on_disk(size))
            if file.parent not in (self.path, self.answers):
                file.parent.rmdir()
        except OSError:
            pass  # Another search deleted it, or its folder holds another's file.

    def check_room(self, size: int = 0) -> None:
        """Whether so many bytes more may be uploaded.

        Raises:
            StorageError: they may not.
        """
        if self._total() + size > MAX_UPLOADED:
            self._measure_again()
            if self._total() + size > MAX_UPLOADED:
                raise StorageError(FULL)

    def arriving(self, size: int) -> None:
        """Count bytes that are being received; a negative number when their request is done."""
        with self._lock:
            self._arriving += size

    def stored(self, size: int) -> None:
        """Count a file of that many bytes that has been uploaded."""
        with self._lock:
            self._uploaded += on_disk(size)

    def answered(self, size: int) -> None:
        """Count a picture of that many bytes that was made for an answer."""
        with self._lock:
            self._answered += on_disk(size)
            full = self._answered > MAX_ANSWERS
        if full:
            self._full.set()

    def sweep(self) -> None:
        """Delete what is older than `KEPT_SECONDS`, and the oldest answers beyond `MAX_ANSWERS`."""
        answers = []
        for file in self._files():
            if time.time() - file.changed > KEPT_SECONDS:
                self.delete(file.path)
            elif file.path.is_relative_to(self.answers):
                answers.append(file)
        size = sum(file.size for file in answers)
        for file in sorted(answers, key=lambda file: file.changed):
            if size <= MAX_ANSWERS:
                break
            self.delete(file.path)
            size -= file.size
        self._remove_empty_folders()
        self._measure()

    def keep_swept(self) -> None:
        """Sweep for ever: every `SWEEP_SECONDS`, and when there are too many answers."""
        while True:
            self._full.wait(SWEEP_SECONDS)
            self._full.clear()
            self.sweep()

    def _remove_empty_folders(self) -> None:
        for parent in (self.path, self.answers):
            for entry in list(os.scandir(parent)):
                # One that was just made is about to be written to.
                with contextlib.suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    old = time.time() - status.st_mtime > SWEEP_SECONDS
                    if old and stat.S_ISDIR(status.st_mode) and Path(entry.path) != self.answers:
                        os.rmdir(entry.path)

    def _inside(self, path: str | os.PathLike[str]) -> Path | None:
        """The path with links and `..` resolved, if it lies in the folder."""
        try:
            resolved = Path(path).resolve()
        except (OSError, ValueError, RuntimeError):  # too long; a null character; a ring of links
            return None
        inside = resolved.is_relative_to(self.path) and resolved not in (self.path, self.answers)
        return resolved if inside else None

    def _total(self) -> int:
        return self._uploaded + self._arriving

    def _measure_again(self) -> None:
        if time.monotonic() - self._measured > MEASURE_SECONDS:
            self._measure()

    def _measure(self) -> None:
        uploaded = answered = 0
        for file in self._files():
            if file.path.is_relative_to(self.answers):
                answered += file.size
            elif file.path.parent != self.path:  # What is still arriving is counted as that.
                uploaded += file.size
        with self._lock:
            self._uploaded, self._answered = uploaded, answered
            self._measured = time.monotonic()

    def _files(self) -> Iterator[_File]:
        for folder, _, names in os.walk(self.path):
            for name in names:
                path = Path(folder, name)
                try:
                    status = path.lstat()
                except OSError:  # deleted meanwhile
                    continue
                yield _File(path, status.st_ctime, on_disk(status.st_size))


def on_disk(size: int) -> int:
    """Bytes that a file of a size takes on the disk with its folder, rounded up to blocks."""
    return (-(-size // BLOCK) + 1) * BLOCK


@functools.cache
def upload_folder() -> UploadFolder:
    """The upload folder of this process, made when it is first asked for.

    Raises:
        SettingsError: no temporary folder can be written.
    """
    folder = UploadFolder(make_private_folder())
    threading.Thread(target=folder.keep_swept, name="sweep uploads", daemon=True).start()
    return folder

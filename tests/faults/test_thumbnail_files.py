"""Thumbnails as files for API callers, where the disk is full or was."""

import errno
import os
from pathlib import Path

import pytest

from recommender import storage
from recommender.errors import StorageError
from recommender.index.folder import open_index
from recommender.interface import thumbnails
from recommender.interface.thumbnails import Thumbnails
from recommender.interface.upload_folder import UploadFolder


@pytest.fixture
def pictures(
    tiny: None, sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Thumbnails:
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    folder = UploadFolder(uploads)
    monkeypatch.setattr(thumbnails, "upload_folder", lambda: folder)
    return Thumbnails(open_index(sound))


def full(*arguments: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_is_a_sentence_and_leaves_no_empty_file(
    pictures: Thumbnails, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(storage.os, "replace", full)
        with pytest.raises(StorageError, match=r"no space left on device.*set TMPDIR"):
            pictures.file(3)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert Path(pictures.file(3)).stat().st_size > 100


@pytest.mark.parametrize("left", [b"", b"\x89PNG cut"])
def test_a_file_that_was_left_unfinished_is_written_anew(pictures: Thumbnails, left: bytes) -> None:
    path = Path(pictures.file(0))
    whole = path.read_bytes()
    path.write_bytes(left)
    assert Path(pictures.file(0)).read_bytes() == whole


def test_a_file_that_is_there_is_not_written_again(pictures: Thumbnails) -> None:
    before = Path(pictures.file(0)).stat()
    # A file that is written takes the place of the one that was there.
    assert Path(pictures.file(0)).stat().st_ino == before.st_ino

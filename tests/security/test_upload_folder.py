"""The upload folder: what is in it, what is deleted from it, and how much of it there may be."""

import os
import time
from pathlib import Path

import pytest

from recommender.errors import PictureError, StorageError
from recommender.interface import upload_folder
from recommender.interface.upload_folder import BLOCK, UploadFolder


@pytest.fixture
def folder(tmp_path: Path) -> UploadFolder:
    path = tmp_path / "uploads"
    path.mkdir()
    return UploadFolder(path)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file beside the folder, which has to stay."""
    path = tmp_path / "outside.png"
    path.write_bytes(b"somebody else's")
    return path


def uploaded(folder: UploadFolder, name: str = "a", content: bytes = b"picture") -> Path:
    path = folder.path / name / "picture.png"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def ways_out(folder: UploadFolder, outside: Path) -> list[str | Path]:
    link = folder.path / "link.png"
    link.symlink_to(outside)
    linked = folder.path / "linked"
    linked.symlink_to(outside.parent)
    return [
        outside,
        str(outside),
        f"{folder.path}/../outside.png",
        f"{folder.path}/a/../../outside.png",
        os.path.relpath(outside),
        link,
        linked / "outside.png",
        folder.path,
        folder.answers,
        "",
        ".",
        "/",
        "\0",
        "a" * 5000,
        "http://pictures.example/a.png",
    ]


def test_what_was_uploaded_is_found_under_its_path(folder: UploadFolder) -> None:
    path = uploaded(folder)
    assert folder.uploaded(str(path)) == path
    assert folder.uploaded(f"{folder.path}/a/../a/picture.png") == path


def test_nothing_else_is_and_all_is_refused_alike(folder: UploadFolder, outside: Path) -> None:
    made = folder.answers / "thumbnail.png"
    made.write_bytes(b"ours")
    gone = [folder.path / "gone.png", outside.with_name("gone.png"), made]
    for path in [*ways_out(folder, outside), *gone]:
        with pytest.raises(PictureError) as refused:
            folder.uploaded(path)
        assert str(refused.value) == upload_folder.NOT_UPLOADED


def test_deleting_takes_the_file_and_its_empty_folder(folder: UploadFolder) -> None:
    path = uploaded(folder)
    folder.delete(path)
    assert not path.parent.exists()
    folder.delete(path)  # once more is no error
    assert folder.path.exists()


def test_nothing_outside_is_deleted_however_it_is_called(
    folder: UploadFolder, outside: Path
) -> None:
    for path in ways_out(folder, outside):
        with pytest.raises(PictureError):
            folder.delete(path)
    assert outside.read_bytes() == b"somebody else's"
    assert folder.answers.exists()


def test_a_ring_of_links_is_refused(folder: UploadFolder) -> None:
    one, other = folder.path / "one", folder.path / "other"
    one.symlink_to(other)
    other.symlink_to(one)
    with pytest.raises(PictureError):
        folder.uploaded(one)


def test_what_is_old_is_swept_and_what_is_new_stays(
    folder: UploadFolder, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, answer, cut = uploaded(folder, "old"), folder.answers / "a.webp", folder.path / "tmpcut"
    for path in (answer, cut):
        path.write_bytes(b"old as well")
    (folder.path / "empty").mkdir()
    (folder.path / "link").symlink_to(outside.parent)
    later = time.time() + upload_folder.KEPT_SECONDS + 1
    folder.sweep()
    assert old.exists()
    monkeypatch.setattr(upload_folder.time, "time", lambda: later)
    folder.sweep()
    assert sorted(p.name for p in folder.path.rglob("*")) == ["answers", "link"]
    assert outside.exists()


def test_uploads_are_refused_when_the_folder_is_full_and_taken_again_after(
    folder: UploadFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_folder, "MAX_UPLOADED", 10 * BLOCK)
    monkeypatch.setattr(upload_folder, "MEASURE_SECONDS", 0)
    path = uploaded(folder, content=bytes(8 * BLOCK))
    folder.stored(8 * BLOCK)
    folder.check_room(BLOCK)
    with pytest.raises(StorageError, match="quarter of an hour"):
        folder.check_room(2 * BLOCK)
    folder.delete(path)
    folder.check_room(2 * BLOCK)


def test_many_tiny_files_fill_the_folder_too(
    folder: UploadFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_folder, "MAX_UPLOADED", 10 * BLOCK)
    for number in range(6):
        uploaded(folder, str(number), b"x")
    folder.sweep()
    with pytest.raises(StorageError):
        folder.check_room()


def test_what_is_arriving_counts(folder: UploadFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_folder, "MAX_UPLOADED", 100)
    folder.arriving(101)
    with pytest.raises(StorageError):
        folder.check_room()
    folder.arriving(-101)
    folder.check_room()


def test_the_oldest_answers_make_room_for_new_ones(
    folder: UploadFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_folder, "MAX_ANSWERS", 6 * BLOCK)
    upload = uploaded(folder)
    for number in range(5):
        (folder.answers / f"{number}.webp").write_bytes(b"x")
        time.sleep(0.02)  # the clock of a file system may tick every hundredth of a second
    folder.sweep()
    assert sorted(p.name for p in folder.answers.iterdir()) == ["2.webp", "3.webp", "4.webp"]
    assert upload.exists()

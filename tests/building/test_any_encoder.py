"""Indexes of any network: built, resumed, merged, opened, searched with and explained."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recommender.answers.explanation import explain
from recommender.answers.recommender import Recommender
from recommender.building.build import build_index, merge_shards
from recommender.building.card import card
from recommender.building.plan import BuildConfig, BuildDirectory, Shard
from recommender.building.refit import refit_index
from recommender.building.update import update_index
from recommender.building.update_source import UpdateOptions
from recommender.embedding.tower_head import TowerHead
from recommender.errors import DatasetError, IndexFormatError, SettingsError, TextError
from recommender.features.backbones import onnx_folder
from recommender.features.backbones.registry import TextInput
from recommender.index.files import files_of
from recommender.index.folder import open_index
from recommender.index.manifest import Manifest
from recommender.interface.explanation import explained
from recommender.reading.product import Columns, Product
from tests.support.drawn_products import draw_product, write_picture_folder
from tests.support.few_sentences import few_sentences
from tests.support.hub_server import HubServer, hub_server_fixture  # noqa: F401
from tests.support.programs import script_here
from tests.support.small_catalogue import SmallCatalogue
from tests.support.two_towers import EMBEDDING, SIDE, TOKENS, write_two_towers


@pytest.fixture(scope="module", autouse=True)
def quickly() -> Iterator[None]:
    with few_sentences():
        yield


@pytest.fixture(scope="module")
def towers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_two_towers(tmp_path_factory.mktemp("network") / "towers")


@pytest.fixture(scope="module")
def config(towers: Path) -> BuildConfig:
    return BuildConfig("drawn products", backbone=str(towers), head="none", licence="CC0-1.0")


@pytest.fixture(scope="module")
def index(config: BuildConfig, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "index"
    build_index(SmallCatalogue(), folder, config)
    return folder


def test_the_manifest_describes_the_network(index: Path) -> None:
    manifest = Manifest.read(index)
    assert manifest.backbone == "towers"
    assert manifest.encoder is not None
    assert (manifest.encoder.side, manifest.encoder.channels) == (SIDE, EMBEDDING)
    assert manifest.encoder.text == TextInput(TOKENS, 0)
    assert manifest.encoder.weights_licence == "apache-2.0"
    assert {"encoder/text.xml", "encoder/text.bin", "encoder/tokenizer.json"} <= set(manifest.files)
    assert "The network's weights: apache-2.0 (the local folder towers)" in (
        index / "README.md"
    ).read_text(encoding="utf-8")


def test_pictures_are_searched_with_and_their_own_product_comes_first(index: Path) -> None:
    recommender = Recommender(open_index(index))
    picture = draw_product("Tshirts", "Red", 0)
    [first] = recommender.search(recommender.embed_picture(picture), 1).results
    assert first.id == recommender.catalogue.ids[0]
    assert first.distance < 1e-3
    results = recommender.recommend(picture, 5).results
    assert len(results) == 5


def test_a_match_is_explained_by_hiding_parts_of_the_picture(index: Path) -> None:
    recommender = Recommender(open_index(index))
    red, blue = draw_product("Tshirts", "Red", 900), draw_product("Tshirts", "Blue", 901)
    explanation, shown_query, shown_result = explained(recommender, red, blue)
    assert shown_query.size[0] / shown_query.size[1] == pytest.approx(red.width / red.height, 0.02)
    assert min(shown_result.size) > 50
    for evidence in (explanation.query, explanation.result):
        assert evidence.heat.max() in (0, 1)
        assert evidence.similarity_without < 1
    again = [recommender.index.extractor.occludable(picture) for picture in (red, blue)]
    known = explain(again[0], again[1], recommender.index.head)
    assert np.array_equal(known.query.heat, explanation.query.heat)


def test_heat_falls_on_the_garment_and_not_on_the_ground(index: Path) -> None:
    """Both pictures share a red square, at different places; the rest of them differs."""
    from PIL import Image

    recommender = Recommender(open_index(index))
    pictures = [Image.new("RGB", (70, 70), ground) for ground in ((20, 60, 20), (20, 20, 90))]
    corners = [(0, 0), (40, 40)]
    for picture, corner in zip(pictures, corners, strict=True):
        picture.paste((250, 10, 10), (*corner, corner[0] + 30, corner[1] + 30))
    explanation, _, _ = explained(recommender, *pictures)
    assert explanation.query.heat[:3, :3].mean() > 3 * explanation.query.heat[4:, 4:].mean()
    assert explanation.result.heat[4:, 4:].mean() > 3 * explanation.result.heat[:3, :3].mean()


def test_words_are_read_by_the_networks_own_tower_without_learning(index: Path) -> None:
    recommender = Recommender(open_index(index))
    for text, colour in (("red", "Red"), ("green skirt", "Green"), ("for men, in blue", "Blue")):
        found = recommender.recommend(None, 5, text=text).results
        assert [result.attributes["baseColour"] for result in found] == [colour] * 5
    card = (index / "README.md").read_text(encoding="utf-8")
    assert "Words are read by the network's own text tower." in card


def test_words_change_a_picture_where_colour_is_no_part_of_its_own(index: Path) -> None:
    recommender = Recommender(open_index(index))
    red = draw_product("Tshirts", "Red", 900)
    assert recommender.recommend(red, 1).results[0].attributes["baseColour"] == "Red"
    found = recommender.recommend(red, 3, text="in green").results
    assert [result.attributes["baseColour"] for result in found] == ["Green"] * 3


def test_a_text_about_no_product_is_refused(index: Path) -> None:
    with pytest.raises(TextError, match="about a product"):
        Recommender(open_index(index)).recommend(None, 5, text="what is the weather tomorrow")


class Nameless(SmallCatalogue):
    """Pictures with ids alone."""

    columns = Columns(image="image", id="id", name="id", attributes=())

    def read(self, start: int, stop: int) -> Iterator[Product]:
        for product in super().read(start, stop):
            yield replace(product, name=product.id, attributes={})


@pytest.mark.parametrize("head", ["none", "learned"])
def test_a_catalogue_without_names_is_searched_with_words(
    config: BuildConfig, tmp_path: Path, head: str
) -> None:
    build_index(Nameless(), tmp_path / "index", replace(config, head=head))
    index = open_index(tmp_path / "index")
    assert index.manifest.quality["words"] == {"kept": "text_tower"}
    red = {p.id for p in SmallCatalogue().read(0, 48) if p.attributes["baseColour"] == "Red"}
    answer = Recommender(index).recommend(None, 5, text="red dress")
    assert {result.id for result in answer.results} <= red


@pytest.mark.parametrize("kept", ["text_head", "text_tower"])
def test_the_card_has_the_figures_of_what_was_learned_and_of_the_tower(
    index: Path, kept: str
) -> None:
    words = {"names": 26, "own_among_ten": 0.9231, "text_head": 0.9231, "text_tower": 0.7308}
    quality = {"queries": 0, "precision_at_5": {}, "words": words | {"kept": kept}}
    written = card(replace(Manifest.read(index), quality=quality), True)
    assert "learned from the catalogue it is 92.3%" in written
    assert "text tower 73.1%: the better one is kept" in written
    assert ("Words are read by the network's own text tower." in written) == (kept == "text_tower")


def test_an_updated_and_a_refitted_index_keep_the_words(index: Path, tmp_path: Path) -> None:
    class Smaller(SmallCatalogue):
        def count(self) -> int:
            return 40

    update_index(index, tmp_path / "updated", lambda *_: Smaller(), UpdateOptions())
    refit_index(index, tmp_path / "refitted", Smaller(), "drawn products", None, "train")
    for name in ("updated", "refitted"):
        opened = open_index(tmp_path / name)
        assert len(opened.catalogue) == 40
        found = Recommender(opened).recommend(None, 5, text="blue").results
        assert {result.attributes["baseColour"] for result in found} == {"Blue"}
        written = (tmp_path / name / "README.md").read_text(encoding="utf-8")
        assert "Words are read by the network's own text tower." in written


def test_an_index_that_is_replaced_shares_the_tower(index: Path, tmp_path: Path) -> None:
    shutil.copytree(index, tmp_path / "index")
    first = open_index(index)
    again = open_index(tmp_path / "index", earlier=first)
    assert first.text is not None
    assert again.text is not None
    assert isinstance(first.text.head, TowerHead)
    assert isinstance(again.text.head, TowerHead)
    assert again.text.head.tower is first.text.head.tower


def test_words_of_another_tower_are_refused(index: Path, tmp_path: Path) -> None:
    shutil.copytree(index, tmp_path / "index")
    with np.load(tmp_path / "index" / "text_head.npz") as arrays:
        changed = dict(arrays) | {"tower_offset": np.zeros(EMBEDDING + 1, np.float32)}
    np.savez(tmp_path / "index" / "text_head.npz", allow_pickle=False, **changed)
    manifest = Manifest.read(index)
    replace(manifest, files=files_of(tmp_path / "index")).write(tmp_path / "index")
    with pytest.raises(
        IndexFormatError, match=r"text_head\.npz of the index is missing or damaged"
    ):
        open_index(tmp_path / "index")


def test_a_stopped_build_goes_on_with_the_same_network_and_with_no_other(
    config: BuildConfig, towers: Path, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stopping(SmallCatalogue):
        def read(self, start: int, stop: int):
            yield from super().read(start, start + 5)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_index(Stopping(), tmp_path / "index", config)
    changed = tmp_path / "towers"
    shutil.copytree(towers, changed)
    described = json.loads((changed / "preprocessor_config.json").read_text())
    (changed / "preprocessor_config.json").write_text(json.dumps(described | {"resample": 2}))
    with pytest.raises(SettingsError, match="unfinished build of something else"):
        build_index(SmallCatalogue(), tmp_path / "index", replace(config, backbone=str(changed)))
    monkeypatch.setattr(onnx_folder, "export_files", None)  # it is exported already
    report = build_index(SmallCatalogue(), tmp_path / "index", config)
    assert report.manifest is not None
    assert report.manifest.fingerprint == Manifest.read(index).fingerprint


def test_shards_become_the_index_that_one_machine_builds(
    config: BuildConfig, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recommender.building.encode.CHUNK", 16)
    monkeypatch.setattr("recommender.building.plan.CHUNK", 16)
    folders = []
    for number in (1, 2):
        shard = replace(config, shard=Shard(number, 2))
        folders.append(build_index(SmallCatalogue(), tmp_path / "index", shard).folder)
    merged = merge_shards(folders, tmp_path / "index", config).manifest
    assert merged is not None
    assert merged.fingerprint == Manifest.read(index).fingerprint
    assert merged.encoder == Manifest.read(index).encoder


def test_half_the_weights_find_the_same(config: BuildConfig, index: Path, tmp_path: Path) -> None:
    build_index(SmallCatalogue(), tmp_path / "index", replace(config, half_weights=True))
    whole, half = (np.load(folder / "vectors.npy") for folder in (index, tmp_path / "index"))
    assert (whole * half).sum(axis=1).min() > 0.999


def test_tensorflow_is_refused_for_a_network_that_is_not_keras(
    config: BuildConfig, tmp_path: Path
) -> None:
    with pytest.raises(SettingsError, match="towers runs in OpenVINO"):
        build_index(SmallCatalogue(), tmp_path / "index", replace(config, engine="tensorflow"))


def test_the_script_builds_with_a_repository_of_the_hub(
    hub_server: HubServer, towers: Path, tmp_path: Path
) -> None:
    files = {p.relative_to(towers).as_posix(): p for p in towers.rglob("*") if p.is_file()}
    name = "Marqo/marqo-fashionSigLIP"
    hub_server.create(name, files={path: file.read_bytes() for path, file in files.items()})
    shop = write_picture_folder(tmp_path / "my-pictures", 24)
    out = ["--dataset", shop, "--out", tmp_path / "index", "--head", "none"]
    built = script_here("scripts/build_index.py", *out, "--backbone", name)
    assert built.returncode == 0, built.stderr
    commit = hub_server.repository(name).commits[-1].oid
    manifest = Manifest.read(tmp_path / "index")
    assert manifest.backbone == name
    assert manifest.encoder is not None
    assert manifest.encoder.weights == f"{name} on the Hub, commit {commit}"
    card = (tmp_path / "index" / "README.md").read_text(encoding="utf-8")
    assert f"The network's weights: apache-2.0 ({name} on the Hub, commit {commit})" in card
    checked = script_here("scripts/build_index.py", *out, "--backbone", name, "--check")
    assert "GB of memory" in checked.stdout


def test_a_strangers_description_of_a_network_is_checked(index: Path, tmp_path: Path) -> None:
    shutil.copytree(index, tmp_path / "index")
    path = tmp_path / "index" / "manifest.json"
    known = json.loads(path.read_text(encoding="utf-8"))
    changes = {"side": 10**9, "channels": -1, "interpolation": "magic", "text": {"tokens": 10**9}}
    for name, value in changes.items():
        known["encoder"] |= {name: value}
        path.write_text(json.dumps(known), encoding="utf-8")
        with pytest.raises(IndexFormatError, match=f"encoder → {name}"):
            open_index(tmp_path / "index")
        known["encoder"] = json.loads((index / "manifest.json").read_text())["encoder"]


def test_an_older_index_names_its_network_only(classic_index: Path, tmp_path: Path) -> None:
    shutil.copytree(classic_index, tmp_path / "index")
    path = tmp_path / "index" / "manifest.json"
    known = json.loads(path.read_text(encoding="utf-8"))
    del known["encoder"]
    path.write_text(json.dumps(known), encoding="utf-8")
    opened = open_index(tmp_path / "index")
    # Its pictures were decoded larger than those of an index that says how it decoded them.
    assert opened.backbone == replace(open_index(classic_index).backbone, decoded_side=512)


def test_a_working_folder_of_an_older_build_is_read(tmp_path: Path, index: Path) -> None:
    key = {"dataset": "d", "split": "train", "revision": None, "columns": {}, "rows": 3}
    key |= {"backbone": "efficientnet-lite0", "weights": "imagenet", "precision": "f32"}
    values = {"plan": key, "weights_fingerprint": "0" * 64, "engine": "openvino"}
    (tmp_path / "plan.json").write_text(json.dumps(values))
    assert BuildDirectory.read(tmp_path).backbone.title == "EfficientNet-Lite0"
    values["plan"] = key | {"backbone": "towers"}
    (tmp_path / "plan.json").write_text(json.dumps(values))
    with pytest.raises(DatasetError, match="is damaged: remove it"):
        BuildDirectory.read(tmp_path)

"""8-bit indexes: smaller networks that find the same, with their cost on the card."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recommender.answers.recommender import Recommender
from recommender.building import quantise
from recommender.building.build import build_index, merge_shards
from recommender.building.plan import BuildConfig, Shard
from recommender.commands import build_index as build_index_command
from recommender.errors import BackboneError, DatasetError, SettingsError
from recommender.features.encoder import Encoder
from recommender.index.folder import open_index
from recommender.index.manifest import Manifest
from tests.support.drawn_products import KINDS, draw_product
from tests.support.programs import ROOT
from tests.support.small_catalogue import SmallCatalogue
from tests.support.two_towers import SIDE, write_two_towers

pytest.importorskip("nncf")


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> BuildConfig:
    network = write_two_towers(tmp_path_factory.mktemp("network") / "towers", "map")
    options = ["--head", "none", "--segmenter", "grabcut", "--precision", "int8"]
    return build_index_command.config(
        build_index_command.parser().parse_args(
            ["--dataset", "drawn products", "--backbone", str(network), *options]
        )
    )


@pytest.fixture(scope="module")
def index(config: BuildConfig, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "index"
    build_index(SmallCatalogue(), folder, config)
    return folder


@pytest.fixture(scope="module")
def float_index(config: BuildConfig, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("float") / "index"
    build_index(SmallCatalogue(), folder, replace(config, precision="f32"))
    return folder


def test_the_network_has_eight_bits_and_sees_nearly_the_same(
    index: Path, float_index: Path
) -> None:
    graph = (index / "encoder" / "encoder.xml").read_text(encoding="utf-8")
    assert "FakeQuantize" in graph
    assert 'element_type="i8"' in graph
    assert "FakeQuantize" not in (float_index / "encoder" / "encoder.xml").read_text()
    eight_bit, floats = (np.load(folder / "vectors.npy") for folder in (index, float_index))
    assert (eight_bit * floats).sum(axis=1).min() > 0.99
    assert not np.array_equal(eight_bit, floats)


def test_a_picture_is_seen_alike_in_the_index_and_as_a_query(index: Path) -> None:
    manifest = Manifest.read(index)
    assert manifest.precision == "int8"
    recommender = Recommender(open_index(index))
    query = recommender.embed_picture(draw_product("Tshirts", "Red", 0))
    [first] = recommender.search(query, 1).results
    assert (first.id, first.distance < 1e-3) == ("p0", True)


def test_a_pictures_features_do_not_depend_on_the_others_of_its_batch(index: Path) -> None:
    pixels = [draw_product(kind, "Red", 3).resize((SIDE, SIDE)) for kind in KINDS[:3]]
    rows = np.stack([np.asarray(picture) for picture in pixels])
    together = Encoder(index / "encoder", batch=4, precision="int8", threads=1).encode(rows)
    alone = Encoder(index / "encoder", precision="int8", threads=1)
    for row, expected in zip(rows, together.max_pooled, strict=True):
        assert alone.encode(row[None]).max_pooled[0] == pytest.approx(expected, abs=1e-5)


def test_the_float_network_is_not_part_of_the_index(index: Path) -> None:
    assert {path.name for path in index.iterdir() if path.is_dir()} == {"encoder"}


def test_the_card_says_what_eight_bits_cost(
    config: BuildConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recommender.metrics.report_card.FEWEST_QUERIES", 4)
    monkeypatch.setattr(quantise, "FEWEST_MEASURED", 30)
    report = build_index(SmallCatalogue(), tmp_path / "index", config)
    assert report.manifest is not None
    cost = report.manifest.quality["int8"]
    assert cost["queries"] == 15
    for values in cost["precision_at_5"].values():
        assert 0 < values["int8"] <= 1
        assert values["int8"] == pytest.approx(values["float"], abs=0.1)
    card = (tmp_path / "index" / "README.md").read_text(encoding="utf-8")
    value = cost["precision_at_5"]["article type"]
    assert f"| article type | {value['float']:.3f} | {value['int8']:.3f} |" in card


def test_shards_have_one_network(config: BuildConfig, index: Path, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("recommender.building.encode.CHUNK", 16)
        patch.setattr("recommender.building.plan.CHUNK", 16)
        shards = [replace(config, shard=Shard(number, 2)) for number in (1, 2)]
        folders = [build_index(SmallCatalogue(), tmp_path / "index", s).folder for s in shards]
        graphs = {(folder / "encoder" / "encoder.bin").read_bytes() for folder in folders}
        assert len(graphs) == 1
        merged = merge_shards(folders, tmp_path / "index", config).manifest
    assert merged is not None
    assert merged.fingerprint == Manifest.read(index).fingerprint


def test_tensorflow_and_a_missing_nncf_are_refused(
    config: BuildConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError, match="leave --engine out"):
        build_index(SmallCatalogue(), tmp_path / "index", replace(config, engine="tensorflow"))
    monkeypatch.setitem(sys.modules, "nncf", None)
    with pytest.raises(BackboneError, match="needs NNCF"):
        build_index(SmallCatalogue(), tmp_path / "index", config)


def test_unreadable_pictures_do_not_calibrate(config: BuildConfig, tmp_path: Path) -> None:
    class Unreadable(SmallCatalogue):
        def read(self, start: int, stop: int):
            for product in super().read(start, stop):
                yield replace(product, pictures=(b"no picture",))

    with pytest.raises(DatasetError, match="to calibrate the 8-bit network with"):
        build_index(Unreadable(), tmp_path / "index", config)


def test_nothing_is_reported_to_the_makers_of_nncf() -> None:
    code = (
        "import recommender.building.quantise, nncf\n"
        "print(type(nncf.telemetry.wrapper.telemetry).__name__)"
    )
    shown = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert shown.stdout.strip() == "MagicMock", shown.stderr  # the stub of NNCF

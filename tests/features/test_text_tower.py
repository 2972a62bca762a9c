"""Words become vectors of the space of pictures; text networks that cannot be are refused."""

import json
import logging
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from PIL import Image

from recommender.embedding.vectors import normalised
from recommender.errors import BackboneError, IndexFormatError
from recommender.features.backbones.onnx_folder import export_files, files_in, files_of_network
from recommender.features.backbones.registry import Backbone, TextInput
from recommender.features.backbones.text_network import export_text_tower
from recommender.features.extractor import FeatureExtractor
from recommender.features.text_tower import TextTower
from tests.support import two_towers
from tests.support.two_towers import EMBEDDING, TOKENS, write_two_towers


@pytest.fixture(scope="module")
def towers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_two_towers(tmp_path_factory.mktemp("towers") / "towers")


@pytest.fixture(scope="module")
def exported(towers: Path) -> tuple[Path, Backbone]:
    files = files_of_network(files_in(towers), "towers")
    folder = towers.parent / "encoder"
    return folder, export_files(towers, files, "towers", "somewhere", folder, half=False)


@pytest.fixture(scope="module")
def tower(exported: tuple[Path, Backbone]) -> TextTower:
    folder, backbone = exported
    assert backbone.text == TextInput(TOKENS, 0)
    return TextTower(folder, backbone.text, threads=1)


def test_texts_have_vectors_of_length_one_in_order(tower: TextTower) -> None:
    rows = tower.embed(["red", "blue shoes", "green"] * 7)
    assert rows.shape == (21, EMBEDDING)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1)
    assert np.array_equal(rows[3], rows[0])
    assert tower.embed(["green"])[0] == pytest.approx(rows[2], abs=1e-6)


def test_no_texts_and_unknown_words_have_vectors_too(tower: TextTower) -> None:
    assert tower.embed([]).shape == (0, EMBEDDING)
    assert np.isfinite(tower.embed(["", "zebra", "\0", "red " * 5_000])).all()


def test_a_word_is_nearest_to_pictures_of_what_it_means(
    tower: TextTower, exported: tuple[Path, Backbone]
) -> None:
    extractor = FeatureExtractor.for_queries(*exported, threads=1)
    colours = {"red": (250, 5, 5), "green": (5, 250, 5), "blue": (5, 5, 250)}
    plain = [Image.new("RGB", (60, 80), colour) for colour in colours.values()]
    shown = normalised(extractor.maps(plain).max_pooled)
    nearest = (tower.embed(list(colours)) @ shown.T).argmax(axis=1)
    assert nearest.tolist() == [0, 1, 2]


def test_a_damaged_tower_is_refused_when_an_index_is_opened(
    exported: tuple[Path, Backbone], tmp_path: Path
) -> None:
    for name in ("tokenizer.json", "text.xml"):
        folder = tmp_path / name
        shutil.copytree(exported[0], folder)
        (folder / name).write_text("damaged")
        with pytest.raises(IndexFormatError, match="build the index again"):
            TextTower(folder, TextInput(TOKENS, 0))


def export(folder: Path, encoder: Path, channels: int = EMBEDDING) -> TextInput:
    network, tokenizer = folder / "onnx" / "text_model.onnx", folder / "tokenizer.json"
    return export_text_tower(network, tokenizer, channels, encoder, half=False)


@pytest.fixture
def copy(towers: Path, tmp_path: Path) -> Path:
    shutil.copytree(towers, tmp_path / "copy")
    return tmp_path / "copy"


def test_a_network_of_another_size_is_refused(copy: Path) -> None:
    with pytest.raises(BackboneError, match="they cannot be compared"):
        export(copy, copy / "encoder", EMBEDDING + 1)


def test_an_image_network_is_no_text_network(copy: Path) -> None:
    onnx.save(two_towers.image_network(), copy / "onnx" / "text_model.onnx")
    with pytest.raises(BackboneError, match="is no text network: it should take input_ids"):
        export(copy, copy / "encoder")


def test_a_network_whose_length_nobody_knows_is_refused(copy: Path) -> None:
    (copy / "tokenizer_config.json").write_text(json.dumps({"model_max_length": 10**30}))
    with pytest.raises(BackboneError, match="Nothing says how many tokens"):
        export(copy, copy / "encoder")


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"model": 5}'])
def test_a_damaged_tokenizer_is_refused(copy: Path, content: str) -> None:
    (copy / "tokenizer.json").write_text(content)
    with pytest.raises(BackboneError, match=r"tokenizer\.json is (no tokenizer|damaged)"):
        export(copy, copy / "encoder")


def test_words_that_cannot_be_read_are_left_out_with_a_reason(
    copy: Path, caplog: pytest.LogCaptureFixture
) -> None:
    # Converting a network, in an earlier test, sets the root logger's level to ERROR.
    caplog.set_level(logging.WARNING, "recommender")
    (copy / "tokenizer.json").write_text("{}")
    files = files_of_network(files_in(copy), "copy")
    backbone = export_files(copy, files, "copy", "somewhere", copy / "encoder", half=False)
    assert backbone.text is None
    assert "The network's words are left out: tokenizer.json is no tokenizer" in caplog.text

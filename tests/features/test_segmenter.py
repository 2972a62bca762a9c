"""The segmentation network: its file, its answers, and what is said where it is damaged.

The published network is not at hand in tests. A graph of its interface stands in for it: it says
foreground where a picture is red.
"""

from pathlib import Path

import openvino as ov
import pytest
from PIL import Image, ImageDraw

from recommender.errors import IndexFormatError
from recommender.features.segmenter import (
    GRAPH_FILE,
    SIDE,
    WEIGHTS_FILE,
    NetworkSegmenter,
    export_segmenter,
)
from tests.support.red_segmenter import write_red_graph

RED, FLOOR = (220, 20, 30), (150, 140, 120)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("segmenter")
    write_red_graph(folder / "published.xml")
    export_segmenter(folder / "published.xml", folder / "segmenter")
    return folder / "segmenter"


def test_the_network_says_where_the_object_is_in_a_picture_of_any_size(folder: Path) -> None:
    picture = Image.new("RGB", (640, 300), FLOOR)
    ImageDraw.Draw(picture).rectangle((0, 0, 319, 299), fill=RED)
    seen = NetworkSegmenter(folder).probabilities(picture)
    assert seen.shape == (SIDE, SIDE)
    assert seen[:, :90].min() > 0.9
    assert seen[:, 102:].max() < 0.1


def test_only_the_finest_mask_is_kept(folder: Path) -> None:
    outputs = ov.Core().read_model(folder / GRAPH_FILE).outputs
    assert [output.get_any_name() for output in outputs] == ["foreground"]
    assert sorted(path.name for path in folder.iterdir()) == [WEIGHTS_FILE, GRAPH_FILE]


def test_a_damaged_network_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / GRAPH_FILE).write_text("<net")
    with pytest.raises(IndexFormatError, match=r"segmentation network .* damaged"):
        NetworkSegmenter(tmp_path)

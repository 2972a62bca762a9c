"""Corruptions, photographs and their labels, contact sheets and charts."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recommender.errors import SettingsError
from recommender.evaluation.consumer_photos import (
    CONSUMER_PHOTOS,
    LabelMapping,
    judge_photographs,
    read_label_mapping,
)
from recommender.evaluation.contact_sheets import ROWS, choose
from recommender.evaluation.corruptions import BACKGROUNDS, CORRUPTIONS, border_colour
from recommender.evaluation.non_products import draw_non_products
from recommender.evaluation.tables import table
from recommender.metrics.precision import retrieval
from tests.support.drawn_products import draw_product
from tests.support.sample_pictures import BLUE, GREEN, RED, YELLOW, corner_colours, four_corners


def test_turned_picture_has_its_corners_turned() -> None:
    picture = four_corners(60, 60)
    assert corner_colours(CORRUPTIONS["turned by 90°"](picture)) == [GREEN, YELLOW, RED, BLUE]
    assert corner_colours(CORRUPTIONS["turned by 180°"](picture)) == [YELLOW, BLUE, GREEN, RED]
    assert corner_colours(CORRUPTIONS["mirrored"](picture)) == [GREEN, RED, YELLOW, BLUE]


def test_tilted_picture_gets_corners_like_its_border() -> None:
    picture = Image.new("RGB", (50, 80), RED)
    tilted = CORRUPTIONS["tilted by +10°"](picture)
    assert tilted.width > 50
    assert tilted.getpixel((0, 0)) == border_colour(picture) == RED


def test_changed_sizes_are_as_named() -> None:
    picture = four_corners(100, 60)
    assert CORRUPTIONS["cropped to 80%"](picture).size == (80, 48)
    assert CORRUPTIONS["half the size"](picture).size == (50, 30)
    assert CORRUPTIONS["twice the size"](picture).size == (200, 120)


def test_darkened_and_squeezed_pictures_keep_their_size() -> None:
    picture = draw_product("Tshirts", "Red", 1)
    dark, squeezed = (
        CORRUPTIONS["half as bright"](picture),
        CORRUPTIONS["JPEG of quality 20"](picture),
    )
    assert np.asarray(dark).mean() == pytest.approx(np.asarray(picture).mean() / 2, abs=1)
    assert squeezed.size == dark.size == picture.size
    assert np.any(np.asarray(squeezed) != np.asarray(picture))


def test_coloured_background_goes_around_the_product_only() -> None:
    picture = Image.new("RGB", (40, 40), "white")
    picture.paste((200, 0, 0), (10, 10, 30, 30))
    picture.paste("white", (15, 15, 25, 25))  # a white print: not connected with the border
    changed = CORRUPTIONS["on a coloured background"](picture)
    assert changed.getpixel((0, 0)) in BACKGROUNDS
    assert changed.getpixel((12, 12)) == (200, 0, 0)
    assert changed.getpixel((20, 20)) == (255, 255, 255)


def test_shipped_mapping_knows_the_kinds_of_consumer_photographs() -> None:
    mapping = read_label_mapping(CONSUMER_PHOTOS)
    assert mapping.column == "label"
    assert len(mapping.products) == 14
    attributes = {"articleType": ["Hat", "Flats"], "masterCategory": ["Accessories", "Footwear"]}
    right = mapping.right(attributes)
    assert {label: mask.tolist() for label, mask in right.items()} == {
        "Hat": [True, False],
        "Shoes": [False, True],
    }


@pytest.mark.parametrize(
    "content",
    ["[kinds", "label = 'x'", "label = 'x'\n[kinds]\nHat = ['Caps']", "label = 1\n[kinds]"],
)
def test_what_is_no_mapping_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "kinds.toml"
    path.write_text(content)
    with pytest.raises(SettingsError, match="is not a mapping"):
        read_label_mapping(path)


def test_missing_mapping_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read_label_mapping(tmp_path / "none.toml")


def test_photograph_is_judged_by_the_kind_of_its_neighbours() -> None:
    mapping = LabelMapping(
        "label", {"Top": {"type": ["Shirt", "Blouse"]}, "Shoe": {"type": ["Boot"]}}
    )
    right = mapping.right({"type": ["Shirt", "Boot", "Blouse", None]})
    neighbours = np.array([[0, 2, 1], [0, 1, 2], [0, 1, 2]])
    judged = judge_photographs(neighbours, ["Top", "Sock", "Shoe"], right)
    assert judged.rows.tolist() == [0, 2]
    assert judged.right.tolist() == [[True, True, False], [False, True, False]]
    assert judged.relevant.tolist() == [2, 1]
    measured = retrieval(judged)
    assert measured.precision[1] == 0.5
    assert measured.chance == pytest.approx((2 / 4 + 1 / 4) / 2)


def test_sheets_show_best_typical_and_worst_queries() -> None:
    scores = np.linspace(0, 1, 101)
    chosen = choose(scores)
    assert all(len(rows) == ROWS for rows in chosen.values())
    assert scores[chosen["best"]].min() > 0.9
    assert scores[chosen["worst"]].max() < 0.1
    assert np.abs(scores[chosen["typical"]] - 0.5).max() < 0.1


def test_markdown_table_has_a_header_and_a_rule() -> None:
    assert table(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_pictures_without_a_product_are_the_same_for_the_same_seed() -> None:
    once, again, other = draw_non_products(1), draw_non_products(1), draw_non_products(2)
    assert once == again
    assert once["noise"] != other["noise"]
    assert {len(pictures) for pictures in once.values()} == {20, 13}
    assert all(p.mode == "RGB" for pictures in once.values() for p in pictures)

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recommender.training.pairs import pair

SHOE, SOLE = (30, 60, 160), (20, 20, 20)


def shoe(size=(60, 80)):
    """A blue shoe with its black toe to the left."""
    picture = Image.new("RGB", (60, 80), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((5, 40, 54, 57), fill=SHOE)
    draw.rectangle((5, 40, 14, 57), fill=SOLE)
    return picture.resize(size, Image.Resampling.NEAREST)


def pixels_of(picture, colour):
    return int((np.abs(np.asarray(picture).astype(int) - colour).max(axis=2) < 8).sum())


@pytest.mark.parametrize("seed", range(20))
def test_both_are_there_and_hide_little_of_each_other(seed):
    one, both = shoe(), pair(shoe(), np.random.default_rng(seed))
    assert both.mode == "RGB"
    for colour in (SHOE, SOLE):
        assert 1.6 < pixels_of(both, colour) / pixels_of(one, colour) <= 2


def test_toes_point_up_and_down_and_to_both_sides():
    pairs = [np.asarray(pair(shoe(), np.random.default_rng(seed))) for seed in range(60)]
    ends = set()
    for both in pairs:
        black = np.argwhere(np.abs(both.astype(int) - SOLE).max(axis=2) < 8)
        away = np.abs(black.mean(axis=0) / both.shape[:2] - 0.5)
        ends.add("end" if away.max() > 0.2 else "both sides")
    assert ends == {"end", "both sides"}
    assert len({both.shape for both in pairs}) > 10


def test_a_picture_without_a_product_stays_as_it_is():
    white = Image.new("RGB", (60, 80), "white")
    assert pair(white, np.random.default_rng(0)) is white


def test_pairs_follow_from_the_seed():
    first, second = (pair(shoe(), np.random.default_rng(3)) for _ in "ab")
    np.testing.assert_array_equal(np.asarray(first), np.asarray(second))

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recommender.building.garments import without_wearer
from recommender.foreground import CATALOGUE_SIZE

SKIN, SHIRT, TROUSERS = (222, 170, 140), (30, 90, 200), (60, 60, 65)


def worn(size=(60, 80)):
    """Someone in a blue shirt and grey trousers."""
    picture = Image.new("RGB", (60, 80), "white")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((24, 3, 36, 18), fill=SKIN)
    draw.rectangle((16, 18, 44, 52), fill=SHIRT)
    draw.rectangle((10, 24, 15, 50), fill=SKIN)
    draw.rectangle((45, 24, 50, 50), fill=SKIN)
    draw.rectangle((20, 53, 40, 78), fill=TROUSERS)
    return picture.resize(size)


def share_of(picture, colour):
    return (np.abs(np.asarray(picture).astype(int) - colour).max(axis=2) < 25).mean()


@pytest.mark.parametrize("seed", range(6))
def test_the_garment_stays_and_its_wearer_goes(seed):
    view = without_wearer(worn(), np.random.default_rng(seed))
    assert view.size == CATALOGUE_SIZE
    assert share_of(view, SHIRT) > 0.2
    assert share_of(view, SKIN) < 0.01


def test_a_larger_picture_gives_a_view_of_the_same_size():
    view = without_wearer(worn((600, 800)), np.random.default_rng(0))
    assert view.size == CATALOGUE_SIZE
    assert share_of(view, SHIRT) > 0.2


def test_what_nobody_wears_gives_no_view():
    flat = Image.new("RGB", (60, 80), "white")
    ImageDraw.Draw(flat).rectangle((12, 15, 48, 65), fill=SHIRT)
    assert without_wearer(flat, np.random.default_rng(0)) is None
    assert without_wearer(Image.new("RGB", (60, 80), "white"), np.random.default_rng(0)) is None


def test_a_person_with_hardly_anything_on_gives_no_view():
    bare = Image.new("RGB", (60, 80), "white")
    ImageDraw.Draw(bare).rectangle((15, 5, 45, 75), fill=SKIN)
    assert without_wearer(bare, np.random.default_rng(0)) is None


def test_views_follow_from_the_seed():
    first, second = (without_wearer(worn(), np.random.default_rng(3)) for _ in "ab")
    np.testing.assert_array_equal(np.asarray(first), np.asarray(second))

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recommender.pictures.catalogue_pictures import CataloguePictures
from recommender.training import model_removal as garments
from recommender.training.model_removal import somebody_wears, without_wearer

SMALL = CataloguePictures(60, 80)
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


def blue(picture):
    """Where the shirt is."""
    return np.abs(np.asarray(picture).astype(int) - SHIRT).max(axis=2) < 25


def share_of(picture, colour):
    return (np.abs(np.asarray(picture).astype(int) - colour).max(axis=2) < 25).mean()


@pytest.mark.parametrize("seed", range(6))
def test_the_garment_stays_and_its_wearer_goes(seed):
    view = without_wearer(worn(), np.random.default_rng(seed), SMALL)
    assert view.size == SMALL.size
    assert share_of(view, SHIRT) > 0.2
    assert share_of(view, SKIN) < 0.01


@pytest.fixture
def looked_for(monkeypatch):
    """No ends are supposed."""
    monkeypatch.setattr(garments, "_SUPPOSED_SHARE", 0.0)


@pytest.mark.usefixtures("looked_for")
@pytest.mark.parametrize("seed", range(3))
def test_what_is_worn_below_it_goes_too(seed):
    assert share_of(without_wearer(worn(), np.random.default_rng(seed), SMALL), TROUSERS) < 0.02


def test_where_it_ends_is_looked_for_or_supposed():
    views = [without_wearer(worn(), np.random.default_rng(seed), SMALL) for seed in range(24)]
    of_trousers = np.array([share_of(view, TROUSERS) for view in views])
    # Looked for, the trousers are gone; supposed, some of the views end above and some below.
    assert 0.3 < (of_trousers < 0.02).mean() < 0.95
    assert of_trousers.max() < 0.3
    heights = [np.ptp(np.flatnonzero(blue(view).any(axis=1))) for view in views]
    assert np.ptp(heights) > 5


@pytest.mark.usefixtures("looked_for")
def test_of_a_dress_the_skirt_stays():
    picture = worn()
    ImageDraw.Draw(picture).rectangle((16, 53, 44, 70), fill=SHIRT)
    shirt = blue(without_wearer(picture, np.random.default_rng(0), SMALL))
    rows = np.flatnonzero(shirt.sum(axis=1) > 10)
    columns = np.flatnonzero(shirt.sum(axis=0) > 10)
    assert np.ptp(rows) > 1.6 * np.ptp(columns)


@pytest.mark.usefixtures("looked_for")
def test_of_trousers_the_shirt_above_goes():
    picture = Image.new("RGB", (60, 80), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((16, 0, 44, 16), fill=SHIRT)
    draw.rectangle((20, 17, 40, 72), fill=TROUSERS)
    draw.rectangle((22, 73, 38, 78), fill=SKIN)
    view = without_wearer(picture, np.random.default_rng(0), SMALL)
    assert share_of(view, TROUSERS) > 0.15
    assert share_of(view, SHIRT) < 0.02


def test_skin_shows_that_somebody_wears_it():
    flat = Image.new("RGB", (60, 80), "white")
    ImageDraw.Draw(flat).rectangle((12, 15, 48, 65), fill=SHIRT)
    assert somebody_wears(worn(), SMALL)
    assert not somebody_wears(flat, SMALL)
    assert not somebody_wears(Image.new("RGB", (60, 80), "white"), SMALL)


def test_a_larger_picture_gives_a_view_of_the_same_size():
    view = without_wearer(worn((600, 800)), np.random.default_rng(0), SMALL)
    assert view.size == SMALL.size
    assert share_of(view, SHIRT) > 0.2


def test_what_nobody_wears_gives_no_view():
    flat = Image.new("RGB", (60, 80), "white")
    ImageDraw.Draw(flat).rectangle((12, 15, 48, 65), fill=SHIRT)
    assert without_wearer(flat, np.random.default_rng(0), SMALL) is None
    assert (
        without_wearer(Image.new("RGB", (60, 80), "white"), np.random.default_rng(0), SMALL) is None
    )


def test_a_person_with_hardly_anything_on_gives_no_view():
    bare = Image.new("RGB", (60, 80), "white")
    ImageDraw.Draw(bare).rectangle((15, 5, 45, 75), fill=SKIN)
    assert without_wearer(bare, np.random.default_rng(0), SMALL) is None


def test_views_follow_from_the_seed():
    first, second = (without_wearer(worn(), np.random.default_rng(3), SMALL) for _ in "ab")
    np.testing.assert_array_equal(np.asarray(first), np.asarray(second))

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recommender.features.colour import DIMENSIONS, HISTOGRAM_DIMENSIONS, colour_features
from recommender.pictures.pixels import to_cielab

WHITE = (255, 255, 255)


def product(colour, background=WHITE, size=(60, 80)):
    picture = Image.new("RGB", size, background)
    width, height = size
    box = (width // 4, height // 8, width * 3 // 4, height * 7 // 8)
    ImageDraw.Draw(picture).rectangle(box, fill=colour)
    return np.asarray(picture)


def similarity(one, other):
    """Mean Bhattacharyya coefficient of the five histograms."""
    return float((one * other)[:HISTOGRAM_DIMENSIONS].sum() / 5)


@pytest.mark.parametrize(
    ("rgb", "lab"),
    [
        (WHITE, (100, 0, 0)),
        ((0, 0, 0), (0, 0, 0)),
        ((255, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 0, 255), (32.30, 79.19, -107.86)),
        ((119, 119, 119), (50.03, 0, 0)),
    ],
)
def test_known_colours_have_their_cielab_coordinates(rgb, lab):
    assert to_cielab(np.array(rgb, np.uint8)) == pytest.approx(lab, abs=0.1)


def test_features_are_a_finite_float32_vector_and_the_same_every_time():
    pixels = np.random.default_rng(0).integers(0, 256, (80, 60, 3), dtype=np.uint8)
    features = colour_features(pixels)
    assert features.shape == (DIMENSIONS,)
    assert features.dtype == np.float32
    assert np.isfinite(features).all()
    assert np.array_equal(features, colour_features(pixels))


def test_red_is_nearer_to_dark_red_than_to_blue():
    red, dark, blue = (
        colour_features(product(c)) for c in [(200, 0, 0), (150, 0, 20), (0, 0, 200)]
    )
    assert similarity(red, dark) > similarity(red, blue)


@pytest.mark.parametrize("background", [(128, 128, 128), (20, 60, 20)])
def test_background_does_not_count(background):
    red = (200, 0, 0)
    assert colour_features(product(red, background)) == pytest.approx(
        colour_features(product(red)), abs=1e-4
    )


def test_size_of_the_picture_hardly_matters():
    small, large = (colour_features(product((0, 90, 60), size=s)) for s in [(60, 80), (960, 1280)])
    assert similarity(small, large) > 0.95


def test_a_given_foreground_is_all_that_is_looked_at():
    pixels = product((200, 0, 0), (0, 0, 200))
    mask = (pixels == (0, 0, 200)).all(axis=-1)
    blue = colour_features(np.full((80, 60, 3), (0, 0, 200), np.uint8), np.ones((80, 60), bool))
    red = colour_features(np.full((80, 60, 3), (200, 0, 0), np.uint8), np.ones((80, 60), bool))
    features = colour_features(pixels, mask)
    assert similarity(features, blue) > similarity(features, red)


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (2, 2)])
def test_tiny_and_thin_pictures_have_colours(shape):
    assert np.isfinite(colour_features(np.full((*shape, 3), 90, np.uint8))).all()


def test_a_plain_picture_has_the_colours_of_its_plain():
    plain = colour_features(np.full((80, 60, 3), WHITE, np.uint8))
    assert similarity(plain, colour_features(product(WHITE))) == pytest.approx(1)


def test_upside_down_has_the_same_histogram_but_other_places():
    pixels = product((200, 0, 0)).copy()
    pixels[40:70, 15:46] = (0, 0, 200)
    features, flipped = colour_features(pixels), colour_features(pixels[::-1])
    bins = 8 * 7 * 7
    assert features[:bins] == pytest.approx(flipped[:bins], abs=0.02)
    assert not np.allclose(features[bins:], flipped[bins:], atol=0.1)

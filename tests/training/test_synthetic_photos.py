import numpy as np
import pytest
from PIL import Image, ImageDraw

from recommender.training.non_products import DRAWN_SIZE, non_products
from recommender.training.synthetic_photos import (
    backdrop,
    product_on_backdrop,
)

PASTED_SIZE = (60, 80)


def studio_shot(background="white"):
    picture = Image.new("RGB", (60, 80), background)
    ImageDraw.Draw(picture).rectangle((18, 15, 42, 65), fill=(200, 20, 30))
    return picture


def test_the_product_stays_and_its_background_goes():
    photo, cover = product_on_backdrop(studio_shot(), np.random.default_rng(0), PASTED_SIZE)
    assert photo.shape == (*PASTED_SIZE[::-1], 3)
    photo = photo.astype(int)
    red = (photo[:, :, 0] > 110) & (photo[:, :, 1] < 90) & (photo[:, :, 2] < 100)
    assert 0.1 < red.mean() < 0.9
    assert np.mean(red == (cover > 0.5)) > 0.97
    assert (photo.min(axis=2) > 250).mean() < 0.1


def test_a_coloured_background_is_cut_away_too():
    blue = studio_shot((40, 60, 220))
    photo, _ = product_on_backdrop(blue, np.random.default_rng(1), PASTED_SIZE)
    assert (np.abs(photo.astype(int) - (40, 60, 220)).max(axis=2) < 12).mean() < 0.1


def test_a_photograph_has_the_size_asked_for_and_the_product_its_shape():
    photo, cover = product_on_backdrop(studio_shot(), np.random.default_rng(0), (120, 160))
    assert photo.shape == (160, 120, 3)
    assert cover.shape == (160, 120)
    photo = photo.astype(int)
    red = (photo[:, :, 0] > 110) & (photo[:, :, 1] < 90) & (photo[:, :, 2] < 100)
    assert 0.1 < red.mean() < 0.9


def test_the_cloth_is_creased():
    spreads = []
    for seed in range(8):
        photo, _ = product_on_backdrop(studio_shot(), np.random.default_rng(seed), PASTED_SIZE)
        photo = photo.astype(int)
        red = (photo[:, :, 0] > 90) & (photo[:, :, 1] < 90) & (photo[:, :, 2] < 100)
        spreads.append(photo[:, :, 0][red].std())
    assert np.median(spreads) > 5


def test_a_picture_without_any_product_is_pasted_whole():
    blank = Image.new("RGB", (30, 30), "white")
    photo, _ = product_on_backdrop(blank, np.random.default_rng(2), PASTED_SIZE)
    assert photo.shape == (*PASTED_SIZE[::-1], 3)


def test_views_follow_from_the_seed():
    first, second = (
        product_on_backdrop(studio_shot(), np.random.default_rng(7), PASTED_SIZE)[0] for _ in "ab"
    )
    np.testing.assert_array_equal(first, second)
    again, other = (list(non_products(7, np.random.default_rng(s), PASTED_SIZE)) for s in (7, 8))
    for one, two in zip(again, non_products(7, np.random.default_rng(7), PASTED_SIZE), strict=True):
        np.testing.assert_array_equal(one, two)
    assert any(not np.array_equal(one, two) for one, two in zip(again, other, strict=True))


def test_pictures_without_a_product_are_of_many_kinds():
    pictures = list(non_products(14, np.random.default_rng(3), PASTED_SIZE))
    assert {p.shape for p in pictures} == {(s[1], s[0], 3) for s in (PASTED_SIZE, DRAWN_SIZE)}
    assert all(p.dtype == np.uint8 for p in pictures)
    spreads = [p.astype(float).std() for p in pictures]
    assert min(spreads) < 100
    assert max(spreads) > 30
    assert len({p.tobytes() for p in pictures}) == len(pictures)


@pytest.mark.parametrize("seed", range(12))
def test_every_backdrop_can_be_drawn_in_any_shape(seed):
    drawn = backdrop(np.random.default_rng(seed), (31, 47))
    assert drawn.shape == (47, 31, 3)
    assert drawn.dtype == np.uint8

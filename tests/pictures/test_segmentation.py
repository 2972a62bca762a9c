import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from recommender.pictures.catalogue_pictures import CataloguePictures
from recommender.pictures.segmentation import (
    find_foreground,
    find_product,
    pool_foreground,
)
from recommender.pictures.studio_shots import is_studio_shot

RED = (190, 30, 40)
SMALL = CataloguePictures(60, 80, 0.86, 0.92)


def photograph(size=(300, 400), box=(0.3, 0.25, 0.7, 0.75), floor=(150, 120, 90)):
    """A red thing on a floor with a grain, and which pixels it covers."""
    width, height = size
    grain = np.random.default_rng(0).normal(0, 6, (height, width, 1))
    picture = Image.fromarray(np.clip(np.array(floor) + grain, 0, 255).astype(np.uint8))
    left, top, right, bottom = (
        round(part * side) for part, side in zip(box, (width, height) * 2, strict=True)
    )
    ImageDraw.Draw(picture).rectangle((left, top, right - 1, bottom - 1), fill=RED)
    truth = np.zeros((height, width), bool)
    truth[top:bottom, left:right] = True
    return picture, truth


@pytest.mark.parametrize("size", [(300, 400), (400, 300), (1200, 500), (64, 64)])
def test_the_product_is_found_in_a_photograph_of_any_shape(size):
    picture, truth = photograph(size)
    found = find_product(picture, SMALL).foreground
    assert found.shape == truth.shape
    assert (found & truth).sum() / (found | truth).sum() > 0.85


def test_a_product_that_the_first_cut_misses_is_found_from_the_middle():
    # So little unlike its background that the whole picture first counts as background.
    picture, truth = photograph(floor=(150, 40, 45))
    found = find_product(picture, SMALL)
    assert found is not None
    assert (found.foreground & truth).sum() / truth.sum() > 0.8


def test_the_cut_out_is_the_product_on_white_where_the_catalogue_has_it():
    picture, _ = photograph(box=(0.1, 0.5, 0.4, 0.8))
    cut_out = find_product(picture, SMALL).cut_out.picture
    assert cut_out.size == SMALL.size
    pixels = np.asarray(cut_out).astype(int)
    assert (pixels[[0, -1]] == 255).all()
    assert (pixels[:, [0, -1]] == 255).all()
    red = np.abs(pixels - RED).max(axis=2) < 40
    rows, columns = np.flatnonzero(red.any(axis=1)), np.flatnonzero(red.any(axis=0))
    assert abs(rows.mean() - 39.5) < 3
    assert abs(columns.mean() - 29.5) < 3
    assert len(columns) > 40


@pytest.mark.parametrize("box", [(0.1, 0.5, 0.4, 0.8), (0.3, 0.05, 0.6, 0.35)])
def test_a_crop_frames_the_product_as_the_catalogue_does(box):
    picture, truth = photograph(box=box)
    framed = find_product(picture, SMALL).framed
    # The cut is made on a small copy, so that its edges are a few pixels off.
    assert framed.foreground.sum() == pytest.approx(truth.sum(), rel=0.2)
    seen = framed.foreground.any(axis=0).mean(), framed.foreground.any(axis=1).mean()
    assert 0.7 < max(seen) < 1


def test_the_crop_has_the_size_of_the_catalogues_pictures():
    picture, _ = photograph()
    framed = find_product(picture, SMALL).framed
    assert framed.picture.size == SMALL.size
    corner = np.asarray(framed.picture).astype(int)[:3, :3].mean(axis=(0, 1))
    assert np.abs(corner - (150, 120, 90)).max() < 12


@pytest.mark.parametrize("background", [(255, 255, 255), (235, 236, 238)])
def test_a_studio_shot_is_left_as_it_is(background):
    picture, _ = photograph(floor=background)
    plain = Image.new("RGB", picture.size, background)
    plain.paste(picture.crop((90, 100, 210, 300)), (90, 100))
    assert find_product(plain, SMALL) is None


def test_a_studio_shot_may_be_cut_by_the_edge():
    pixels = np.full((80, 60, 3), 255, np.uint8)
    pixels[40:, 10:50] = (30, 30, 60)
    assert is_studio_shot(pixels)


@pytest.mark.parametrize("margin", [(120, 120, 120), (255, 225, 225), (20, 20, 20)])
def test_a_dark_or_coloured_margin_makes_no_studio_shot(margin):
    assert not is_studio_shot(np.full((80, 60, 3), margin, np.uint8))


def test_the_same_picture_is_cut_the_same_way_every_time():
    picture, _ = photograph()
    other, _ = photograph(floor=(60, 90, 160))
    first = find_product(picture, SMALL)
    find_product(other, SMALL)
    again = find_product(picture, SMALL)
    np.testing.assert_array_equal(first.foreground, again.foreground)
    np.testing.assert_array_equal(np.asarray(first.cut_out), np.asarray(again.cut_out))


def test_pooling_hears_only_the_product():
    feature_map = np.zeros((7, 7, 2), np.float32)
    feature_map[:, :3] = (1, 0)
    feature_map[:, 3:] = (0, 5)
    foreground = np.zeros((70, 70), bool)
    foreground[:, :30] = True
    highest, mean = pool_foreground(feature_map, foreground)
    np.testing.assert_allclose(highest, [1, 0])
    np.testing.assert_allclose(mean, [1, 0], atol=1e-6)


def test_a_place_weighs_in_the_mean_as_much_as_it_shows():
    feature_map = np.zeros((1, 2, 1), np.float32)
    feature_map[0, 1] = 9
    foreground = np.zeros((10, 20), bool)
    foreground[:, :10] = True
    foreground[:5, 10:] = True
    np.testing.assert_allclose(pool_foreground(feature_map, foreground)[1], [3], rtol=1e-5)


def test_a_product_smaller_than_a_cell_is_still_heard():
    feature_map = np.zeros((7, 7, 1), np.float32)
    feature_map[3, 3] = 4
    foreground = np.zeros((70, 70), bool)
    foreground[34:36, 34:36] = True
    highest, mean = pool_foreground(feature_map, foreground)
    np.testing.assert_allclose([highest[0], mean[0]], [4, 4])


class Says:
    """A segmentation network that answers the same to every picture."""

    def __init__(self, probabilities):
        self.answer, self.asked = np.asarray(probabilities, np.float32), 0

    def probabilities(self, picture):
        self.asked += 1
        return self.answer


def blurred(truth, side=192):
    """What a network would say about the truth: right, and blurred at the edge."""
    small = Image.fromarray(truth.astype(np.float32)).resize((side, side), Image.Resampling.BOX)
    return cv2.GaussianBlur(np.asarray(small), (0, 0), 4)


def test_the_networks_mask_is_taken_where_there_is_a_network():
    picture, truth = photograph()
    half = truth.copy()
    half[: len(half) // 2] = False
    network = Says(blurred(half))
    found = find_product(picture, SMALL, network).foreground
    assert network.asked == 1
    assert (found & half).sum() / (found | half).sum() > 0.9


def test_the_masks_edge_follows_the_picture():
    picture, truth = photograph()
    soft = blurred(truth)
    mask = find_foreground(picture, Says(soft))
    exact = np.asarray(Image.fromarray(truth.astype(np.float32)))
    sharp = mask.alpha(np.asarray(picture), (0, 0, 1, 1))
    as_said = np.asarray(Image.fromarray(soft).resize(picture.size, Image.Resampling.BILINEAR))
    assert np.abs(sharp - exact).mean() < 0.4 * np.abs(as_said - exact).mean()
    assert sharp.min() >= 0
    assert sharp.max() <= 1


@pytest.mark.parametrize("everywhere", [0.0, 1.0])
def test_where_the_networks_mask_is_empty_or_full_grabcut_decides(everywhere):
    picture, truth = photograph()
    found = find_product(picture, SMALL, Says(np.full((192, 192), everywhere))).foreground
    assert (found & truth).sum() / (found | truth).sum() > 0.85


def test_small_parts_of_the_networks_mask_are_left_out():
    picture, truth = photograph()
    said = blurred(truth)
    said[4:10, 4:10] = 1
    mask = find_foreground(picture, Says(said))
    assert not mask.foreground[:30, :30].any()


def test_a_studio_shot_is_not_shown_to_the_network():
    network = Says(np.ones((192, 192)))
    picture, _ = photograph(floor=(255, 255, 255))
    assert find_product(picture, SMALL, network) is None
    assert network.asked == 0

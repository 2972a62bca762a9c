"""What the pictures of a catalogue are like, on catalogues drawn to measure."""

import numpy as np
import pytest
from PIL import Image

from recommender.building.measure_pictures import LONGEST_SIDE, measure_pictures
from recommender.errors import IndexFormatError
from recommender.pictures.catalogue_pictures import CataloguePictures


def shot(
    size: tuple[int, int],
    extent: tuple[float, float],
    background: tuple[int, int, int] = (255, 255, 255),
    seed: int = 0,
) -> Image.Image:
    """A product of fine pattern in the middle, so large a part of the width and of the height."""
    random = np.random.default_rng(seed)
    pixels = np.tile(np.array(background, np.uint8), (size[1], size[0], 1))
    width, height = round(size[0] * extent[0]), round(size[1] * extent[1])
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    pattern = random.integers(0, 120, (height, width, 3), dtype=np.uint8)
    pixels[top : top + height, left : left + width] = pattern
    return Image.fromarray(pixels)


def test_size_is_the_median_one() -> None:
    sizes = [(60, 80)] * 5 + [(300, 100)] * 2
    measured = measure_pictures(shot(size, (0.5, 0.5)) for size in sizes)
    assert measured.size == (60, 80)
    assert measured.sharpness == 1.0


def test_wide_products_tell_the_width_and_tall_ones_the_height_that_is_filled() -> None:
    wide = [shot((120, 160), (0.8, 0.3), seed=n) for n in range(4)]
    tall = [shot((120, 160), (0.4, 0.9), seed=n) for n in range(5)]
    measured = measure_pictures(wide + tall)
    assert measured.filled_width == pytest.approx(0.8, abs=0.02)
    assert measured.filled_height == pytest.approx(0.9, abs=0.02)


def test_the_box_is_what_large_products_reach_not_the_middle_of_all() -> None:
    small = [shot((120, 160), (0.3, 0.5), seed=n) for n in range(6)]
    large = [shot((120, 160), (0.4, 0.9), seed=n) for n in range(4)]
    assert measure_pictures(small + large).filled_height == pytest.approx(0.9, abs=0.02)


def test_products_that_the_edge_cuts_say_nothing_of_margins() -> None:
    worn = [shot((120, 160), (0.6, 1), seed=n) for n in range(9)]
    whole = [shot((120, 160), (0.4, 0.8), seed=n) for n in range(3)]
    assert measure_pictures(worn + whole).filled_height == pytest.approx(0.8, abs=0.02)
    assert measure_pictures(worn).filled_height == CataloguePictures().filled_height


def test_the_margins_colour_is_the_background() -> None:
    grey = measure_pictures(shot((60, 80), (0.8, 0.8), (240, 238, 236), n) for n in range(3))
    assert grey.background == (240, 238, 236)


def test_pictures_without_plain_margins_say_nothing_of_margins() -> None:
    streets = [shot((60, 80), (1, 1), seed=n) for n in range(4)]
    usual = CataloguePictures()
    measured = measure_pictures(streets)
    assert measured.background == (255, 255, 255)
    assert (measured.filled_width, measured.filled_height) == (
        usual.filled_width,
        usual.filled_height,
    )


def test_a_large_picture_counts_as_large_as_a_network_sees() -> None:
    measured = measure_pictures([shot((900, 1200), (0.9, 0.9))])
    assert measured.size == (LONGEST_SIDE * 3 // 4, LONGEST_SIDE)


def test_pictures_enlarged_by_the_shop_are_as_large_as_their_detail() -> None:
    small = [shot((60, 80), (0.8, 0.8), seed=n) for n in range(3)]
    enlarged = [picture.resize((480, 640), Image.Resampling.BICUBIC) for picture in small]
    measured = measure_pictures(enlarged)
    assert measured.sharpness <= 0.35
    assert max(measured.size) <= 224


def test_the_statistics_go_through_json_and_old_manifests_have_the_usual_ones() -> None:
    measured = measure_pictures([shot((90, 60), (0.8, 0.7), (250, 250, 240))])
    assert CataloguePictures.from_json(measured.to_json()) == measured
    assert CataloguePictures.from_json({}) == CataloguePictures(60, 80, 0.86, 0.92)


@pytest.mark.parametrize(
    "damage",
    [{"width": 0}, {"filled_width": 1.5}, {"background": [1, 2]}, {"height": "tall"}],
    ids=str,
)
def test_damaged_statistics_are_refused_with_a_sentence(damage: dict[str, object]) -> None:
    with pytest.raises(IndexFormatError, match="damaged"):
        CataloguePictures.from_json({**CataloguePictures().to_json(), **damage})


def test_what_the_pictures_are_like_is_said_of_cut_outs_worn_clothes_and_mixed_shapes() -> None:
    whole = [shot((60, 80), (0.5, 0.7), seed=n) for n in range(4)]
    worn = [shot((60, 80), (0.6, 1), (235, 236, 238), n) for n in range(4)]
    wide = [shot((80, 60), (0.5, 0.7), seed=n) for n in range(4)]
    assert "100% on a plain ground (white); 0% of" in measure_pictures(whole).describe()
    of_worn = measure_pictures(worn).describe()
    assert "(RGB (235, 236, 238)); 100% of the products are cut by the edge" in of_worn
    assert "33% of other shapes" in measure_pictures(whole * 2 + wide).describe()


def test_photographs_without_plain_ground_are_said_to_be_such() -> None:
    streets = measure_pictures([shot((60, 80), (1, 1), seed=n) for n in range(4)])
    assert "100% without a plain ground" in streets.describe()
    assert CataloguePictures().describe() == ""

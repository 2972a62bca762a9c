import numpy as np
from PIL import Image, ImageDraw, ImageEnhance

from recommender.pictures.exposure import evenly_exposed


def shop_picture(background=255):
    """A red shirt on an even background."""
    picture = Image.new("RGB", (60, 80), (background,) * 3)
    ImageDraw.Draw(picture).rectangle((15, 20, 45, 65), fill=(200, 30, 40))
    return picture


def test_a_dark_shop_picture_gets_its_light_back():
    dark = ImageEnhance.Brightness(shop_picture()).enhance(0.5)
    lighter = evenly_exposed(dark)
    difference = np.abs(np.asarray(lighter).astype(int) - np.asarray(shop_picture()))
    assert difference.max() <= 3


def test_a_well_exposed_picture_stays_the_very_same():
    picture = shop_picture()
    assert evenly_exposed(picture) is picture


def test_a_coloured_a_black_and_an_uneven_background_stay():
    blue = Image.new("RGB", (60, 80), (90, 120, 200))
    black = shop_picture(background=12)
    grain = np.random.default_rng(0).integers(110, 150, (80, 60, 1), np.uint8)
    uneven = Image.fromarray(np.repeat(grain, 3, axis=2))
    for picture in (blue, black, uneven):
        assert evenly_exposed(picture) is picture


def test_pictures_of_any_size_are_taken():
    for size in ((1, 1), (2000, 3), (3000, 2000)):
        assert evenly_exposed(Image.new("RGB", size, (128, 128, 128))).size == size

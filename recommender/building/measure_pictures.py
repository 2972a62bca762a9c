"""Measurement of a catalogue's pictures: size, sharpness, margins, and the product's extent."""

from collections.abc import Iterable

import numpy as np
from PIL import Image

from recommender.pictures.catalogue_pictures import CataloguePictures
from recommender.pictures.pixels import margin
from recommender.pictures.segmentation import is_studio_shot
from recommender.training.synthetic_photos import unlike_border

# Pictures that are measured at most; medians of 1,000 move by less than a pixel in 60.
MOST_MEASURED = 1_000
# Long side, pixels, beyond which a picture is taken as this large: networks here take 224 to 260
# pixels a side, and see nothing of the rest.
LONGEST_SIDE = 320
# Long side, pixels, of the copies that products are looked for on.
SEARCH_SIDE = 240
# Fractions of a picture's size that are tried, and the median difference (0-255) between a picture
# and itself reduced to a fraction and enlarged again that nobody sees.
FRACTIONS = (0.25, 0.35, 0.5, 0.7)
UNSEEN = 1.0
# With fewer pictures that have a plain light margin (fraction), margins say nothing of the
# catalogue, and white is what shops agree on.
FEWEST_STUDIO_SHOTS = 0.5


def measure_pictures(pictures: Iterable[Image.Image]) -> CataloguePictures:
    """Measure a sample of a catalogue's pictures.

    Args:
        pictures: RGB, at least one; one after the other, none is kept.
    """
    sizes, filled, margins, kept = [], [], [], []
    for picture in pictures:
        sizes.append(picture.size)
        kept.append(_sharp_fraction(picture))
        small = picture.copy()
        small.thumbnail((SEARCH_SIDE, SEARCH_SIDE), Image.Resampling.BOX)
        pixels = np.asarray(small)
        if not is_studio_shot(pixels):
            continue
        margins.append(np.median(margin(pixels), axis=0))
        product = unlike_border(pixels)
        if product.any():
            extents = [np.ptp(np.flatnonzero(product.any(axis=axis))) + 1 for axis in (0, 1)]
            filled.append(np.array(extents) / small.size)
    own_width, own_height = np.median(sizes, axis=0)
    sharpness = float(np.median(kept))
    scale = min(sharpness, LONGEST_SIDE / max(own_width, own_height))
    width, height = (max(1, round(float(side) * scale)) for side in (own_width, own_height))
    if len(margins) < FEWEST_STUDIO_SHOTS * len(sizes) or not filled:
        return CataloguePictures(width, height, sharpness=sharpness)
    across, down = _filled(np.array(filled))
    red, green, blue = (int(value) for value in np.rint(np.median(margins, axis=0)))
    return CataloguePictures(width, height, across, down, (red, green, blue), sharpness)


def _filled(extents: np.ndarray) -> tuple[float, float]:
    """Width and height, 0-1, of the box that the catalogue fits its products into.

    A wide product touches the box's sides and a tall one its ends, so that each kind tells one of
    the two: by the box so found, the median product fills exactly 1.0 of it.

    Args:
        extents: (n, 2) float64, fractions of the width and of the height that n products fill.
    """
    wide = extents[:, 0] >= extents[:, 1]
    of_wide, of_tall = extents[wide, 0], extents[~wide, 1]
    across = np.median(of_wide) if len(of_wide) else extents[:, 0].max()
    down = np.median(of_tall) if len(of_tall) else extents[:, 1].max()
    return round(float(across), 3), round(float(down), 3)


def _sharp_fraction(picture: Image.Image) -> float:
    """Least fraction of its size that a picture can be reduced to without a visible loss."""
    whole = np.asarray(picture, np.int16)
    for fraction in FRACTIONS:
        width, height = (max(1, round(side * fraction)) for side in picture.size)
        reduced = picture.resize((width, height), Image.Resampling.BICUBIC)
        again = np.asarray(reduced.resize(picture.size, Image.Resampling.BICUBIC), np.int16)
        if np.abs(again - whole).mean() < UNSEEN:
            return fraction
    return 1.0

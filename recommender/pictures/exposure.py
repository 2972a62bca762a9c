"""Exposure correction: studio shots that came out too dark, recognised by an even grey margin."""

import numpy as np
from PIL import Image

from recommender.pictures.pixels import margin

# The margin of a studio shot is even and grey. Floors and walls vary more and are not corrected.
# Least fraction of the margin's pixels within `EVENNESS` levels (of 255) of their median.
EVEN_FRACTION, EVENNESS = 0.6, 3
# Greatest distance between the median's channels, levels.
SPREAD = 8
# Levels of the margin: from `WHITE` on it is white already; below `DARKEST` it is meant to be
# black.
WHITE, DARKEST = 225, 60
# Long side of the copy that is measured, pixels.
SIDE = 96


def evenly_exposed(picture: Image.Image) -> Image.Image:
    """Picture with the exposure that makes a studio shot's margin white.

    Args:
        picture: RGB, any size.

    Returns:
        RGB, same size; the picture itself where its margin is not even, grey and too dark.
    """
    small = picture.copy()
    small.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    pixels = np.asarray(small).astype(int)
    outermost = margin(pixels)
    white = np.median(outermost, axis=0)
    even = (np.abs(outermost - white) <= EVENNESS).all(axis=1).mean() >= EVEN_FRACTION
    if not even or np.ptp(white) > SPREAD or not DARKEST <= white.max() < WHITE:
        return picture
    factor = 255 / white.max()
    return picture.point(lambda value: min(255, round(value * factor)))

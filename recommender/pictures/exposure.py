"""Pictures that came out too dark, recognised by a margin that must have been white."""

import numpy as np
from PIL import Image

from recommender.pictures.pixels import margin

# The margin of a shop's picture is even and without colour: so much of it (share) is no further
# from its median than this (of 255), and its channels are no further apart. Floors and walls vary
# more, and stay as they are.
EVEN_SHARE, EVENNESS, SPREAD = 0.6, 3, 8
# Margins as light as that are white already; darker ones than that are black, not dark.
WHITE, DARKEST = 225, 60
SIDE = 96


def evenly_exposed(picture: Image.Image) -> Image.Image:
    """A shop's picture as light as its white margin asks for; any other picture as it is.

    Args:
        picture: RGB, any size.
    """
    small = picture.copy()
    small.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
    pixels = np.asarray(small).astype(int)
    outermost = margin(pixels)
    white = np.median(outermost, axis=0)
    even = (np.abs(outermost - white) <= EVENNESS).all(axis=1).mean() >= EVEN_SHARE
    if not even or np.ptp(white) > SPREAD or not DARKEST <= white.max() < WHITE:
        return picture
    factor = 255 / white.max()
    return picture.point(lambda value: min(255, round(value * factor)))

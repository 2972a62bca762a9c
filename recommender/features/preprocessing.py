"""Preprocessing: picture to a backbone's input pixels. The network applies mean and scale."""

import numpy as np
from PIL import Image

from recommender.features.backbones.registry import INTERPOLATIONS, Backbone

_RESAMPLING = {name: Image.Resampling[name.upper()] for name in INTERPOLATIONS}


# Pictures are first reduced by a whole factor to at least this many times the network's input. That
# takes a crop of 756 x 1008 pixels from 5 ms to 1.5 ms.
PHOTOGRAPH_GAP = 1.5


def to_pixels(picture: Image.Image, backbone: Backbone, gap: float | None = None) -> np.ndarray:
    """Picture resized to a backbone's input.

    Without a gap a stretched picture is equal to `keras.utils.load_img(target_size=(side, side),
    interpolation=...)`, whose default interpolation the classic recipe uses. Where the input is cut
    out of the centre, only that part is resized. The image processors of the Hub resize all of it
    and cut then, which a picture of 1 x 100,000 pixels would turn into gigabytes.

    Args:
        picture: RGB, any size.
        backbone: gives sizes and interpolation.
        gap: reduce the picture by a whole factor first, to at least this many times the input
            (`reducing_gap` of Pillow); None: resize in one step.

    Returns:
        (side, side, 3) uint8 RGB.
    """
    box = seen_box(*picture.size, backbone)
    size = (backbone.side, backbone.side)
    resampling = _RESAMPLING[backbone.interpolation]
    return np.asarray(picture.resize(size, resampling, box=box, reducing_gap=gap))


def seen_box(
    width: float, height: float, backbone: Backbone
) -> tuple[float, float, float, float] | None:
    """Left, top, right and bottom of the part of a picture that a backbone sees.

    Args:
        width, height: of the picture, in any unit, which is that of the result.
        backbone: gives the sizes.

    Returns:
        None for the whole picture.
    """
    fraction = backbone.side / (backbone.resized_side or backbone.side)
    if fraction == 1 and not backbone.keeps_proportions:
        return None
    if backbone.keeps_proportions:
        seen = min(width, height) * fraction, min(width, height) * fraction
    else:
        seen = width * fraction, height * fraction
    left, top = (width - seen[0]) / 2, (height - seen[1]) / 2
    return left, top, left + seen[0], top + seen[1]


def seen_part(foreground: np.ndarray, backbone: Backbone) -> np.ndarray:
    """Part of a picture's (h, w) mask that a backbone sees; at least one pixel."""
    box = seen_box(foreground.shape[1], foreground.shape[0], backbone)
    if box is None:
        return foreground
    left, top, right, bottom = (round(edge) for edge in box)
    return foreground[top : max(bottom, top + 1), left : max(right, left + 1)]

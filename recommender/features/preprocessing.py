"""Preprocessing: picture to a backbone's input pixels. The network applies mean and scale."""

import numpy as np
from PIL import Image

from recommender.features.backbones.registry import Backbone

# Shorter side, pixels, below which decoding does not reduce a picture. Networks take 224 to 260
# pixels, so that 12 megapixels need not be decoded whole. Products and queries are reduced alike:
# a picture has the same features in the index and as a query.
MIN_SIDE = 512

_RESAMPLING = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
}


# Pictures are first reduced by a whole factor to at least this many times the network's input. That
# takes a crop of 756 x 1008 pixels from 5 ms to 1.5 ms.
PHOTOGRAPH_GAP = 1.5


def to_pixels(picture: Image.Image, backbone: Backbone, gap: float | None = None) -> np.ndarray:
    """Picture resized to a backbone's input; its proportions are not kept.

    Without a gap equal to `keras.utils.load_img(target_size=(side, side), interpolation=...)`; the
    classic recipe uses its default interpolation.

    Args:
        picture: RGB, any size.
        backbone: gives side and interpolation.
        gap: reduce the picture by a whole factor first, to at least this many times the input
            (`reducing_gap` of Pillow); None: resize in one step.

    Returns:
        (side, side, 3) uint8 RGB.
    """
    size = (backbone.side, backbone.side)
    resampling = _RESAMPLING[backbone.interpolation]
    return np.asarray(picture.resize(size, resampling, reducing_gap=gap))

"""Picture to the pixels a backbone takes; its mean and scale are applied inside the network."""

import numpy as np
from PIL import Image

from recommender.features.backbones.registry import Backbone

_RESAMPLING = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
}


def to_pixels(picture: Image.Image, backbone: Backbone) -> np.ndarray:
    """Resize an RGB picture to a backbone's input, without keeping its proportions.

    The same as `keras.utils.load_img(target_size=(side, side), interpolation=...)`, of which the
    classic recipe uses the default.

    Args:
        picture: RGB, any size.
        backbone: decides side and interpolation.

    Returns:
        (side, side, 3) uint8 RGB.
    """
    size = (backbone.side, backbone.side)
    return np.asarray(picture.resize(size, _RESAMPLING[backbone.interpolation]))

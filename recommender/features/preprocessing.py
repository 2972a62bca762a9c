"""Picture to the pixels a backbone takes; its mean and scale are applied inside the network."""

import numpy as np
from PIL import Image

from recommender.features.backbones.registry import Backbone

# A picture is resized to a network's 224 to 260 pixels in the end: the 12 megapixels of a phone, or
# of a shop, need not all be decoded. Products and queries are reduced alike, to no less than this
# shorter side (pixels), so that a picture has the same features in the index and as a query.
MIN_SIDE = 512

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

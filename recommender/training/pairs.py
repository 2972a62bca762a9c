"""Two of a product, side by side: a shop shows one shoe, and people photograph both of theirs."""

import numpy as np
from PIL import Image

from recommender.training.synthetic_photos import unlike_border

# Shares of pairs: with the toes up or down, of a left and a right one, and beside each other where
# they could as well lie one above the other.
_UPRIGHT, _MIRRORED, _BESIDE = 0.6, 0.7, 0.5
# Between them, measured by the shorter side, where less than none is an overlap; and how much
# further along one of them lies, measured by the longer side.
_GAP, _SHIFT = (-0.15, 0.2), (-0.1, 0.1)


def pair(picture: Image.Image, random: np.random.Generator) -> Image.Image:
    """A studio shot's product and another like it.

    Args:
        picture: RGB, a product on a plain background.
        random: how they lie.

    Returns:
        RGB, on white, and no larger than the two; the picture itself if there is no product on it.
    """
    shown = unlike_border(np.asarray(picture))
    if not shown.any():
        return picture
    mask = Image.fromarray(shown.astype(np.uint8) * 255)
    box = mask.getbbox()
    one = Image.merge("RGBA", (*picture.split(), mask)).crop(box)
    if one.width > one.height and random.random() < _UPRIGHT:
        turns = Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270
        one = one.transpose(turns[int(random.integers(2))])
    mirrored = random.random() < _MIRRORED
    other = one.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirrored else one
    gap = round(random.uniform(*_GAP) * min(one.size))
    shift = round(random.uniform(*_SHIFT) * max(one.size))
    beside = one.height > one.width or random.random() < _BESIDE
    step = np.array((one.width + gap, shift) if beside else (shift, one.height + gap))
    first, second = -np.minimum(step, 0), np.maximum(step, 0)
    width, height = np.abs(step) + one.size
    both = Image.new("RGB", (int(width), int(height)), "white")
    for single, corner in ((one, first), (other, second)):
        both.paste(single, (int(corner[0]), int(corner[1])), single)
    return both

"""Synthetic pairs of shoes: a shop's picture shows one shoe, people photograph both."""

import numpy as np
from PIL import Image

from recommender.pictures.studio_shots import unlike_border

# Fraction of wide products that are turned by 90 degrees, so that toes point up or down.
_UPRIGHT = 0.6
# Fraction of pairs whose second shoe is mirrored: a left and a right one.
_MIRRORED = 0.7
# Fraction of the wide products that lie beside each other; the others lie one above the other.
_BESIDE = 0.5
# Gap between the two, as a fraction of the shorter side; below 0 they overlap.
_GAP = (-0.15, 0.2)
# Shift of one along the other, as a fraction of the longer side.
_SHIFT = (-0.1, 0.1)


def pair(picture: Image.Image, random: np.random.Generator) -> Image.Image:
    """Picture of a pair: a studio shot's product and its copy.

    Args:
        picture: RGB, a product on a plain background.
        random: decides the arrangement.

    Returns:
        RGB on white, cropped to the pair; the picture itself if no product is found on it.
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

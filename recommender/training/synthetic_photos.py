"""Synthetic photos: products on backdrops, and turned or compressed products.

A catalogue shows products on white; people photograph them on floors and beds. Products are cut
out, tilted, creased, relit and pasted on drawn backdrops. The same seed gives the same pictures.
Pictures without a product are drawn by `recommender.training.non_products`.
"""

import io

import cv2
import numpy as np
from PIL import Image, ImageOps

from recommender.pictures.studio_shots import unlike_border

# Width of a picture, pixels, in which a shadow has the shift and blur below.
_SHADOW_WIDTH = 60
# Greatest shift of a shadow, and standard deviation of its blur, pixels.
_SHADOW_SHIFT, _SHADOW_BLUR = 2, 1.5
# Standard deviation of the camera's tilt, degrees.
_TILT_DEGREES = 8.0
# Fraction of photos turned by 90, 180 or 270 degrees as well.
_TURNED_FRACTION = 0.15
# Fractions turned left, right and upside down; the remaining fraction is compressed as JPEG.
_TURN_FRACTIONS = (0.3, 0.3, 0.25, 0.15)
# Range of the JPEG quality.
_JPEG_QUALITIES = (12, 35)
# Range of the fraction of the width or height that a product fills.
_LEAST_FILL, _MOST_FILL = 0.65, 1.02


def product_on_backdrop(
    picture: Image.Image, random: np.random.Generator, size: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Synthetic photo of a studio shot's product on a backdrop, and where the product is on it.

    Args:
        picture: RGB, a product on a plain background.
        random: decides position, light, folds and backdrop.
        size: width and height of the photo, pixels.

    Returns:
        (height, width, 3) uint8 RGB, and (height, width) float32: how much of each pixel, 0-1, is
        the product.
    """
    pixels = np.asarray(ImageOps.contain(picture, size))
    mask = unlike_border(pixels)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if len(rows) == 0:
        rows, columns = np.arange(mask.shape[0]), np.arange(mask.shape[1])
        mask[:] = True
    affine = _affine_map(
        (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1), random, np.array(size)
    )
    product = cv2.warpAffine(
        pixels, affine, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    cover = cv2.warpAffine(mask.astype(np.float32), affine, size)[:, :, None]
    light = np.exp(random.normal(0, 0.15) + random.normal(0, 0.05, 3))
    folds = _folds(random, size, (2, 4, 8, 16), 4)[:, :, None]
    # Folds shade cloth in proportion to its lightness, plus a constant that shows on black.
    lit = product * (light + folds / 90) + folds / 2 + random.normal(0, 8)
    below = backdrop(random, size).astype(np.float32)
    enlarged = size[0] / _SHADOW_WIDTH
    steps = random.integers(-_SHADOW_SHIFT, _SHADOW_SHIFT + 1, 2)
    shift = tuple(np.rint(steps * enlarged).astype(int))
    shadow = cv2.GaussianBlur(
        np.roll(cover[:, :, 0], shift, (0, 1)), (0, 0), _SHADOW_BLUR * enlarged
    )
    darkened = 1 - random.uniform(0, 0.5) * shadow[:, :, None]
    return to_bytes(below * darkened * (1 - cover) + lit * cover), cover[:, :, 0]


def turned_or_compressed(picture: Image.Image, random: np.random.Generator) -> Image.Image:
    """Picture turned by 90, 180 or 270 degrees, or compressed as JPEG.

    Args:
        picture: RGB.
        random: decides between these, by `_TURN_FRACTIONS`, and the JPEG quality.

    Returns:
        RGB.
    """
    turns = Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180
    variant = int(random.choice(4, p=_TURN_FRACTIONS))
    if variant < len(turns):
        return picture.transpose(turns[variant])
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=int(random.integers(*_JPEG_QUALITIES)))
    return Image.open(file).convert("RGB")


def backdrop(random: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """Backdrop of a photo: cloth, planks, tiles or a print, unevenly lit.

    Args:
        random: decides surface, colour and light.
        size: width and height, pixels.

    Returns:
        (height, width, 3) uint8 RGB.
    """
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    y, x = y / height, x / width
    towards = random.uniform(0, 2 * np.pi)
    light = random.normal(0, 28) * (np.cos(towards) * (x - 0.5) + np.sin(towards) * (y - 0.5))
    light += _folds(random, size, (3, 6, 12, 24), 5)
    light += random.standard_normal((height, width)) * random.exponential(3)
    turn = random.choice([0.0, np.pi / 2, random.uniform(0, np.pi)])
    along, across = np.cos(turn) * x + np.sin(turn) * y, np.cos(turn) * y - np.sin(turn) * x
    colour = np.zeros((height, width, 2), np.float32)
    surface = random.choice(["cloth", "planks", "tiles", "print"])
    if surface == "planks":
        plank = along * random.uniform(2, 9)
        light += random.normal(0, 12, 64)[np.floor(plank).astype(int) % 64]
        light -= (plank % 1 < 0.08) * random.uniform(10, 50)
    elif surface == "tiles":
        tiles = random.uniform(1.5, 8)
        joints = ((along * tiles) % 1 < 0.05) | ((across * tiles) % 1 < 0.05)
        light += joints * random.uniform(10, 60) * random.choice([-1, 1])
    elif surface == "print":
        repeats = 2 * np.pi * random.uniform(3, 10)
        stripes = np.sin(along * repeats) * np.cos(across * repeats * random.choice([0, 1]))
        light += stripes * random.normal(0, 25)
        colour += stripes[:, :, None] * random.normal(0, 25, 2)
    # OpenCV's CIELAB in bytes: lightness 0-255, the other two channels centred on 128.
    lightness = random.uniform(40, 245) + light
    tint = np.array([random.normal(128, 22), random.normal(132, 22)]) + colour
    return cv2.cvtColor(to_bytes(np.dstack([lightness, tint])), cv2.COLOR_LAB2RGB)


def _folds(
    random: np.random.Generator, size: tuple[int, int], cells: tuple[int, ...], height: float
) -> np.ndarray:
    """Light of folds, (height, width) float32: noise on grids of these numbers of cells, added."""
    light = np.zeros((size[1], size[0]), np.float32)
    for count in cells:
        bumps = random.standard_normal((count + 1, count + 1)).astype(np.float32)
        folds = cv2.resize(bumps, size, interpolation=cv2.INTER_CUBIC)
        light += folds * np.float32(random.exponential(height))
    return light


def _affine_map(
    box: tuple[int, int, int, int], random: np.random.Generator, canvas: np.ndarray
) -> np.ndarray:
    """Random affine map, (2, 3), of a product's box to the canvas."""
    left, top, right, bottom = box
    degrees = random.normal(0, _TILT_DEGREES)
    if random.random() < _TURNED_FRACTION:
        degrees += random.choice([90, 180, 270])
    angle, stretch = np.deg2rad(degrees), np.exp(random.normal(0, 0.12))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    extent = np.abs(turn) @ np.array([(right - left) * stretch, bottom - top])
    fill = random.uniform(_LEAST_FILL, _MOST_FILL)
    scale = fill * (canvas / extent).min()
    mirror = random.choice([-1, 1])
    linear = turn @ np.diag([scale * stretch * mirror, scale])
    centre = canvas * (0.5 + random.uniform(-0.3, 0.3, 2) * max(0, 1 - fill))
    offset = centre - linear @ np.array([(left + right) / 2, (top + bottom) / 2])
    return np.column_stack([linear, offset])


def to_bytes(values: np.ndarray) -> np.ndarray:
    return np.clip(values, 0, 255).astype(np.uint8)

"""Corruptions of query pictures: turned, cropped, compressed, resized, on a background."""

import io
from collections.abc import Callable

import cv2
import numpy as np
from PIL import Image, ImageEnhance

from recommender.pictures.pixels import margin

# Degrees by which a hand-held telephone is tilted.
TILT = 10
# Fraction of width and height that a crop keeps.
CROPPED_SIDE = 0.8
# Factor of the brightness.
DARKENED = 0.5
JPEG_QUALITY = 20
# Least value of a white background's pixels, 0-255, beside JPEG's ringing at edges.
NEAR_WHITE = 235
# Colours of walls, a lawn and a wooden table, RGB; each picture is laid on one of them.
BACKGROUNDS = ((120, 152, 176), (196, 160, 120), (104, 140, 84), (150, 84, 88), (110, 106, 112))

Corruption = Callable[[Image.Image], Image.Image]


def turned(degrees: float) -> Corruption:
    """Rotation anticlockwise; the corners are filled with the border's colour."""

    def turn(picture: Image.Image) -> Image.Image:
        resample = Image.Resampling.BICUBIC
        return picture.rotate(degrees, resample, expand=True, fillcolor=border_colour(picture))

    return turn


def mirrored(picture: Image.Image) -> Image.Image:
    """Picture mirrored left to right."""
    return picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)


def cropped(picture: Image.Image) -> Image.Image:
    """Middle of a picture, 80% of its width and height."""
    width, height = picture.size
    x, y = (round(side * (1 - CROPPED_SIDE) / 2) for side in (width, height))
    return picture.crop((x, y, width - x, height - y))


def darkened(picture: Image.Image) -> Image.Image:
    """Picture at half its brightness."""
    return ImageEnhance.Brightness(picture).enhance(DARKENED)


def compressed(picture: Image.Image) -> Image.Image:
    """Picture compressed as JPEG of quality 20."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=JPEG_QUALITY)
    return Image.open(file).convert("RGB")


def resized(factor: float) -> Corruption:
    """Scaling of width and height by a factor."""

    def resize(picture: Image.Image) -> Image.Image:
        size = [max(1, round(side * factor)) for side in picture.size]
        return picture.resize((size[0], size[1]), Image.Resampling.BICUBIC)

    return resize


def on_background(picture: Image.Image) -> Image.Image:
    """Product with its white background replaced by a coloured one.

    The background is the nearly white region connected with the border. Its new colour is chosen by
    the sum of the pixels, so that equal pictures have equal backgrounds.
    """
    pixels = np.array(picture)
    near_white = (pixels.min(axis=2) >= NEAR_WHITE).astype(np.uint8)
    _, regions = cv2.connectedComponents(near_white, connectivity=4)
    border = margin(regions)
    background = np.isin(regions, np.setdiff1d(border, 0))
    pixels[background] = BACKGROUNDS[int(pixels.sum(dtype=np.int64)) % len(BACKGROUNDS)]
    return Image.fromarray(pixels)


def border_colour(picture: Image.Image) -> tuple[int, int, int]:
    """Median colour of a picture's margin, RGB."""
    pixels = np.asarray(picture)
    border = margin(pixels)
    red, green, blue = np.median(border, axis=0).astype(int).tolist()
    return red, green, blue


CORRUPTIONS: dict[str, Corruption] = {
    "turned by 90°": turned(90),
    "turned by 180°": turned(180),
    f"tilted by +{TILT}°": turned(TILT),
    f"tilted by -{TILT}°": turned(-TILT),
    "mirrored": mirrored,
    "cropped to 80%": cropped,
    "half as bright": darkened,
    f"JPEG of quality {JPEG_QUALITY}": compressed,
    "half the size": resized(0.5),
    "twice the size": resized(2),
    "on a coloured background": on_background,
}
"""Corruptions that robustness is measured with, by name."""

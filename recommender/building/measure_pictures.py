"""Measurement of a catalogue's pictures: size, sharpness, margins, and the product's extent."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from PIL import Image

from recommender.pictures.catalogue_pictures import CataloguePictures
from recommender.pictures.pixels import margin
from recommender.pictures.studio_shots import is_studio_shot, unlike_border

# Pictures measured at most; with 1,000, medians vary by less than one pixel in 60.
MOST_MEASURED = 1_000
# Greatest long side of the catalogue's pictures, pixels; larger ones count as this large, because
# networks take 224 to 260 pixels.
LONGEST_SIDE = 320
# Long side, pixels, of the copy on which the product is found.
SEARCH_SIDE = 240
# Fractions of a picture's size tried as its sharpness.
FRACTIONS = (0.25, 0.35, 0.5, 0.7)
# Mean difference, 0-255, below which a picture and its reduced and enlarged copy look the same.
UNSEEN = 1.0
# Quantile of the extents of products that lie whole in the picture: the box that a catalogue fits
# its products into is what the large ones reach. The median would be too small, because small
# products are not enlarged to the box. Products that the edge cuts, such as worn clothes (40% and
# 30% of two catalogues), say nothing of margins: with their median of .975 for the height, dresses
# in photographs were found 11 points less often.
BOX_QUANTILE = 0.85
# Distance to an edge, as a fraction of the picture's side, below which the edge cuts a product:
# reduced pictures of cut products often have a light line of one pixel at the edge.
EDGE = 0.02
# Greatest difference of proportions that count as one shape, as a fraction.
SAME_SHAPE = 0.05
# Fewest products, wide or tall, that lie whole in the picture, for measuring the box.
FEWEST_WHOLE = 3
# Least fraction of studio shots for measuring the margins; with fewer, the defaults of
# `CataloguePictures` hold: a white background.
FEWEST_STUDIO_SHOTS = 0.5


def measure_pictures(pictures: Iterable[Image.Image]) -> CataloguePictures:
    """Measurements of a sample of a catalogue's pictures.

    Args:
        pictures: RGB, at least one; only one is in memory at a time.
    """
    sizes, whole, margins, kept = [], [], [], []
    shown = 0
    for picture in pictures:
        sizes.append(picture.size)
        kept.append(_sharp_fraction(picture))
        small = picture.copy()
        small.thumbnail((SEARCH_SIDE, SEARCH_SIDE), Image.Resampling.BOX)
        pixels = np.asarray(small)
        if not is_studio_shot(pixels):
            continue
        margins.append(np.median(margin(pixels), axis=0))
        product = unlike_border(pixels)
        shown += bool(product.any())
        extents = _extents(product) if product.any() else None
        if extents is not None:
            whole.append(extents)
    own_width, own_height = np.median(sizes, axis=0)
    sharpness = float(np.median(kept))
    scale = min(sharpness, LONGEST_SIDE / max(own_width, own_height))
    width, height = (max(1, round(float(side) * scale)) for side in (own_width, own_height))
    # Proportions within a twentieth of the median's: a pixel of rounding in 60.
    shapes = np.array([w / h for w, h in sizes])
    same_shape = float((np.abs(shapes / np.median(shapes) - 1) < SAME_SHAPE).mean())
    seen: dict[str, Any] = {
        "sharpness": sharpness,
        "plain": round(len(margins) / len(sizes), 3),
        "cut": round(1 - len(whole) / shown, 3) if shown else 0.0,
        "same_shape": round(same_shape, 3),
    }
    if len(margins) < FEWEST_STUDIO_SHOTS * len(sizes):
        return CataloguePictures(width, height, **seen)
    across, down = _box(np.reshape(whole, (-1, 2)))
    red, green, blue = (int(value) for value in np.rint(np.median(margins, axis=0)))
    return CataloguePictures(width, height, across, down, (red, green, blue), **seen)


def _extents(product: np.ndarray) -> np.ndarray | None:
    """Fractions of width and height that an (h, w) bool product fills; None if an edge cuts it."""
    extents = []
    for axis in (0, 1):
        shown = np.flatnonzero(product.any(axis=axis))
        length = product.shape[1 - axis]
        if min(shown[0], length - 1 - shown[-1]) < EDGE * length:
            return None
        extents.append((np.ptp(shown) + 1) / length)
    return np.array(extents)


def _box(extents: np.ndarray) -> tuple[float, float]:
    """Width and height, 0-1, of the box that the catalogue fits its products into.

    A wide product fills the box's width and a tall one its height. With too few of one sort, the
    default of `CataloguePictures` holds.

    Args:
        extents: (n, 2) float64, of `_extents`, of n products that no edge cuts.
    """
    wide = extents[:, 0] >= extents[:, 1]
    usual = CataloguePictures()

    def reached(sides: np.ndarray, otherwise: float) -> float:
        enough = len(sides) >= FEWEST_WHOLE
        return round(float(np.quantile(sides, BOX_QUANTILE)), 3) if enough else otherwise

    return (
        reached(extents[wide, 0], usual.filled_width),
        reached(extents[~wide, 1], usual.filled_height),
    )


def _sharp_fraction(picture: Image.Image) -> float:
    """Sharpness: least fraction of a picture's size that keeps all visible detail."""
    whole = np.asarray(picture, np.int16)
    for fraction in FRACTIONS:
        width, height = (max(1, round(side * fraction)) for side in picture.size)
        reduced = picture.resize((width, height), Image.Resampling.BICUBIC)
        again = np.asarray(reduced.resize(picture.size, Image.Resampling.BICUBIC), np.int16)
        if np.abs(again - whole).mean() < UNSEEN:
            return fraction
    return 1.0

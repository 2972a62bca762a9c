"""Product segmentation: foreground mask of a photograph, and crops like the catalogue's pictures.

A catalogue shows each product on white, as large as the picture. In a photograph the network also
sees the floor or the bed. So the product is segmented, and features are taken from four pictures
(precision at five of each, on 2,000 photographs, is in the README):

1. the whole photograph, its features pooled over the foreground only,
2. a crop in which the product is as large as in the catalogue's pictures,
3. the same crop, reduced to the size of the catalogue's pictures, and
4. the product cut out and pasted on the catalogue's background.

The mask is made by GrabCut (Rother, Kolmogorov and Blake, 2004), started with the margin as certain
background, an ellipse as probable foreground, and the corners as probable background.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from recommender.pictures.catalogue_pictures import CataloguePictures
from recommender.pictures.pixels import margin

# Long side of the copy that GrabCut works on (pixels), and GrabCut's iterations: 5 ms. The masks
# have an intersection over union of 0.91 with those of three iterations at 128 pixels.
SIDE = 64
ROUNDS = 1
# Width of the margin that is certain background, as a fraction of the shorter side.
MARGIN = 0.04
# Size of a central ellipse, as a fraction of the width and of the height. It is certain foreground
# in a second attempt, which one photograph in eight needs because the first mask fails.
MIDDLE = 0.22

# Area of the smallest part of the foreground that is kept, as a fraction of the largest part.
LEAST_PART = 0.15
# Fraction of the picture that is foreground. Outside of these limits the segmentation has failed:
# it found no product, or no background.
LEAST_FRACTION, MOST_FRACTION = 0.04, 0.97

# A studio shot: at least this fraction of the margin's pixels is light (every channel at least
# `STUDIO_LIGHT` of 255) and grey (channels at most `STUDIO_SPREAD` apart). Met by 98% of a
# catalogue's pictures, although models may touch the edge, and by none of 200 photographs.
STUDIO_FRACTION, STUDIO_LIGHT, STUDIO_SPREAD = 0.6, 225, 16

Box = tuple[float, float, float, float]

# Fraction of a feature map's cell that must be foreground for the cell to count for the maximum.
LEAST_CELL = 0.4


@dataclass(frozen=True)
class Crop:
    """Picture of a product, with its foreground mask."""

    picture: Image.Image
    """RGB."""
    foreground: np.ndarray | None = None
    """(any height, any width) bool: True where the product is; None: pool over all cells."""


@dataclass(frozen=True)
class Photograph:
    """Segmented photograph: foreground mask and three crops."""

    foreground: np.ndarray
    """(h, w) bool, size of the picture: True where the product is."""
    close: Crop
    """Crop in which the product is as large as in the catalogue's pictures, at full resolution."""
    small: Crop
    """The same crop in the size of the catalogue's pictures."""
    cut_out: Crop
    """The product on the catalogue's background, in the size of the catalogue's pictures."""


def find_product(picture: Image.Image, catalogue: CataloguePictures) -> Photograph | None:
    """Segment the product of a photograph.

    Args:
        picture: RGB, of any size.
        catalogue: statistics of the catalogue's pictures.

    Returns:
        None for a studio shot, which needs no segmentation, and for a picture in which no product
        stands out from the background.
    """
    scale = SIDE / max(picture.size)
    size = (max(8, round(picture.width * scale)), max(8, round(picture.height * scale)))
    reduced = np.asarray(picture.resize(size, Image.Resampling.BOX, reducing_gap=3.0))
    if is_studio_shot(reduced):
        return None
    mask = _cut(reduced)
    if not LEAST_FRACTION < mask.mean() < MOST_FRACTION:
        mask = _cut(reduced, MIDDLE)
    if not LEAST_FRACTION < mask.mean() < MOST_FRACTION:
        return None
    foreground = np.asarray(Image.fromarray(mask).resize(picture.size, Image.Resampling.NEAREST))
    left, top, right, bottom = _framed(picture, mask, catalogue)
    close = picture.crop((left, top, right, bottom))
    near = foreground[top:bottom, left:right]
    small = close.resize(catalogue.size, Image.Resampling.BICUBIC, reducing_gap=3.0)
    cut_out = _cut_out(picture, mask, catalogue)
    return Photograph(foreground, Crop(close, near), Crop(small, near), Crop(cut_out))


def is_studio_shot(pixels: np.ndarray) -> bool:
    """Whether the margin of an (h, w, 3) uint8 RGB picture is white or light grey."""
    outermost = margin(pixels).astype(int)
    darkest, lightest = outermost.min(axis=1), outermost.max(axis=1)
    light = (darkest >= STUDIO_LIGHT) & (lightest - darkest <= STUDIO_SPREAD)
    return bool(light.mean() >= STUDIO_FRACTION)


def pool_foreground(
    feature_map: np.ndarray, foreground: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Maximum and mean of a feature map over its foreground cells.

    Args:
        feature_map: (h, w, channels) float32.
        foreground: (any height, any width) bool, of the same picture.

    Returns:
        Maximum and mean, (channels,) float32 each. The mean weighs each cell by the fraction of it
        that is foreground.
    """
    height, width, channels = feature_map.shape
    cells = feature_map.reshape(-1, channels)
    cover = cv2.resize(
        foreground.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA
    ).ravel()
    # A product thinner than a cell may nowhere reach `LEAST_CELL`: then the fullest cell counts.
    shown = cover >= min(LEAST_CELL, cover.max())
    return cells[shown].max(axis=0), (cover @ cells) / cover.sum()


def large_parts(mask: np.ndarray, least: float) -> np.ndarray:
    """Connected parts of an (h, w) bool mask with at least the fraction `least` of the largest."""
    _, parts, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    areas = statistics[1:, cv2.CC_STAT_AREA]
    if len(areas) == 0:
        return np.zeros_like(mask)
    return np.isin(parts, 1 + np.flatnonzero(areas >= least * areas.max()))


def _cut(pixels: np.ndarray, middle: float = 0.0) -> np.ndarray:
    """(h, w) bool: foreground of an (h, w, 3) RGB picture, without small parts."""
    height, width = pixels.shape[:2]
    y = (np.arange(height) - (height - 1) / 2) / (height / 2)
    x = (np.arange(width) - (width - 1) / 2) / (width / 2)
    radius = np.sqrt(y[:, None] ** 2 + x**2)
    mask = np.where(radius > 1, cv2.GC_PR_BGD, cv2.GC_PR_FGD).astype(np.uint8)
    mask[radius < middle] = cv2.GC_FGD
    band = max(1, round(MARGIN * min(height, width)))
    for edge in (mask[:band], mask[-band:], mask[:, :band], mask[:, -band:]):
        edge[:] = cv2.GC_BGD
    lab = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB)
    # GrabCut starts its mixtures from OpenCV's random numbers; a fixed seed repeats the result.
    cv2.setRNGSeed(0)
    models = np.zeros((2, 1, 65))
    no_box = (0, 0, 0, 0)
    cv2.grabCut(lab, mask, no_box, models[0], models[1], ROUNDS, cv2.GC_INIT_WITH_MASK)
    return large_parts((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD), LEAST_PART)


def _framed(
    picture: Image.Image, mask: np.ndarray, catalogue: CataloguePictures
) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the crop in which the product fills as in the catalogue."""
    (left, top, right, bottom), _ = _boxes(picture, mask)
    width, height = catalogue.size
    filled = catalogue.filled_width * width, catalogue.filled_height * height
    scale = max((right - left) / filled[0], (bottom - top) / filled[1])
    x, y = (left + right) / 2, (top + bottom) / 2
    return (
        round(max(0, x - width * scale / 2)),
        round(max(0, y - height * scale / 2)),
        round(min(picture.width, x + width * scale / 2)),
        round(min(picture.height, y + height * scale / 2)),
    )


def _cut_out(picture: Image.Image, mask: np.ndarray, catalogue: CataloguePictures) -> Image.Image:
    """The product on the catalogue's background, with the catalogue's size and fill."""
    box, small_box = _boxes(picture, mask)
    width, height = catalogue.size
    scale = min(
        catalogue.filled_width * width / (box[2] - box[0]),
        catalogue.filled_height * height / (box[3] - box[1]),
    )
    size = max(1, round((box[2] - box[0]) * scale)), max(1, round((box[3] - box[1]) * scale))
    product = picture.resize(size, Image.Resampling.BICUBIC, box=box)
    edge = Image.fromarray(mask.astype(np.uint8) * 255)
    edge = edge.resize(size, Image.Resampling.BILINEAR, box=small_box)
    canvas = Image.new("RGB", catalogue.size, catalogue.background)
    canvas.paste(product, ((width - size[0]) // 2, (height - size[1]) // 2), edge)
    return canvas


def _boxes(picture: Image.Image, mask: np.ndarray) -> tuple[Box, Box]:
    """Left, top, right and bottom of the foreground: on the picture, and on the mask."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    small = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    across, down = picture.width / mask.shape[1], picture.height / mask.shape[0]
    return (small[0] * across, small[1] * down, small[2] * across, small[3] * down), small

"""Find the product in a person's photograph, and let nothing else speak for it.

A catalogue shows its products on white, each as large as the picture. People photograph theirs on a
floor or a bed, and the network sees the floor too. So the product is cut out, and looked at in
several ways that bring it nearer to the catalogue (shares of the five neighbours that are of the
right kind, on 2,000 such photographs, are in the README):

1. where it is, its features pooled over the product alone,
2. from as near as the catalogue would show it,
3. the same as small as the catalogue's pictures are, and
4. cut out and put on white like a product of the catalogue.

The cut is GrabCut (Rother, Kolmogorov and Blake, 2004) from what is known beforehand: the margin
of a picture is background, its corners probably are.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from recommender.pictures.catalogue_pictures import CataloguePictures
from recommender.pictures.pixels import margin

# GrabCut works on a copy with this long side (pixels), once: 5 ms. Compared with three rounds at
# 128 pixels, its cuts of photographs have an intersection over union of 0.91.
SIDE = 64
ROUNDS = 1
# Share of the shorter side that is surely background.
MARGIN = 0.04
# Share of the width and of the height that an ellipse in the middle has, which is surely product
# when the first cut found none (one photograph in eight).
MIDDLE = 0.22

# Parts of the foreground smaller than this, measured by the largest, are specks.
LEAST_PART = 0.15
# Outside of these shares of the picture the cut has failed: nothing was found, or everything.
LEAST_SHARE, MOST_SHARE = 0.04, 0.97

# A studio shot's margin: so much of it (share) no darker than this and without colour. True of 98%
# of a catalogue's pictures, in which models may be cut by the edge, and of no photograph in 200.
STUDIO_SHARE, STUDIO_LIGHT, STUDIO_SPREAD = 0.6, 225, 16

Box = tuple[float, float, float, float]

# A cell of the feature map counts for the maximum when it shows this share of product.
LEAST_CELL = 0.4


@dataclass(frozen=True)
class Crop:
    """A picture of a product, and where on it the product is."""

    picture: Image.Image
    """RGB."""
    foreground: np.ndarray | None = None
    """(any height, any width) bool: which parts show the product; None: nothing else is there."""


@dataclass(frozen=True)
class Photograph:
    """A photograph whose product was found."""

    foreground: np.ndarray
    """(h, w) bool, as large as the picture: which pixels show the product."""
    close: Crop
    """From as near as the catalogue would show it, as sharp as it is."""
    small: Crop
    """The same, of the size of the catalogue's pictures."""
    cut_out: Crop
    """The product on the catalogue's background, of the size of the catalogue's pictures."""


def find_product(picture: Image.Image, catalogue: CataloguePictures) -> Photograph | None:
    """Find the product that a photograph shows.

    Args:
        picture: RGB, of any size.
        catalogue: what the pictures are like that it will be compared with.

    Returns:
        None where there is nothing to do: for a studio shot, which is like the catalogue as it is,
        and for a picture in which no product stands out from the background.
    """
    scale = SIDE / max(picture.size)
    size = (max(8, round(picture.width * scale)), max(8, round(picture.height * scale)))
    reduced = np.asarray(picture.resize(size, Image.Resampling.BOX, reducing_gap=3.0))
    if is_studio_shot(reduced):
        return None
    mask = _cut(reduced)
    if not LEAST_SHARE < mask.mean() < MOST_SHARE:
        mask = _cut(reduced, MIDDLE)
    if not LEAST_SHARE < mask.mean() < MOST_SHARE:
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
    return bool(light.mean() >= STUDIO_SHARE)


def pool_foreground(
    feature_map: np.ndarray, foreground: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Maximum and mean of a feature map over the places that show the product.

    Args:
        feature_map: (h, w, channels) float32.
        foreground: (any height, any width) bool, of the same picture.

    Returns:
        (channels,) float32 twice. In the mean, a place weighs as much as it shows of the product.
    """
    height, width, channels = feature_map.shape
    cells = feature_map.reshape(-1, channels)
    cover = cv2.resize(
        foreground.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA
    ).ravel()
    # A product thinner than a cell is still in the cell that shows most of it.
    shown = cover >= min(LEAST_CELL, cover.max())
    return cells[shown].max(axis=0), (cover @ cells) / cover.sum()


def large_parts(mask: np.ndarray, least: float) -> np.ndarray:
    """(h, w) bool: a bool mask's connected parts of at least this share of the largest one."""
    _, parts, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    areas = statistics[1:, cv2.CC_STAT_AREA]
    if len(areas) == 0:
        return np.zeros_like(mask)
    return np.isin(parts, 1 + np.flatnonzero(areas >= least * areas.max()))


def _cut(pixels: np.ndarray, middle: float = 0.0) -> np.ndarray:
    """(h, w) bool: the foreground of a small picture, without specks."""
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
    # The mixtures are started from OpenCV's own random numbers: the same ones for every picture.
    cv2.setRNGSeed(0)
    models = np.zeros((2, 1, 65))
    no_box = (0, 0, 0, 0)
    cv2.grabCut(lab, mask, no_box, models[0], models[1], ROUNDS, cv2.GC_INIT_WITH_MASK)
    return large_parts((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD), LEAST_PART)


def _framed(
    picture: Image.Image, mask: np.ndarray, catalogue: CataloguePictures
) -> tuple[int, int, int, int]:
    """The part of a picture in which its product is as large as in the catalogue's."""
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
    """The product alone, placed as the catalogue places its own."""
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
    """Left, top, right and bottom of a mask's product: on its picture, and on the mask."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    small = columns[0], rows[0], columns[-1] + 1, rows[-1] + 1
    across, down = picture.width / mask.shape[1], picture.height / mask.shape[0]
    return (small[0] * across, small[1] * down, small[2] * across, small[3] * down), small

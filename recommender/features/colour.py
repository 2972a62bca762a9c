"""Colour features of a product: soft CIELAB histograms of its foreground, and its colour layout.

Networks trained to name objects ignore colour, so colour has features of its own. In CIELAB
(CIE 15:2018, section 8.2.1) the Euclidean distance, the colour difference of 1976, is close to the
difference that people see.
"""

import numpy as np
from PIL import Image

from recommender.pictures.pixels import margin, to_cielab

# Longest side, pixels, at which colours are described. Colour needs no detail. It is the long side
# of Fashion Product Images' thumbnails, so that a thumbnail and its original have equal colours.
SIDE = 80

# Colour difference (CIE 1976) from the border's colour from which on a pixel is foreground: twice
# the just noticeable difference. 3.5 and 6 were as good, 10 lost 1 point of precision at 5.
FOREGROUND_DIFFERENCE = 5.0
# Least foreground, as a fraction of the picture. With less, a white product on white was not found,
# and the whole picture is described.
MIN_FOREGROUND = 0.02

# Centres of the histogram's bins, closer near the neutral axis, where black, charcoal, navy and
# grey lie close together. A pixel is divided among the eight bins around it (trilinear
# interpolation).
LIGHTNESS_BINS = np.array([0, 15, 30, 45, 60, 75, 88, 100], np.float32)
CHROMA_BINS = np.array([-60, -30, -12, 0, 12, 30, 60], np.float32)
_SHAPE = (len(LIGHTNESS_BINS), len(CHROMA_BINS), len(CHROMA_BINS))
# First of the bins that are added up to one bin in the histograms of the bands: with a third of the
# pixels, a band fills about a third of the bins.
_JOINED_LIGHTNESS, _JOINED_CHROMA = (0, 1, 3, 5, 6), (0, 2, 3, 4, 5)

# Horizontal bands of the product's box: neckline, middle and hem of a top, for example.
BANDS = 3
# Grid of cells in the product's box; the mean colour of each is a feature.
ROWS, COLUMNS = 6, 5
# Standard deviation of the Gaussian weight around the box's middle, as a fraction of the box.
CENTRE_SPREAD = 0.2

_BINS = int(np.prod(_SHAPE))
_JOINED_BINS = len(_JOINED_LIGHTNESS) * len(_JOINED_CHROMA) ** 2
# The histograms come first; the other features have other units.
HISTOGRAM_DIMENSIONS = 2 * _BINS + BANDS * _JOINED_BINS
DIMENSIONS = HISTOGRAM_DIMENSIONS + 4 * ROWS * COLUMNS + 12


def colour_features(picture_pixels: np.ndarray, foreground: np.ndarray | None = None) -> np.ndarray:
    """Colour features of the product on a picture.

    In this order: square roots of the normalised histograms of the foreground, its middle and its
    bands (their inner products are Bhattacharyya coefficients); mean colour and coverage of the
    cells; mean, standard deviation and median of the colours; size of the foreground and its box.

    Args:
        picture_pixels: (h, w, 3) uint8 RGB, of any size.
        foreground: (h, w) bool, the product's pixels; None: the pixels that differ from the
            picture's border.

    Returns:
        (`DIMENSIONS`,) float32; deterministic.
    """
    pixels, foreground = _reduced(picture_pixels, foreground)
    lab = to_cielab(pixels)
    if foreground is None:
        foreground = _unlike_border(lab)
    if foreground.mean() < MIN_FOREGROUND:
        foreground = np.ones(foreground.shape, bool)
    y, x, height, width = _positions_in_box(foreground)
    colours = lab[foreground]
    bins, weights = _soft_bins(colours)

    band = np.minimum((y * BANDS).astype(int), BANDS - 1)
    bands = np.bincount(
        (band * _BINS + bins).ravel(), weights.ravel(), minlength=BANDS * _BINS
    ).reshape(BANDS, *_SHAPE)
    nearness = np.exp(-((y - 0.5) ** 2 + (x - 0.5) ** 2) / (2 * CENTRE_SPREAD**2))
    centre = np.bincount(bins.ravel(), (weights * nearness).ravel(), minlength=_BINS)
    joined = np.add.reduceat(bands, _JOINED_LIGHTNESS, axis=1)
    joined = np.add.reduceat(joined, _JOINED_CHROMA, axis=2)
    joined = np.add.reduceat(joined, _JOINED_CHROMA, axis=3)

    cells, coverage = _cells(colours, y, x, height * width)
    size = [foreground.mean(), height / foreground.shape[0], width / foreground.shape[1]]
    return np.concatenate(
        [
            _root_fractions(bands.sum(axis=0).ravel()),
            _root_fractions(centre),
            *(_root_fractions(band.ravel()) for band in joined),
            cells.ravel(),
            coverage,
            colours.mean(axis=0),
            colours.std(axis=0),
            np.median(colours, axis=0),
            size,
        ]
    ).astype(np.float32)


def _reduced(
    pixels: np.ndarray, foreground: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray | None]:
    """Pixels and foreground, reduced to a long side of `SIDE` where it is longer."""
    height, width = pixels.shape[:2]
    scale = SIDE / max(height, width)
    if scale >= 1:
        return pixels, foreground
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR, reducing_gap=3.0)
    if foreground is not None:
        mask = Image.fromarray(foreground.astype(np.uint8) * 255)
        mask = mask.resize(size, Image.Resampling.BILINEAR, reducing_gap=3.0)
        foreground = np.asarray(mask) > 127
    return np.asarray(small), foreground


def _unlike_border(lab: np.ndarray) -> np.ndarray:
    """(h, w) bool: pixels that differ from the median colour of the picture's margin."""
    difference = np.linalg.norm(lab - np.median(margin(lab), axis=0), axis=-1)
    return difference > FOREGROUND_DIFFERENCE


def _positions_in_box(foreground: np.ndarray) -> tuple[np.ndarray, np.ndarray, int, int]:
    """Position of each foreground pixel in its box (y, x, 0-1), and the box's height and width."""
    rows, columns = np.nonzero(foreground)
    height, width = int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
    y, x = (rows - rows.min() + 0.5) / height, (columns - columns.min() + 0.5) / width
    return y.astype(np.float32), x.astype(np.float32), height, width


def _soft_bins(colours: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The 8 bins around each of n colours, and their trilinear weights, (8, n) each."""
    bins, weights = np.zeros((1, len(colours)), np.intp), np.ones((1, len(colours)), np.float32)
    for axis, centres in enumerate((LIGHTNESS_BINS, CHROMA_BINS, CHROMA_BINS)):
        position = np.interp(colours[:, axis], centres, np.arange(len(centres)))
        below = np.minimum(position.astype(np.intp), len(centres) - 2)
        fraction = (position - below).astype(np.float32)
        bins = np.concatenate([bins * len(centres) + below, bins * len(centres) + below + 1])
        weights = np.concatenate([weights * (1 - fraction), weights * fraction])
    return bins, weights


def _root_fractions(histogram: np.ndarray) -> np.ndarray:
    """Square roots of a histogram divided by its sum; an empty histogram stays empty."""
    return np.sqrt(histogram / max(histogram.sum(), 1e-9))


def _cells(
    colours: np.ndarray, y: np.ndarray, x: np.ndarray, area: int
) -> tuple[np.ndarray, np.ndarray]:
    """Mean colour and coverage of each cell; an empty cell has the product's mean colour."""
    row = np.minimum((y * ROWS).astype(int), ROWS - 1)
    cell = row * COLUMNS + np.minimum((x * COLUMNS).astype(int), COLUMNS - 1)
    count = np.bincount(cell, minlength=ROWS * COLUMNS)
    sums = [np.bincount(cell, colours[:, i], minlength=ROWS * COLUMNS) for i in range(3)]
    means = np.stack(sums, axis=1) / np.maximum(count, 1)[:, None]
    means[count == 0] = colours.mean(axis=0)
    return means, count * (ROWS * COLUMNS / area)

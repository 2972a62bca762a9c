"""The colours of a product: soft histograms of its foreground in CIELAB, and where they are.

A network trained to name objects has learned to see past colour, so colour gets features of its
own. CIELAB is the CIE's colour space (CIE 15:2018, section 8.2.1) in which Euclidean distance,
the colour difference of 1976, is about what people see.
"""

import numpy as np
from PIL import Image

from recommender.pictures.pixels import margin, to_cielab

# Colour needs no detail: a picture is looked at with at most this side (pixels), which is the long
# side of the catalogue's own thumbnails, so the same colours come of a thumbnail and its original.
SIDE = 80

# Colour difference (CIE 1976) from the border's colour that makes a pixel foreground. Twice what is
# just noticed; 3.5 and 6 did as well on the catalogue, 10 lost 1 point of precision at 5.
FOREGROUND_DIFFERENCE = 5.0
# Below this fraction of foreground the product cannot be told from its background (white on white).
MIN_FOREGROUND = 0.02

# Centres of the histogram's bins, finer near the neutral axis, where black, charcoal, navy and
# grey lie close together. A pixel counts for the eight bins around it by its nearness to each.
LIGHTNESS_BINS = np.array([0, 15, 30, 45, 60, 75, 88, 100], np.float32)
CHROMA_BINS = np.array([-60, -30, -12, 0, 12, 30, 60], np.float32)
_SHAPE = (len(LIGHTNESS_BINS), len(CHROMA_BINS), len(CHROMA_BINS))
# The regions' histograms join neighbouring bins: a third of the pixels fills a third of the bins.
_JOINED_LIGHTNESS, _JOINED_CHROMA = (0, 1, 3, 5, 6), (0, 2, 3, 4, 5)

# Horizontal bands of the product's box (neckline, middle, hem; a model's shirt, belt, trousers).
BANDS = 3
# Cells of the product's box whose mean colour is kept.
ROWS, COLUMNS = 6, 5
# Spread of the Gaussian that weighs the middle of the box, in box lengths.
CENTRE_SPREAD = 0.2

_BINS = int(np.prod(_SHAPE))
_JOINED_BINS = len(_JOINED_LIGHTNESS) * len(_JOINED_CHROMA) ** 2
# The histograms come first; of the rest, other units.
HISTOGRAM_DIMENSIONS = 2 * _BINS + BANDS * _JOINED_BINS
DIMENSIONS = HISTOGRAM_DIMENSIONS + 4 * ROWS * COLUMNS + 12


def colour_features(picture_pixels: np.ndarray, foreground: np.ndarray | None = None) -> np.ndarray:
    """Describe the colours of the product a picture shows.

    Square roots of histograms (so that products of two are Bhattacharyya coefficients) of all of
    the foreground, of its middle and of its bands; mean colour and coverage of the cells of its
    box; mean, spread and median colour; size and shape of the foreground.

    Args:
        picture_pixels: (h, w, 3) uint8 RGB, of any size.
        foreground: (h, w) bool, which pixels are the product; without it those that differ from
            the picture's border.

    Returns:
        (`DIMENSIONS`,) float32, the same for the same pixels.
    """
    pixels, foreground = _looked_at(picture_pixels, foreground)
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


def _looked_at(
    pixels: np.ndarray, foreground: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray | None]:
    """Both no larger than `SIDE`."""
    height, width = pixels.shape[:2]
    scale = SIDE / max(height, width)
    if scale >= 1:
        return pixels, foreground
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = Image.fromarray(pixels).resize(size, Image.Resampling.BILINEAR, reducing_gap=3.0)
    if foreground is not None:
        mask = Image.fromarray(foreground.astype(np.uint8) * 255)
        foreground = np.asarray(mask.resize(size, Image.Resampling.BILINEAR)) > 127
    return np.asarray(small), foreground


def _unlike_border(lab: np.ndarray) -> np.ndarray:
    """(h, w) bool: pixels that differ from the median colour of the picture's outermost ones."""
    difference = np.linalg.norm(lab - np.median(margin(lab), axis=0), axis=-1)
    return difference > FOREGROUND_DIFFERENCE


def _positions_in_box(foreground: np.ndarray) -> tuple[np.ndarray, np.ndarray, int, int]:
    """Rows and columns of the foreground's pixels, 0-1 across its box; the box's height, width."""
    rows, columns = np.nonzero(foreground)
    height, width = int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
    y, x = (rows - rows.min() + 0.5) / height, (columns - columns.min() + 0.5) / width
    return y.astype(np.float32), x.astype(np.float32), height, width


def _soft_bins(colours: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(8, n) each: the bins around every colour, and the fraction of each (trilinear)."""
    bins, weights = np.zeros((1, len(colours)), np.intp), np.ones((1, len(colours)), np.float32)
    for axis, centres in enumerate((LIGHTNESS_BINS, CHROMA_BINS, CHROMA_BINS)):
        position = np.interp(colours[:, axis], centres, np.arange(len(centres)))
        below = np.minimum(position.astype(np.intp), len(centres) - 2)
        fraction = (position - below).astype(np.float32)
        bins = np.concatenate([bins * len(centres) + below, bins * len(centres) + below + 1])
        weights = np.concatenate([weights * (1 - fraction), weights * fraction])
    return bins, weights


def _root_fractions(histogram: np.ndarray) -> np.ndarray:
    """Square roots of the fractions; an empty histogram stays empty."""
    return np.sqrt(histogram / max(histogram.sum(), 1e-9))


def _cells(
    colours: np.ndarray, y: np.ndarray, x: np.ndarray, area: int
) -> tuple[np.ndarray, np.ndarray]:
    """Mean colour (the product's own where a cell is empty) and coverage of the box's cells."""
    row = np.minimum((y * ROWS).astype(int), ROWS - 1)
    cell = row * COLUMNS + np.minimum((x * COLUMNS).astype(int), COLUMNS - 1)
    count = np.bincount(cell, minlength=ROWS * COLUMNS)
    sums = [np.bincount(cell, colours[:, i], minlength=ROWS * COLUMNS) for i in range(3)]
    means = np.stack(sums, axis=1) / np.maximum(count, 1)[:, None]
    means[count == 0] = colours.mean(axis=0)
    return means, count * (ROWS * COLUMNS / area)

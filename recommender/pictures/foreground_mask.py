"""Foreground mask of a photograph: soft, with an edge that follows the picture.

A network sees a small copy, so that its mask is blurred at the product's edge. The guided filter
(He, Sun and Tang, "Guided Image Filtering", 2013) makes the mask a linear function of the picture's
colour in every neighbourhood. The function's coefficients are smooth, so that they can be enlarged
to any size, where the pixels of that size decide about the edge (He and Sun, "Fast Guided Filter",
2015).
"""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from PIL import Image

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, fractions of the picture's width and height."""

# Value from which a pixel of a soft mask counts as foreground.
THRESHOLD = 0.5
# Radius of the guided filter's neighbourhoods, as a fraction of the mask's long side, and its
# regularisation: variance, of a guide with values from 0 to 1, that counts as an edge.
RADIUS, FLATNESS = 0.03, 1e-3
# Factor of a mask's contrast before it is filtered: the filter keeps blur that is in the mask. On a
# drawn thing in its picture, blurred by 2% of the width, it leaves a fourth of the error; without
# the factor it leaves all of it.
CONTRAST = 4.0
# Area of the smallest part of the foreground that is kept, as a fraction of the largest part.
LEAST_PART = 0.15
# Fraction of the picture that is foreground. Outside of these limits the segmentation has failed:
# it found no product, or no background.
LEAST_FRACTION, MOST_FRACTION = 0.04, 0.97


@dataclass(frozen=True)
class ForegroundMask:
    """Foreground mask of a picture."""

    soft: np.ndarray
    """(h, w) float32, 0-1: fraction of each pixel that is foreground."""
    slope: np.ndarray | None = None
    """(h, w) float32: with `offset` and `guide`, the mask as a function of a pixel's colour; None
    where the mask has no finer edge."""
    offset: np.ndarray | None = None
    """(h, w) float32."""
    guide: np.ndarray | None = None
    """(4,) float32: weights of red, green and blue (0-255), and a constant."""

    @cached_property
    def foreground(self) -> np.ndarray:
        """(h, w) bool."""
        return self.soft > THRESHOLD

    @property
    def is_usable(self) -> bool:
        """Whether there is a product, and a background around it."""
        return bool(LEAST_FRACTION < self.foreground.mean() < MOST_FRACTION)

    @cached_property
    def box(self) -> Box:
        """Smallest box around the foreground."""
        height, width = self.soft.shape
        rows = np.flatnonzero(self.foreground.any(axis=1))
        columns = np.flatnonzero(self.foreground.any(axis=0))
        left, right = float(columns[0] / width), float((columns[-1] + 1) / width)
        return left, float(rows[0] / height), right, float((rows[-1] + 1) / height)

    def alpha(self, pixels: np.ndarray, box: Box) -> np.ndarray:
        """Soft mask of a part of the picture, in the size of its pixels.

        Args:
            pixels: (m, n, 3) uint8 RGB, the part of the picture in `box`, in any size.
            box: the part.

        Returns:
            (m, n) float32, 0-1.
        """
        size = pixels.shape[1], pixels.shape[0]
        if self.slope is None or self.offset is None or self.guide is None:
            return _enlarged(self.soft, box, size)
        linear = _enlarged(self.slope, box, size) * _guided(pixels, self.guide)
        return np.clip(linear + _enlarged(self.offset, box, size), 0, 1)


def guided_mask(soft: np.ndarray, pixels: np.ndarray) -> ForegroundMask:
    """Foreground mask whose edge follows the picture.

    The guide is the direction in RGB that separates foreground and background best (Fisher's
    linear discriminant), because their lightness may be equal.

    Args:
        soft: (h, w) float32, 0-1.
        pixels: (h, w, 3) uint8 RGB.
    """
    soft = np.clip(CONTRAST * (soft - THRESHOLD) + THRESHOLD, 0, 1)
    inside = soft > THRESHOLD
    if inside.all() or not inside.any():
        return ForegroundMask(soft)
    guide = _discriminant(pixels, inside)
    values = _guided(pixels, guide)
    radius = max(1, round(RADIUS * max(soft.shape)))

    def mean(array: np.ndarray) -> np.ndarray:
        return cv2.blur(array, (2 * radius + 1, 2 * radius + 1), borderType=cv2.BORDER_REFLECT)

    mean_guide, mean_mask = mean(values), mean(soft)
    variance = mean(values * values) - mean_guide**2
    slope = (mean(values * soft) - mean_guide * mean_mask) / (variance + FLATNESS)
    slope, offset = mean(slope), mean(mean_mask - slope * mean_guide)
    refined = np.clip(slope * values + offset, 0, 1)
    return ForegroundMask(refined, slope, offset, guide)


def large_parts(mask: np.ndarray, least: float = LEAST_PART) -> np.ndarray:
    """Connected parts of an (h, w) bool mask with at least the fraction `least` of the largest."""
    _, parts, statistics, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    areas = statistics[1:, cv2.CC_STAT_AREA]
    if len(areas) == 0:
        return np.zeros_like(mask)
    return np.isin(parts, 1 + np.flatnonzero(areas >= least * areas.max()))


def _discriminant(pixels: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Weights of R, G and B and a constant, (4,) float32: a guide of values from about 0 to 1."""
    colours = pixels.reshape(-1, 3).astype(np.float32)
    within, means = np.eye(3), []  # a plain background has no variance
    for part in (colours[inside.ravel()], colours[~inside.ravel()]):
        means.append(part.mean(axis=0))
        centred = part - means[-1]
        within += centred.T @ centred / len(colours)
    direction = np.linalg.solve(within, means[0] - means[1]).astype(np.float32)
    values = colours @ direction
    low, high = np.quantile(values, [0.01, 0.99])
    spread = max(high - low, 1e-6)
    return np.append(direction / spread, -low / spread).astype(np.float32)


def _guided(pixels: np.ndarray, guide: np.ndarray) -> np.ndarray:
    """Guide's values of (h, w, 3) uint8 pixels, (h, w) float32."""
    return pixels.astype(np.float32) @ guide[:3] + guide[3]


def _enlarged(array: np.ndarray, box: Box, size: tuple[int, int]) -> np.ndarray:
    """Part of an (h, w) array in a box, resized bilinearly to width and height, float32."""
    height, width = array.shape
    part = box[0] * width, box[1] * height, box[2] * width, box[3] * height
    values = Image.fromarray(array.astype(np.float32))
    return np.asarray(values.resize(size, Image.Resampling.BILINEAR, box=part))

"""Studio shots: recognised by their plain light margin, their product by its difference from it."""

import cv2
import numpy as np

from recommender.pictures.pixels import margin

# A studio shot: at least this fraction of the margin's pixels is light (every channel at least
# `STUDIO_LIGHT` of 255) and grey (channels at most `STUDIO_SPREAD` apart). Met by 98% of a
# catalogue's pictures, although models may touch the edge, and by none of 200 photographs.
STUDIO_FRACTION, STUDIO_LIGHT, STUDIO_SPREAD = 0.6, 225, 16

# Greatest difference to the background's colour in a studio shot, 0-255 a channel.
_TOLERANCE = 14


def is_studio_shot(pixels: np.ndarray) -> bool:
    """Whether the margin of an (h, w, 3) uint8 RGB picture is white or light grey."""
    outermost = margin(pixels).astype(int)
    darkest, lightest = outermost.min(axis=1), outermost.max(axis=1)
    light = (darkest >= STUDIO_LIGHT) & (lightest - darkest <= STUDIO_SPREAD)
    return bool(light.mean() >= STUDIO_FRACTION)


def unlike_border(pixels: np.ndarray) -> np.ndarray:
    """Foreground of a studio shot, (h, w) bool: pixels not connected with the border.

    Flood fill from outside over pixels within `_TOLERANCE` of the median colour of the corners.
    """
    framed = cv2.copyMakeBorder(pixels, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=_corner(pixels))
    height, width = framed.shape[:2]
    reached = np.zeros((height + 2, width + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | (1 << 8)
    tolerance = (_TOLERANCE,) * 3
    cv2.floodFill(framed, reached, (0, 0), (0, 0, 0), tolerance, tolerance, flags)
    return reached[2:-2, 2:-2] == 0


def _corner(pixels: np.ndarray) -> tuple[int, int, int]:
    red, green, blue = np.median(pixels[[0, 0, -1, -1], [0, -1, 0, -1]], axis=0).astype(int)
    return int(red), int(green), int(blue)

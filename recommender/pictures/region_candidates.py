"""Region candidates: boxes on a picture that may each show a garment.

Candidates are the parts of the foreground that do not touch each other, such as garments laid out
on a floor, and the usual places of garments on a person, relative to the person's height.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from recommender.pictures.foreground_mask import Box
from recommender.pictures.segmentation import Segmenter, find_foreground
from recommender.pictures.studio_shots import is_studio_shot, unlike_border

# Long side, pixels, of the copy that parts are found on.
SIDE = 192
# Candidates at most, the whole foreground included: one call of the network takes them all.
MOST = 8
# Smallest part, as a fraction of the picture.
LEAST_PART = 0.01
# Parts that are nearer than this fraction of the long side are one part: straps, soles, shadows.
GAP = 0.012
# Upper and lower end of what is worn where on a standing person, as fractions of the person's
# height in the picture. Whole figures are about 7.5 heads tall, chin at .13, crotch at .53, ankles
# at .95. Many are cut at the knees or at the hips, so that lower garments begin further down; the
# largest that shows one counts.
PLACES: tuple[tuple[str, float, float], ...] = (
    ("upper", 0.11, 0.52),
    ("lower", 0.45, 0.94),
    ("lower", 0.62, 1.0),
    ("lower", 0.76, 1.0),
    ("feet", 0.88, 1.0),
)
# Least height of a foreground, as a multiple of its width, to be a standing person.
STANDING = 1.7


@dataclass(frozen=True)
class Candidate:
    """Part of a picture that may show one garment."""

    box: Box
    place: str
    """"whole", "part", "upper", "lower" or "feet"."""


def candidates(picture: Image.Image, segmenter: Segmenter | None = None) -> list[Candidate]:
    """Candidates of a picture, the whole foreground first, then parts by size, then places.

    Args:
        picture: RGB, any size.
        segmenter: None for GrabCut.

    Returns:
        At most `MOST`; empty where nothing stands out from the background.
    """
    foreground = _foreground(picture, segmenter)
    if foreground is None or not foreground.any():
        return []
    parts = _parts(foreground)
    if not parts:
        return []
    whole = _box_of(np.any(parts, axis=0))
    found = [Candidate(whole, "whole")]
    if len(parts) > 1:
        found += [Candidate(_box_of(part), "part") for part in parts]
    for part in parts:
        found += _places(part, picture.size)
    return found[:MOST]


def _foreground(picture: Image.Image, segmenter: Segmenter | None) -> np.ndarray | None:
    """(h, w) bool: all that is no background; None where nothing stands out."""
    scale = SIDE / max(picture.size)
    size = max(8, round(picture.width * scale)), max(8, round(picture.height * scale))
    pixels = np.asarray(picture.resize(size, Image.Resampling.BOX, reducing_gap=3.0))
    if is_studio_shot(pixels):
        return unlike_border(pixels)
    mask = find_foreground(picture, segmenter)
    return None if mask is None else mask.foreground


def _parts(foreground: np.ndarray) -> list[np.ndarray]:
    """Parts of a foreground that a gap separates, (h, w) bool each, the largest first."""
    side = max(1, round(GAP * max(foreground.shape)))
    kernel = np.ones((2 * side + 1, 2 * side + 1), np.uint8)
    joined = cv2.dilate(foreground.astype(np.uint8), kernel)
    count, labels = cv2.connectedComponents(joined)
    parts = [foreground & (labels == number) for number in range(1, count)]
    large = [part for part in parts if part.mean() >= LEAST_PART]
    return sorted(large, key=lambda part: -int(part.sum()))


def _places(part: np.ndarray, size: tuple[int, int]) -> list[Candidate]:
    """Places on a standing person; empty where a part of a picture of this size is none."""
    left, top, right, bottom = _box_of(part)
    if (bottom - top) * size[1] < STANDING * (right - left) * size[0]:
        return []
    found = []
    for place, upper, lower in PLACES:
        rows = [round((top + end * (bottom - top)) * len(part)) for end in (upper, lower)]
        there = np.zeros_like(part)
        there[rows[0] : rows[1]] = part[rows[0] : rows[1]]
        if there.any():
            found.append(Candidate(_box_of(there), place))
    return found


def _box_of(part: np.ndarray) -> Box:
    height, width = part.shape
    rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
    left, right = float(columns[0] / width), float((columns[-1] + 1) / width)
    return left, float(rows[0] / height), right, float((rows[-1] + 1) / height)

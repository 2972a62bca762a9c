"""Is the similarity shown true? Of neighbours shown as .8 similar, eight in ten should be right.

Measured on style alone, where the number is the chance that the kind of product is right
(`recommender.index.calibration`). Half of the held-out queries calibrate, the others are asked.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from recommender.index.calibration import WORDS, Calibration, fit_calibration
from recommender.metrics.held_out import HeldOut
from recommender.metrics.precision import SHOWN, Judged, judge
from recommender.schema import ARTICLE_TYPE


@dataclass(frozen=True)
class Band:
    """Neighbours that the same word is used for; all are shares."""

    word: str
    share: float
    """Of all neighbours."""
    shown: float
    """Their mean similarity, as shown."""
    right: float
    """How many of them are right."""


@dataclass(frozen=True)
class Reliability:
    """What similarities say, and what is true."""

    shown: float
    """Mean similarity of the first five neighbours."""
    right: float
    """How many of these are right, a share."""
    bands: tuple[Band, ...]
    """The greatest similarity first; without those that no neighbour is in."""

    def to_json(self) -> dict[str, Any]:
        """The fields as JSON has them."""
        return asdict(self)


def calibrated(held_out: HeldOut) -> tuple[Calibration, Reliability] | None:
    """Calibrate on every second query, and see how true the others' similarities are.

    None where the products have no article type, or too few have one.
    """
    if ARTICLE_TYPE not in held_out.labels:
        return None
    queries, items = held_out.learned
    asked, known = held_out.labels[ARTICLE_TYPE]
    dimensions = held_out.parts.style
    calibration = fit_calibration(
        queries[::2, :dimensions], items[:, :dimensions], dimensions, (asked[::2], known)
    )
    style = held_out.parts.weighed(queries, 0.0)
    neighbours = held_out.neighbours(style, items)
    judged = judge(neighbours, asked, known, held_out.copies)
    tested = judged.rows % 2 == 1
    if not tested.any():
        return None
    rows, right = judged.rows[tested], judged.right[tested]
    return calibration, _reliability(calibration, style[rows], items, neighbours[rows], right)


def of_photographs(
    calibration: Calibration,
    style: np.ndarray,
    items: np.ndarray,
    neighbours: np.ndarray,
    judged: Judged,
) -> Reliability:
    """How true the similarities of photographs are.

    Args:
        calibration: of the index, for style alone.
        style: (p, d) float32, weighed for style alone.
        items: (n, d) float32.
        neighbours: (p, depth) int64: what was found.
        judged: whether it is right.
    """
    rows = judged.rows
    return _reliability(calibration, style[rows], items, neighbours[rows], judged.right)


def _reliability(
    calibration: Calibration,
    queries: np.ndarray,
    items: np.ndarray,
    neighbours: np.ndarray,
    right: np.ndarray,
) -> Reliability:
    found, right = neighbours[:, :SHOWN], right[:, :SHOWN]
    scores = np.einsum("qd,qkd->qk", queries, items[found])
    there = found >= 0
    similarity, right = calibration.similarity(scores[there], 0.0), right[there]
    bands, below = [], np.inf
    for least, word in WORDS:
        inside = (similarity >= least) & (similarity < below)
        if inside.any():
            shown = float(similarity[inside].mean())
            bands.append(Band(word, float(inside.mean()), shown, float(right[inside].mean())))
        below = least
    return Reliability(float(similarity.mean()), float(right.mean()), tuple(bands))

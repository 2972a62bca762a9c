"""Reliability of the similarity shown: of neighbours shown as .8 similar, 80% should be right.

Measured on style alone, where the similarity is the probability that the article type is right
(`recommender.index.calibration`). Half of the held-out queries calibrate, the others are measured.
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
    """Band of neighbours that the page describes by one word; all values are fractions."""

    word: str
    share: float
    """Fraction of all neighbours."""
    shown: float
    """Mean similarity shown."""
    right: float
    """Fraction that is right."""


@dataclass(frozen=True)
class Reliability:
    """Reliability: mean similarity shown, beside the fraction of right neighbours."""

    shown: float
    """Mean similarity of the first five neighbours."""
    right: float
    """Fraction of the first five neighbours that is right."""
    bands: tuple[Band, ...]
    """Bands with neighbours, greatest similarity first."""

    def to_json(self) -> dict[str, Any]:
        """Fields as JSON values."""
        return asdict(self)


def calibrated(held_out: HeldOut) -> tuple[Calibration, Reliability] | None:
    """Calibration on every second query, and reliability on the others.

    None where the products have no article types, or no query to measure has one.
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
    """Reliability of the similarity shown for photographs.

    Args:
        calibration: of the index, for style alone.
        style: (p, d) float32, query vectors weighed for style alone.
        items: (n, d) float32, item vectors.
        neighbours: (p, depth) int64, positions in the index.
        judged: the neighbours, right or wrong.
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

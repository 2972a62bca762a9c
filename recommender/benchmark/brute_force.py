"""What a search is asked, and what all vectors say to it one by one: the measure of exactness."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from recommender.benchmark.classic import NEIGHBOURS
from recommender.catalogue import Filters
from recommender.search import VectorSearch

# Scores that differ by less are a tie: float32 sums of two libraries differ by about 1e-7.
TIE = 1e-6
# Rows compared at a time, float32: bounds memory to a few hundred MB.
_SLICE = 50_000


class Question(NamedTuple):
    """What a search is asked."""

    vector: np.ndarray
    """(d,) float32."""
    kind_scores: np.ndarray
    """(kinds,) float32, of size 0 where kinds play no part."""

    def ask(self, search: VectorSearch, filters: Filters | None = None) -> np.ndarray:
        """Positions of the nearest, (5,) int64, nearest first."""
        found = search.search(self.vector, NEIGHBOURS, filters or {}, (), self.kind_scores)
        return found.positions


def plain_questions(vectors: np.ndarray) -> list[Question]:
    """Questions of vectors alone, (m, d) float32."""
    return [Question(vector, np.zeros(0, np.float32)) for vector in vectors]


def exact_neighbours(
    vectors: np.ndarray, kinds: np.ndarray | None, questions: Sequence[Question]
) -> np.ndarray:
    """Brute force in float32, slice by slice: (questions, 5) positions, nearest first.

    Args:
        vectors: (n, d), may be mapped from a file.
        kinds: (n,) int32; None where kinds play no part.
        questions: at least one.
    """
    queries = np.array([question.vector for question in questions], np.float32)
    kind_scores = np.array([question.kind_scores for question in questions], np.float32)
    best = np.empty((len(questions), 0), np.float32)
    positions = np.empty((len(questions), 0), np.int64)
    for start in range(0, len(vectors), _SLICE):
        rows = slice(start, start + _SLICE)
        scores = queries @ np.asarray(vectors[rows], np.float32).T
        if kinds is not None and kind_scores.size:
            scores += kind_scores[:, kinds[rows]]
        here = np.arange(start, start + scores.shape[1])
        best = np.hstack([best, scores])
        positions = np.hstack([positions, np.broadcast_to(here, scores.shape)])
        order = np.argsort(-best, axis=1, kind="stable")[:, :NEIGHBOURS]
        best = np.take_along_axis(best, order, axis=1)
        positions = np.take_along_axis(positions, order, axis=1)
    return positions


def recall(found: np.ndarray, exact: np.ndarray) -> float:
    """Share of the exact neighbours that were found.

    Args:
        found, exact: (questions, k) positions.
    """
    pairs = zip(found, exact, strict=True)
    return float(np.mean([len(set(f) & set(e)) / len(e) for f, e in pairs]))


def same_neighbours(
    vectors: np.ndarray,
    kinds: np.ndarray | None,
    question: Question,
    found: np.ndarray,
    exact: np.ndarray,
) -> bool:
    """Whether two lists of positions are the same, but for items that are equally near.

    Args:
        vectors: (n, d).
        kinds: (n,) int32; None where kinds play no part.
        question: what was asked.
        found, exact: (k,) positions, nearest first.
    """
    if len(found) != len(exact) or len(set(found.tolist())) != len(found):
        return False
    scores = []
    for positions in (found, exact):
        score = vectors[positions].astype(np.float64) @ question.vector
        if kinds is not None and question.kind_scores.size:
            score += question.kind_scores[kinds[positions]]
        scores.append(score)
    return bool((np.abs(scores[0] - scores[1]) <= TIE).all())

"""Brute-force search in float32, as the reference for exactness and recall."""

import numpy as np

from benchmarks.baseline import NEIGHBOURS
from recommender.index.exact_search import VectorSearch
from recommender.index.filters import Filters

# Scores closer than this are ties; float32 sums of two libraries differ by about 1e-7.
TIE = 1e-6
# Rows compared at a time, float32; limits memory to a few hundred MB.
_SLICE = 50_000


def ask(search: VectorSearch, query: np.ndarray, filters: Filters | None = None) -> np.ndarray:
    """Positions of the five nearest items, (5,) int64, nearest first."""
    return search.search(query, NEIGHBOURS, filters or {}).positions


def exact_neighbours(vectors: np.ndarray, queries: np.ndarray) -> np.ndarray:
    """Exact neighbours by brute force in float32, slice by slice.

    Args:
        vectors: (n, d), may be memory-mapped.
        queries: (q, d) float32.

    Returns:
        (q, 5) int64 positions, nearest first.
    """
    best = np.empty((len(queries), 0), np.float32)
    positions = np.empty((len(queries), 0), np.int64)
    for start in range(0, len(vectors), _SLICE):
        rows = slice(start, start + _SLICE)
        scores = queries @ np.asarray(vectors[rows], np.float32).T
        here = np.arange(start, start + scores.shape[1])
        best = np.hstack([best, scores])
        positions = np.hstack([positions, np.broadcast_to(here, scores.shape)])
        order = np.argsort(-best, axis=1, kind="stable")[:, :NEIGHBOURS]
        best = np.take_along_axis(best, order, axis=1)
        positions = np.take_along_axis(positions, order, axis=1)
    return positions


def recall(found: np.ndarray, exact: np.ndarray) -> float:
    """Recall: fraction of the exact neighbours that were found, mean of all queries.

    Args:
        found, exact: (q, k) positions.
    """
    pairs = zip(found, exact, strict=True)
    return float(np.mean([len(set(f) & set(e)) / len(e) for f, e in pairs]))


def same_neighbours(
    vectors: np.ndarray, query: np.ndarray, found: np.ndarray, exact: np.ndarray
) -> bool:
    """Whether two lists of positions are equal except for ties.

    Args:
        vectors: (n, d).
        query: (d,) float32.
        found, exact: (k,) positions, nearest first.
    """
    if len(found) != len(exact) or len(set(found.tolist())) != len(found):
        return False
    scores = [vectors[positions].astype(np.float64) @ query for positions in (found, exact)]
    return bool((np.abs(scores[0] - scores[1]) <= TIE).all())

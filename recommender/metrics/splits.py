"""Which products are the queries, which are the index, and which pairs are the same picture."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommender.errors import SettingsError

# Cosine of two classic vectors above which two products show the same picture: saved again, or
# the same shot with another shade (lipsticks, mostly). Looked up on pairs of Fashion Product
# Images with EfficientNet-Lite0: nearly all above .98 are such, and below .975 they are different
# products, photographed alike. It concerns one query in a hundred.
NEAR_IDENTICAL = 0.98

# Similarities of queries and items that are in memory at a time: 64 MB, and as much again for each
# of the two arrays that picking the greatest takes.
_SIMILARITIES = 2**24


@dataclass(frozen=True)
class Split:
    """Rows of the products on either side; no picture is on both."""

    queries: np.ndarray
    """(q,) int64: one product per picture."""
    index: np.ndarray
    """(n,) int64: every product that does not share its picture with a query."""


def split_products(digests: Sequence[str], queries: int, seed: int = 0) -> Split:
    """Draw queries at random, and take them and their pixel-identical copies out of the index.

    Args:
        digests: equal for products with the very same picture.
        queries: how many.
        seed: the same digests and seed give the same split.

    Raises:
        SettingsError: there are not twice as many pictures as queries.
    """
    _, first, picture = np.unique(np.asarray(digests), return_index=True, return_inverse=True)
    if not 0 < queries <= len(first) // 2:
        raise SettingsError(
            f"{len(first):,} different pictures do not allow {queries:,} queries: at most half of "
            f"them ({len(first) // 2:,}) can be held out of the index."
        )
    # By first appearance rather than by digest, so that only the order of the products matters.
    drawn = np.random.default_rng(seed).permutation(np.sort(first))[:queries]
    held_out = np.isin(picture, picture[drawn])
    return Split(np.sort(drawn), np.flatnonzero(~held_out))


def near_identical(queries: np.ndarray, index: np.ndarray) -> np.ndarray:
    """Pairs of a query and an item of the index that show the same picture.

    Args:
        queries: (q, d) float32, classic vectors, of length one.
        index: (n, d) float32, likewise.

    Returns:
        (pairs, 2) int64: row of the query, row of the item.
    """
    pairs, rows = [np.zeros((0, 2), np.int64)], _rows(index)
    for start in range(0, len(queries), rows):
        found = np.argwhere(queries[start : start + rows] @ index.T > NEAR_IDENTICAL)
        pairs.append(found + np.array([start, 0]))
    return np.concatenate(pairs)


def nearest(
    queries: np.ndarray, index: np.ndarray, depth: int, left_out: np.ndarray | None = None
) -> np.ndarray:
    """Exact neighbours of many queries by inner product.

    Args:
        queries: (q, d) float32.
        index: (n, d) float32.
        depth: neighbours a query.
        left_out: (pairs, 2) int: queries and items that must not be among their neighbours.

    Returns:
        (q, depth) int64: rows of the index, nearest first; -1 where no item is left.
    """
    neighbours = np.full((len(queries), depth), -1, np.int64)
    k, rows = min(depth, len(index)), _rows(index)
    for start in range(0, len(queries), rows):
        similarities = queries[start : start + rows] @ index.T
        if left_out is not None and len(left_out):
            own = left_out[(left_out[:, 0] >= start) & (left_out[:, 0] < start + rows)]
            similarities[own[:, 0] - start, own[:, 1]] = -np.inf
        best = np.argpartition(-similarities, k - 1, axis=1)[:, :k]
        values = np.take_along_axis(similarities, best, axis=1)
        order = np.argsort(-values, axis=1, kind="stable")
        best = np.take_along_axis(best, order, axis=1)
        best[np.isneginf(np.take_along_axis(values, order, axis=1))] = -1
        neighbours[start : start + rows, :k] = best
    return neighbours


def _rows(index: np.ndarray) -> int:
    """Queries that are compared with the whole index at a time."""
    return max(1, _SIMILARITIES // max(1, len(index)))

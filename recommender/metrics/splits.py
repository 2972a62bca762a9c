"""Splits of a catalogue into queries and index, near-identical pairs, and exact neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommender.errors import SettingsError

# Cosine of two classic vectors above which two products count as the same picture: saved again, or
# recoloured (mostly lipsticks). By eye on pairs of Fashion Product Images with EfficientNet-Lite0,
# nearly all pairs above .98 are one picture, and pairs below .975 are different products in similar
# pictures. One query in a hundred has a near-identical item.
NEAR_IDENTICAL = 0.98

# Similarities in memory at a time: 64 MB, and 64 MB for each of the two arrays of the partition.
_SIMILARITIES = 2**24


@dataclass(frozen=True)
class Split:
    """Split of a catalogue into queries and index, with no picture or variant in common."""

    queries: np.ndarray
    """(q,) int64: rows of the queries, each of another product."""
    index: np.ndarray
    """(n,) int64: rows of all products that are no copy and no variant of a query."""


def distinct_products(
    digests: Sequence[str], groups: Sequence[str | None] | None = None
) -> np.ndarray:
    """Sets of products that count as one: with one picture, or variants of one group, or both.

    Args:
        digests: of n products, equal for those with an identical picture.
        groups: what variants of one product share; None where they share nothing.

    Returns:
        (n,) int64: for each product, the position of the first product of its set.
    """
    first = np.arange(len(digests))

    def root(position: int) -> int:
        while first[position] != position:
            first[position] = first[first[position]]  # halves the way of the next search
            position = int(first[position])
        return position

    for keys in (digests, groups or ()):
        seen: dict[str, int] = {}
        for position, key in enumerate(keys):
            if key is not None:
                one, other = root(position), root(seen.setdefault(key, position))
                first[max(one, other)] = min(one, other)
    return np.array([root(position) for position in range(len(first))], np.int64)


def split_products(
    digests: Sequence[str],
    queries: int,
    seed: int = 0,
    groups: Sequence[str | None] | None = None,
) -> Split:
    """Random split; copies and variants of the queries are left out of the index.

    Args:
        digests: equal for products with an identical picture.
        queries: number of queries, each of another product; see `distinct_products`.
        seed: the same products and seed give the same split.
        groups: what variants of one product share.

    Raises:
        SettingsError: the queries are more than half of the different products.
    """
    product = distinct_products(digests, groups)
    first = np.unique(product)
    if not 0 < queries <= len(first) // 2:
        raise SettingsError(
            f"{len(first):,} different products do not allow {queries:,} queries: at most half of "
            f"them ({len(first) // 2:,}) can be held out of the index."
        )
    drawn = np.random.default_rng(seed).permutation(first)[:queries]
    held_out = np.isin(product, drawn)
    return Split(np.sort(drawn), np.flatnonzero(~held_out))


def near_identical(queries: np.ndarray, index: np.ndarray) -> np.ndarray:
    """Pairs of a query and an item of the index with nearly the same picture.

    Args:
        queries: (q, d) float32, classic vectors of length one.
        index: (n, d) float32, classic vectors of length one.

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
    """Exact nearest neighbours of queries by inner product.

    Args:
        queries: (q, d) float32.
        index: (n, d) float32.
        depth: neighbours of a query.
        left_out: (pairs, 2) int, rows of a query and of an item that must not be its neighbour.

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
    """Number of queries in a block that is compared with the whole index."""
    return max(1, _SIMILARITIES // max(1, len(index)))

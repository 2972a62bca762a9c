"""Splits of a catalogue into queries and index, near-identical pairs, and exact neighbours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from recommender.errors import SettingsError

# Cosine of two classic vectors above which two products count as the same picture: saved again, or
# recoloured (mostly lipsticks). By eye on pairs of Fashion Product Images with EfficientNet-Lite0,
# nearly all pairs above .98 are one picture, and pairs below .975 are different products in similar
# pictures. One query in a hundred has a near-identical item.
NEAR_IDENTICAL = 0.98

# Queries, and items of the index, that are compared at a time: 16 MB of similarities, and 32 MB for
# the arrays of the partition. Of an index on disk, only these items are in memory.
_QUERIES, _ITEMS = 1024, 4096


class Rows(Protocol):
    """Vectors of n items, (n, d) float32, in memory or read block by block: an array's subset."""

    def __len__(self) -> int: ...
    def __getitem__(self, rows: slice, /) -> np.ndarray: ...


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


def near_identical(queries: np.ndarray, index: Rows) -> np.ndarray:
    """Pairs of a query and an item of the index with nearly the same picture.

    Args:
        queries: (q, d) float32, classic vectors of length one.
        index: (n, d) float32, classic vectors of length one.

    Returns:
        (pairs, 2) int64: row of the query, row of the item; ordered by query, then by item.
    """
    pairs = [np.zeros((0, 2), np.int64)]
    for asked, items, similarities in _similarities(queries, index):
        found = np.argwhere(similarities > NEAR_IDENTICAL)
        pairs.append(found + np.array([asked, items]))
    every = np.concatenate(pairs)
    return every[np.lexsort((every[:, 1], every[:, 0]))]


def nearest(
    queries: np.ndarray, index: Rows, depth: int, left_out: np.ndarray | None = None
) -> np.ndarray:
    """Exact nearest neighbours of queries by inner product.

    Args:
        queries: (q, d) float32.
        index: (n, d) float32.
        depth: neighbours of a query.
        left_out: (pairs, 2) int, rows of a query and of an item that must not be its neighbour.

    Returns:
        (q, depth) int64: rows of the index, nearest first, ties by row; -1 where no item is left.
    """
    best = np.full((len(queries), depth), -np.inf, np.float32)
    neighbours = np.full((len(queries), depth), -1, np.int64)
    for asked, items, similarities in _similarities(queries, index):
        rows = slice(asked, asked + len(similarities))
        if left_out is not None and len(left_out):
            query, item = left_out[:, 0] - asked, left_out[:, 1] - items
            here = (query >= 0) & (query < len(similarities))
            here &= (item >= 0) & (item < similarities.shape[1])
            similarities[query[here], item[here]] = -np.inf
        k = min(depth, similarities.shape[1])
        found = np.argpartition(-similarities, k - 1, axis=1)[:, :k]
        found.sort(axis=1)  # with a stable sort below, ties are ordered by row
        values = np.hstack([best[rows], np.take_along_axis(similarities, found, axis=1)])
        positions = np.hstack([neighbours[rows], found + items])
        order = np.argsort(-values, axis=1, kind="stable")[:, :depth]
        best[rows] = np.take_along_axis(values, order, axis=1)
        neighbours[rows] = np.take_along_axis(positions, order, axis=1)
    neighbours[np.isneginf(best)] = -1
    return neighbours


def _similarities(queries: np.ndarray, index: Rows) -> Iterator[tuple[int, int, np.ndarray]]:
    """Inner products by blocks: first query, first item, and a (queries, items) float32 block."""
    for items in range(0, len(index), _ITEMS):
        block = index[items : items + _ITEMS]
        for asked in range(0, len(queries), _QUERIES):
            yield asked, items, queries[asked : asked + _QUERIES] @ block.T

"""Retrieval measures in NumPy: precision, hit rate and average precision with intervals.

A label of n pictures is an int column with one code per class, -1 where unknown (`encode`,
`joint`). Pictures of an unknown label are no queries. Neighbours of an unknown label count as
wrong, and so do missing neighbours, where the index has too few items.

Definitions as in Manning, Raghavan and Schütze, Introduction to Information Retrieval, chapter 8
(https://nlp.stanford.edu/IR-book/html/htmledition/evaluation-of-ranked-retrieval-results-1.html).
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

UNKNOWN = -1
DEPTHS = (1, 5, 10)
# Depth of the precision in intervals and tables: the first row of results on the page.
SHOWN = 5
# Depth of average precision; people rarely scroll further.
MAP_DEPTH = 100

# Percentile bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, chapter 13). With
# 1,000 resamples the ends of a 95% interval are stable to the third decimal.
RESAMPLES = 1_000
CONFIDENCE = 0.95

Interval = tuple[float, float]


@dataclass(frozen=True)
class Retrieval:
    """Retrieval measures of one label; all fractions are 0-1."""

    queries: int
    """Number of queries with a known label."""
    classes: int
    """Number of classes among the queries."""
    precision: dict[int, float]
    """Micro average of precision at k, by k: equal weight for each query."""
    interval: Interval
    """95% bootstrap interval of the precision at 5, over queries."""
    macro: dict[int, float]
    """Macro average of precision at k, by k: equal weight for each class."""
    macro_interval: Interval
    """95% bootstrap interval of the macro average at 5, over queries within classes."""
    hit_rate: dict[int, float]
    """Fraction of queries with at least one right neighbour among the first k, by k."""
    mean_average_precision: float
    """Over the first `MAP_DEPTH` neighbours."""
    chance: float
    """Expected precision of random neighbours, micro average."""
    macro_chance: float
    """The same, macro average."""

    def to_json(self) -> dict[str, Any]:
        """Fields as JSON values."""
        return asdict(self)


def encode(*columns: Sequence[Hashable | None]) -> list[np.ndarray]:
    """Class codes of labels, (n,) int64 for each column; equal values have equal codes, None is -1.

    Args:
        columns: one label of several sets of pictures, as of queries and index.
    """
    classes: dict[Hashable, int] = {}
    return [
        np.array(
            [UNKNOWN if v is None else classes.setdefault(v, len(classes)) for v in column],
            np.int64,
        )
        for column in columns
    ]


def class_names(values: Sequence[Hashable | None]) -> list[str]:
    """Class names of a label, in the order of the codes of `encode`."""
    different = dict.fromkeys(value for value in values if value is not None)
    return [", ".join(map(str, v)) if isinstance(v, tuple) else str(v) for v in different]


def joint(columns: Iterable[Sequence[Hashable | None]]) -> list[Hashable | None]:
    """Joint label of several columns; unknown where one of them is."""
    return [None if None in values else values for values in zip(*columns, strict=True)]


@dataclass(frozen=True)
class Judged:
    """Judged neighbours of q queries, each right or wrong."""

    rows: np.ndarray
    """(q,) int64: positions of the queries, the pictures with a known label."""
    labels: np.ndarray
    """(q,) int64: class codes of the queries."""
    right: np.ndarray
    """(q, depth) bool, nearest neighbour first."""
    relevant: np.ndarray
    """(q,) int64: number of right items in the whole index."""
    eligible: np.ndarray
    """(q,) int64: number of items that can be neighbours: all but copies of the query."""

    def precision(self, k: int = SHOWN) -> np.ndarray:
        """Precision at k of each query, (q,) float64."""
        return precision_at(self.right, k)


def judge(
    neighbours: np.ndarray,
    queries: np.ndarray,
    index: np.ndarray,
    left_out: np.ndarray | None = None,
) -> Judged:
    """Judged neighbours: right where query and neighbour have the same label.

    Args:
        neighbours: (q, depth) int, positions in the index, nearest first; -1 where there is none.
        queries: (q,) int, class codes of the queries.
        index: (n,) int, class codes of the index.
        left_out: (pairs, 2) int, positions of a query and of its copy in the index, which cannot
            be its neighbour.
    """
    rows = np.flatnonzero(queries >= 0)
    counts = np.bincount(index[index >= 0], minlength=int(queries.max(initial=0)) + 1)
    relevant, eligible = counts[queries], np.full(len(queries), len(index))
    if left_out is not None and len(left_out):
        query, item = left_out.T
        np.subtract.at(relevant, query, index[item] == queries[query])
        np.subtract.at(eligible, query, 1)
    found, labels = neighbours[rows], queries[rows]
    right = (index[found] == labels[:, None]) & (found >= 0)
    return Judged(rows, labels, right, relevant[rows], eligible[rows])


def precision_at(right: np.ndarray, k: int) -> np.ndarray:
    """Precision at k, (q,) float64: fraction of right neighbours in (q, depth) bool."""
    return right[:, :k].sum(axis=1) / k


def chance(judged: Judged) -> np.ndarray:
    """Expected precision of random neighbours of each query, (q,) float64."""
    return judged.relevant / np.maximum(judged.eligible, 1)


def average_precision(right: np.ndarray, relevant: np.ndarray) -> np.ndarray:
    """Average precision of each query: mean of the precisions at its right neighbours' ranks.

    Args:
        right: (q, depth) bool.
        relevant: (q,) int, right items in the whole index; at most `depth` of them are expected.

    Returns:
        (q,) float64; 0 where nothing is relevant.
    """
    depth = right.shape[1]
    precisions = right.cumsum(axis=1) / np.arange(1, depth + 1)
    findable = np.minimum(relevant, depth)
    return (precisions * right).sum(axis=1) / np.maximum(findable, 1)


def per_class(values: np.ndarray, labels: np.ndarray) -> dict[int, float]:
    """Mean of a (q,) measure over each class's queries, by class."""
    classes, inverse, counts = np.unique(labels, return_inverse=True, return_counts=True)
    means = np.bincount(inverse, values) / counts
    return {int(c): float(mean) for c, mean in zip(classes, means, strict=True)}


def retrieval(judged: Judged, seed: int = 0) -> Retrieval:
    """Retrieval measures of one label.

    Args:
        judged: neighbours of the queries.
        seed: of the bootstrap.

    Raises:
        ValueError: no query has a known label.
    """
    right, labels = judged.right, judged.labels
    if len(labels) == 0:
        raise ValueError("no query has a label")
    chances = chance(judged)
    precision = {k: judged.precision(k) for k in DEPTHS}
    interval, macro_interval = bootstrap(precision[SHOWN], labels, seed)
    return Retrieval(
        len(labels),
        len(np.unique(labels)),
        {k: float(values.mean()) for k, values in precision.items()},
        interval,
        {k: macro_mean(values, labels) for k, values in precision.items()},
        macro_interval,
        {k: float(right[:, :k].any(axis=1).mean()) for k in DEPTHS},
        float(average_precision(right[:, :MAP_DEPTH], judged.relevant).mean()),
        float(chances.mean()),
        macro_mean(chances, labels),
    )


def macro_mean(values: np.ndarray, labels: np.ndarray) -> float:
    """Macro average of a (q,) measure: mean over classes of the classes' means."""
    return float(np.mean(list(per_class(values, labels).values())))


def bootstrap(values: np.ndarray, labels: np.ndarray, seed: int = 0) -> tuple[Interval, Interval]:
    """Bootstrap intervals of a measure's micro average and macro average.

    Queries are resampled with replacement. For the macro average they are resampled within each
    class: most classes are small, and a resample without some of them would shift the mean.

    Args:
        values: (q,) float, the measure of each query.
        labels: (q,) int, class codes of the queries.
        seed: the same seed gives the same intervals.

    Returns:
        Interval of the micro average, interval of the macro average.
    """
    rng = np.random.default_rng(seed)
    order = np.argsort(labels, kind="stable")
    values, n = values[order], len(values)
    _, starts, sizes = np.unique(labels[order], return_index=True, return_counts=True)
    first, size = np.repeat(starts, sizes), np.repeat(sizes, sizes)
    micro, macro = np.empty(RESAMPLES), np.empty(RESAMPLES)
    for i in range(RESAMPLES):
        micro[i] = values[rng.integers(0, n, n)].mean()
        own = values[first + (rng.random(n) * size).astype(np.int64)]
        macro[i] = (np.add.reduceat(own, starts) / sizes).mean()
    return _percentiles(micro), _percentiles(macro)


def _percentiles(values: np.ndarray) -> Interval:
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return float(low), float(high)

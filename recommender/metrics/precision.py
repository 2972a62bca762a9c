"""Retrieval measures: what the neighbours of many queries are worth, in plain NumPy.

A label of n pictures is a column of whole numbers, one per class, with -1 where it is not known
(`encode`, `joint`). A query whose label is not known is no query; a neighbour whose label is not
known counts as wrong, and so does a neighbour that is missing because the index ran out of items.

Definitions as in Manning, Raghavan and Schütze, Introduction to Information Retrieval, chapter 8
(https://nlp.stanford.edu/IR-book/html/htmledition/evaluation-of-ranked-retrieval-results-1.html).
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

UNKNOWN = -1
DEPTHS = (1, 5, 10)
# The depth of the precision that intervals, macro averages and tables are about: what a page shows.
SHOWN = 5
# Average precision looks at so many neighbours: further down nobody looks.
MAP_DEPTH = 100

# The percentile bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, chapter 13);
# with 1,000 resamples the ends of a 95% interval are steady in the third decimal.
RESAMPLES = 1_000
CONFIDENCE = 0.95

Interval = tuple[float, float]


@dataclass(frozen=True)
class Retrieval:
    """How often the neighbours share one label with their query; all shares are 0-1."""

    queries: int
    """Those whose label is known."""
    classes: int
    """Different labels among the queries."""
    precision: dict[int, float]
    """Micro average of precision at k, by k: every query counts the same."""
    interval: Interval
    """Of the precision at 5: 95% bootstrap over queries."""
    macro: dict[int, float]
    """Macro average of precision at k, by k: every class counts the same."""
    macro_interval: Interval
    hit_rate: dict[int, float]
    """Share of queries with at least one right neighbour among the first k, by k."""
    mean_average_precision: float
    """Over the first `MAP_DEPTH` neighbours."""
    chance: float
    """Precision of neighbours drawn at random from the index."""
    macro_chance: float

    def to_json(self) -> dict[str, Any]:
        """The fields as JSON has them."""
        return asdict(self)


def encode(*columns: Sequence[Hashable | None]) -> list[np.ndarray]:
    """Labels as (n,) int64 columns that agree on their classes; None becomes -1.

    Args:
        columns: the same label of several sets of pictures, such as the queries' and the index's.
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
    """What the classes of a label are called, in the order of the numbers `encode` gives them."""
    different = dict.fromkeys(value for value in values if value is not None)
    return [", ".join(map(str, v)) if isinstance(v, tuple) else str(v) for v in different]


def joint(columns: Iterable[Sequence[Hashable | None]]) -> list[Hashable | None]:
    """Several labels as one, which is known where all of them are."""
    return [None if None in values else values for values in zip(*columns, strict=True)]


@dataclass(frozen=True)
class Judged:
    """Neighbours of q queries, each right or wrong."""

    rows: np.ndarray
    """(q,) int64: which of the pictures asked about have a label, and so are queries."""
    labels: np.ndarray
    """(q,) int64: their classes."""
    right: np.ndarray
    """(q, depth) bool, nearest neighbour first."""
    relevant: np.ndarray
    """(q,) int64: right items in the whole index."""
    eligible: np.ndarray
    """(q,) int64: items of the index that may be neighbours at all."""

    def precision(self, k: int = SHOWN) -> np.ndarray:
        """(q,) float64: precision at k of every query."""
        return precision_at(self.right, k)


def judge(
    neighbours: np.ndarray,
    queries: np.ndarray,
    index: np.ndarray,
    left_out: np.ndarray | None = None,
) -> Judged:
    """Neighbours are right where they share their query's label.

    Args:
        neighbours: (q, depth) int, positions in the index, nearest first; -1 where there is none.
        queries: (q,) int, the queries' labels.
        index: (n,) int, labels of the index.
        left_out: (pairs, 2) int: query and item of the index that is its copy, and so was left
            out of its neighbours.
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
    """(q,) float64: right neighbours among the first k, by k, from (q, depth) bool."""
    return right[:, :k].sum(axis=1) / k


def average_precision(right: np.ndarray, relevant: np.ndarray) -> np.ndarray:
    """Mean of the precisions at the places of the right neighbours, each query's own.

    Args:
        right: (q, depth) bool.
        relevant: (q,) int: right items in the whole index, of which at most `depth` can be found.

    Returns:
        (q,) float64; 0 where nothing is relevant.
    """
    depth = right.shape[1]
    precisions = right.cumsum(axis=1) / np.arange(1, depth + 1)
    findable = np.minimum(relevant, depth)
    return (precisions * right).sum(axis=1) / np.maximum(findable, 1)


def per_class(values: np.ndarray, labels: np.ndarray) -> dict[int, float]:
    """Mean of a (q,) measure over the queries of each class, by class."""
    classes, inverse, counts = np.unique(labels, return_inverse=True, return_counts=True)
    means = np.bincount(inverse, values) / counts
    return {int(c): float(mean) for c, mean in zip(classes, means, strict=True)}


def retrieval(judged: Judged, seed: int = 0) -> Retrieval:
    """All measures of one label.

    Args:
        judged: the queries' neighbours.
        seed: of the bootstrap.

    Raises:
        ValueError: there are no queries.
    """
    right, labels = judged.right, judged.labels
    if len(labels) == 0:
        raise ValueError("no query has a label")
    chances = judged.relevant / np.maximum(judged.eligible, 1)
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
    """Mean over classes of a (q,) measure's mean over the queries of the class."""
    return float(np.mean(list(per_class(values, labels).values())))


def bootstrap(values: np.ndarray, labels: np.ndarray, seed: int = 0) -> tuple[Interval, Interval]:
    """Intervals of the mean over queries and of the mean over classes.

    Queries are drawn with replacement; for the mean over classes within each class, so that no
    resample lacks a class: most classes are small, and leaving out whole ones shifts their mean.

    Args:
        values: (q,) a measure of each query.
        labels: (q,) the queries' classes.
        seed: the same seed gives the same intervals.

    Returns:
        The interval of the micro average, and that of the macro average.
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

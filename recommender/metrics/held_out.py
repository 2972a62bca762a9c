"""Held-out products: queries against an index that is fitted on the other products."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from recommender.embedding.head import Head
from recommender.embedding.head_vectors import item_vectors, query_vectors
from recommender.embedding.vectors import labels_of, normalised, weigh
from recommender.features.table import Array, AugmentedFeatures, FeatureTable
from recommender.metrics.precision import MAP_DEPTH, Judged, class_names, encode, judge
from recommender.metrics.relevance import measured_labels
from recommender.metrics.splits import Rows, Split, near_identical, nearest, split_products

Attributes = Mapping[str, Sequence[str | None]]
Fit = Callable[
    [Array, Array, Array, Mapping[str, list[str | None]], AugmentedFeatures | None], Head
]
"""Fits a head on max-pooled, average-pooled and colour features, attributes, augmented features."""

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Max-pooled, average-pooled and colour features of a block."""


@dataclass(frozen=True)
class Parts:
    """Dimensions of a vector's style part and colour part."""

    style: int
    colour: int

    @classmethod
    def of(cls, head: Head, features: FeatureTable) -> "Parts":
        """Dimensions of a head's vectors, by the first row of the features."""
        highest, mean, colour = features.take(np.arange(1)).in_memory
        style = head.style(highest, mean)
        return cls(style.shape[1], head.colour(style, colour).shape[1])

    def weighed(self, rows: np.ndarray, colour_weight: float) -> np.ndarray:
        """Weighed query vectors, (q, d) float32; see `Embedding.query`.

        Args:
            rows: (q, d) float32.
            colour_weight: weight of the colour part, 0-1; ignored where that part is empty.
        """
        return weigh(rows, self.style, colour_weight)


class ClassicVectors:
    """Vectors of the classic recipe, (n, channels) float32, computed as features are read.

    Of 100,000 products they would take 800 MB (ResNet50).

    Args:
        max_pooled: (n, channels) float32, in memory or on disk.
    """

    def __init__(self, max_pooled: Array) -> None:
        self._max_pooled = max_pooled

    def __len__(self) -> int:
        return len(self._max_pooled)

    def __getitem__(self, rows: slice) -> np.ndarray:
        return normalised(self._max_pooled[rows])


@dataclass(frozen=True)
class HeldOut:
    """Held-out split: q queries, and n items of the index, on which the head is fitted."""

    split: Split
    classes: dict[str, list[str]]
    """Class names of each label, by code."""
    labels: dict[str, tuple[np.ndarray, np.ndarray]]
    """(q,) and (n,) int64: class codes of queries and index, by measured label."""
    classic: tuple[np.ndarray, ClassicVectors]
    """(q, channels) and (n, channels) float32: vectors of the classic recipe, of length one."""
    learned: tuple[np.ndarray, np.ndarray]
    """(q, d) and (n, d) float32: vectors by the fitted head, not weighed."""
    known: FeatureTable
    """Features of the n items."""
    head: Head
    parts: "Parts"
    copies: np.ndarray
    """(pairs, 2) int64: a query and an item of the index with nearly the same picture."""

    def sample(self, queries: int, seed: int = 0) -> "HeldOut":
        """Held-out split with a random sample of the queries."""
        n = len(self.split.queries)
        rows = np.sort(np.random.default_rng(seed).permutation(n)[:queries])
        position = np.full(n, -1)
        position[rows] = np.arange(len(rows))
        query, item = position[self.copies[:, 0]], self.copies[:, 1]
        return replace(
            self,
            split=Split(self.split.queries[rows], self.split.index),
            labels={name: (asked[rows], known) for name, (asked, known) in self.labels.items()},
            classic=(self.classic[0][rows], self.classic[1]),
            learned=(self.learned[0][rows], self.learned[1]),
            copies=np.column_stack([query, item])[query >= 0],
        )

    def without_prior(self) -> np.ndarray:
        """Item vectors without the label prior, (n, d) float32."""
        return _in_blocks(self.known, lambda rows, arrays: query_vectors(self.head, *arrays))

    def judge(self, queries: np.ndarray, index: Rows) -> dict[str, Judged]:
        """Judged neighbours of the queries, by label.

        Args:
            queries: (q, d) float32.
            index: (n, d) float32.
        """
        return self.judge_neighbours(self.neighbours(queries, index))

    def neighbours(self, queries: np.ndarray, index: Rows) -> np.ndarray:
        """Nearest items of the index, (q, depth) int64, without copies of the query."""
        return nearest(queries, index, MAP_DEPTH, self.copies)

    def judge_neighbours(self, found: np.ndarray) -> dict[str, Judged]:
        """Judged (q, depth) neighbours by each label that at least one query has."""
        judged = {
            name: judge(found, queries, index, self.copies)
            for name, (queries, index) in self.labels.items()
        }
        return {name: j for name, j in judged.items() if len(j.rows)}


def hold_out(
    features: FeatureTable,
    attributes: Attributes,
    digests: Sequence[str],
    fit: Fit,
    queries: int,
    seed: int = 0,
    augmented: AugmentedFeatures | None = None,
    groups: Sequence[str | None] | None = None,
) -> HeldOut:
    """Held-out split of a catalogue, with a head fitted on the products of the index.

    Args:
        features: of the main pictures of n products.
        attributes: columns of n labels.
        digests: equal for products with an identical picture.
        fit: fits the head.
        queries: number of products to hold out.
        seed: of the split.
        augmented: features of synthetic pictures to fit on; those of held-out products are left
            out.
        groups: what variants of one product share; they are held out together.

    Raises:
        SettingsError: there are too few products.
    """
    split = split_products(digests, queries, seed, groups)
    head = fit_on(split.index, fit, features, attributes, augmented)
    return measure(features, attributes, split, head)


def fit_on(
    rows: np.ndarray,
    fit: Fit,
    features: FeatureTable,
    attributes: Attributes,
    augmented: AugmentedFeatures | None,
) -> Head:
    """Head fitted on some products of a catalogue.

    Args:
        rows: (m,) int, ascending: positions of the products.
        fit: fits the head.
        features: of n products.
        attributes: columns of n labels.
        augmented: features of synthetic pictures; those of other products are left out.
    """
    columns = columns_at(attributes, rows)
    own = None if augmented is None else augmented.of(rows)
    return fit(*features.take(rows).arrays, columns, own)


def columns_at(attributes: Attributes, rows: np.ndarray) -> dict[str, list[str | None]]:
    """Columns of the products at positions, (m,) int, from those of all products."""
    return {name: [values[row] for row in rows] for name, values in attributes.items()}


def measure(features: FeatureTable, attributes: Attributes, split: Split, head: Head) -> HeldOut:
    """Held-out split of a catalogue with a head that was fitted without the queries.

    Features are read block by block; of the items, only their vectors are kept in memory.

    Args:
        features: of n products.
        attributes: columns of n labels.
        split: of the products.
        head: fitted on the split's index.
    """
    known, asked = features.take(split.index), features.take(split.queries).in_memory

    def vectors(rows: slice, arrays: Arrays) -> np.ndarray:
        return item_vectors(head, *arrays, labels_of(attributes, split.index[rows]))

    classics = normalised(asked[0]), ClassicVectors(known.max_pooled)
    labels, classes = {}, {}
    for name, values in measured_labels(attributes).items():
        classes[name] = class_names(values)
        (codes,) = encode(values)
        labels[name] = codes[split.queries], codes[split.index]
    return HeldOut(
        split,
        classes,
        labels,
        classics,
        (query_vectors(head, *asked), _in_blocks(known, vectors)),
        known,
        head,
        Parts.of(head, features),
        near_identical(*classics),
    )


def _in_blocks(
    features: FeatureTable,
    vectors: Callable[[slice, Arrays], np.ndarray],
) -> np.ndarray:
    """Vectors of n pictures, (n, d) float32, from features that are read block by block."""
    whole: np.ndarray | None = None
    for rows, block in features.blocks():
        own = vectors(rows, block.in_memory)
        if whole is None:
            whole = np.empty((len(features), own.shape[1]), np.float32)
        whole[rows] = own
    if whole is None:
        raise ValueError("there are no items")
    return whole

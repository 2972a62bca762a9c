"""Held-out products: queries against an index that is fitted on the other products."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from recommender.embedding.head import Head, item_vectors, query_vectors
from recommender.embedding.vectors import labels_of, normalised, weigh
from recommender.features.table import Array, AugmentedFeatures, FeatureTable
from recommender.metrics.precision import MAP_DEPTH, Judged, class_names, encode, judge
from recommender.metrics.relevance import measured_labels
from recommender.metrics.splits import Split, near_identical, nearest, split_products

Attributes = Mapping[str, Sequence[str | None]]
Fit = Callable[
    [Array, Array, Array, Mapping[str, list[str | None]], AugmentedFeatures | None], Head
]
"""Fits a head on max-pooled, average-pooled and colour features, attributes, augmented features."""


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


@dataclass(frozen=True)
class HeldOut:
    """Held-out split: q queries, and n items of the index, on which the head is fitted."""

    split: Split
    classes: dict[str, list[str]]
    """Class names of each label, by code."""
    labels: dict[str, tuple[np.ndarray, np.ndarray]]
    """(q,) and (n,) int64: class codes of queries and index, by measured label."""
    classic: tuple[np.ndarray, np.ndarray]
    """(q, channels) and (n, channels) float32: vectors of the classic recipe, of length one."""
    learned: tuple[np.ndarray, np.ndarray]
    """(q, d) and (n, d) float32: vectors by the fitted head, not weighed."""
    without_prior: np.ndarray
    """(n, d) float32: item vectors without the label prior."""
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

    def judge(self, queries: np.ndarray, index: np.ndarray) -> dict[str, Judged]:
        """Judged neighbours of the queries, by label.

        Args:
            queries: (q, d) float32.
            index: (n, d) float32.
        """
        return self.judge_neighbours(self.neighbours(queries, index))

    def neighbours(self, queries: np.ndarray, index: np.ndarray) -> np.ndarray:
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
    columns = {name: [values[row] for row in split.index] for name, values in attributes.items()}
    known, asked = features.take(split.index), features.take(split.queries).in_memory
    known_augmented = None if augmented is None else augmented.of(split.index)
    head = fit(*known.arrays, columns, known_augmented)
    classic = np.empty((len(known), known.max_pooled.shape[1]), np.float32)
    with_prior, without_prior = [], []
    # Features are read block by block; the vectors take a tenth of their memory.
    for rows, block in known.blocks():
        own_labels = labels_of(columns, range(rows.start, rows.stop))
        arrays = block.in_memory
        classic[rows] = normalised(arrays[0])
        with_prior.append(item_vectors(head, *arrays, own_labels))
        without_prior.append(query_vectors(head, *arrays))
    classics = normalised(asked[0]), classic
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
        (query_vectors(head, *asked), np.concatenate(with_prior)),
        np.concatenate(without_prior),
        head,
        Parts.of(head, features),
        near_identical(*classics),
    )

"""Products held out of an index, and what the index makes of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from recommender.embedding import KIND_WEIGHT, Head, item_kinds, normalised
from recommender.evaluation.labels import measured_labels
from recommender.evaluation.measures import MAP_DEPTH, Judged, class_names, encode, judge
from recommender.evaluation.split import Split, near_identical, nearest, split_products

Attributes = Mapping[str, Sequence[str | None]]
Fit = Callable[[np.ndarray, np.ndarray, np.ndarray, Mapping[str, list[str | None]]], Head]
"""Max-pooled, average-pooled and colour features and the attributes of n products to a head."""


@dataclass(frozen=True)
class Parts:
    """Dimensions of the parts of a vector, in their order."""

    style: int
    colour: int
    kinds: int

    @classmethod
    def of(cls, head: Head, features: Sequence[np.ndarray]) -> "Parts":
        """What a head makes of features."""
        one = [rows[:1] for rows in features]
        style = head.style(one[0], one[1])
        colour = head.colour(one[0], one[1], one[2])
        return cls(style.shape[1], colour.shape[1], head.kinds(style).shape[1])

    def weighed(
        self, rows: np.ndarray, colour_weight: float, kind_weight: float = KIND_WEIGHT
    ) -> np.ndarray:
        """Many vectors with their parts scaled as `Embedding` scales those of one query.

        Args:
            rows: (q, d) float32.
            colour_weight: share of the colour part, 0-1; without one, style is everything.
            kind_weight: of the kinds' log-probabilities beside the style.
        """
        style_weight = 1 - colour_weight if self.colour else 1.0
        scale = [style_weight, colour_weight, kind_weight * style_weight]
        return rows * np.repeat(scale, [self.style, self.colour, self.kinds]).astype(np.float32)


@dataclass(frozen=True)
class HeldOut:
    """A catalogue in two parts: q queries, and n items of the index, on which all is fitted."""

    split: Split
    classes: dict[str, list[str]]
    """Names of the classes of every label, by code."""
    labels: dict[str, tuple[np.ndarray, np.ndarray]]
    """(q,) and (n,) int64: every label that is measured, of the queries and of the index."""
    classic: tuple[np.ndarray, np.ndarray]
    """(q, channels) and (n, channels) float32: vectors of the classic recipe."""
    learned: tuple[np.ndarray, np.ndarray]
    """(q, d) and (n, d) float32: style, colour and kinds by a head that saw the n (`embed`)."""
    head: Head
    parts: "Parts"
    copies: np.ndarray
    """(pairs, 2) int64: queries and the items of the index that show nearly the same picture."""

    def sample(self, queries: int, seed: int = 0) -> "HeldOut":
        """The same with fewer queries, drawn at random."""
        n = len(self.split.queries)
        rows = np.sort(np.random.default_rng(seed).permutation(n)[:queries])
        place = np.full(n, -1)
        place[rows] = np.arange(len(rows))
        query, item = place[self.copies[:, 0]], self.copies[:, 1]
        return replace(
            self,
            split=Split(self.split.queries[rows], self.split.index),
            labels={name: (asked[rows], known) for name, (asked, known) in self.labels.items()},
            classic=(self.classic[0][rows], self.classic[1]),
            learned=(self.learned[0][rows], self.learned[1]),
            copies=np.column_stack([query, item])[query >= 0],
        )

    def judge(self, queries: np.ndarray, index: np.ndarray) -> dict[str, Judged]:
        """Search vectors of the queries among those of the index, and judge what is found.

        Args:
            queries: (q, d) float32.
            index: (n, d) float32.
        """
        return self.judge_neighbours(self.neighbours(queries, index))

    def neighbours(self, queries: np.ndarray, index: np.ndarray) -> np.ndarray:
        """(q, depth) int64: the nearest items of the index, without copies of the query."""
        return nearest(queries, index, MAP_DEPTH, self.copies)

    def judge_neighbours(self, found: np.ndarray) -> dict[str, Judged]:
        """Judge (q, depth) neighbours by every label that some query has."""
        judged = {
            name: judge(found, queries, index, self.copies)
            for name, (queries, index) in self.labels.items()
        }
        return {name: j for name, j in judged.items() if len(j.rows)}


def hold_out(
    features: Mapping[str, np.ndarray],
    attributes: Attributes,
    digests: Sequence[str],
    fit: Fit,
    queries: int,
    seed: int = 0,
) -> HeldOut:
    """Take queries out of a catalogue and fit a head on the rest.

    Args:
        features: "max_pooled", "avg_pooled" (n, channels) and "colour" (n, d), float32.
        attributes: columns of n labels.
        digests: equal for products with the very same picture.
        fit: makes the head.
        queries: how many products to hold out.
        seed: of the split.

    Raises:
        SettingsError: there are too few products.
    """
    split = split_products(digests, queries, seed)
    names = ("max_pooled", "avg_pooled", "colour")
    columns = {name: [values[row] for row in split.index] for name, values in attributes.items()}
    known = [features[name][split.index] for name in names]
    asked = [features[name][split.queries] for name in names]
    head = fit(known[0], known[1], known[2], columns)
    classic = normalised(asked[0]), normalised(known[0])
    labels, classes = {}, {}
    for name, values in measured_labels(attributes).items():
        classes[name] = class_names(values)
        (codes,) = encode(values)
        labels[name] = codes[split.queries], codes[split.index]
    return HeldOut(
        split,
        classes,
        labels,
        classic,
        (embed(head, *asked), _items(head, columns, *known)),
        head,
        Parts.of(head, known),
        near_identical(*classic),
    )


def embed(
    head: Head, max_pooled: np.ndarray, avg_pooled: np.ndarray, colour: np.ndarray
) -> np.ndarray:
    """(n, d) float32: style and colour of length one, and log-probabilities of kinds."""
    style = head.style(max_pooled, avg_pooled)
    return np.hstack([style, head.colour(max_pooled, avg_pooled, colour), head.kinds(style)])


def _items(head: Head, labels: Attributes, *features: np.ndarray) -> np.ndarray:
    """As `embed`, but with 1 at an item's own kind and 0 elsewhere."""
    rows = embed(head, *features)
    if head.kind_column is not None:
        style = head.style(*features[:2])
        own = item_kinds(head, labels[head.kind_column], lambda at: style[at])
        rows[:, -len(head.kind_values) :] = np.eye(len(head.kind_values), dtype=np.float32)[own]
    return rows

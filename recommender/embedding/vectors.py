"""From features to vectors: an embedding is a style part and a colour part, each of length one.

An item of the index is stored as the two parts one behind the other. A query is the same with its
parts scaled by (1 - w) and w, where w says how much colour matters, so that the inner product of
both, s = (1 - w) style.style' + w colour.colour', weighs the parts at no cost in the search, and
the Euclidean distance of the vectors so weighed is sqrt(2 - 2s).

Of an item more is known than its picture: a learned head draws its vector a little towards those
of its labels, so that neighbours of the right kind come first. A query is a picture and no more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

Labels = Mapping[str, str | None]
"""Attributes of one item."""


class Head(Protocol):
    """Turns pooled features into the two parts of a vector."""

    knows_photographs: bool
    """Whether a query is treated as `recommender.embedding.query` treats people's photographs."""

    def style(self, max_pooled: np.ndarray, avg_pooled: np.ndarray) -> np.ndarray:
        """(n, c) float32 twice to (n, style dimensions) float32, rows of length one."""
        ...

    def colour(self, style: np.ndarray, colour: np.ndarray) -> np.ndarray:
        """n styles and (n, d) colour features to (n, colour dimensions), rows of length one."""
        ...

    def drawn(
        self, style: np.ndarray, colour: np.ndarray, labels: Sequence[Labels]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Both parts of n items, drawn towards what their labels look like."""
        ...

    def undrawn(
        self, style: np.ndarray, colour: np.ndarray, labels: Sequence[Labels]
    ) -> tuple[np.ndarray, np.ndarray]:
        """The inverse of `drawn`."""
        ...

    def presumed(self, style: np.ndarray) -> np.ndarray:
        """Styles of n photographs, drawn towards what they most probably show."""
        ...


class ClassicHead:
    """The classic recipe: max-pooled features, L2-normalised, and nothing else."""

    knows_photographs = False

    def style(self, max_pooled: np.ndarray, avg_pooled: np.ndarray) -> np.ndarray:
        """See `Head`; the average-pooled features are not used."""
        return normalised(max_pooled)

    def colour(self, style: np.ndarray, colour: np.ndarray) -> np.ndarray:
        """(n, 0): there is no colour part."""
        return np.zeros((len(style), 0), np.float32)

    def drawn(
        self, style: np.ndarray, colour: np.ndarray, labels: Sequence[Labels]
    ) -> tuple[np.ndarray, np.ndarray]:
        """The parts as they are: the recipe knows pictures only."""
        return style, colour

    def undrawn(
        self, style: np.ndarray, colour: np.ndarray, labels: Sequence[Labels]
    ) -> tuple[np.ndarray, np.ndarray]:
        """The parts as they are."""
        return style, colour

    def presumed(self, style: np.ndarray) -> np.ndarray:
        """The style as it is."""
        return style


@dataclass(frozen=True)
class Embedding:
    """The two parts of one vector, (d,) float32 each, of length one; colour may be of size 0."""

    style: np.ndarray
    colour: np.ndarray

    def query(self, colour_weight: float) -> np.ndarray:
        """(d,) float32: the parts weighed, to be compared with stored vectors.

        Args:
            colour_weight: share of the colour part, 0-1; without one, style is everything.
        """
        if self.colour.size == 0:
            return self.style
        parts = [self.style * (1 - colour_weight), self.colour * colour_weight]
        return np.concatenate(parts).astype(np.float32)


def item_vectors(
    head: Head,
    max_pooled: np.ndarray,
    avg_pooled: np.ndarray,
    colour: np.ndarray,
    labels: Sequence[Labels],
) -> np.ndarray:
    """(n, d) float32: what an index stores of n items."""
    style = head.style(max_pooled, avg_pooled)
    return np.hstack(head.drawn(style, head.colour(style, colour), labels)).astype(np.float32)


def query_vectors(
    head: Head, max_pooled: np.ndarray, avg_pooled: np.ndarray, colour: np.ndarray
) -> np.ndarray:
    """(n, d) float32: the parts of n pictures of which nothing else is known, not yet weighed."""
    style = head.style(max_pooled, avg_pooled)
    return np.hstack([style, head.colour(style, colour)]).astype(np.float32)


def weigh(rows: np.ndarray, style_dimensions: int, colour_weight: float) -> np.ndarray:
    """(n, d) float32: what `Embedding.query` does, for many rows."""
    colour_dimensions = rows.shape[1] - style_dimensions
    if colour_dimensions == 0:
        return rows
    scale = np.repeat([1 - colour_weight, colour_weight], [style_dimensions, colour_dimensions])
    return rows * scale.astype(np.float32)


def labels_of(columns: Mapping[str, Sequence[str | None]], rows: Iterable[int]) -> list[Labels]:
    """The attributes of some items, from a catalogue's columns."""
    return [{name: values[row] for name, values in columns.items()} for row in rows]


def normalised(rows: np.ndarray) -> np.ndarray:
    """Rows divided by their length, float32; a row of zeros stays as it is."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths == 0, 1, lengths)).astype(np.float32)


def distance(score: np.ndarray | float) -> np.ndarray | float:
    """Euclidean distance of two weighed vectors from their inner product, 0-2."""
    return np.sqrt(np.clip(2 - 2 * np.asarray(score, np.float64), 0, None))

"""From features to vectors: an embedding is a style part and a colour part, each of length one.

An item of the index is stored as the two parts one behind the other. A query is the same with its
parts scaled by (1 - w) and w, where w says how much colour matters, so that the inner product of
both, s = (1 - w) style.style' + w colour.colour', weighs the parts at no cost in the search, and
the Euclidean distance of the vectors so weighed is sqrt(2 - 2s).

Vectors of items hold a label prior (`recommender.embedding.prototypes`); a query is a picture only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Labels = Mapping[str, str | None]
"""Attributes of one item."""


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


def pooled_features(max_pooled: np.ndarray, avg_pooled: np.ndarray) -> np.ndarray:
    """(n, c) twice to (n, 2c) float32: max-pooled and average-pooled features, each of length one.

    Args:
        max_pooled: (n, c) float32 or float16, as is avg_pooled.
    """
    return np.hstack([normalised(np.asarray(f, np.float32)) for f in (max_pooled, avg_pooled)])


def distance(score: np.ndarray | float) -> np.ndarray | float:
    """Euclidean distance of two weighed vectors from their inner product, 0-2."""
    return np.sqrt(np.clip(2 - 2 * np.asarray(score, np.float64), 0, None))

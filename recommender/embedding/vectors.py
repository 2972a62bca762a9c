"""Vectors: style part and colour part of an embedding, each of length one, and their weighing.

An index stores both parts of an item, concatenated. In a query the style part is scaled by (1 - w)
and the colour part by w, the colour weight. The inner product of query and item is then
s = (1 - w) style.style' + w colour.colour', so that weighing costs nothing in the search. The
Euclidean distance of two vectors weighed by sqrt(1 - w) and sqrt(w) is sqrt(2 - 2s).

Item vectors hold a label prior (`recommender.embedding.prototypes`); queries are pictures only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Labels = Mapping[str, str | None]
"""Attributes of one item."""


@dataclass(frozen=True)
class Embedding:
    """Embedding: style and colour part, (d,) float32 each, of length one; colour may be empty."""

    style: np.ndarray
    colour: np.ndarray

    def query(self, colour_weight: float) -> np.ndarray:
        """Query vector, (d,) float32: the weighed parts, for inner products with item vectors.

        Args:
            colour_weight: weight of the colour part, 0-1; ignored where that part is empty.
        """
        if self.colour.size == 0:
            return self.style
        parts = [self.style * (1 - colour_weight), self.colour * colour_weight]
        return np.concatenate(parts).astype(np.float32)


def weigh(rows: np.ndarray, style_dimensions: int, colour_weight: float) -> np.ndarray:
    """Weighed vectors, (n, d) float32; `Embedding.query` for many rows."""
    colour_dimensions = rows.shape[1] - style_dimensions
    if colour_dimensions == 0:
        return rows
    scale = np.repeat([1 - colour_weight, colour_weight], [style_dimensions, colour_dimensions])
    return rows * scale.astype(np.float32)


def labels_of(columns: Mapping[str, Sequence[str | None]], rows: Iterable[int]) -> list[Labels]:
    """Attributes of the items at these rows of a catalogue's columns."""
    return [{name: values[row] for name, values in columns.items()} for row in rows]


def normalised(rows: np.ndarray) -> np.ndarray:
    """Rows divided by their Euclidean length, float32; rows of zeros stay zero."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths == 0, 1, lengths)).astype(np.float32)


def pooled_features(max_pooled: np.ndarray, avg_pooled: np.ndarray) -> np.ndarray:
    """Max-pooled and average-pooled features side by side, (n, 2c) float32, each of length one.

    Args:
        max_pooled, avg_pooled: (n, c) float32 or float16.
    """
    return np.hstack([normalised(np.asarray(f, np.float32)) for f in (max_pooled, avg_pooled)])


def distance(score: np.ndarray | float) -> np.ndarray | float:
    """Euclidean distance, 0-2, of two weighed vectors from their inner product."""
    return np.sqrt(np.clip(2 - 2 * np.asarray(score, np.float64), 0, None))

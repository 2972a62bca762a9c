"""From features to vectors: an embedding is a style part and a colour part, each of length one.

An item of the index is stored as the two parts one behind the other. A query is the same with its
parts scaled by (1 - w) and w, where w says how much colour matters, so that the inner product of
both, s = (1 - w) style.style' + w colour.colour', weighs the parts at no cost in the search, and
the Euclidean distance of the vectors so weighed is sqrt(2 - 2s).
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np


class Head(Protocol):
    """Turns pooled features into the two parts of a vector."""

    def style(self, max_pooled: np.ndarray, avg_pooled: np.ndarray) -> np.ndarray:
        """(n, c) float32 twice to (n, style dimensions) float32, rows of length one."""
        ...

    def colour(
        self, max_pooled: np.ndarray, avg_pooled: np.ndarray, colour: np.ndarray
    ) -> np.ndarray:
        """(n, c) twice and (n, d) colour features to (n, colour dimensions), rows of length one."""
        ...


class ClassicHead:
    """The classic recipe: max-pooled features, L2-normalised, and nothing else."""

    def style(self, max_pooled: np.ndarray, avg_pooled: np.ndarray) -> np.ndarray:
        return normalised(max_pooled)

    def colour(
        self, max_pooled: np.ndarray, avg_pooled: np.ndarray, colour: np.ndarray
    ) -> np.ndarray:
        return np.zeros((len(max_pooled), 0), np.float32)


@dataclass(frozen=True)
class Embedding:
    """The two parts of one picture's vector, (d,) float32 each, of length one; or no colour."""

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


def vectors(
    head: Head, max_pooled: np.ndarray, avg_pooled: np.ndarray, colour: np.ndarray
) -> np.ndarray:
    """(n, d) float32: what an index stores of n pictures."""
    style = head.style(max_pooled, avg_pooled)
    return np.hstack([style, head.colour(max_pooled, avg_pooled, colour)]).astype(np.float32)


def split(vector: np.ndarray, style_dimensions: int) -> Embedding:
    """The parts of a stored vector, (d,) float32."""
    return Embedding(vector[:style_dimensions], vector[style_dimensions:])


def normalised(rows: np.ndarray) -> np.ndarray:
    """Rows divided by their length, float32; a row of zeros stays as it is."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths == 0, 1, lengths)).astype(np.float32)


def distance(similarity: np.ndarray | float) -> np.ndarray | float:
    """Euclidean distance of two vectors of length one from their inner product, 0-2."""
    return np.sqrt(np.clip(2 - 2 * np.asarray(similarity, np.float64), 0, None))

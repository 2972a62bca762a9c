"""Class prototypes of an attribute, and the label prior made of them.

A softmax classifier scores a query q for a value by its cosine with the value's prototype. Adding
the prototype of an item's own value to the item's vector therefore adds the query's score for that
value to their inner product: items of the right value come first, at no cost in the search.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recommender.embedding.vectors import Labels, normalised


@dataclass(frozen=True)
class Prototypes:
    """One vector for each common value of an attribute."""

    column: str
    values: tuple[str, ...]
    vectors: np.ndarray
    """(values, d) float32, of length one."""
    weight: float
    """Length of the prior that is added to an item's vector of length one."""

    def prior(self, labels: Sequence[Labels]) -> np.ndarray:
        """(n, d) float32: the weighted prototypes of n items; zeros where the value is unknown."""
        codes = {value: code for code, value in enumerate(self.values)}
        found = np.array(
            [codes.get((own.get(self.column) or "").strip(), -1) for own in labels], int
        )
        prior = np.zeros((len(found), self.vectors.shape[1]), np.float32)
        known = np.flatnonzero(found >= 0)
        prior[known] = np.float32(self.weight) * self.vectors[found[known]]
        return prior

    def expected(self, part: np.ndarray, scale: float) -> np.ndarray:
        """(n, d) float32: the mean prototype of n vectors without labels, by probability.

        Args:
            part: (n, d) float32, of length one.
            scale: inverse temperature of the softmax over cosines, which gives the probabilities.
        """
        return softmax(np.float32(scale) * part @ self.vectors.T) @ self.vectors

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Named arrays that hold all of it."""
        return {
            "column": np.array(self.column),
            "values": np.array(self.values),
            "vectors": self.vectors,
            "pull": np.array(self.weight),  # the file format's name of the weight
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Prototypes":
        """The inverse of `to_arrays`.

        Raises:
            KeyError: an array is missing.
        """
        values = tuple(str(value) for value in arrays["values"])
        return cls(str(arrays["column"]), values, arrays["vectors"], float(arrays["pull"]))


def add_label_prior(
    part: np.ndarray, labels: Sequence[Labels], prototypes: Sequence[Prototypes]
) -> np.ndarray:
    """(n, d) float32 of length one: vectors of n items, moved towards their labels' prototypes."""
    return normalised(part + _prior(labels, prototypes)) if prototypes else part


def remove_label_prior(
    moved: np.ndarray, labels: Sequence[Labels], prototypes: Sequence[Prototypes]
) -> np.ndarray:
    """(n, d) float32 of length one: the vectors that `add_label_prior` was given.

    A vector with a prior is x = (e + p) / s with e of length one, so e = s x - p and |s x - p| = 1,
    which is solved for s. The greater root is the right one unless e.p < -1: a picture as unlike
    its own labels as can be.
    """
    if not prototypes:
        return moved
    prior = _prior(labels, prototypes)
    along = (moved * prior).sum(axis=1, keepdims=True)
    square = along**2 - (prior**2).sum(axis=1, keepdims=True) + 1
    return normalised((along + np.sqrt(np.maximum(square, 0))) * moved - prior)


def softmax(logits: np.ndarray) -> np.ndarray:
    """(n, values) float32: probabilities, one distribution a row."""
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def _prior(labels: Sequence[Labels], prototypes: Sequence[Prototypes]) -> np.ndarray:
    return np.sum([p.prior(labels) for p in prototypes], axis=0)

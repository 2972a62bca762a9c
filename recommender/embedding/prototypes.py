"""Class prototypes of an attribute, and the label prior that they add to item vectors.

The cosine of a query and a value's prototype is the query's score for that value, as in a softmax
classifier. Adding the prototype of an item's own value to its vector adds this score to the inner
product of query and item: items of the right value are found first, and the search costs the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recommender.embedding.vectors import Labels, normalised


@dataclass(frozen=True)
class Prototypes:
    """Class prototypes: one vector for each common value of an attribute."""

    column: str
    values: tuple[str, ...]
    vectors: np.ndarray
    """(values, d) float32, of length one."""
    weight: float
    """Length of the label prior beside an item's vector of length one."""

    def prior(self, labels: Sequence[Labels]) -> np.ndarray:
        """Label prior of n items, (n, d) float32; zeros where the value has no prototype."""
        codes = {value: code for code, value in enumerate(self.values)}
        found = np.array(
            [codes.get((own.get(self.column) or "").strip(), -1) for own in labels], int
        )
        prior = np.zeros((len(found), self.vectors.shape[1]), np.float32)
        known = np.flatnonzero(found >= 0)
        prior[known] = np.float32(self.weight) * self.vectors[found[known]]
        return prior

    def expected(
        self, part: np.ndarray, scale: float, possible: np.ndarray | None = None
    ) -> np.ndarray:
        """Expected prototypes of n vectors without labels, (n, d) float32.

        Args:
            part: (n, d) float32, of length one.
            scale: inverse temperature of the softmax over the cosines, which gives probabilities.
            possible: (n, values) bool, at least one value of each row; None: all values.
        """
        logits = np.float32(scale) * part @ self.vectors.T
        if possible is not None:
            logits = np.where(possible, logits, -np.inf)
        return softmax(logits) @ self.vectors

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Arrays by name."""
        return {
            "column": np.array(self.column),
            "values": np.array(self.values),
            "vectors": self.vectors,
            "pull": np.array(self.weight),  # the file format's name of the weight
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Prototypes":
        """Prototypes from their arrays; inverse of `to_arrays`.

        Raises:
            KeyError: an array is missing.
        """
        values = tuple(str(value) for value in arrays["values"])
        return cls(str(arrays["column"]), values, arrays["vectors"], float(arrays["pull"]))


def add_label_prior(
    part: np.ndarray, labels: Sequence[Labels], prototypes: Sequence[Prototypes]
) -> np.ndarray:
    """Vectors of n items with the label prior added, (n, d) float32 of length one."""
    return normalised(part + _prior(labels, prototypes)) if prototypes else part


def remove_label_prior(
    moved: np.ndarray, labels: Sequence[Labels], prototypes: Sequence[Prototypes]
) -> np.ndarray:
    """Vectors of n items without the label prior, (n, d) float32 of length one.

    A vector with the prior p is x = (e + p) / s, where e has length one and s normalises. From
    |s x - p| = 1 follows s. The greater root is right unless e.p < -1, where a picture contradicts
    its own labels almost completely.
    """
    if not prototypes:
        return moved
    prior = _prior(labels, prototypes)
    along = (moved * prior).sum(axis=1, keepdims=True)
    square = along**2 - (prior**2).sum(axis=1, keepdims=True) + 1
    return normalised((along + np.sqrt(np.maximum(square, 0))) * moved - prior)


def softmax(logits: np.ndarray) -> np.ndarray:
    """Softmax of each row, (n, values) float32."""
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def _prior(labels: Sequence[Labels], prototypes: Sequence[Prototypes]) -> np.ndarray:
    return np.sum([p.prior(labels) for p in prototypes], axis=0)

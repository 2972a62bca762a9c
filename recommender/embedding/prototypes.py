"""What the values of an attribute look like, to draw items towards their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recommender.embedding.vectors import Labels, normalised
from recommender.training.metric_learning import softmax


@dataclass(frozen=True)
class Prototypes:
    """One vector for each common value of an attribute.

    A softmax classifier scores a query q for a value by its cosine with the value's prototype, so
    adding the prototype of an item's own value to the item's vector adds the query's score for
    that value to their inner product: the right kind comes first, at no cost in the search.
    """

    column: str
    values: tuple[str, ...]
    vectors: np.ndarray
    """(values, d) float32, of length one."""
    pull: float
    """Length of what is added to an item's vector of length one."""

    def towards(self, labels: Sequence[Labels]) -> np.ndarray:
        """(n, d) float32: what to add to the vectors of n items; nothing where nothing is known."""
        codes = {value: code for code, value in enumerate(self.values)}
        found = [codes.get((own.get(self.column) or "").strip(), -1) for own in labels]
        added = np.zeros((len(found), self.vectors.shape[1]), np.float32)
        known = np.flatnonzero(np.array(found, int) >= 0)
        added[known] = np.float32(self.pull) * self.vectors[[found[i] for i in known]]
        return added

    def expected(self, part: np.ndarray, scale: float) -> np.ndarray:
        """(n, d) float32: the mean prototype of n vectors without labels, by probability.

        Args:
            part: (n, d) float32, of length one.
            scale: a softmax of so many times the cosines says how probable the values are.
        """
        return softmax(np.float32(scale) * part @ self.vectors.T) @ self.vectors

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Named arrays that say all of it."""
        return {
            "column": np.array(self.column),
            "values": np.array(self.values),
            "vectors": self.vectors,
            "pull": np.array(self.pull),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Prototypes":
        """The inverse of `to_arrays`.

        Raises:
            KeyError: an array is missing.
        """
        values = tuple(str(value) for value in arrays["values"])
        return cls(str(arrays["column"]), values, arrays["vectors"], float(arrays["pull"]))


def draw(
    part: np.ndarray, labels: Sequence[Labels], prototypes: Sequence[Prototypes]
) -> np.ndarray:
    """(n, d) float32 of length one: the vectors of n items, drawn towards all their labels."""
    return normalised(part + _pull(labels, prototypes)) if prototypes else part


def undraw(
    drawn: np.ndarray, labels: Sequence[Labels], prototypes: Sequence[Prototypes]
) -> np.ndarray:
    """(n, d) float32 of length one: what `draw` was given.

    A drawn vector is x = (e + p) / s with e of length one, so e = s x - p and |s x - p| = 1, which
    is solved for s. The greater root is the right one unless e.p < -1: a picture as unlike its own
    labels as can be.
    """
    if not prototypes:
        return drawn
    pull = _pull(labels, prototypes)
    along = (drawn * pull).sum(axis=1, keepdims=True)
    square = along**2 - (pull**2).sum(axis=1, keepdims=True) + 1
    return normalised((along + np.sqrt(np.maximum(square, 0))) * drawn - pull)


def _pull(labels: Sequence[Labels], prototypes: Sequence[Prototypes]) -> np.ndarray:
    return np.sum([p.towards(labels) for p in prototypes], axis=0)

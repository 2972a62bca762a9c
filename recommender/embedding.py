"""From features to vectors: an embedding is a style part and a colour part, each of length one.

An item of the index is stored as the two parts one behind the other. A query is the same with its
parts scaled by (1 - w) and w, where w says how much colour matters, so that the inner product of
both, (1 - w) style.style' + w colour.colour', weighs the parts at no cost in the search.

Kinds come first: a learned head also says how probable it is that a style belongs to each kind of
product, and an item's score is the inner product plus a small multiple of the log-probability of
its own kind. That is an inner product too, with a third part that is 1 at the item's kind and 0
elsewhere; an engine may store it so, or look it up. Scores are at most 1, and the distance that
goes with a score s is sqrt(2 - 2s): the Euclidean one wherever kinds play no part.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

# Weight of a kind's log-probability beside the cosine of the styles. Between .05 and .2 results
# were alike, on products held out of a catalogue as on people's photographs.
KIND_WEIGHT = 0.1


class Head(Protocol):
    """Turns pooled features into the parts of a vector."""

    kind_column: str | None
    """Attribute that says what kind of product an item is; None where kinds play no part."""
    kind_values: tuple[str, ...]

    def style(self, max_pooled: np.ndarray, avg_pooled: np.ndarray) -> np.ndarray:
        """(n, c) float32 twice to (n, style dimensions) float32, rows of length one."""
        ...

    def colour(
        self, max_pooled: np.ndarray, avg_pooled: np.ndarray, colour: np.ndarray
    ) -> np.ndarray:
        """(n, c) twice and (n, d) colour features to (n, colour dimensions), rows of length one."""
        ...

    def kinds(self, style: np.ndarray) -> np.ndarray:
        """(n, style dimensions) to (n, kinds) float32: log-probability of each kind."""
        ...


class ClassicHead:
    """The classic recipe: max-pooled features, L2-normalised, and nothing else."""

    kind_column: str | None = None
    kind_values: tuple[str, ...] = ()

    def style(self, max_pooled: np.ndarray, avg_pooled: np.ndarray) -> np.ndarray:
        """See `Head`; the average-pooled features are not used."""
        return normalised(max_pooled)

    def colour(
        self, max_pooled: np.ndarray, avg_pooled: np.ndarray, colour: np.ndarray
    ) -> np.ndarray:
        """(n, 0): there is no colour part."""
        return np.zeros((len(max_pooled), 0), np.float32)

    def kinds(self, style: np.ndarray) -> np.ndarray:
        """(n, 0): there are no kinds."""
        return np.zeros((len(style), 0), np.float32)


@dataclass(frozen=True)
class Embedding:
    """What a picture looks like; (d,) float32 each, of size 0 where a part is missing."""

    style: np.ndarray
    """Of length one."""
    colour: np.ndarray
    """Of length one."""
    kinds: np.ndarray
    """Log-probability of each kind of product."""

    def query(self, colour_weight: float) -> np.ndarray:
        """(d,) float32: the parts weighed, to be compared with stored vectors.

        Args:
            colour_weight: share of the colour part, 0-1; without one, style is everything.
        """
        if self.colour.size == 0:
            return self.style
        parts = [self.style * (1 - colour_weight), self.colour * colour_weight]
        return np.concatenate(parts).astype(np.float32)

    def kind_scores(self, colour_weight: float) -> np.ndarray:
        """(kinds,) float32: what is added to the score of an item of each kind, at most 0."""
        style_weight = 1.0 if self.colour.size == 0 else 1 - colour_weight
        return np.float32(KIND_WEIGHT * style_weight) * self.kinds


def vectors(
    head: Head, max_pooled: np.ndarray, avg_pooled: np.ndarray, colour: np.ndarray
) -> np.ndarray:
    """(n, d) float32: what an index stores of n pictures."""
    style = head.style(max_pooled, avg_pooled)
    return np.hstack([style, head.colour(max_pooled, avg_pooled, colour)]).astype(np.float32)


def item_kinds(
    head: Head, labels: Sequence[str | None], styles: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """The kind of each item: its label, or what it looks like where that is unknown or rare.

    Args:
        head: knows the kinds.
        labels: n values of the head's `kind_column`.
        styles: gives the style parts, (m, style dimensions) float32, of m positions.

    Returns:
        (n,) int32: positions in the head's `kind_values`.
    """
    codes = {value: code for code, value in enumerate(head.kind_values)}
    kinds = np.array([codes.get((label or "").strip(), -1) for label in labels], np.int32)
    unknown = np.flatnonzero(kinds < 0)
    if len(unknown):
        kinds[unknown] = head.kinds(styles(unknown)).argmax(axis=1)
    return kinds


def normalised(rows: np.ndarray) -> np.ndarray:
    """Rows divided by their length, float32; a row of zeros stays as it is."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths == 0, 1, lengths)).astype(np.float32)


def distance(score: np.ndarray | float) -> np.ndarray | float:
    """The distance that goes with a score: Euclidean where kinds play no part."""
    return np.sqrt(np.clip(2 - 2 * np.asarray(score, np.float64), 0, None))

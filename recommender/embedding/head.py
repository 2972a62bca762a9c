"""Heads: projection of features to style and colour vectors; inference in NumPy.

`LearnedHead` is fitted by `recommender.training.head`; `ClassicHead` needs no fitting.

File of a learned head, arrays by name (no pickle):

    style_mean, style_scale, style_directions,
    style_weights_0, style_bias_0, ...                              pooled features to style
    colour_mean, colour_scale, colour_weights_0, colour_bias_0, ... colour features to colour
    prototypes_0_column, prototypes_0_values, ...                   class prototypes of attributes
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from recommender.embedding.network import Network
from recommender.embedding.prototypes import (
    Prototypes,
    add_label_prior,
    remove_label_prior,
    softmax,
)
from recommender.embedding.vectors import Labels, normalised, pooled_features
from recommender.schema import names_colours, type_column

# Length of the class prior added to a photograph's style vector of length one. With .3 the
# similarity shown for photographs is calibrated: on average .72 where .72 of the neighbours are of
# the right article type. Without a prior .52 is shown, with a length of 1 it is .93.
CLASS_PRIOR_WEIGHT = np.float32(0.3)
# Inverse temperature of the softmax over article types: 3 pictures x 16, the temperature of fitting
# (`recommender.training.metric_learning.SCALE`), because the evidence of the crops adds up.
CLASS_PRIOR_SCALE = 48.0
# Inverse temperature for a single picture: that of fitting.
TYPE_SCALE = 16.0


class Head(Protocol):
    """Head: pooled features to the style part and the colour part of a vector."""

    knows_photographs: bool
    """Whether `recommender.embedding.query` finds and crops the product on a photograph."""

    @property
    def prototypes(self) -> tuple[Prototypes, ...]:
        """Class prototypes of the attributes in the label prior; may be empty."""
        ...

    def style(self, max_pooled: np.ndarray, avg_pooled: np.ndarray) -> np.ndarray:
        """Style vectors, (n, style dimensions) float32 of length one, from (n, c) float32 twice."""
        ...

    def colour(self, style: np.ndarray, colour: np.ndarray) -> np.ndarray:
        """Colour vectors, (n, colour dimensions) of length one, from styles and colour features."""
        ...

    def add_label_prior(
        self, style: np.ndarray, colour: np.ndarray, labels: Sequence[Labels]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Both parts of n items, shifted towards the class prototypes of their labels."""
        ...

    def remove_label_prior(
        self, style: np.ndarray, colour: np.ndarray, labels: Sequence[Labels]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Inverse of `add_label_prior`."""
        ...

    def add_class_prior(self, style: np.ndarray, possible: np.ndarray | None = None) -> np.ndarray:
        """Styles of n photographs, shifted towards the article types that they probably show."""
        ...

    @property
    def type_column(self) -> str | None:
        """Attribute whose values are `article_types`; None where it has none."""
        ...

    @property
    def article_types(self) -> tuple[str, ...]:
        """Article types that the head tells apart; empty where it has none."""
        ...

    def type_probabilities(self, style: np.ndarray) -> np.ndarray:
        """Probabilities of `article_types`, (n, types) float32, of styles."""
        ...


class ClassicHead:
    """Head of the classic recipe: L2-normalised max-pooled features, without a colour part."""

    knows_photographs = False
    prototypes: tuple[Prototypes, ...] = ()

    def style(self, max_pooled: np.ndarray, avg_pooled: np.ndarray) -> np.ndarray:
        """L2-normalised max-pooled features; average-pooled ones are not used."""
        return normalised(max_pooled)

    def colour(self, style: np.ndarray, colour: np.ndarray) -> np.ndarray:
        """Empty colour part, (n, 0)."""
        return np.zeros((len(style), 0), np.float32)

    def add_label_prior(
        self, style: np.ndarray, colour: np.ndarray, labels: Sequence[Labels]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Both parts unchanged: the recipe uses pictures only."""
        return style, colour

    def remove_label_prior(
        self, style: np.ndarray, colour: np.ndarray, labels: Sequence[Labels]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Both parts unchanged."""
        return style, colour

    def add_class_prior(self, style: np.ndarray, possible: np.ndarray | None = None) -> np.ndarray:
        """Style unchanged."""
        return style

    @property
    def type_column(self) -> str | None:
        """None: the recipe knows no labels."""
        return None

    @property
    def article_types(self) -> tuple[str, ...]:
        """None: the recipe knows no labels."""
        return ()

    def type_probabilities(self, style: np.ndarray) -> np.ndarray:
        """Of no types, (n, 0)."""
        return np.zeros((len(style), 0), np.float32)


@dataclass(frozen=True)
class LearnedHead:
    """Learned head: two projection networks and class prototypes, fitted on labels."""

    knows_photographs = True

    style_network: Network
    colour_network: Network
    prototypes: tuple[Prototypes, ...] = ()
    """Class prototypes of the attributes in the label prior."""

    def style(self, max_pooled: np.ndarray, avg_pooled: np.ndarray) -> np.ndarray:
        """Style vectors, (n, style dimensions) float32 of length one, from (n, c) float32 twice."""
        return self.style_network(pooled_features(max_pooled, avg_pooled))

    def colour(self, style: np.ndarray, colour: np.ndarray) -> np.ndarray:
        """Colour vectors, (n, colour dimensions) of length one, from styles and colour features.

        The style is an input because the article type decides which of a picture's colours belong
        to the product.
        """
        return self.colour_network(np.hstack([colour, style]))

    def add_label_prior(
        self, style: np.ndarray, colour: np.ndarray, labels: Sequence[Labels]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Both parts of n items, shifted towards the class prototypes of their labels."""
        of_style, of_colour = self._prototypes_by_part()
        return add_label_prior(style, labels, of_style), add_label_prior(colour, labels, of_colour)

    def remove_label_prior(
        self, style: np.ndarray, colour: np.ndarray, labels: Sequence[Labels]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Inverse of `add_label_prior`: both parts by the items' pictures alone."""
        of_style, of_colour = self._prototypes_by_part()
        return (
            remove_label_prior(style, labels, of_style),
            remove_label_prior(colour, labels, of_colour),
        )

    def add_class_prior(self, style: np.ndarray, possible: np.ndarray | None = None) -> np.ndarray:
        """Styles of photographs with a prior of the article type, (n, d) float32 of length one.

        A photograph is about equally far from all items of a catalogue. By style alone the scores
        of the article types are nearly equal, and a small difference in colour would decide.

        Args:
            style: (n, d) float32, of length one.
            possible: (n, types) bool: which of `article_types` each may show; None: all.
        """
        types = self._type_prototypes()
        if types is None:
            return style
        expected = types.expected(style, CLASS_PRIOR_SCALE, possible)
        return normalised(style + CLASS_PRIOR_WEIGHT * expected)

    @property
    def type_column(self) -> str | None:
        """Attribute of the article types that have a class prototype; None where none has."""
        types = self._type_prototypes()
        return types.column if types else None

    @property
    def article_types(self) -> tuple[str, ...]:
        """Article types that have a class prototype; empty where none has."""
        types = self._type_prototypes()
        return types.values if types else ()

    def type_probabilities(self, style: np.ndarray) -> np.ndarray:
        """Probabilities of `article_types`, (n, types) float32, of single pictures' styles."""
        types = self._type_prototypes()
        if types is None:
            return np.zeros((len(style), 0), np.float32)
        return softmax(np.float32(TYPE_SCALE) * style @ types.vectors.T)

    def _type_prototypes(self) -> Prototypes | None:
        column = type_column(prototypes.column for prototypes in self.prototypes)
        return next((p for p in self.prototypes if p.column == column), None)

    def _prototypes_by_part(self) -> tuple[list[Prototypes], list[Prototypes]]:
        of_style = [p for p in self.prototypes if not names_colours(p.column)]
        return of_style, [p for p in self.prototypes if names_colours(p.column)]

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Arrays by name, as in the module's docstring."""
        parts = {"style": self.style_network, "colour": self.colour_network}
        arrays = {
            f"{part}_{name}": array
            for part, network in parts.items()
            for name, array in network.to_arrays().items()
        }
        for number, prototypes in enumerate(self.prototypes):
            for name, array in prototypes.to_arrays().items():
                arrays[f"prototypes_{number}_{name}"] = array
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "LearnedHead":
        """Head from its arrays; inverse of `to_arrays`.

        Raises:
            KeyError: an array is missing.
        """
        style, colour = (Network.from_arrays(_of_part(arrays, p)) for p in ("style", "colour"))
        numbers = itertools.takewhile(
            lambda i: f"prototypes_{i}_column" in arrays, itertools.count()
        )
        prototypes = [Prototypes.from_arrays(_of_part(arrays, f"prototypes_{i}")) for i in numbers]
        return cls(style, colour, tuple(prototypes))


def _of_part(arrays: Mapping[str, np.ndarray], part: str) -> dict[str, np.ndarray]:
    prefix = f"{part}_"
    return {n.removeprefix(prefix): a for n, a in arrays.items() if n.startswith(prefix)}

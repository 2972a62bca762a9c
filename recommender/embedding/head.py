"""Heads: features of pictures to vectors of a style part and a colour part; inference in NumPy.

A learned head is fitted by `recommender.training.head`; the classic one needs no fitting.

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
from recommender.embedding.prototypes import Prototypes, add_label_prior, remove_label_prior
from recommender.embedding.vectors import Labels, normalised, pooled_features
from recommender.schema import names_colours, type_column

# Share of the colour part in a query. On products held out of the catalogue (EfficientNet-Lite0),
# precision at 5 of article type, gender and colour is .842, .896 and .281 without it, .832, .892
# and .556 with it; at .40 colour wins half a point more and the others lose as much together.
DEFAULT_COLOUR_WEIGHT = 0.36
# In a small catalogue most products of the query's colour are of another article type: of the demo
# catalogue's 682, .36 in place of .15 wins 15 points of colour and loses 15 of article type.
SMALL_CATALOGUE, COLOUR_WEIGHT_OF_SMALL = 1_000, 0.15

# Length of the class prior that is added to a photograph's style of length one. A photograph's
# style is the mean of four crops, whose evidence adds up. With this length the similarity shown is
# as true of photographs as of products: .72 on average where .72 are of the right article type;
# without the prior .52 is shown, with a length of 1 .93.
CLASS_PRIOR_WEIGHT = np.float32(0.3)
# Inverse temperature of the softmax that gives an article type's probability: four times that of
# fitting (`recommender.training.metric_learning`), one for each crop.
CLASS_PRIOR_SCALE = 64.0


class Head(Protocol):
    """Pooled features to the two parts of a vector."""

    knows_photographs: bool
    """Whether a query is treated as `recommender.embedding.query` treats people's photographs."""

    def style(self, max_pooled: np.ndarray, avg_pooled: np.ndarray) -> np.ndarray:
        """(n, c) float32 twice to (n, style dimensions) float32, rows of length one."""
        ...

    def colour(self, style: np.ndarray, colour: np.ndarray) -> np.ndarray:
        """n styles and (n, d) colour features to (n, colour dimensions), rows of length one."""
        ...

    def add_label_prior(
        self, style: np.ndarray, colour: np.ndarray, labels: Sequence[Labels]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Both parts of n items, moved towards the class prototypes of their labels."""
        ...

    def remove_label_prior(
        self, style: np.ndarray, colour: np.ndarray, labels: Sequence[Labels]
    ) -> tuple[np.ndarray, np.ndarray]:
        """The inverse of `add_label_prior`."""
        ...

    def add_class_prior(self, style: np.ndarray) -> np.ndarray:
        """Styles of n photographs, moved towards the article types they probably show."""
        ...


class ClassicHead:
    """Classic recipe: max-pooled features, L2-normalised, and nothing else."""

    knows_photographs = False

    def style(self, max_pooled: np.ndarray, avg_pooled: np.ndarray) -> np.ndarray:
        """See `Head`; the average-pooled features are not used."""
        return normalised(max_pooled)

    def colour(self, style: np.ndarray, colour: np.ndarray) -> np.ndarray:
        """(n, 0): there is no colour part."""
        return np.zeros((len(style), 0), np.float32)

    def add_label_prior(
        self, style: np.ndarray, colour: np.ndarray, labels: Sequence[Labels]
    ) -> tuple[np.ndarray, np.ndarray]:
        """The parts unchanged: the recipe uses pictures only."""
        return style, colour

    def remove_label_prior(
        self, style: np.ndarray, colour: np.ndarray, labels: Sequence[Labels]
    ) -> tuple[np.ndarray, np.ndarray]:
        """The parts unchanged."""
        return style, colour

    def add_class_prior(self, style: np.ndarray) -> np.ndarray:
        """The style unchanged."""
        return style


@dataclass(frozen=True)
class LearnedHead:
    """Two projection networks and class prototypes, fitted on a catalogue's labels."""

    knows_photographs = True

    style_network: Network
    colour_network: Network
    prototypes: tuple[Prototypes, ...] = ()
    """Of the attributes in the label prior."""

    def style(self, max_pooled: np.ndarray, avg_pooled: np.ndarray) -> np.ndarray:
        """(n, c) float32 twice to (n, style dimensions) float32, rows of length one."""
        return self.style_network(pooled_features(max_pooled, avg_pooled))

    def colour(self, style: np.ndarray, colour: np.ndarray) -> np.ndarray:
        """(n, style dimensions) and (n, d) float32 to (n, colour dimensions) of length one.

        The style goes in because what is worn decides which of a picture's colours count.
        """
        return self.colour_network(np.hstack([colour, style]))

    def add_label_prior(
        self, style: np.ndarray, colour: np.ndarray, labels: Sequence[Labels]
    ) -> tuple[np.ndarray, np.ndarray]:
        """See `Head`."""
        of_style, of_colour = self._prototypes_by_part()
        return add_label_prior(style, labels, of_style), add_label_prior(colour, labels, of_colour)

    def remove_label_prior(
        self, style: np.ndarray, colour: np.ndarray, labels: Sequence[Labels]
    ) -> tuple[np.ndarray, np.ndarray]:
        """The inverse of `add_label_prior`: both parts as the items' pictures alone have them."""
        of_style, of_colour = self._prototypes_by_part()
        return (
            remove_label_prior(style, labels, of_style),
            remove_label_prior(colour, labels, of_colour),
        )

    def add_class_prior(self, style: np.ndarray) -> np.ndarray:
        """(n, d) float32 of length one: styles of photographs, with a prior of the article type.

        No item of a catalogue looks much like a photograph. By its style alone the article types
        score nearly alike, and a small difference of colour would decide between them.
        """
        column = type_column(prototypes.column for prototypes in self.prototypes)
        moved = style
        for prototypes in self.prototypes:
            if prototypes.column == column:
                expected = prototypes.expected(style, CLASS_PRIOR_SCALE)
                moved = moved + CLASS_PRIOR_WEIGHT * expected
        return normalised(moved)

    def _prototypes_by_part(self) -> tuple[list[Prototypes], list[Prototypes]]:
        of_style = [p for p in self.prototypes if not names_colours(p.column)]
        return of_style, [p for p in self.prototypes if names_colours(p.column)]

    def to_arrays(self) -> dict[str, np.ndarray]:
        """The arrays of the module's docstring."""
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
        """The inverse of `to_arrays`.

        Raises:
            KeyError: an array is missing.
        """
        style, colour = (Network.from_arrays(_of_part(arrays, p)) for p in ("style", "colour"))
        numbers = itertools.takewhile(
            lambda i: f"prototypes_{i}_column" in arrays, itertools.count()
        )
        prototypes = [Prototypes.from_arrays(_of_part(arrays, f"prototypes_{i}")) for i in numbers]
        return cls(style, colour, tuple(prototypes))


def item_vectors(
    head: Head,
    max_pooled: np.ndarray,
    avg_pooled: np.ndarray,
    colour: np.ndarray,
    labels: Sequence[Labels],
) -> np.ndarray:
    """(n, d) float32: what an index stores of n items."""
    style = head.style(max_pooled, avg_pooled)
    parts = head.add_label_prior(style, head.colour(style, colour), labels)
    return np.hstack(parts).astype(np.float32)


def query_vectors(
    head: Head, max_pooled: np.ndarray, avg_pooled: np.ndarray, colour: np.ndarray
) -> np.ndarray:
    """(n, d) float32: both parts of n pictures without labels, not yet weighed."""
    style = head.style(max_pooled, avg_pooled)
    return np.hstack([style, head.colour(style, colour)]).astype(np.float32)


def default_colour_weight(items: int) -> float:
    """Share of the colour part in a query, 0-1.

    Args:
        items: of the index.
    """
    return DEFAULT_COLOUR_WEIGHT if items >= SMALL_CATALOGUE else COLOUR_WEIGHT_OF_SMALL


def _of_part(arrays: Mapping[str, np.ndarray], part: str) -> dict[str, np.ndarray]:
    prefix = f"{part}_"
    return {n.removeprefix(prefix): a for n, a in arrays.items() if n.startswith(prefix)}

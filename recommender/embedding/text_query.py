"""Text queries: a text's vector with the class prototypes of what it names, and refined pictures.

A named article type, gender or colour adds its prototype to the query, as the label prior adds it
to an item (`recommender.embedding.prototypes`). In a refinement, words replace what they name in
the picture's vector and leave the rest: a colour the colour part, a type or a gender the picture's
own, anything else moves the style by the difference of two texts' vectors.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from recommender.embedding.prototypes import Prototypes
from recommender.embedding.vectors import Embedding, normalised
from recommender.schema import names_colours

# Length of a named value's prototype beside a text's vector of length one, in units of the label
# prior's weight. With 0, .15 and .3, "COLOUR TYPE" in Polish has .91, .97 and 1.0 of the first five
# places right, and .433, .430 and .416 of titles find their own product among the first ten.
NAMED_WEIGHT = 0.2
# Length of what must not be, beside a vector of length one.
NEGATED_WEIGHT = 0.8
# Refinements. Length of the prototypes that keep what the picture shows and the words do not name,
# of those that the words name, and of the difference of two texts.
# With differences of .8, 1.5 and 2.5, "with stripes" finds .14, .26 and .34 products named so (.07
# without words), and .92, .91 and .85 stay of the picture's article type.
KEPT_WEIGHT, SAID_WEIGHT, DIFFERENCE_WEIGHT = 0.7, 1.5, 1.5
# Length of a said colour's prototype beside the words' colour by the text head: with .2 and 1, .80
# and .83 of the first five have the picture's type and gender, and the colour.
SAID_COLOUR_WEIGHT = 1.0
# Inverse temperature of the softmax that says which value a picture shows.
SHOWN_SCALE = 16.0


@dataclass(frozen=True)
class NamedValues:
    """Values of one column that a text names, with their numbers of products."""

    column: str
    values: tuple[tuple[str, int], ...]
    negated: bool = False


def direction(named: NamedValues, prototypes: Iterable[Prototypes]) -> np.ndarray | None:
    """Mean prototype of named values, (d,) float32 of length one; None where none has one.

    Values count by their numbers of products.
    """
    for own in prototypes:
        if own.column == named.column:
            codes = {value: code for code, value in enumerate(own.values)}
            known = [(codes[v], max(n, 1)) for v, n in named.values if v in codes]
            if known:
                rows, weights = zip(*known, strict=True)
                mean = np.average(own.vectors[list(rows)], axis=0, weights=weights)
                return normalised(mean[None])[0]
    return None


def text_embedding(
    style: np.ndarray,
    colour: np.ndarray,
    named: Sequence[NamedValues],
    prototypes: Sequence[Prototypes],
    *,
    coloured: bool = False,
) -> Embedding:
    """Embedding of a text: both parts with the prototypes of what it names.

    The colour part is zero where the text names no colour: such a text is compared by style alone.

    Args:
        style: (d,) float32, of the text head.
        colour: (d,) float32, of the text head; may be empty.
        named: what the text names.
        prototypes: of the index's head.
        coloured: whether the text names a colour that is no value of the catalogue.
    """
    of_style = _pull(named, [p for p in prototypes if not names_colours(p.column)])
    of_colour = _pull(named, [p for p in prototypes if names_colours(p.column)])
    coloured |= any(names_colours(values.column) and not values.negated for values in named)
    own_colour = colour if coloured else np.zeros_like(colour)
    # A colour that must not be is pushed away, where none is wanted, too.
    return Embedding(
        normalised((style + of_style)[None])[0], normalised((own_colour + of_colour)[None])[0]
    )


def refined_embedding(
    own: Embedding,
    named: Sequence[NamedValues],
    prototypes: Sequence[Prototypes],
    *,
    difference: np.ndarray | None = None,
    colour: np.ndarray | None = None,
) -> Embedding:
    """Embedding of a picture, product or mix with words: only what they name changes.

    Args:
        own: of the picture.
        named: what the words name.
        prototypes: of the index's head.
        difference: (d,) float32, style of a text with the words less that of one without them, for
            words that no prototype stands for; None where there are none.
        colour: (d,) float32, colour of the words by the text head; None where they name none.
    """
    if not named and difference is None and colour is None:
        return own
    said = {values.column for values in named if not values.negated}
    style: np.ndarray = own.style.astype(np.float32)
    for each in prototypes:
        if names_colours(each.column):
            continue
        shown = normalised(each.expected(own.style[None], SHOWN_SCALE))[0]
        if each.column in said:
            # Only along the values' directions: the rest of the style stays.
            style = style - (style @ shown) * shown
        else:
            style = style + np.float32(KEPT_WEIGHT * each.weight) * shown
    for values in named:
        toward = direction(values, [p for p in prototypes if not names_colours(p.column)])
        if toward is not None:
            weight = -NEGATED_WEIGHT if values.negated else SAID_WEIGHT
            style = style + np.float32(weight) * toward
    if difference is not None:
        style = style + np.float32(DIFFERENCE_WEIGHT) * difference
    of_colour = [p for p in prototypes if names_colours(p.column)]
    hue: np.ndarray = own.colour.astype(np.float32)
    wanted = [v for v in named if names_colours(v.column) and not v.negated]
    if wanted or colour is not None:
        said_hues = [direction(values, of_colour) for values in wanted]
        toward = sum((d for d in said_hues if d is not None), np.zeros_like(hue))
        hue = np.float32(SAID_COLOUR_WEIGHT) * toward + (0 if colour is None else colour)
    for values in named:
        if names_colours(values.column) and values.negated:
            away = direction(values, of_colour)
            if away is not None:
                hue = hue - max(float(hue @ away), 0.0) * away - np.float32(NEGATED_WEIGHT) * away
    return Embedding(normalised(style[None])[0], normalised(hue[None])[0])


def shown_value(part: np.ndarray, prototypes: Prototypes) -> str:
    """Value that a vector of length one shows most probably."""
    return prototypes.values[int(np.argmax(prototypes.vectors @ part))]


def _pull(named: Sequence[NamedValues], prototypes: Sequence[Prototypes]) -> np.ndarray:
    """Sum of the weighed prototypes of what a text names, (d,) float32, or 0."""
    total: np.ndarray = np.zeros((), np.float32)
    for values in named:
        toward = direction(values, prototypes)
        if toward is not None:
            weight = next(p.weight for p in prototypes if p.column == values.column)
            scale = -NEGATED_WEIGHT if values.negated else NAMED_WEIGHT * weight
            total = total + np.float32(scale) * toward
    return total

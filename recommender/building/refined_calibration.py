"""Calibration of pictures that words refine, on products held out of another head."""

import numpy as np

from recommender.embedding.text_query import NamedValues, refined_embedding
from recommender.embedding.vectors import Embedding
from recommender.index.calibration import Calibration, fit_calibration
from recommender.metrics.held_out import HeldOut
from recommender.schema import ARTICLE_TYPE, COLOUR, GENDER, names_colours, roles

SEED = 0


def calibrate_refined(
    held_out: HeldOut | None, style_dimensions: int, dimensions: int
) -> Calibration:
    """Calibration of pictures that words refine, on held-out products in another colour or gender.

    Args:
        held_out: None where there are too few products.
        style_dimensions: number of dimensions, the first, that are style.
        dimensions: of a vector.
    """
    prototypes = () if held_out is None else tuple(held_out.head.prototypes)
    of_colour = next((p for p in prototypes if names_colours(p.column)), None)
    gender = roles(p.column for p in prototypes).get(GENDER)
    of_gender = next((p for p in prototypes if p.column == gender), None)
    if held_out is None:
        nothing = np.zeros((0, dimensions), np.float32)
        return fit_calibration(nothing, nothing, style_dimensions)
    random = np.random.default_rng(SEED)
    asked, known = held_out.learned
    kinds, colours = held_out.labels.get(ARTICLE_TYPE), held_out.labels.get(COLOUR)
    if of_colour is None and of_gender is None:
        # Nothing can be said of the pictures that changes them in a known way: as they are.
        return fit_calibration(asked, known, style_dimensions, kinds, colours)
    classes = {name: code for code, name in enumerate(held_out.classes.get(COLOUR, []))}
    wanted = None if colours is None else colours[0].copy()
    queries = np.empty_like(asked)
    for row, vector in enumerate(asked):
        style, colour = np.split(vector, [style_dimensions])
        changed = of_colour if of_gender is None or (of_colour and row % 2) else of_gender
        assert changed is not None
        value = changed.values[int(random.integers(len(changed.values)))]
        if changed is of_colour and wanted is not None:
            wanted[row] = classes.get(value, -1)
        named = [NamedValues(changed.column, ((value, 1),))]
        refined = refined_embedding(Embedding(style, colour), named, prototypes)
        queries[row] = np.concatenate([refined.style, refined.colour])
    hues = None if colours is None or wanted is None else (wanted, colours[1])
    return fit_calibration(queries, known, style_dimensions, kinds, hues)

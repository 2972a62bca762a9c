"""The report card of an index: how good its neighbours are, measured while it is built."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from recommender.evaluation.held_out import Attributes, Fit, hold_out
from recommender.evaluation.measures import SHOWN, retrieval

# A tenth of a small catalogue, and of a large one enough for an interval of +/- 3 points at worst.
SHARE, MOST_QUERIES = 0.1, 1_000
# With fewer the figures say more about chance than about the index.
FEWEST_QUERIES = 20


def report_card(
    features: Mapping[str, np.ndarray],
    attributes: Attributes,
    digests: Sequence[str],
    fit: Fit,
    colour_weight: float,
    seed: int = 0,
) -> dict[str, Any]:
    """Measure an index on products held out of it; costs one more fit of the head.

    Args:
        features: "max_pooled", "avg_pooled" (n, channels) and "colour" (n, d), float32.
        attributes: columns of n labels.
        digests: equal for products with the very same picture.
        fit: makes the head from features and labels of the products that are not held out.
        colour_weight: share of colour in a comparison, 0-1.
        seed: of the sample.

    Returns:
        {"queries": ..., "precision_at_5": {label: {"index": ..., "classic": ..., "chance": ...}}},
        or nothing where there are no labels or fewer than 200 pictures.
    """
    queries = min(MOST_QUERIES, int(len(set(digests)) * SHARE))
    if queries < FEWEST_QUERIES or not attributes:
        return {}
    held_out = hold_out(features, attributes, digests, fit, queries, seed)
    asked, known = held_out.learned
    index = held_out.judge(held_out.parts.weighed(asked, colour_weight), known)
    classic = held_out.judge(*held_out.classic)
    measured = {label: (retrieval(index[label]), retrieval(classic[label])) for label in index}
    if not measured:
        return {}
    return {
        "queries": queries,
        f"precision_at_{SHOWN}": {
            label: {
                "index": round(own.precision[SHOWN], 4),
                "classic": round(recipe.precision[SHOWN], 4),
                "chance": round(own.chance, 4),
            }
            for label, (own, recipe) in measured.items()
        },
    }

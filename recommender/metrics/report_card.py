"""Report card of an index: precision on held-out products, measured by the build."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from recommender.features.table import AugmentedFeatures, FeatureTable
from recommender.metrics.held_out import Attributes, Fit, HeldOut, hold_out
from recommender.metrics.precision import SHOWN, retrieval
from recommender.metrics.splits import distinct_products

# Fraction of the products that are held out.
FRACTION = 0.1
# Held-out products at most: enough for an interval of +/- 3 points at worst.
MOST_QUERIES = 1_000
# Held-out products at least: with fewer, the intervals are too wide to say anything.
FEWEST_QUERIES = 20


def hold_out_sample(
    features: FeatureTable,
    attributes: Attributes,
    digests: Sequence[str],
    fit: Fit,
    augmented: AugmentedFeatures | None = None,
    seed: int = 0,
    groups: Sequence[str | None] | None = None,
) -> HeldOut | None:
    """Held-out split of a tenth of a catalogue, at most 1,000 products; fits another head.

    Args:
        features: of the main pictures of n products: a product counts once, as in the answers.
        attributes: columns of n labels.
        digests: equal for products with an identical picture.
        fit: fits the head on the other products.
        augmented: features of synthetic pictures of the products, to fit on.
        seed: of the split.
        groups: what variants of one product share.

    Returns:
        None where there are fewer than 200 different products.
    """
    queries = min(MOST_QUERIES, int(len(np.unique(distinct_products(digests, groups))) * FRACTION))
    if queries < FEWEST_QUERIES:
        return None
    return hold_out(features, attributes, digests, fit, queries, seed, augmented, groups)


def grade(held_out: HeldOut | None, colour_weight: float) -> dict[str, Any]:
    """Report card: precision at 5 of an index, of the classic recipe, and of chance, by label.

    Args:
        held_out: from `hold_out_sample`.
        colour_weight: weight of the colour part in a query, 0-1.

    Returns:
        {"queries": ..., "precision_at_5": {label: {"index": ..., "classic": ..., "chance": ...}}};
        empty where there are no labels or too few pictures.
    """
    if held_out is None or not held_out.labels:
        return {}
    asked, known = held_out.learned
    index = held_out.judge(held_out.parts.weighed(asked, colour_weight), known)
    classic = held_out.judge(*held_out.classic)
    measured = {label: (retrieval(index[label]), retrieval(classic[label])) for label in index}
    return {
        "queries": len(asked),
        f"precision_at_{SHOWN}": {
            label: {
                "index": round(own.precision[SHOWN], 4),
                "classic": round(recipe.precision[SHOWN], 4),
                "chance": round(own.chance, 4),
            }
            for label, (own, recipe) in measured.items()
        },
    }

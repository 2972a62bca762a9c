"""The report card of an index: how good its neighbours are, measured while it is built."""

from collections.abc import Sequence
from typing import Any

from recommender.features.table import AugmentedFeatures, FeatureTable
from recommender.metrics.held_out import Attributes, Fit, HeldOut, hold_out
from recommender.metrics.precision import SHOWN, retrieval

# A tenth of a small catalogue, and of a large one enough for an interval of +/- 3 points at worst.
SHARE, MOST_QUERIES = 0.1, 1_000
# With fewer the figures say more about chance than about the index.
FEWEST_QUERIES = 20


def hold_out_sample(
    features: FeatureTable,
    attributes: Attributes,
    digests: Sequence[str],
    fit: Fit,
    augmented: AugmentedFeatures | None = None,
    seed: int = 0,
) -> HeldOut | None:
    """Hold a tenth of a catalogue out, at most 1,000 products; costs one more fit of the head.

    Args:
        features: of n products.
        attributes: columns of n labels.
        digests: equal for products with the very same picture.
        fit: makes the head from features and labels of the products that are not held out.
        augmented: features of further pictures of the products, to fit on.
        seed: of the sample.

    Returns:
        None where there are fewer than 200 pictures.
    """
    queries = min(MOST_QUERIES, int(len(set(digests)) * SHARE))
    if queries < FEWEST_QUERIES:
        return None
    return hold_out(features, attributes, digests, fit, queries, seed, augmented)


def grade(held_out: HeldOut | None, colour_weight: float) -> dict[str, Any]:
    """What an index is worth to products that it has not seen.

    Args:
        held_out: what `hold_out_sample` returns.
        colour_weight: share of colour in a comparison, 0-1.

    Returns:
        {"queries": ..., "precision_at_5": {label: {"index": ..., "classic": ..., "chance": ...}}},
        or nothing where there are no labels or too few pictures.
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

"""Report card of an index: precision on held-out products, measured by the build."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from recommender.metrics.held_out import HeldOut
from recommender.metrics.precision import SHOWN, Judged, chance
from recommender.metrics.splits import Split, distinct_products, split_products

# Fraction of the products that are held out.
FRACTION = 0.1
# Held-out products at most: enough for an interval of +/- 3 points at worst.
MOST_QUERIES = 1_000
# Held-out products at least: with fewer, the intervals are too wide to say anything.
FEWEST_QUERIES = 20


def split_sample(
    digests: Sequence[str], seed: int = 0, groups: Sequence[str | None] | None = None
) -> Split | None:
    """Split that holds out a tenth of a catalogue, at most 1,000 products.

    Args:
        digests: of n products; equal for products with an identical picture.
        seed: of the split.
        groups: what variants of one product share.

    Returns:
        None where there are fewer than 200 different products.
    """
    queries = min(MOST_QUERIES, int(len(np.unique(distinct_products(digests, groups))) * FRACTION))
    return split_products(digests, queries, seed, groups) if queries >= FEWEST_QUERIES else None


def grade(held_out: HeldOut | None, colour_weight: float) -> dict[str, Any]:
    """Report card: precision at 5 of an index, of the classic recipe, and of chance, by label.

    Args:
        held_out: of `split_sample`.
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
    return {
        "queries": len(asked),
        f"precision_at_{SHOWN}": {
            label: {
                "index": _mean_precision(index[label]),
                "classic": _mean_precision(classic[label]),
                "chance": round(float(chance(index[label]).mean()), 4),
            }
            for label in index
        },
    }


def _mean_precision(judged: Judged) -> float:
    return round(float(judged.precision().mean()), 4)

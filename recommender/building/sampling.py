"""Stratified sample of a catalogue: the products that an index is fitted on."""

from collections.abc import Sequence

import numpy as np

# Products that an index is fitted on at most: time and memory grow in proportion, precision hardly.
# Of Fashion Product Images' 40,000 products, half would do for most article types.
MOST_FITTED = 100_000
# Fraction of a sample that is divided equally among the article types, so that rare ones are in it.
SHARED_ALIKE = 0.5
SEED = 0


def stratified_sample(
    article_types: Sequence[str | None], most: int = MOST_FITTED, seed: int = SEED
) -> np.ndarray:
    """Stratified sample of products by article type; rare types get more than their proportion.

    Args:
        article_types: the article type of each of n products; None where unknown.
        most: products of the sample.
        seed: of the draw; the same input and seed give the same sample.

    Returns:
        (min(n, most),) int64, ascending: positions of the products.
    """
    if len(article_types) <= most:
        return np.arange(len(article_types))
    _, codes, counts = np.unique(
        np.array([article_type or "" for article_type in article_types]),
        return_inverse=True,
        return_counts=True,
    )
    alike = np.minimum(counts, int(most * SHARED_ALIKE) // len(counts))
    rest = counts - alike
    proportional = rest * ((most - alike.sum()) / rest.sum())
    quotas = alike + np.floor(proportional).astype(np.int64)
    # The products that rounding left over go to the types that lost most by it.
    left = most - int(quotas.sum())
    quotas[np.argsort(np.floor(proportional) - proportional, kind="stable")[:left]] += 1
    order = np.random.default_rng(seed).permutation(len(article_types))
    by_type = order[np.argsort(codes[order], kind="stable")]
    rank = np.arange(len(article_types)) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.sort(by_type[rank < np.repeat(quotas, counts)])

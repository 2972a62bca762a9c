"""Stratified sample of a catalogue: the products that an index is fitted on."""

from collections.abc import Sequence

import numpy as np

# Fitting on more takes time and memory in proportion, and teaches little: of Fashion Product
# Images, whose 40,000 products are all used, half of the products would do for most kinds.
MOST_FITTED = 100_000
# This fraction of a sample is shared by all kinds alike, so that rare kinds are seen, too.
SHARED_ALIKE = 0.5
SEED = 0


def stratified_sample(
    kinds: Sequence[str | None], most: int = MOST_FITTED, seed: int = SEED
) -> np.ndarray:
    """Positions of a sample of products with every kind in it, rare ones more than their share.

    Args:
        kinds: of n products.
        most: products of the sample.
        seed: the same kinds and seed give the same sample.

    Returns:
        (min(n, most),) int64, ascending.
    """
    if len(kinds) <= most:
        return np.arange(len(kinds))
    _, codes, counts = np.unique(
        np.array([kind or "" for kind in kinds]), return_inverse=True, return_counts=True
    )
    alike = np.minimum(counts, int(most * SHARED_ALIKE) // len(counts))
    rest = counts - alike
    share = rest * ((most - alike.sum()) / rest.sum())
    quotas = alike + np.floor(share).astype(np.int64)
    # What rounding left over goes to the kinds that lost most by it.
    left = most - int(quotas.sum())
    quotas[np.argsort(np.floor(share) - share, kind="stable")[:left]] += 1
    order = np.random.default_rng(seed).permutation(len(kinds))
    by_kind = order[np.argsort(codes[order], kind="stable")]
    rank = np.arange(len(kinds)) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.sort(by_kind[rank < np.repeat(quotas, counts)])

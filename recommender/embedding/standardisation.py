"""Standardisation of features: zero mean, unit spread, outliers clipped."""

import numpy as np

# Standardised features are clipped to this many standard deviations: one channel of a photograph
# unlike the catalogue's pictures must not outweigh all others.
MAX_DEVIATION = 5.0
# This fraction of the channels' mean spread is added to each: a channel that is nearly constant in
# the catalogue would be amplified in a photograph unlike it.
SPREAD_FLOOR = 0.05


def standardise(rows: np.ndarray, mean: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """(n, d) deviations from the mean in standard deviations, clipped.

    Args:
        rows: (n, d) float32.
        mean: (d,) float32.
        scale: (d,) float32, what `scale_of` returns.
    """
    return np.clip((rows - mean) * scale, -MAX_DEVIATION, MAX_DEVIATION)


def scale_of(spread: np.ndarray) -> np.ndarray:
    """Factors that standardise channels, (d,) in the input's precision.

    Args:
        spread: (d,) standard deviations of the channels.
    """
    return 1 / (spread + SPREAD_FLOOR * spread.mean() + 1e-12)

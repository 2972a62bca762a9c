"""Standardisation of features: zero mean, unit spread, outliers clipped."""

import numpy as np

# Standard deviations at which features are clipped: one channel of a photograph unlike the
# catalogue's pictures must not outweigh all others.
MAX_DEVIATION = 5.0
# Floor of a channel's standard deviation, as a fraction of the channels' mean: near-constant
# channels would be amplified out of distribution.
SPREAD_FLOOR = 0.05


def standardise(rows: np.ndarray, mean: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Standardised features, (n, d): deviations from the mean in standard deviations, clipped.

    Args:
        rows: (n, d) float32.
        mean: (d,) float32.
        scale: (d,) float32, from `scale_of`.
    """
    return np.clip((rows - mean) * scale, -MAX_DEVIATION, MAX_DEVIATION)


def scale_of(spread: np.ndarray) -> np.ndarray:
    """Scale factors of standardisation, (d,) in the input's precision.

    Args:
        spread: (d,) standard deviations of the channels.
    """
    return 1 / (spread + SPREAD_FLOOR * spread.mean() + 1e-12)

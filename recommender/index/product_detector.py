"""Product detector: logistic regression on pooled features, products against synthetic negatives.

A picture without a product has no similar products in the catalogue. The detector is fitted while
an index is built. Positives are the catalogue's pictures, as they are and pasted on drawn
backdrops; negatives are drawn pictures without a product (`recommender.training.synthetic_photos`).
The distance to the nearest neighbour separates them much worse: photographs of clothes are as far
from a catalogue as landscapes.

File `novelty.npz` (no pickle): mean, scale, weights (2 channels,) and bias (), all float32.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from recommender.embedding.standardisation import scale_of, standardise
from recommender.embedding.vectors import pooled_features

# Inverse strength of the L2 penalty, sklearn's C. With 1e-3 and 1e-2, photographs of garments were
# rejected three and ten times as often.
REGULARISATION = 1e-5
# Fraction of the products, on white and on backdrops, that may be rejected.
FALSE_ALARMS = 0.02


@dataclass(frozen=True)
class ProductDetector:
    """Fitted regression, with the threshold in its bias."""

    mean: np.ndarray
    """(2 channels,) float32."""
    scale: np.ndarray
    """(2 channels,) float32."""
    weights: np.ndarray
    """(2 channels,) float32."""
    bias: float

    def score(self, max_pooled: np.ndarray, avg_pooled: np.ndarray) -> np.ndarray:
        """Scores of pictures: log-odds of showing a product, less the threshold.

        Args:
            max_pooled: (n, channels) float32.
            avg_pooled: (n, channels) float32.

        Returns:
            (n,) float32; below 0 for a picture without a product.
        """
        rows = standardise(pooled_features(max_pooled, avg_pooled), self.mean, self.scale)
        return rows @ self.weights + np.float32(self.bias)

    def shift(self, max_pooled: np.ndarray, avg_pooled: np.ndarray) -> np.ndarray:
        """Shifts of pictures from the catalogue that was fitted on.

        Args:
            max_pooled, avg_pooled: (n, channels) float32.

        Returns:
            (n,) float32: mean square of the standardised features, about 1 on average over that
            catalogue.
        """
        rows = standardise(pooled_features(max_pooled, avg_pooled), self.mean, self.scale)
        shifts: np.ndarray = (rows**2).mean(axis=1)
        return shifts

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Arrays of `novelty.npz`, by name."""
        return {
            "mean": self.mean,
            "scale": self.scale,
            "weights": self.weights,
            "bias": np.array(self.bias),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "ProductDetector":
        """Inverse of `to_arrays`.

        Raises:
            KeyError: an array is missing.
        """
        return cls(arrays["mean"], arrays["scale"], arrays["weights"], float(arrays["bias"]))


Pooled = tuple[np.ndarray, np.ndarray]
"""Max-pooled and average-pooled features, (n, channels) float32 each."""


def fit_product_detector(
    catalogue: Pooled, on_backdrops: Pooled, non_products: Pooled
) -> ProductDetector:
    """Fit the product detector; deterministic.

    The threshold is set on every fourth product of each group; the weights are fitted on the rest.

    Args:
        catalogue: features of the catalogue's pictures.
        on_backdrops: features of products pasted on backdrops.
        non_products: features of pictures without a product.
    """
    from sklearn.linear_model import LogisticRegression  # late: serving fits nothing

    known = pooled_features(*catalogue)
    mean, spread = known.mean(axis=0), known.std(axis=0)
    scale = scale_of(spread)
    groups = [standardise(rows, mean, scale) for rows in (known, pooled_features(*on_backdrops))]
    seen = [group[np.arange(len(group)) % 4 > 0] for group in groups]
    unseen = [group[::4] for group in groups]
    others = standardise(pooled_features(*non_products), mean, scale)
    labels = np.repeat([1, 1, 0], [len(seen[0]), len(seen[1]), len(others)])
    # Sample weights that give the three groups equal totals, whatever their sizes.
    sizes = np.array([len(seen[0]), len(seen[1]), len(others)])
    sample_weights = np.repeat(len(labels) / 3 / sizes, sizes)
    regression = LogisticRegression(C=REGULARISATION, max_iter=500)
    regression.fit(np.concatenate([*seen, others]), labels, sample_weights)
    weights = regression.coef_[0].astype(np.float32)
    threshold = min(np.quantile(group @ weights, FALSE_ALARMS) for group in unseen)
    return ProductDetector(mean, scale.astype(np.float32), weights, -float(threshold))

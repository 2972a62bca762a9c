"""Does a picture show a product at all? Otherwise nothing in the catalogue is similar to it.

A logistic regression on pooled features tells products from everything else. It is fitted while an
index is built, from what the builder has: pictures of the catalogue as they are and pasted on
backdrops drawn in code, against pictures drawn without a product
(`recommender.training.synthetic_photos`).
How near the nearest neighbour is says much less: photographs of clothes are as far from a
catalogue as a landscape is.

File `novelty.npz` (no pickle): mean, scale, weights (2 channels,) and bias (), all float32.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from recommender.embedding.standardisation import scale_of, standardise
from recommender.embedding.vectors import pooled_features

# Strength of the prior on the weights, sklearn's C. With 1e-3 and 1e-2, garments photographed by
# people were taken for something else three and ten times as often.
REGULARISATION = 1e-5
# Share of the products, on white and on backdrops, that may be taken for something else.
FALSE_ALARMS = 0.02


@dataclass(frozen=True)
class ProductDetector:
    """The fitted regression, with its threshold in the bias; float32."""

    mean: np.ndarray
    """(2 channels,), as are the scale and the weights."""
    scale: np.ndarray
    weights: np.ndarray
    bias: float

    def score(self, max_pooled: np.ndarray, avg_pooled: np.ndarray) -> np.ndarray:
        """How much pictures look like products.

        Args:
            max_pooled: (n, channels) float32.
            avg_pooled: (n, channels) float32.

        Returns:
            (n,) float32; below 0 a picture shows no product, as far as the catalogue teaches.
        """
        rows = standardise(pooled_features(max_pooled, avg_pooled), self.mean, self.scale)
        return rows @ self.weights + np.float32(self.bias)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """The arrays of the module's docstring."""
        return {
            "mean": self.mean,
            "scale": self.scale,
            "weights": self.weights,
            "bias": np.array(self.bias),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "ProductDetector":
        """The inverse of `to_arrays`.

        Raises:
            KeyError: an array is missing.
        """
        return cls(arrays["mean"], arrays["scale"], arrays["weights"], float(arrays["bias"]))


Pooled = tuple[np.ndarray, np.ndarray]
"""Max-pooled and average-pooled features, (n, channels) float32 each."""


def fit_product_detector(
    catalogue: Pooled, on_backdrops: Pooled, no_products: Pooled
) -> ProductDetector:
    """Fit the regression, the same one for the same input.

    The threshold is set by every fourth product of either group, which the weights do not see.

    Args:
        catalogue: products as the catalogue shows them.
        on_backdrops: products as people show them.
        no_products: pictures without a product.
    """
    from sklearn.linear_model import LogisticRegression  # late: serving fits nothing

    known = pooled_features(*catalogue)
    mean, spread = known.mean(axis=0), known.std(axis=0)
    scale = scale_of(spread)
    groups = [standardise(rows, mean, scale) for rows in (known, pooled_features(*on_backdrops))]
    seen = [group[np.arange(len(group)) % 4 > 0] for group in groups]
    unseen = [group[::4] for group in groups]
    others = standardise(pooled_features(*no_products), mean, scale)
    labels = np.repeat([1, 1, 0], [len(seen[0]), len(seen[1]), len(others)])
    # The three groups weigh the same, whatever their sizes.
    sizes = np.array([len(seen[0]), len(seen[1]), len(others)])
    shares = np.repeat(len(labels) / 3 / sizes, sizes)
    regression = LogisticRegression(C=REGULARISATION, max_iter=500)
    regression.fit(np.concatenate([*seen, others]), labels, shares)
    weights = regression.coef_[0].astype(np.float32)
    threshold = min(np.quantile(group @ weights, FALSE_ALARMS) for group in unseen)
    return ProductDetector(mean, scale.astype(np.float32), weights, -float(threshold))

"""Augmented features: features of further pictures of a catalogue's products."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class AugmentedFeatures:
    """Features of v further pictures to fit a head on; one product may have several."""

    max_pooled: np.ndarray
    """(v, c) float32, as is avg_pooled."""
    avg_pooled: np.ndarray
    colour: np.ndarray
    """(v, d) float32."""
    products: np.ndarray
    """(v,) int64: position of the product that each picture shows."""

    def of(self, rows: np.ndarray) -> "AugmentedFeatures":
        """The pictures of some products, by position among these.

        Args:
            rows: (n,) int, ascending: positions of the products; at least one.
        """
        place = np.searchsorted(rows, self.products)
        kept = (place < len(rows)) & (rows[np.minimum(place, len(rows) - 1)] == self.products)
        colour = self.colour[kept]
        return AugmentedFeatures(self.max_pooled[kept], self.avg_pooled[kept], colour, place[kept])

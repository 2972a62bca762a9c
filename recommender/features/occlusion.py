"""Occluded pictures: features of a picture of which parts are hidden, for explanations.

Of a network with a feature map, hidden cells are left out of the pooling. Of a network that gives
an embedding, they are painted over in the picture's mean colour, and the network runs again.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from recommender.features.encoder import Features

# Cells a side of a picture without a feature map, as a map of 224 pixels has.
GRID = 7


@dataclass(frozen=True)
class OccludedPicture(Features):
    """Features of one picture, which the network computes again for each mask."""

    pixels: np.ndarray
    """(side, side, 3) uint8: input of the network."""
    encode: Callable[[np.ndarray], Features]
    """Of at most `batch` inputs."""
    batch: int

    @property
    def grid(self) -> tuple[int, int]:
        """Rows and columns of the cells that a mask shows or hides."""
        return GRID, GRID

    def pooled_under(self, masks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See `Features.pooled_under`."""
        side = len(self.pixels)
        cells = np.arange(side) * GRID // side
        hidden = ~masks[:, cells[:, None], cells[None, :]]
        grey = self.pixels.mean(axis=(0, 1)).round().astype(np.uint8)
        found = []
        for start in range(0, len(masks), self.batch):
            covered = hidden[start : start + self.batch, ..., None]
            found.append(self.encode(np.where(covered, grey, self.pixels)))
        return (
            np.concatenate([features.max_pooled for features in found]),
            np.concatenate([features.avg_pooled for features in found]),
        )

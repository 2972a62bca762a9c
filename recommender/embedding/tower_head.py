"""Tower head: texts to both parts of a vector by the network's own text tower, without learning.

The tower's embedding of a text can be compared with the image network's embedding of a picture.
The two kinds lie apart in their space, texts around one mean and pictures around another (Liang et
al., "Mind the Gap", 2022), so that a text is first moved to where the pictures of the catalogue
are: its difference from the mean text, scaled to the spread of the pictures, is added to the mean
picture. Then the style part is what the index's head makes of the moved embedding, as of a
picture's. The colour part of a picture comes from its colours, which a text has not: a linear map
from the image network's embeddings to the colour parts of the catalogue's pictures, fitted by
`recommender.training.tower_head`, stands in for it.

Arrays by name (no pickle), for embeddings of c numbers:

    tower_scale, tower_offset           () and (c,): moved = scale * text + offset
    tower_colour, tower_colour_bias     (c, colour dimensions), (colour dimensions,)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from recommender.embedding.head import Head
from recommender.embedding.vectors import normalised
from recommender.features.text_tower import TextTower

SCALE, OFFSET = "tower_scale", "tower_offset"
COLOUR, COLOUR_BIAS = "tower_colour", "tower_colour_bias"


@dataclass(frozen=True)
class TowerHead:
    """Tower head: a text tower, the index's head, and the maps between them."""

    tower: TextTower
    head: Head
    """Of the index's pictures."""
    scale: float
    offset: np.ndarray
    """(c,) float32."""
    colour: tuple[np.ndarray, np.ndarray]
    """Weights (c, colour dimensions) and biases, float32."""

    def __call__(
        self, texts: Sequence[str], sentences: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Style and colour of n texts, (n, d) float32 each, of length one.

        Args:
            texts: n texts.
            sentences: sentence vectors, which the tower does not need.
        """
        return self.project(self.tower.embed(texts))

    def project(self, embedded: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Style and colour of the tower's embeddings, (n, c) float32 of length one."""
        moved = normalised(np.float32(self.scale) * embedded + self.offset)
        style = self.head.style(moved, np.zeros((len(moved), 0), np.float32))
        weights, bias = self.colour
        return style, normalised(moved @ weights + bias)

    @cached_property
    def dimensions(self) -> tuple[int, int]:
        """Dimensions of the style part and of the colour part."""
        style, colour = self.project(np.zeros((1, len(self.offset)), np.float32))
        return style.shape[1], colour.shape[1]

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Arrays by name; the tower and the head lie in other files of the index."""
        return {
            SCALE: np.array(self.scale, np.float32),
            OFFSET: self.offset,
            COLOUR: self.colour[0],
            COLOUR_BIAS: self.colour[1],
        }

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, np.ndarray], tower: TextTower, head: Head
    ) -> "TowerHead":
        """Tower head from its arrays; inverse of `to_arrays`.

        Args:
            arrays: by name.
            tower: of the index.
            head: of the index's pictures.

        Raises:
            KeyError: an array is missing.
            ValueError: the arrays do not fit together or to the tower.
        """
        colour = arrays[COLOUR].astype(np.float32), arrays[COLOUR_BIAS].astype(np.float32)
        offset = arrays[OFFSET].astype(np.float32)
        made = cls(tower, head, float(arrays[SCALE]), offset, colour)
        if offset.shape != (tower.dimensions,):
            raise ValueError("the arrays are of another text tower")
        # A first projection: arrays that do not fit each other or the head raise ValueError.
        _ = made.dimensions
        return made

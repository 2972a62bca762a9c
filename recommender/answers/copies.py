"""Copies of a picture: recognised by their pixels at a reduced size."""

from functools import lru_cache

import numpy as np
from PIL import Image

from recommender.index.catalogue import Catalogue
from recommender.index.exact_search import Neighbours

# Two pictures are copies when, reduced to `COPY_SIDE` pixels a side, they differ by less than
# `COPY_DIFFERENCE` (mean absolute difference, of 255). Of pictures saved again as JPEG of quality
# 75, 97% are found so; of the most similar pictures of other products 4%, nearly all of which show
# the same shot.
COPY_SIDE, COPY_DIFFERENCE = 24, 3.0
# Nearest neighbours that are compared: a copy is among them, and reading thumbnails takes time.
COMPARED = 8
# Reduced thumbnails that are kept, 1.7 KB each; reducing one takes 0.3 ms.
KEPT = 4096


def reduced(picture: Image.Image) -> np.ndarray:
    """(`COPY_SIDE`, `COPY_SIDE`, 3) int16: a picture's pixels for `difference`."""
    size = (COPY_SIDE, COPY_SIDE)
    small = picture.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
    return np.asarray(small).astype(np.int16)


class Copies:
    """Copies of a picture among the products of a catalogue.

    Args:
        catalogue: of the products.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._reduced = lru_cache(maxsize=KEPT)(self._reduced_thumbnail)

    def among(self, found: Neighbours, copy: np.ndarray | None) -> list[int]:
        """Ranks of the neighbours whose best picture is a copy of the query's.

        Args:
            found: nearest first; the first `COMPARED` are looked at.
            copy: the query's picture, reduced; None where the query has none.
        """
        if copy is None:
            return []
        pictures = zip(found.positions[:COMPARED].tolist(), found.pictures.tolist(), strict=False)
        return [
            rank
            for rank, picture in enumerate(pictures)
            if float(np.abs(self._reduced(*picture) - copy).mean()) < COPY_DIFFERENCE
        ]

    def _reduced_thumbnail(self, position: int, number: int) -> np.ndarray:
        """(`COPY_SIDE`, `COPY_SIDE`, 3) uint8."""
        return reduced(self._catalogue.thumbnail(position, number)).astype(np.uint8)

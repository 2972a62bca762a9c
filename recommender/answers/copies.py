"""Copies of a picture: recognised by their pixels at a reduced size."""

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


def reduced(picture: Image.Image) -> np.ndarray:
    """(`COPY_SIDE`, `COPY_SIDE`, 3) int16: a picture's pixels for `difference`."""
    size = (COPY_SIDE, COPY_SIDE)
    small = picture.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
    return np.asarray(small).astype(np.int16)


def copies_among(catalogue: Catalogue, found: Neighbours, copy: np.ndarray | None) -> list[int]:
    """Ranks of the neighbours whose best picture is a copy of the query's.

    Args:
        catalogue: of the neighbours.
        found: nearest first; the first `COMPARED` are looked at.
        copy: the query's picture, reduced; None where the query has none.
    """
    if copy is None:
        return []
    pictures = zip(found.positions[:COMPARED].tolist(), found.pictures.tolist(), strict=False)
    others = (reduced(catalogue.thumbnail(*picture)) for picture in pictures)
    return [
        rank
        for rank, other in enumerate(others)
        if float(np.abs(other - copy).mean()) < COPY_DIFFERENCE
    ]

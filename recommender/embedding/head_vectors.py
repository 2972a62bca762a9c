"""Vectors of pictures and items from their features, through a head."""

from collections.abc import Sequence

import numpy as np

from recommender.embedding.head import Head
from recommender.embedding.vectors import Labels

# Rows of a matrix product that makes an index's vectors.
BLOCK_ROWS = 256


def item_vectors(
    head: Head,
    max_pooled: np.ndarray,
    avg_pooled: np.ndarray,
    colour: np.ndarray,
    labels: Sequence[Labels],
) -> np.ndarray:
    """Item vectors as an index stores them, (n, d) float32: label prior added, not weighed."""
    style = head.style(max_pooled, avg_pooled)
    parts = head.add_label_prior(style, head.colour(style, colour), labels)
    return np.hstack(parts).astype(np.float32)


def query_vectors(
    head: Head, max_pooled: np.ndarray, avg_pooled: np.ndarray, colour: np.ndarray
) -> np.ndarray:
    """Vectors of n pictures without labels, (n, d) float32, not weighed."""
    style = head.style(max_pooled, avg_pooled)
    return np.hstack([style, head.colour(style, colour)]).astype(np.float32)


def picture_vectors(
    head: Head, max_pooled: np.ndarray, avg_pooled: np.ndarray, colour: np.ndarray
) -> np.ndarray:
    """Vectors of n pictures without the label prior, (n, d) float32, as an index stores them.

    A picture has the same vector, bit for bit, whichever pictures it is computed with: a matrix
    product of another number of rows may round otherwise, so that all have `BLOCK_ROWS` rows.
    """
    arrays = max_pooled, avg_pooled, colour
    blocks = [
        query_vectors(head, *(_padded(array[start : start + BLOCK_ROWS]) for array in arrays))
        for start in range(0, len(max_pooled), BLOCK_ROWS)
    ]
    return np.concatenate(blocks)[: len(max_pooled)]


def with_label_prior(
    head: Head, vectors: np.ndarray, style_dimensions: int, labels: Sequence[Labels]
) -> np.ndarray:
    """Item vectors, (n, d) float32, from `picture_vectors` and the items' labels."""
    style, colour = np.split(vectors, [style_dimensions], axis=1)
    return np.hstack(head.add_label_prior(style, colour, labels)).astype(np.float32)


def _padded(rows: np.ndarray) -> np.ndarray:
    missing = BLOCK_ROWS - len(rows)
    return np.pad(np.asarray(rows, np.float32), ((0, missing), (0, 0)))

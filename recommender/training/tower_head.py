"""Fitting of the tower head on the catalogue's pictures and phrases: closed forms, no learning."""

from collections.abc import Sequence

import numpy as np

from recommender.embedding.head import Head
from recommender.embedding.tower_head import TowerHead
from recommender.embedding.vectors import normalised
from recommender.features.table import Array
from recommender.features.text_tower import TextTower

# Pictures that are fitted on, at most, evenly spaced: their embeddings take 25 MB.
MOST_PICTURES = 8_192
# Strength of the L2 penalty of the colour map, in units of the embeddings' mean variance: in
# directions of less variance the embeddings say nothing of a colour that would carry over.
RIDGE = 0.1


def fit_tower_head(
    tower: TextTower,
    head: Head,
    pictures: Array,
    vectors: Array,
    style_dimensions: int,
    phrases: Sequence[str],
) -> TowerHead:
    """Tower head fitted on pictures and phrases; deterministic.

    Args:
        tower: text tower of the network that embedded the pictures.
        head: of the pictures' vectors.
        pictures: (n, c) float32, embeddings of the catalogue's pictures.
        vectors: (n, d) float32, their vectors without the label prior.
        style_dimensions: number of dimensions, the first, that are style.
        phrases: about products of the catalogue.
    """
    count = len(pictures)
    rows = np.linspace(0, count - 1, min(MOST_PICTURES, count), dtype=np.int64)
    shown = normalised(np.asarray(pictures[rows], np.float32))
    colours = np.asarray(vectors[rows], np.float32)[:, style_dimensions:]
    said = tower.embed(list(phrases))
    mean_shown, mean_said = shown.mean(axis=0), said.mean(axis=0)
    spread = _spread(said - mean_said)
    scale = _spread(shown - mean_shown) / spread if spread > 0 else 1.0
    weights = _ridge(shown - mean_shown, colours - colours.mean(axis=0))
    bias = colours.mean(axis=0) - mean_shown @ weights
    offset = mean_shown - np.float32(scale) * mean_said
    return TowerHead(tower, head, scale, offset.astype(np.float32), (weights, bias))


def _spread(rows: np.ndarray) -> float:
    """Root mean square length of rows."""
    return float(np.sqrt((rows.astype(np.float64) ** 2).sum(axis=1).mean()))


def _ridge(inputs: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """Weights of a ridge regression of centred rows, (inputs, outputs) float32."""
    rows = inputs.astype(np.float64)
    squares = rows.T @ rows
    penalty = RIDGE * np.trace(squares) / len(squares)
    # Where all pictures are equal there is nothing to learn, and any penalty gives zeros.
    squares[np.diag_indices_from(squares)] += penalty or 1.0
    return np.linalg.solve(squares, rows.T @ outputs).astype(np.float32)

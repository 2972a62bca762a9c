"""A map of the catalogue: similar products near each other, in two dimensions."""

from collections.abc import Callable

import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

from recommender.features.table import Array

# t-SNE grows faster than linear, so a sample is laid out and the others placed among it: 40,000
# products took minutes whole, and look the same.
LANDMARKS = 5_000
PERPLEXITY = 30
# Principal components that t-SNE gets to see; the usual first step (van der Maaten, 2008).
COMPONENTS = 50
PLACED_BY = 3
# Items that are placed at a time: their similarities to all landmarks are 20 MB.
_ROWS = 1024

Weighed = Callable[[np.ndarray], np.ndarray]


def lay_out(vectors: Array, weighed: Weighed, seed: int = 0) -> np.ndarray:
    """Places of items on the map by t-SNE (https://www.jmlr.org/papers/v9/vandermaaten08a.html).

    Args:
        vectors: (n, d) float32, the items' vectors, in memory or on disk.
        weighed: scales the parts of some of them as a comparison does.
        seed: of the sample; the same vectors and seed give the same map.

    Returns:
        (n, 2) float32 between 0 and 1.
    """
    n = len(vectors)
    if n < 4:
        return np.linspace([0.25, 0.5], [0.75, 0.5], n, dtype=np.float32).reshape(n, 2)
    sample = np.sort(np.random.default_rng(seed).permutation(n)[:LANDMARKS])
    landmarks = weighed(vectors[sample])
    components = min(COMPONENTS, len(sample), vectors.shape[1])
    reduced = PCA(components, random_state=seed).fit_transform(landmarks)
    perplexity = min(PERPLEXITY, (len(sample) - 1) / 3)
    places = TSNE(perplexity=perplexity, init="pca", random_state=seed).fit_transform(reduced)
    low, high = np.percentile(places, [0.5, 99.5], axis=0)
    places = np.clip((places - low) / np.maximum(high - low, 1e-9), 0, 1).astype(np.float32)
    if len(sample) == n:
        return places
    blocks = (vectors[start : start + _ROWS] for start in range(0, n, _ROWS))
    return np.concatenate([place(weighed(block), landmarks, places) for block in blocks])


def place(vectors: np.ndarray, landmarks: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Where vectors belong on a map: the mean place of their nearest landmarks.

    Args:
        vectors: (n, d) float32.
        landmarks: (m, d) float32, vectors that have a place.
        places: (m, 2) float32.

    Returns:
        (n, 2) float32; a landmark keeps its place.
    """
    k = min(PLACED_BY, len(landmarks))
    similarities = vectors @ landmarks.T
    nearest = np.argpartition(-similarities, k - 1, axis=1)[:, :k]
    values = np.take_along_axis(similarities, nearest, axis=1)
    # Sharp weights: an item sits beside its nearest landmark, not in the sea between islands.
    weights = np.exp((values - values.max(axis=1, keepdims=True)) * 50)
    weights /= weights.sum(axis=1, keepdims=True)
    return (places[nearest] * weights[:, :, None]).sum(axis=1).astype(np.float32)

"""A map of the catalogue: similar products near each other, in two dimensions."""

import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

# t-SNE grows faster than linear, so a sample is laid out and the others placed among it: 40,000
# products took minutes whole, and look the same.
LANDMARKS = 5_000
PERPLEXITY = 30
# Principal components that t-SNE gets to see; the usual first step (van der Maaten, 2008).
COMPONENTS = 50
PLACED_BY = 3
_ROWS = 4096


def lay_out(vectors: np.ndarray, seed: int = 0) -> np.ndarray:
    """Places of items on the map by t-SNE (https://www.jmlr.org/papers/v9/vandermaaten08a.html).

    Args:
        vectors: (n, d) float32, the items' vectors, parts weighed as a query weighs them.
        seed: of the sample; the same vectors and seed give the same map.

    Returns:
        (n, 2) float32 between 0 and 1.
    """
    n = len(vectors)
    if n < 4:
        return np.linspace([0.25, 0.5], [0.75, 0.5], n, dtype=np.float32).reshape(n, 2)
    sample = np.sort(np.random.default_rng(seed).permutation(n)[:LANDMARKS])
    components = min(COMPONENTS, len(sample), vectors.shape[1])
    reduced = PCA(components, random_state=seed).fit_transform(vectors[sample])
    perplexity = min(PERPLEXITY, (len(sample) - 1) / 3)
    places = TSNE(perplexity=perplexity, init="pca", random_state=seed).fit_transform(reduced)
    low, high = np.percentile(places, [0.5, 99.5], axis=0)
    places = np.clip((places - low) / np.maximum(high - low, 1e-9), 0, 1).astype(np.float32)
    if len(sample) == n:
        return places
    return place(vectors, vectors[sample], places)


def place(vectors: np.ndarray, landmarks: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Where vectors belong on a map: the mean place of their nearest landmarks.

    Args:
        vectors: (n, d) float32.
        landmarks: (m, d) float32, vectors that have a place.
        places: (m, 2) float32.

    Returns:
        (n, 2) float32; a landmark keeps its place.
    """
    placed = np.empty((len(vectors), 2), np.float32)
    k = min(PLACED_BY, len(landmarks))
    for start in range(0, len(vectors), _ROWS):
        similarities = vectors[start : start + _ROWS] @ landmarks.T
        nearest = np.argpartition(-similarities, k - 1, axis=1)[:, :k]
        values = np.take_along_axis(similarities, nearest, axis=1)
        # Sharp weights: an item sits beside its nearest landmark, not in the sea between islands.
        weights = np.exp((values - values.max(axis=1, keepdims=True)) * 50)
        weights /= weights.sum(axis=1, keepdims=True)
        placed[start : start + _ROWS] = (places[nearest] * weights[:, :, None]).sum(axis=1)
    return placed

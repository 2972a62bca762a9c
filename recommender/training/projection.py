"""Map projection of a catalogue: t-SNE of a sample, the other items placed near it."""

from collections.abc import Callable

import numpy as np

from recommender.features.table import Array

# Items in the sample that t-SNE lays out. Its time grows faster than linear: 40,000 products take
# minutes, and their map looks the same.
LANDMARKS = 5_000
PERPLEXITY = 30
# Principal components that t-SNE is given, the usual reduction (van der Maaten, 2008).
COMPONENTS = 50
# Landmarks whose coordinates are averaged for an item outside of the sample.
NEAREST_LANDMARKS = 3
# Inverse temperature of the averaging: high, so that an item lies beside its nearest landmark and
# not in the empty space between clusters.
SHARPNESS = 50
# Percentiles of the coordinates that become 0 and 1: outliers must not shrink the map.
LOWEST, HIGHEST = 0.5, 99.5
# Items in a block: their similarities to all landmarks take 20 MB.
_ROWS = 1024

Weighed = Callable[[np.ndarray], np.ndarray]


def lay_out(vectors: Array, weighed: Weighed, seed: int = 0) -> np.ndarray:
    """Map coordinates of items by t-SNE (https://www.jmlr.org/papers/v9/vandermaaten08a.html).

    Args:
        vectors: (n, d) float32, item vectors, in memory or on disk.
        weighed: weighs style and colour of (m, d) vectors as a comparison does.
        seed: of sample and t-SNE; the same vectors and seed give the same map.

    Returns:
        (n, 2) float32 between 0 and 1.
    """
    from sklearn.decomposition import PCA  # late: takes a second, and an update lays out no map
    from sklearn.manifold import TSNE

    n = len(vectors)
    if n < 4:
        return np.linspace([0.25, 0.5], [0.75, 0.5], n, dtype=np.float32).reshape(n, 2)
    sample = np.sort(np.random.default_rng(seed).permutation(n)[:LANDMARKS])
    landmarks = weighed(vectors[sample])
    components = min(COMPONENTS, len(sample), vectors.shape[1])
    reduced = PCA(components, random_state=seed).fit_transform(landmarks)
    perplexity = min(PERPLEXITY, (len(sample) - 1) / 3)
    coordinates = TSNE(perplexity=perplexity, init="pca", random_state=seed).fit_transform(reduced)
    low, high = np.percentile(coordinates, [LOWEST, HIGHEST], axis=0)
    coordinates = np.clip((coordinates - low) / np.maximum(high - low, 1e-9), 0, 1).astype(
        np.float32
    )
    if len(sample) == n:
        return coordinates
    blocks = (vectors[start : start + _ROWS] for start in range(0, n, _ROWS))
    return np.concatenate(
        [coordinates_near(weighed(block), landmarks, coordinates) for block in blocks]
    )


def coordinates_near(
    vectors: np.ndarray, landmarks: np.ndarray, coordinates: np.ndarray
) -> np.ndarray:
    """Map coordinates of vectors: weighted mean of their nearest landmarks' coordinates.

    Args:
        vectors: (n, d) float32.
        landmarks: (m, d) float32, vectors with known coordinates.
        coordinates: (m, 2) float32.

    Returns:
        (n, 2) float32; a landmark keeps its coordinates.
    """
    k = min(NEAREST_LANDMARKS, len(landmarks))
    similarities = vectors @ landmarks.T
    nearest = np.argpartition(-similarities, k - 1, axis=1)[:, :k]
    values = np.take_along_axis(similarities, nearest, axis=1)
    weights = np.exp((values - values.max(axis=1, keepdims=True)) * SHARPNESS)
    weights /= weights.sum(axis=1, keepdims=True)
    return (coordinates[nearest] * weights[:, :, None]).sum(axis=1).astype(np.float32)

"""Further products that texts are told apart from: random ones, and neighbours of their own."""

import numpy as np

from recommender.features.table import Array

# Products of a group in which neighbours are sought, and neighbours of each product: among all of
# 35,886 products the search takes nine times as long.
GROUP, NEIGHBOURS = 4096, 16


class Negatives:
    """Draws of further products."""

    def __init__(self, vectors: Array, rows: np.ndarray, seed: int) -> None:
        """
        Args:
            vectors: (n, d) float32 of length one in each part.
            rows: (m,) positions of the products to draw from; two at least.
            seed: of the groups and the draws.
        """
        self._rows, self._seed = rows, seed
        self._position: dict[int, int] = {}
        depth = min(NEIGHBOURS, len(rows) // max(1, round(len(rows) / GROUP)) - 1)
        self._neighbours = np.zeros((len(vectors), depth), np.int64)
        shuffled = np.random.default_rng(seed).permutation(rows)
        for group in np.array_split(shuffled, max(1, round(len(rows) / GROUP))):
            own = np.asarray(vectors[group])
            products = own @ own.T
            np.fill_diagonal(products, -np.inf)
            nearest = np.argpartition(-products, depth - 1, axis=1)[:, :depth]
            self._neighbours[group] = group[nearest]

    def draw(self, own: np.ndarray, near: int, random: int, step: int) -> np.ndarray:
        """Neighbours of some products, and products at random, (near + random,) int64.

        Args:
            own: (b,) positions of products.
            near, random: numbers of products.
            step: a number; equal steps draw alike.
        """
        generator = np.random.default_rng((self._seed, step))
        of = own[generator.integers(len(own), size=near)]
        which = generator.integers(self._neighbours.shape[1], size=near)
        anywhere = self._rows[generator.integers(len(self._rows), size=random)]
        return np.concatenate([self._neighbours[of, which], anywhere])

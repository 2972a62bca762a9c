"""Exact k-nearest neighbours: 8-bit vectors in memory, float32 rescoring from the file.

Vectors are those of pictures, and the results are products: the score of a product is that of its
best picture. For vectors of length one, ordering by Euclidean distance d and by inner product s is
the same (d^2 = 2 - 2s), so the search looks for the greatest inner products, in two steps:

1. scan: all vectors, rounded to 8 bits, against the rounded query (NumKong's SIMD kernels);
2. rescore: the candidates in float32, read from the vectors' file.

The result is exact. Rounding moves a vector x to x' by at most e, and the query q by at most e'. By
Cauchy-Schwarz an inner product then changes by at most |q| e + e' |x'|. Candidates are all vectors
that can reach the k-th best score within these bounds. The scan is limited by memory traffic, which
rounding reduces from 4 bytes a dimension to 1. Where products have several pictures, the k-th best
score is that of the k-th best product: of all pictures of a product, the one with the greatest
lower bound counts.
"""

import itertools
import mmap
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numkong
import numpy as np

from recommender.errors import IndexFormatError
from recommender.index.catalogue import Catalogue
from recommender.index.filters import Filters

VECTORS_FILE = "vectors.npy"

# Rows rounded at a time when an index is opened; limits the float32 copy to tens of MB.
_ROUNDING_ROWS = 4096
_INT8_MAX = 127

# Margin of the candidates' threshold, for rounding in float32 sums.
_FLOAT32_SLACK = 1e-5


@dataclass(frozen=True)
class Neighbours:
    """Search result: products, nearest first, with the inner products of their best pictures."""

    positions: np.ndarray
    """(m,) int64, m at most k: of the products, each once."""
    scores: np.ndarray
    """(m,) float32."""
    pictures: np.ndarray
    """(m,) int64: number of each product's best picture, 0 for the main one."""


class VectorSearch(Protocol):
    """Interface of the search engines, in memory and Milvus."""

    def search(
        self, query: np.ndarray, k: int, filters: Filters, exclude: Sequence[int] = ()
    ) -> Neighbours:
        """The k products with the greatest inner products among those that pass the filters."""
        ...

    def vectors(self, positions: Sequence[int] | np.ndarray) -> np.ndarray:
        """Stored vectors of the main pictures of products, (m, d) float32."""
        ...

    def picture_vectors(self, position: int) -> np.ndarray:
        """Stored vectors of all pictures of a product, (m, d) float32, the main one first."""
        ...

    def close(self) -> None:
        """Release of files, threads and connections; no search may follow."""
        ...


class MemorySearch:
    """Exact search in memory.

    Args:
        path: `vectors.npy`, (p, d) float32 or float16, a row per picture; each row, or each part of
            it, of length one.
        catalogue: for the filters, and the products of the pictures.

    Raises:
        IndexFormatError: the file is missing, damaged, or does not fit the catalogue.
    """

    def __init__(self, path: Path, catalogue: Catalogue) -> None:
        self._catalogue, self._stored = catalogue, StoredVectors(path)
        stored = self._stored.mapped()
        self._pictures = catalogue.pictures
        if stored.ndim != 2 or len(stored) != len(self._pictures):
            raise IndexFormatError(
                f"{path.name} of the index has shape {stored.shape} for {len(catalogue)} items "
                f"with {len(self._pictures)} pictures. Download or build the index again."
            )
        n, self.dimensions = stored.shape
        self._codes = np.empty(stored.shape, np.int8)
        self._scales = np.empty(n, np.float32)
        self._lengths = np.empty(n, np.float32)
        self._errors = np.empty(n, np.float32)
        for start in range(0, n, _ROUNDING_ROWS):
            rows = slice(start, start + _ROUNDING_ROWS)
            with np.errstate(invalid="ignore"):  # what is no number is refused below
                codes, scales, lengths, errors = _round(np.asarray(stored[rows], np.float32))
            self._codes[rows], self._scales[rows] = codes, scales
            self._lengths[rows], self._errors[rows] = lengths, errors
        if not np.isfinite(self._errors).all():
            raise IndexFormatError(
                f"{path.name} of the index holds values that are no numbers. "
                "Download or build the index again."
            )
        workers = min(len(os.sched_getaffinity(0)), max(1, n // 10_000))
        bounds = np.linspace(0, n, workers + 1).astype(int)
        self._slices = [slice(a, b) for a, b in itertools.pairwise(bounds)]
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="search")

    def search(
        self, query: np.ndarray, k: int, filters: Filters, exclude: Sequence[int] = ()
    ) -> Neighbours:
        """The k nearest products that pass the filters.

        Args:
            query: (d,) float32 of any length; its parts may be scaled to weigh them.
            k: number of products; the result has fewer only if fewer pass.
            filters: see `Catalogue.allowed`.
            exclude: positions of products to leave out.

        Raises:
            FilterError: unknown attribute or value.
        """
        allowed = self._catalogue.allowed(filters)
        scores, slack = self._scan(np.asarray(query, np.float32))
        scores[self._pictures.rows_of(exclude)] = -np.inf
        rows, starts = None, None if self._pictures.is_one_each else self._pictures.first[:-1]
        if allowed is not None:
            # The later steps then handle only what passes, which saves what the mask costs.
            rows, starts = self._pictures.rows_passing(allowed)
            scores, slack = scores[rows], slack[rows]
        lower = scores - slack
        # The score of a product is at least the greatest lower bound of its pictures.
        best = lower if starts is None or not len(starts) else np.maximum.reduceat(lower, starts)
        k = min(k, int(np.isfinite(best).sum()))
        if k == 0:
            nothing = np.zeros(0, np.int64)
            return Neighbours(nothing, np.zeros(0, np.float32), nothing)
        # The k-th best score is at least the k-th greatest lower bound.
        threshold = best[np.argpartition(best, -k)[-k]]
        candidates = np.flatnonzero(scores + slack >= threshold - _FLOAT32_SLACK)
        if rows is not None:
            candidates = rows[candidates]
        # `einsum` sums row by row, so that equal vectors get equal sums; a matrix product may not.
        exact = np.einsum("nd,d->n", self._stored.rows(candidates), query)
        # Ties are ordered by position, as in a stable sort of the whole catalogue.
        order = np.lexsort((candidates, -exact))
        positions, pictures = self._pictures.of_rows(candidates[order])
        if starts is not None:
            first = np.sort(np.unique(positions, return_index=True)[1])
            order, positions, pictures = order[first], positions[first], pictures[first]
        return Neighbours(positions[:k], exact[order[:k]], pictures[:k])

    def vectors(self, positions: Sequence[int] | np.ndarray) -> np.ndarray:
        """Stored vectors of main pictures, (m, d) float32, read from the file."""
        return self._stored.rows(self._pictures.first[np.asarray(positions, np.int64)])

    def picture_vectors(self, position: int) -> np.ndarray:
        """Stored vectors of all pictures of a product, (m, d) float32, read from the file."""
        return self._stored.rows(self._pictures.rows_of([position]))

    def close(self) -> None:
        """Release of the file and the threads; no search may follow."""
        self._pool.shutdown()
        self._stored.close()

    def _scan(self, query: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Inner products of the rounded vectors and their error bounds, (n,) float32 each."""
        codes, scales, _, errors = _round(query[None])
        n = len(self._codes)
        scores = np.empty(n, np.float32)

        def scan(rows: slice) -> None:
            dots = np.asarray(numkong.cdist(self._codes[rows], codes, metric="dot"))
            np.multiply(
                dots[:, 0], self._scales[rows] * scales[0], out=scores[rows], casting="unsafe"
            )

        list(self._pool.map(scan, self._slices))
        slack = self._errors * float(np.linalg.norm(query)) + self._lengths * float(errors[0])
        return scores, slack


class StoredVectors:
    """Vectors of an index in their file, which stays open.

    The index's folder may be replaced by another one while this index still answers. By the path,
    rows of the new file would then be read.

    Args:
        path: `vectors.npy`.

    Raises:
        IndexFormatError: the file is missing or damaged.
    """

    def __init__(self, path: Path) -> None:
        stored = stored_vectors(path)
        if stored.dtype not in (np.float32, np.float16) or not stored.flags.c_contiguous:
            raise IndexFormatError(
                f"{path.name} of the index holds no rows of float32 or float16. "
                "Download or build the index again."
            )
        self._dtype, self._offset, self.shape = stored.dtype, stored.offset, stored.shape
        self._file = path.open("rb")

    def mapped(self) -> np.ndarray:
        """(n, d) float32 or float16, memory-mapped.

        Mapped anew by each call, so that pages once read do not count as this process's memory.
        """
        size = self._offset + int(np.prod(self.shape)) * self._dtype.itemsize
        mapping = mmap.mmap(self._file.fileno(), size, access=mmap.ACCESS_READ)
        return np.ndarray(self.shape, self._dtype, mapping, self._offset)

    def rows(self, positions: Sequence[int] | np.ndarray) -> np.ndarray:
        """Vectors at positions, (m, d) float32."""
        return np.asarray(self.mapped()[np.asarray(positions, np.int64)], np.float32)

    def close(self) -> None:
        """Closing of the file."""
        self._file.close()


def stored_vectors(path: Path) -> np.memmap:
    """Vectors of an index, (n, d) float32 or float16, memory-mapped.

    Raises:
        IndexFormatError: the file is missing or damaged.
    """
    try:
        return np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise IndexFormatError(
            f"The index lacks {path.name}. Download or build it again."
        ) from None
    except (ValueError, OSError) as error:
        raise IndexFormatError(
            f"{path.name} of the index is damaged. Download or build it again."
        ) from error


def _round(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Rounding of (n, d) vectors: int8 codes, and (n,) scales, lengths and rounding errors."""
    scales = np.abs(vectors).max(axis=1) / _INT8_MAX
    scales[scales == 0] = 1
    codes = np.rint(vectors / scales[:, None]).astype(np.int8)
    rounded = codes * scales[:, None]
    lengths = np.linalg.norm(rounded, axis=1)
    errors = np.linalg.norm(vectors - rounded, axis=1)
    return codes, scales.astype(np.float32), lengths, errors

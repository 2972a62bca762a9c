"""Synthetic vectors from an index's own: more products, more dimensions, or nearby queries.

The search leaves out vectors that cannot be near, so its time depends on the distances between
vectors. Synthetic vectors therefore keep the real distances, or are mixes of real products.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from recommender.embedding.vectors import normalised
from recommender.index.catalogue import Catalogue
from recommender.index.catalogue_file import CATALOGUE_FILE, OWN_COLUMNS
from recommender.index.exact_search import VECTORS_FILE

# Length of the noise added to a vector of length one, for a query with another picture of a
# product. Its inner product with the nearest item is then 0.98.
QUERY_NOISE = 0.2
PRODUCT_NOISE = 0.2

# Rows made and written at a time; limits memory to tens of MB.
ROWS = 16_384


def weighed(stored: np.ndarray, style_dimensions: int, colour_weight: float) -> np.ndarray:
    """Stored vectors as rows of length one, for the baseline's search.

    Each part is multiplied by the root of its weight, so that the inner product of two rows is the
    weighed sum that orders this project's results.

    Args:
        stored: (n, d) float32, parts of length one each.
        style_dimensions: number of dimensions, the first, that are style.
        colour_weight: weight of the other dimensions, 0-1.
    """
    scale = np.full(stored.shape[1], np.sqrt(colour_weight), np.float32)
    scale[:style_dimensions] = np.sqrt(1 - colour_weight)
    return np.asarray(stored, np.float32) * scale


def expanded(vectors: np.ndarray, dimensions: int, seed: int) -> np.ndarray:
    """Vectors in more dimensions with the same inner products and distances.

    Args:
        vectors: (n, d) float32.
        dimensions: number of dimensions; if not above d, the vectors are returned unchanged.
        seed: of the random orthonormal map.

    Returns:
        (n, dimensions) float32.
    """
    d = vectors.shape[1]
    if d >= dimensions:
        return vectors
    gaussian = np.random.default_rng(seed).standard_normal((dimensions, d))
    orthonormal, _ = np.linalg.qr(gaussian)
    return vectors @ orthonormal.T.astype(np.float32)


def queries_near(
    vectors: np.ndarray, count: int, seed: int, parts: Sequence[int] = ()
) -> np.ndarray:
    """Queries near random vectors of an index.

    Args:
        vectors: (n, d) float32.
        count: number of queries, at most n.
        seed: of the choice and the noise.
        parts: dimensions where a new part of a vector begins.

    Returns:
        (count, d) float32.
    """
    rng = np.random.default_rng(seed)
    chosen = np.asarray(vectors[rng.choice(len(vectors), count, replace=False)], np.float32)
    return _of_length_one(chosen + _noise(rng, chosen.shape, QUERY_NOISE), parts)


def products_between(
    vectors: np.ndarray, count: int, seed: int, parts: Sequence[int] = ()
) -> tuple[np.ndarray, np.ndarray]:
    """Synthetic products: mixes of two random vectors, with noise.

    Args:
        vectors: (n, d) float32, with parts of length one.
        count: number of products.
        seed: of the pairs, fractions and noise.
        parts: dimensions where a new part of a vector begins.

    Returns:
        (count, d) float32, with parts of length one, and (count,) int64: the first of the two
        products, which gives its attributes.
    """
    rng = np.random.default_rng(seed)
    first, second = rng.integers(0, len(vectors), (2, count))
    fraction = rng.random((count, 1), np.float32)
    mixed = fraction * vectors[first] + (1 - fraction) * vectors[second]
    return _of_length_one(mixed + _noise(rng, mixed.shape, PRODUCT_NOISE), parts), first


def write_products(
    folder: Path,
    vectors: np.ndarray,
    catalogue: Catalogue,
    count: int,
    seed: int,
    parts: Sequence[int] = (),
) -> None:
    """Write synthetic products, slice by slice: a folder of vectors and a catalogue.

    They have no thumbnails. With the same seed, a smaller count gives the first of a larger one.

    Args:
        folder: created by this function.
        vectors: (n, d) float32, of the real products.
        catalogue: of the real products.
        count: number of products.
        seed, parts: see `products_between`.
    """
    folder.mkdir()
    shape = (count, vectors.shape[1])
    path = folder / VECTORS_FILE
    out = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)
    schema = _schema(catalogue)
    columns = {name: pa.array(catalogue.labels(name)) for name in catalogue.attributes}
    columns["name"] = pa.array([catalogue.name(position) for position in range(len(catalogue))])
    with pq.ParquetWriter(folder / CATALOGUE_FILE, schema) as writer:
        for start in range(0, count, ROWS):
            n = min(ROWS, count - start)
            made, first = products_between(vectors, ROWS, seed + start, parts)
            out[start : start + n] = made[:n]
            rows = {name: column.take(pa.array(first[:n])) for name, column in columns.items()}
            rows["id"] = pa.array([str(start + i) for i in range(n)])
            rows |= {name: pa.array(made[:n, 0]) for name in ("map_x", "map_y")}
            unknown = {field.name: pa.nulls(n, field.type) for field in schema}
            writer.write_table(pa.table({**unknown, **rows}, schema=schema))
    out.flush()


def _schema(catalogue: Catalogue) -> pa.Schema:
    text = dict.fromkeys(("id", "name", "duplicate_of", *catalogue.attributes), pa.string())
    image = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    types = {**text, "map_x": pa.float32(), "map_y": pa.float32(), "image": image}
    return pa.schema([(name, types[name]) for name in (*OWN_COLUMNS, *catalogue.attributes)])


def _noise(rng: np.random.Generator, shape: tuple[int, ...], length: float) -> np.ndarray:
    """Gaussian rows of about the given length."""
    return rng.standard_normal(shape, np.float32) * np.float32(length / np.sqrt(shape[1]))


def _of_length_one(rows: np.ndarray, parts: Sequence[int]) -> np.ndarray:
    return np.hstack([normalised(part) for part in np.split(rows, list(parts), axis=1)])

"""Pictures of an index: which product each row of the vectors shows, and further thumbnails.

`pictures.parquet` has one row per row of `vectors.npy`, ordered by product, then by number:

    product   int32: position of the product in `catalogue.parquet`
    number    int16: of the picture among those of its product, from 0, the main one
    digest    string: SHA-256 of size and upright RGB pixels, equal for pixel-identical pictures
    content   string or null: SHA-256 of its file
    place     string or null: hash of its address, or of its path, size and time of change
    fitted    bool: whether the head was fitted on a catalogue with this picture
    image     struct of bytes (JPEG, PNG or WebP) and path: the thumbnail; null for the main
              picture, whose thumbnail is in `catalogue.parquet`

An index without this file has one picture of each product.
"""

import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from recommender.errors import IndexFormatError

KEYS = ("digest", "content", "place", "fitted")
PICTURES_FILE = "pictures.parquet"

# Rows of a row group: small, because one thumbnail takes reading its whole group.
ROW_GROUP = 32
CACHED_ROW_GROUPS = 64


class ProductPictures:
    """Pictures by row of the vectors, and rows by product.

    Args:
        products: number of products.
        path: a `pictures.parquet`; None: one picture of each product.

    Raises:
        IndexFormatError: the file is missing or damaged, or its rows do not belong to the products.
    """

    def __init__(self, products: int, path: Path | None = None) -> None:
        self.first = np.arange(products + 1)
        """(n + 1,) int64: row of each product's main picture; the last is the number of rows."""
        self._file: pq.ParquetFile | None = None
        if path is not None:
            self._open(path, products)
        self._reading = threading.Lock()
        self._thumbnails = lru_cache(maxsize=CACHED_ROW_GROUPS)(self._read_row_group)

    def __len__(self) -> int:
        return int(self.first[-1])

    @property
    def is_one_each(self) -> bool:
        """Whether every product has one picture, so that rows are positions of products."""
        return len(self) == len(self.first) - 1

    @property
    def owners(self) -> np.ndarray:
        """(p,) int64, ascending: position of the product on each picture."""
        return np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))

    def of_rows(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Products and numbers, (m,) int64 each, of the pictures in some rows."""
        if self.is_one_each:
            return rows, np.zeros_like(rows)
        positions = np.searchsorted(self.first, rows, side="right") - 1
        return positions, rows - self.first[positions]

    def rows_of(self, positions: Sequence[int]) -> np.ndarray:
        """(m,) int64: rows of all pictures of some products."""
        if self.is_one_each:
            return np.asarray(positions, np.int64)
        rows = [np.arange(self.first[p], self.first[p + 1]) for p in positions]
        return np.concatenate([np.zeros(0, np.int64), *rows])

    def rows_passing(self, passing: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
        """Rows of all pictures of the products that pass.

        Args:
            passing: (n,) bool.

        Returns:
            (m,) int64, ascending, and where among them the pictures of each of the products start;
            None where every product has one.
        """
        if self.is_one_each:
            return np.flatnonzero(passing), None
        counts = np.diff(self.first)
        own = counts[passing]
        return np.flatnonzero(np.repeat(passing, counts)), np.cumsum(own) - own

    def count(self, position: int) -> int:
        """Number of pictures of a product."""
        return int(self.first[position + 1] - self.first[position])

    def digests(self) -> list[str] | None:
        """(p,) digests, read from the file; None where the index has none."""
        return None if self._file is None else self._file.read(["digest"])["digest"].to_pylist()

    def keys(self) -> dict[str, list[Any]]:
        """(p,) digests, contents, places and `fitted`; only the columns that the index has."""
        if self._file is None:
            return {}
        has = set(self._file.schema_arrow.names)
        table = self._file.read([name for name in KEYS if name in has])
        return {name: table[name].to_pylist() for name in table.column_names}

    def thumbnail_bytes(self, position: int, number: int) -> bytes:
        """File of the thumbnail of a further picture.

        Args:
            position: of the product.
            number: of the picture, from 1.

        Raises:
            IndexError: the product has no such picture.
        """
        if not 1 <= number < self.count(position):
            raise IndexError(f"product {position} has no picture {number}")
        group, row = divmod(int(self.first[position]) + number, ROW_GROUP)
        content: bytes = self._thumbnails(group)[row].as_py()
        return content

    def _open(self, path: Path, products: int) -> None:
        damaged = f"{path.name} of the index is damaged. Download or build the index again."
        try:
            self._file = pq.ParquetFile(path, memory_map=False)
            table = self._file.read(columns=["product", "number"])
            owners = table["product"].to_numpy()
            numbers = table["number"].to_numpy()
            metadata = self._file.metadata
            sizes = [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)]
        except FileNotFoundError:
            raise IndexFormatError(
                f"The index lacks {path.name}. Download or build it again."
            ) from None
        except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as error:
            raise IndexFormatError(damaged) from error
        if table.schema.types != [pa.int32(), pa.int16()] or set(sizes[:-1]) - {ROW_GROUP}:
            raise IndexFormatError(damaged)
        counts = np.bincount(owners[owners >= 0], minlength=products)
        first = np.concatenate([[0], np.cumsum(counts)])
        fits = len(counts) == products and counts.all() and first[-1] == len(owners)
        if not fits or not np.array_equal(owners, np.repeat(np.arange(products), counts)):
            raise IndexFormatError(
                f"{path.name} of the index does not have the pictures of its {products:,} products "
                "in their order. Download or build the index again."
            )
        if not np.array_equal(numbers, np.arange(len(owners)) - first[owners]):
            raise IndexFormatError(damaged)
        self.first = first

    def close(self) -> None:
        """Closing of the file, after which nothing can be read from it."""
        with self._reading:
            if self._file is not None:
                self._file.close()

    def _read_row_group(self, group: int) -> pa.BinaryArray:
        assert self._file is not None
        with self._reading:  # Arrow does not document reading one file from several threads.
            table = self._file.read_row_group(group, columns=["image.bytes"], use_threads=False)
        return table["image"].combine_chunks().field("bytes")

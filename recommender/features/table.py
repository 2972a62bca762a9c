"""Feature table: pooled network features and colour features of n pictures, in memory or on disk.

On disk a table is a folder of three NumPy files (.npy), readable without this code:

    features/
      max_pooled.npy    (n, channels) float32
      avg_pooled.npy    (n, channels) float32
      colour.npy        (n, d) float32
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, TypeAlias

import numpy as np

# Rows of a block where a whole table is read: 16 KB a row, 64 MB a block.
BLOCK = 4096

NAMES = ("max_pooled", "avg_pooled", "colour")


class DiskArray:
    """Array in an .npy file: indexing copies the requested rows into memory.

    The file is mapped anew for each access. Pages of an open map count as memory of the process, so
    that a loop over a catalogue's features would end with all of them in memory.

    Args:
        path: an .npy file in C order.
        rows: (n,) int, positions of the rows, in order; None: all rows.
    """

    def __init__(self, path: Path, rows: np.ndarray | None = None) -> None:
        self.path, self._rows = path, rows
        stored = np.load(path, mmap_mode="r", allow_pickle=False)
        self._offset, self._stored_shape = stored.offset, stored.shape
        self.dtype = stored.dtype
        count = stored.shape[0] if rows is None else len(rows)
        self.shape = (count, *stored.shape[1:])
        self.ndim = len(self.shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, key: Any) -> np.ndarray:
        """Copy of rows, or of columns of rows; NumPy's indexing."""
        rows, *columns = key if isinstance(key, tuple) else (key,)
        if self._rows is not None:
            rows = self._rows[rows]
        stored = np.memmap(self.path, self.dtype, "r", self._offset, self._stored_shape)
        selected = stored[rows]
        return np.array(selected[..., *columns] if columns else selected)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return self[:] if dtype is None else self[:].astype(dtype, copy=False)

    def take(self, rows: np.ndarray) -> "DiskArray":
        """Rows at positions, (m,) int; they stay on disk."""
        rows = np.asarray(rows, np.int64)
        return DiskArray(self.path, rows if self._rows is None else self._rows[rows])


Array: TypeAlias = np.ndarray | DiskArray


@dataclass(frozen=True)
class FeatureTable:
    """Feature table of n pictures; float32, each array in memory or on disk."""

    max_pooled: Array
    """(n, channels): maximum of the last feature map over its positions, or an embedding."""
    avg_pooled: Array
    """(n, channels): mean over its positions; (n, 0) beside an embedding."""
    colour: Array
    """(n, d): `features.colour.colour_features`; (n, 0) in a table without colour."""

    def __len__(self) -> int:
        return len(self.max_pooled)

    @property
    def arrays(self) -> tuple[Array, Array, Array]:
        """Max-pooled, average-pooled and colour features."""
        return self.max_pooled, self.avg_pooled, self.colour

    @property
    def in_memory(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Max-pooled, average-pooled and colour features, read from the disk where necessary."""
        highest, mean, colour = (np.asarray(array) for array in self.arrays)
        return highest, mean, colour

    def take(self, rows: np.ndarray) -> "FeatureTable":
        """Rows at positions, (m,) int: arrays in memory are copied, arrays on disk stay there."""
        return FeatureTable(
            *(a.take(rows) if isinstance(a, DiskArray) else a[rows] for a in self.arrays)
        )

    def load(self) -> "FeatureTable":
        """Copy of the table in memory."""
        return FeatureTable(*self.in_memory)

    def blocks(self, size: int = BLOCK) -> Iterator[tuple[slice, "FeatureTable"]]:
        """Blocks of at most `size` rows in order: their positions, and a table in memory."""
        for start in range(0, len(self), size):
            rows = slice(start, min(start + size, len(self)))
            yield rows, FeatureTable(*(np.asarray(array[rows]) for array in self.arrays))

    @classmethod
    def empty(
        cls, channels: int, colour_dimensions: int = 0, *, averages: bool = True
    ) -> "FeatureTable":
        """Table without rows; without `averages`, of a network that gives an embedding alone."""
        sizes = channels, channels if averages else 0, colour_dimensions
        return cls(*(np.zeros((0, size), np.float32) for size in sizes))

    @classmethod
    def concatenate(cls, tables: Iterable["FeatureTable"]) -> "FeatureTable":
        """Concatenation of one or more tables, in memory."""
        columns = zip(*(table.in_memory for table in tables), strict=True)
        return cls(*(np.concatenate(arrays) for arrays in columns))

    @classmethod
    def open(cls, folder: Path) -> "FeatureTable":
        """Table in a folder written by `FeatureWriter`; its rows stay on disk."""
        return cls(*(DiskArray(folder / f"{name}.npy") for name in NAMES))


@dataclass(frozen=True)
class AugmentedFeatures:
    """Augmented features: features of v synthetic pictures of a catalogue's products."""

    features: FeatureTable
    products: np.ndarray
    """(v,) int64: position of the product on each picture; a product may occur several times."""

    @property
    def max_pooled(self) -> Array:
        """(v, channels) float32."""
        return self.features.max_pooled

    @property
    def avg_pooled(self) -> Array:
        """(v, channels) float32."""
        return self.features.avg_pooled

    @property
    def colour(self) -> Array:
        """(v, d) float32."""
        return self.features.colour

    def of(self, rows: np.ndarray) -> "AugmentedFeatures":
        """Augmented features of some products, which are renumbered 0 to n - 1.

        Args:
            rows: (n,) int, ascending: positions of the products; at least one.
        """
        position = np.searchsorted(rows, self.products)
        kept = (position < len(rows)) & (rows[np.minimum(position, len(rows) - 1)] == self.products)
        return AugmentedFeatures(self.features.take(np.flatnonzero(kept)), position[kept])


class ArrayWriter:
    """Writer of an .npy file of float32 rows, block by block; the row count may be unknown.

    Args:
        path: the file; replaced.
        columns: number of columns.
    """

    def __init__(self, path: Path, columns: int) -> None:
        self._path, self._columns, self.rows = path, columns, 0
        self._file: BinaryIO = path.open("wb")
        self._write_header()

    def append(self, rows: np.ndarray) -> None:
        """Appending of (m, columns) rows.

        Raises:
            ValueError: the number of columns is another one.
        """
        if rows.ndim != 2 or rows.shape[1] != self._columns:
            raise ValueError(f"rows of {self._columns} columns are wanted, got {rows.shape}")
        self._file.write(np.ascontiguousarray(rows, "<f4").data)
        self.rows += len(rows)

    def close(self) -> None:
        """Completion of the file: the row count goes into its header."""
        # NumPy leaves room for the first number of the shape to grow, so the rows stay in place.
        self._file.seek(0)
        self._write_header()
        self._file.close()

    def _write_header(self) -> None:
        shape = (self.rows, self._columns)
        header = {"descr": "<f4", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(self._file, header)

    def __enter__(self) -> "ArrayWriter":
        return self

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class FeatureWriter:
    """Writer of a feature table on disk, block by block.

    Args:
        folder: is created; an earlier table in it is replaced.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._writers: list[ArrayWriter] = []

    def append(self, table: FeatureTable) -> None:
        """Appending of a table's rows."""
        arrays = table.in_memory
        if not self._writers:
            self._writers = [
                ArrayWriter(self._folder / f"{name}.npy", array.shape[1])
                for name, array in zip(NAMES, arrays, strict=True)
            ]
        for writer, array in zip(self._writers, arrays, strict=True):
            writer.append(array)

    def close(self) -> FeatureTable:
        """Completion of the files; returns the table, on disk.

        Raises:
            ValueError: no table was appended, so that the number of channels is unknown.
        """
        if not self._writers:
            raise ValueError("a feature table needs at least one block, which may have no rows")
        for writer in self._writers:
            writer.close()
        return FeatureTable.open(self._folder)

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

# Rows that are in memory at a time where a whole table is gone through: 16 KB a row or 64 MB.
BLOCK = 4096

NAMES = ("max_pooled", "avg_pooled", "colour")


class DiskArray:
    """Rows of an array in an .npy file: indexing copies what is asked for into memory.

    The file is mapped for each access only. Pages of a map that stays open count as memory of the
    process: a loop over a catalogue's features would hold all of them in the end.

    Args:
        path: an .npy file in C order.
        rows: (n,) int, which of its rows, and in which order; None: all.
    """

    def __init__(self, path: Path, rows: np.ndarray | None = None) -> None:
        self._path, self._rows = path, rows
        stored = np.load(path, mmap_mode="r", allow_pickle=False)
        self._offset, self._stored_shape = stored.offset, stored.shape
        self.dtype = stored.dtype
        count = stored.shape[0] if rows is None else len(rows)
        self.shape = (count, *stored.shape[1:])
        self.ndim = len(self.shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, key: Any) -> np.ndarray:
        """A copy of the rows, or of columns of the rows, that NumPy's indexing would give."""
        rows, *columns = key if isinstance(key, tuple) else (key,)
        if self._rows is not None:
            rows = self._rows[rows]
        stored = np.memmap(self._path, self.dtype, "r", self._offset, self._stored_shape)
        selected = stored[rows]
        return np.array(selected[..., *columns] if columns else selected)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return self[:] if dtype is None else self[:].astype(dtype, copy=False)

    def take(self, rows: np.ndarray) -> "DiskArray":
        """Some of the rows, (m,) int positions, still on disk."""
        rows = np.asarray(rows, np.int64)
        return DiskArray(self._path, rows if self._rows is None else self._rows[rows])


Array: TypeAlias = np.ndarray | DiskArray


@dataclass(frozen=True)
class FeatureTable:
    """Features of n pictures; float32, each array in memory or on disk."""

    max_pooled: Array
    """(n, channels): maximum of the last feature map over its places."""
    avg_pooled: Array
    """(n, channels): mean over its places."""
    colour: Array
    """(n, d): `features.colour.colour_features`; (n, 0) where nobody asked for colour."""

    def __len__(self) -> int:
        return len(self.max_pooled)

    @property
    def arrays(self) -> tuple[Array, Array, Array]:
        """Max-pooled, average-pooled and colour features."""
        return self.max_pooled, self.avg_pooled, self.colour

    @property
    def in_memory(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The same arrays, read from the disk where they lie there."""
        highest, mean, colour = (np.asarray(array) for array in self.arrays)
        return highest, mean, colour

    def take(self, rows: np.ndarray) -> "FeatureTable":
        """The rows at these positions, (m,) int: a copy of what is in memory, the rest on disk."""
        return FeatureTable(
            *(a.take(rows) if isinstance(a, DiskArray) else a[rows] for a in self.arrays)
        )

    def load(self) -> "FeatureTable":
        """The same in memory."""
        return FeatureTable(*self.in_memory)

    def blocks(self, size: int = BLOCK) -> Iterator[tuple[slice, "FeatureTable"]]:
        """All rows in order, at most `size` at a time: their positions, and a table in memory."""
        for start in range(0, len(self), size):
            rows = slice(start, min(start + size, len(self)))
            yield rows, FeatureTable(*(np.asarray(array[rows]) for array in self.arrays))

    @classmethod
    def empty(cls, channels: int, colour_dimensions: int = 0) -> "FeatureTable":
        """A table without a row."""
        pooled = np.zeros((0, channels), np.float32)
        return cls(pooled, pooled, np.zeros((0, colour_dimensions), np.float32))

    @classmethod
    def concatenate(cls, tables: Iterable["FeatureTable"]) -> "FeatureTable":
        """Tables one behind the other, in memory; at least one."""
        columns = zip(*(table.in_memory for table in tables), strict=True)
        return cls(*(np.concatenate(arrays) for arrays in columns))

    @classmethod
    def open(cls, folder: Path) -> "FeatureTable":
        """The table that a `FeatureWriter` wrote to a folder; its rows stay on disk."""
        return cls(*(DiskArray(folder / f"{name}.npy") for name in NAMES))


@dataclass(frozen=True)
class AugmentedFeatures:
    """Features of v further pictures of a catalogue's products; one product may have several."""

    features: FeatureTable
    products: np.ndarray
    """(v,) int64: position of the product that each picture shows."""

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
        """The pictures of some products, by position among these.

        Args:
            rows: (n,) int, ascending: positions of the products; at least one.
        """
        place = np.searchsorted(rows, self.products)
        kept = (place < len(rows)) & (rows[np.minimum(place, len(rows) - 1)] == self.products)
        return AugmentedFeatures(self.features.take(np.flatnonzero(kept)), place[kept])


class ArrayWriter:
    """An .npy file of float32 rows, appended block by block; the count need not be known before.

    Args:
        path: the file; replaced.
        columns: of the array.
    """

    def __init__(self, path: Path, columns: int) -> None:
        self._path, self._columns, self.rows = path, columns, 0
        self._file: BinaryIO = path.open("wb")
        self._write_header()

    def append(self, rows: np.ndarray) -> None:
        """Append (m, columns) rows.

        Raises:
            ValueError: they have another number of columns.
        """
        if rows.ndim != 2 or rows.shape[1] != self._columns:
            raise ValueError(f"rows of {self._columns} columns are wanted, got {rows.shape}")
        self._file.write(np.ascontiguousarray(rows, "<f4").data)
        self.rows += len(rows)

    def close(self) -> None:
        """Write how many rows there are, and close the file."""
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
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class FeatureWriter:
    """A feature table on disk, appended block by block.

    Args:
        folder: is created; files of an earlier table in it are replaced.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._writers: list[ArrayWriter] = []

    def append(self, table: FeatureTable) -> None:
        """Append the rows of a table in memory."""
        arrays = table.in_memory
        if not self._writers:
            self._writers = [
                ArrayWriter(self._folder / f"{name}.npy", array.shape[1])
                for name, array in zip(NAMES, arrays, strict=True)
            ]
        for writer, array in zip(self._writers, arrays, strict=True):
            writer.append(array)

    def close(self) -> FeatureTable:
        """The table that was written.

        Raises:
            ValueError: nothing was appended, so that nobody knows the number of channels.
        """
        if not self._writers:
            raise ValueError("a feature table needs at least one block, which may have no rows")
        for writer in self._writers:
            writer.close()
        return FeatureTable.open(self._folder)

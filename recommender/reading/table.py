"""Table of text cells in Arrow: rows of a CSV, JSON, XML or shop export, without their pictures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

# Rows of one Arrow array. As Python's objects they take about ten times its memory.
_BATCH = 8192
Cell = str | list[str] | None


@dataclass(frozen=True)
class Table:
    """Rows of text cells, columnar; a column holds texts, or lists of texts."""

    name: str
    """Name of its file."""
    data: pa.Table
    notes: tuple[str, ...] = ()
    """Sentences about what was left out while reading."""
    kind: str = "table"
    """Kind of file, in words."""

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in order."""
        return list(self.data.column_names)

    @property
    def licence(self) -> str:
        """Empty: a local table names no licence."""
        return ""

    @property
    def revision(self) -> str | None:
        """None: a local table has no revisions."""
        return None

    def count(self) -> int:
        """Number of rows."""
        return int(self.data.num_rows)

    def sample(self, rows: int) -> list[dict[str, Any]]:
        """The first rows."""
        return list(self.read(0, rows))

    def read(self, start: int, stop: int) -> Iterator[dict[str, Any]]:
        """Rows from start up to, not including, stop."""
        for begin in range(start, min(stop, self.count()), _BATCH):
            yield from self.data.slice(begin, min(_BATCH, stop - begin)).to_pylist()

    def values(self, column: str) -> Iterator[Any]:
        """All values of a column, in order."""
        for chunk in self.data[column].chunks:
            yield from chunk.to_pylist()

    def in_order(self, order: np.ndarray) -> "Table":
        """The rows in another order: (n,) int64."""
        return self.replaced(self.data.take(pa.array(order)))

    def replaced(self, data: pa.Table) -> "Table":
        """The same table with other data."""
        return Table(self.name, data, self.notes, self.kind)

    def with_columns(self, columns: Mapping[str, Sequence[Cell]]) -> "Table":
        """The same rows with columns added or replaced."""
        data = self.data
        for name, values in columns.items():
            array = _array([list(values)])
            data = data.drop_columns([name]) if name in data.column_names else data
            data = data.append_column(name, array)
        return self.replaced(data)


def table_of(
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    kind: str = "table",
    notes: Sequence[str] = (),
) -> Table:
    """A table of rows that have a cell for each column."""
    batch: list[Sequence[Cell]] = []
    arrays: list[list[pa.Array]] = [[] for _ in columns]

    def pack() -> None:
        for array, cells in zip(arrays, zip(*batch, strict=True), strict=True):
            array.append(_packed(list(cells)))
        batch.clear()

    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            pack()
    if batch:
        pack()
    data = {
        column: _joined(array) for column, array in zip(unique_names(columns), arrays, strict=True)
    }
    return Table(name, pa.table(data), tuple(notes), kind)


def unique_names(columns: Sequence[str]) -> list[str]:
    """Names of columns, the later of two equal ones with a number behind it."""
    names: list[str] = []
    for column in columns:
        name, number = column, 2
        while name in names:
            name, number = f"{column} ({number})", number + 1
        names.append(name)
    return names


def _packed(cells: list[Cell]) -> pa.Array:
    if any(isinstance(cell, list) for cell in cells):
        lists = [[cell] if isinstance(cell, str) else cell for cell in cells]
        return pa.array(lists, pa.list_(pa.large_string()))
    return pa.array(cells, pa.large_string())


def _joined(arrays: list[pa.Array]) -> pa.ChunkedArray:
    if not arrays:
        return pa.chunked_array([], pa.large_string())
    lists = [pa.types.is_list(array.type) for array in arrays]
    if any(lists) and not all(lists):
        arrays = [
            array
            if is_list
            else pa.array(
                [None if c is None else [c] for c in array.to_pylist()], pa.list_(pa.large_string())
            )
            for array, is_list in zip(arrays, lists, strict=True)
        ]
    return pa.chunked_array(arrays)


def _array(batches: list[list[Cell]]) -> pa.ChunkedArray:
    return _joined([_packed(batch) for batch in batches])

"""Delimited text (CSV, TSV and their kin): encoding, separator and line ends found out."""

import csv
import itertools
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from recommender.errors import DatasetError
from recommender.reading.encodings import encoding_of, lines_of
from recommender.reading.table import Table, table_of
from recommender.reading.values import is_address

SEPARATORS = ",;\t|"
# Rows that the separator is judged by.
_JUDGED = 100
# Characters of a cell: above a product page's HTML, below a quote that is never closed.
MAX_CELL = 2_000_000
MAX_COLUMNS = 2_000
# Line numbers that a sentence names.
_NAMED = 5


def read_delimited(path: Path) -> Table:
    """A table of a text file whose first row names the columns.

    Rows with more cells than the header are left out, because nobody knows which cell is which;
    rows with fewer end early.

    Raises:
        DatasetError: it is not text, empty, no table, or has no header.
    """
    csv.field_size_limit(MAX_CELL)
    encoding = encoding_of(path)
    separator = _separator(path, encoding)
    reader = csv.reader(lines_of(path, encoding), delimiter=separator)
    header = _header(path, reader)
    too_long: list[int] = []
    try:
        table = table_of(
            path.name,
            header,
            _cells(reader, len(header), too_long),
            f"{_KINDS[separator]}, {encoding.replace('_', '-')}",
        )
    except csv.Error as error:
        raise DatasetError(_unreadable(path, reader.line_num, error)) from error
    if not table.count() and not too_long:
        raise DatasetError(f"{path.name} has a header and no rows. Export it again.")
    if not table.count():
        raise DatasetError(
            f"Every row of {path.name} has more cells than its header. Put cells that contain "
            "the separator in double quotes."
        )
    notes = [_note(path, too_long)] if too_long else []
    return Table(table.name, table.data, tuple(notes), table.kind)


_KINDS = {
    ",": "table separated by commas",
    ";": "table separated by semicolons",
    "\t": "table separated by tabs",
    "|": "table separated by vertical bars",
}


def _separator(path: Path, encoding: str) -> str:
    """The separator by which most of the first rows have as many cells as the header."""

    def score(separator: str) -> tuple[int, int]:
        lines = itertools.islice(lines_of(path, encoding), 10 * _JUDGED)
        rows: list[list[str]] = []
        with suppress(csv.Error):  # Reading the whole file says what is wrong, with its line.
            rows += itertools.islice(csv.reader(lines, delimiter=separator), _JUDGED)
        cells = len(rows[0]) if rows else 0
        return (sum(len(row) == cells for row in rows) if cells > 1 else 0), cells

    return max(SEPARATORS, key=score)


def _header(path: Path, reader: Iterator[list[str]]) -> list[str]:
    try:
        header = next((row for row in reader if any(cell.strip() for cell in row)), None)
    except csv.Error as error:
        raise DatasetError(_unreadable(path, 1, error)) from error
    if header is None:
        raise DatasetError(f"{path.name} is empty. Export it again.")
    if len(header) > MAX_COLUMNS:
        raise DatasetError(
            f"{path.name} has {len(header):,} columns, which no table of products has. "
            "Check that it is one, and that its line ends are whole."
        )
    if any(is_address(cell) for cell in header):
        raise DatasetError(
            f"The first row of {path.name} does not name the columns: it holds an address. "
            "Put a row of names above it, such as id,name,image."
        )
    return [cell.strip().lstrip("\ufeff") for cell in header]


def _cells(
    reader: Iterator[list[str]], columns: int, too_long: list[int]
) -> Iterator[list[str | None]]:
    for row in reader:
        if not row:
            continue
        if len(row) > columns and any(cell.strip() for cell in row[columns:]):
            too_long.append(reader.line_num)  # type: ignore[attr-defined]
            continue
        cells: list[str | None] = [cell or None for cell in row[:columns]]
        yield cells + [None] * (columns - len(cells))


def _note(path: Path, lines: list[int]) -> str:
    named = ", ".join(map(str, lines[:_NAMED])) + (", ..." if len(lines) > _NAMED else "")
    rows, have, line = ("row", "has", "line") if len(lines) == 1 else ("rows", "have", "lines")
    return (
        f"{len(lines):,} {rows} of {path.name} {have} more cells than its header and "
        f"{'is' if len(lines) == 1 else 'are'} left out ({line} {named}): "
        "put cells that contain the separator in double quotes."
    )


def _unreadable(path: Path, line: int, error: csv.Error) -> str:
    if "field larger" in str(error):
        return (
            f"{path.name} has a cell of more than {MAX_CELL // 1_000_000} million characters near "
            f"line {line}: a double quote is opened there and not closed. Close it."
        )
    return f"{path.name} cannot be read as a table near line {line}: {error}. Export it again."

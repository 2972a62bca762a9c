"""Folder of pictures, alone or with tables that describe them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from recommender.errors import DatasetError
from recommender.reading.column_roles import ends_as_picture
from recommender.reading.picture_files import PictureFiles
from recommender.reading.table import Cell, Table, table_of
from recommender.reading.values import is_address, texts
from recommender.schema import roles

FILE, LABEL = "picture file", "label"
"""Columns that are made: the picture's path below the folder, and the name of its folder."""

# Names of folders that part a data set for learning, and say nothing of the products.
_SPLITS = frozenset({"train", "test", "val", "valid", "validation", "images", "pictures", "data"})
# Rows that show whether a column names pictures, and the fraction of them that must.
_JUDGED, _NAMES_PICTURES = 2_000, 0.5
# A table is joined by a column whose values agree at least this often.
_JOINS = 0.5


def pictures_alone(files: PictureFiles) -> Table:
    """A row a picture: its path as id, and the name of its folder, where there are several."""
    split = [path.split("/") for path in files.paths]
    labels = [_label(parts[:-1]) for parts in split]
    columns = ["id", FILE]
    rows: Iterator[Sequence[Cell]] = (
        [str(PurePosixPath(path).with_suffix("")), path] for path in files.paths
    )
    if len(set(labels)) > 1:
        columns.append(LABEL)
        rows = ([*row, label] for row, label in zip(rows, labels, strict=True))
    notes = tuple(files.notes)
    return table_of(files.folder.name, columns, rows, "folder of pictures", notes)


def _label(folders: list[str]) -> str | None:
    named = [folder for folder in folders if folder.lower() not in _SPLITS]
    return named[-1] if named else None


@dataclass(frozen=True)
class _Described:
    """A table, and the column of it that names pictures."""

    table: Table
    key: str
    fraction: float
    """Of the judged rows, those whose cell names a picture."""

    @property
    def rank(self) -> tuple[int, float, int]:
        """For choosing: which table says most."""
        known = roles(c for c in self.table.columns if c != self.key)
        return len(known), self.fraction, self.table.count()


def pictures_with_tables(files: PictureFiles, tables: Sequence[Table]) -> Table:
    """The rows of the table that names the pictures and says most, joined with the others.

    Raises:
        DatasetError: no table names the pictures.
    """
    described = [found for table in tables if (found := _naming_column(table, files))]
    if not described:
        names = ", ".join(table.name for table in tables)
        raise DatasetError(
            f"No column of {names} names the pictures in {files.folder} by file name or id. "
            "Add one, or remove the table to index the pictures alone."
        )
    main = max(described, key=lambda found: found.rank)
    cells = _cells(main, files)
    notes = [*main.table.notes, *files.notes]
    if len(tables) > 1:
        notes.append(f"{main.table.name} is the table of the products: it has the most columns.")
    result = main.table.with_columns({FILE: [words or None for words in cells]})
    own = [_path(files, words) for words in cells] if len(tables) > 1 else []
    for other in tables:
        if other is main.table:
            continue
        key = next((d.key for d in described if d.table is other), None)
        joined = _joined(result, own, other, key, files)
        if joined is None:
            notes.append(f"{other.name} shares no column with {main.table.name} and is not read.")
            continue
        result, matched = joined
        notes.append(f"{other.name} is joined to it: {matched:,} of {result.count():,} rows match.")
    kind = f"folder of pictures with a {main.table.kind}"
    return Table(result.name, result.data, tuple(notes), kind)


def _naming_column(table: Table, files: PictureFiles) -> _Described | None:
    sample = table.sample(_JUDGED)
    best: _Described | None = None
    for column in table.columns:
        words = [cell[0] for row in sample if (cell := texts(row[column]))]
        if not words:
            continue
        found = [files.find_all(word)[0] for word in words]
        # A picture that several files may be is named, too; the row will say so.
        named = sum(f.path is not None or "may be any" in f.reason for f in found) / len(words)
        # Numbers from 1 on name pictures called 1.jpg by chance, but not most of them.
        if named and (best is None or named > best.fraction):
            best = _Described(table, column, named)
    return best if best is not None and best.fraction >= _NAMES_PICTURES else None


def _cells(main: _Described, files: PictureFiles) -> list[list[str]]:
    """The names of pictures of each row: of the key, and of all columns with file names."""
    sample = main.table.sample(_JUDGED)
    naming = []
    for column in main.table.columns:
        words = [word for row in sample for word in texts(row[column])]
        ending = [word for word in words if ends_as_picture(word) and not is_address(word)]
        found = sum(files.find_all(word)[0].path is not None for word in ending)
        if column == main.key or (words and found > _NAMES_PICTURES * len(words)):
            naming.append(column)
    columns = [map(texts, main.table.values(column)) for column in naming]
    return [[word for words in row for word in words] for row in zip(*columns, strict=True)]


def _path(files: PictureFiles, words: list[str]) -> str | None:
    return files.find_all(words[0])[0].path if words else None


def _joined(
    main: Table, own: list[str | None], other: Table, key: str | None, files: PictureFiles
) -> tuple[Table, int] | None:
    """The main table with the other's columns; None where nothing ties them."""
    new = [column for column in other.columns if column not in main.columns]
    if key is not None:
        keys: list[str | None] = [_path(files, texts(value)) for value in other.values(key)]
    else:
        shared = [column for column in other.columns if column in main.columns]
        tie = max(shared, key=lambda column: _overlap(main, other, column), default=None)
        if tie is None or _overlap(main, other, tie) < _JOINS:
            return None
        keys = [next(iter(texts(value)), None) for value in other.values(tie)]
        own = [next(iter(texts(value)), None) for value in main.values(tie)]
    row_of = {value: row for row, value in reversed(list(enumerate(keys))) if value is not None}
    rows = [None if value is None else row_of.get(value) for value in own]
    columns = {}
    for column in new:
        values = list(other.values(column))
        columns[column] = [None if row is None else values[row] for row in rows]
    return main.with_columns(columns), sum(row is not None for row in rows)


def _overlap(main: Table, other: Table, column: str) -> float:
    """Fraction of the main table's values of a column that the other has, if they tell rows."""
    mine = {value for value in map(str, main.values(column)) if value != "None"}
    theirs = {value for value in map(str, other.values(column)) if value != "None"}
    if len(mine) < main.count() * _JOINS:
        return 0.0
    return len(mine & theirs) / max(1, len(mine))

"""Columns of a shop's export by the names of its format, and what its cells hold."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from recommender.reading.prices import price
from recommender.reading.table import Cell, Table, table_of
from recommender.reading.values import text, unique
from recommender.schema import plain

Row = Mapping[str, Any]


class ExportColumns:
    """The columns of an export by what they mean.

    Args:
        columns: of the export.
        names: names of a column, as `plain` writes them, by what it means.
    """

    def __init__(self, columns: Iterable[str], names: Mapping[str, Sequence[str]]) -> None:
        by_name = {plain(column): column for column in reversed(list(columns))}
        self.known = {
            meaning: next((by_name[n] for n in spellings if n in by_name), None)
            for meaning, spellings in names.items()
        }

    def __contains__(self, meaning: str) -> bool:
        return self.known[meaning] is not None

    def get(self, row: Row, meaning: str) -> str | None:
        """A row's text in the column of a meaning; None where there is none."""
        column = self.known[meaning]
        return text(row[column]) if column is not None else None


def plain_text(html: str | None) -> str | None:
    """The text of HTML on one line; tags part words, as paragraphs do."""
    return text(Markup(html.replace("<", " <")).striptags()) if html else None


def split_list(words: str | None, separator: str = ",") -> list[str]:
    """The parts of a text such as `red, blue`; a separator after a backslash does not part."""
    if not words:
        return []
    parts = words.replace(f"\\{separator}", "\0").split(separator)
    return unique(p for part in parts if (p := part.replace("\0", separator).strip()))


def cheapest(prices: Iterable[tuple[str | None, str | None]]) -> tuple[str | None, str | None]:
    """Of pairs of regular and reduced price, the pair whose payable price is the lowest."""
    priced = [
        (amount, pair) for pair in prices if (amount := price(pair[1] or pair[0])[0]) is not None
    ]
    return min(priced, key=lambda found: found[0])[1] if priced else (None, None)


def products_table(export: Table, rows: Sequence[dict[str, Cell]], kind: str) -> Table:
    """A table with a row a product, of the columns that hold anything."""
    columns = [
        column
        for column in dict.fromkeys(column for row in rows for column in row)
        if any(row.get(column) for row in rows)
    ]
    cells = ([row.get(column) or None for column in columns] for row in rows)
    return table_of(export.name, columns, cells, kind, export.notes)

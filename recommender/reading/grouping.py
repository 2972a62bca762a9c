"""Grouping of rows: rows of one id are one product, and ids that name views share a group."""

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from recommender.errors import DatasetError
from recommender.reading.values import text

# Rows from which on an id column with few values is taken for another thing, and how few.
_MANY_ROWS, _ROWS_AN_ID = 200, 50
# Ids such as `91288151_0` and `id_00000080-01_2_side` end with the number of a view.
_VIEW = re.compile(r"(.+?)[_-]\d{1,2}(?:_(?:front|back|side|full|additional|flat|detail))?")
# A name and a description.
_Text = tuple[str | None, ...]
# Of the ids with one stem, the fraction whose rows must have one text, and of these texts the
# fraction that no other stem may have: a shop that calls every shirt "Shirt" shows nothing by it.
_SAME_TEXT, _OWN_TEXT = 0.8, 0.5


@dataclass(frozen=True)
class Spans:
    """Rows of each product."""

    starts: np.ndarray | None
    """(n + 1,) int64: first row of each product and the end; None where each row is one."""
    order: np.ndarray | None = None
    """(rows,) int64: order that puts the rows of each product together; None where they are."""
    again: Mapping[int, int] | None = None
    """By product whose id an earlier product has, too: which product of that id it is, from 2."""

    def rows_of(self, start: int, stop: int) -> tuple[int, int]:
        """First row and end of some products."""
        if self.starts is None:
            return start, stop
        return int(self.starts[start]), int(self.starts[stop])

    def end(self, product: int) -> int:
        """The row after a product's last."""
        return product + 1 if self.starts is None else int(self.starts[product + 1])


def spans_of(ids: Iterable[Any], column: str, *, may_reorder: bool) -> Spans:
    """Rows of each product, by the ids of all rows; a row without an id is a product of its own.

    Args:
        ids: of all rows.
        column: that they are in.
        may_reorder: whether rows can be read in any order; otherwise rows of one id that are apart
            are products of one group.

    Raises:
        DatasetError: the column has too few different values to be an id.
    """
    first: dict[str, int] = {}
    products, starts = array("q"), array("q")
    again: dict[int, int] = {}
    seen: dict[str, int] = {}
    previous, rows, count = None, 0, 0
    for row, value in enumerate(ids):
        id_ = text(value)
        rows = row + 1
        known = first.get(id_) if id_ is not None else None
        if known is None:
            known, count = count, count + 1
            if id_ is not None:
                first[id_] = known
        products.append(known)
        if id_ is None or id_ != previous:
            if id_ is not None and id_ in seen:
                again[len(starts)] = seen[id_] = seen[id_] + 1
            elif id_ is not None:
                seen[id_] = 1
            starts.append(row)
        previous = id_
    if rows >= _MANY_ROWS and count * _ROWS_AN_ID < rows:
        raise DatasetError(
            f"The column {column!r} has {count:,} values in {rows:,} rows, so that it cannot be "
            "the products' id. Name the one that is with --column id=NAME."
        )
    if count == rows:
        return Spans(None)
    if not may_reorder or len(starts) == count:
        return Spans(np.array([*starts, rows], np.int64), again=again)
    numbers = np.array(products, np.int64)
    order = np.argsort(numbers, kind="stable")
    ends = np.flatnonzero(np.diff(numbers[order], append=-1)) + 1
    return Spans(np.array([0, *ends], np.int64), order)


def view_group(id_: str) -> str | None:
    """Id without the number of a view at its end; None where it has none."""
    match = _VIEW.fullmatch(id_)
    return match[1] if match else None


def names_views(sample: Sequence[Mapping[str, Any]], id_column: str, says: Sequence[str]) -> bool:
    """Whether ids name views of products: rows whose ids share a stem say what no others say.

    Args:
        sample: the first rows.
        id_column: of the ids.
        says: columns with names and descriptions; without any there is no evidence.
    """
    stems: dict[str, set[_Text]] = {}
    sizes: dict[str, int] = {}
    for row in sample:
        stem = view_group(text(row[id_column]) or "")
        if stem is None:
            return False
        stems.setdefault(stem, set()).add(_text_of(row.get(column) for column in says))
        sizes[stem] = sizes.get(stem, 0) + 1
    shared = [stem for stem, size in sizes.items() if size > 1]
    if not says or not shared or len(stems) == 1:
        return False
    alike = [stem for stem in shared if len(stems[stem]) == 1]
    stems_of = Counter(words for found in stems.values() for words in found)
    own = sum(stems_of[next(iter(stems[stem]))] == 1 for stem in alike)
    return len(alike) >= _SAME_TEXT * len(shared) and own >= _OWN_TEXT * len(alike)


def stems_of_several(*columns: Iterable[Any]) -> frozenset[str]:
    """Stems of ids that several products share: rows with one of these stems say different things.

    Args:
        columns: all ids, and the rows' names and descriptions, column by column; without columns
            there are no stems. A row without name and description says nothing else.
    """
    first: dict[str, int] = {}
    several = set()
    for id_, *cells in zip(*columns, strict=True):
        stem, words = view_group(text(id_) or ""), _text_of(cells)
        # Of each text only its hash is kept: a million descriptions would fill the memory.
        if stem is not None and any(words) and first.setdefault(stem, hash(words)) != hash(words):
            several.add(stem)
    return frozenset(several)


def _text_of(cells: Iterable[Any]) -> _Text:
    return tuple(map(text, cells))

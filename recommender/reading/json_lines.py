"""JSON lines, or one JSON list of products, as a table."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from recommender.errors import DatasetError
from recommender.reading.encodings import encoding_of, lines_of
from recommender.reading.table import Cell, Table, table_of
from recommender.reading.values import text, texts

# A JSON list is parsed as a whole, which takes some ten times its size in memory.
MAX_LIST_BYTES = 500_000_000


def read_json(path: Path) -> Table:
    """A table of JSON objects: one a line, or a list of them, alone or in an object.

    A nested object's values become columns called `outer.inner`; a list of objects gives a list
    for each of their keys.

    Raises:
        DatasetError: it is not JSON, or holds no objects.
    """
    notes: list[str] = []
    first = next(iter(lines_of(path, "utf-8-sig")), "").strip()
    if _is_object(first):
        records, kind = _lines(path, notes), "JSON lines"
    else:
        records, kind = iter(_list(path)), "JSON list"
    # Two passes: every row has a cell for every column, whichever row names it first.
    rows = [_flat(record) for record in records]
    if not rows:
        raise DatasetError(f"{path.name} holds no JSON objects. Give one object for each product.")
    columns = list(dict.fromkeys(column for row in rows for column in row))
    cells = ([row.get(column) for column in columns] for row in rows)
    return table_of(path.name, columns, cells, kind, notes)


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _lines(path: Path, notes: list[str]) -> Iterator[dict[str, Any]]:
    bad: list[int] = []
    for number, line in enumerate(lines_of(path, encoding_of(path)), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        if isinstance(record, dict):
            yield record
        else:
            bad.append(number)
    if bad:
        what = "line is" if len(bad) == 1 else "lines are"
        notes.append(
            f"{len(bad):,} {what} no JSON object and left out, the first is line {bad[0]}."
        )


def _list(path: Path) -> list[dict[str, Any]]:
    if path.stat().st_size > MAX_LIST_BYTES:
        raise DatasetError(
            f"{path.name} is one JSON list of more than {MAX_LIST_BYTES // 1_000_000} MB. "
            "Save it as JSON lines: one object a line."
        )
    try:
        found = json.loads(path.read_text(encoding=encoding_of(path)))
    except (ValueError, RecursionError) as error:
        raise DatasetError(f"{path.name} is not valid JSON: {error}. Export it again.") from error
    if isinstance(found, dict):
        lists = [v for v in found.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
        found = lists[0] if len(lists) == 1 else [found] if not lists else None
    if not isinstance(found, list):
        raise DatasetError(f"{path.name} holds no list of products. Save it as JSON lines.")
    return [record for record in found if isinstance(record, dict)]


def _flat(record: dict[str, Any], prefix: str = "") -> dict[str, Cell]:
    row: dict[str, Cell] = {}
    for key, value in record.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and not prefix:
            row |= _flat(value, f"{name}.")
        elif isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
            for inner in dict.fromkeys(key for v in value for key in v):
                row[f"{name}.{inner}"] = [w for v in value for w in texts(v.get(inner))]
        elif isinstance(value, list):
            row[name] = texts(value)
        elif not isinstance(value, dict):
            row[name] = text(value)
    return row

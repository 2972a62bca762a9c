"""Milvus collection of a catalogue: its versions side by side, each searched only when complete.

A row is a picture with its product's labels and numbers, and never changes. Its key is a hash of
all of that. A version of the index has the rows with `born <= n < died`, n being the version's
number. The next version n + 1 is made by inserting the rows that are new and by giving those that
go `died = n + 1`: neither changes what version n finds. Only when all rows are there, a marker row
says that the version is complete. Rows that neither of the last two versions has are deleted when
the next one is made, so that servers of either can search.

API: https://milvus.io/api-reference/pymilvus/v2.6.x/MilvusClient/About.md
"""

import hashlib
import json
import logging
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from recommender.errors import SettingsError
from recommender.index.catalogue import Catalogue
from recommender.index.exact_search import StoredVectors

_log = logging.getLogger(__name__)

# On import, pymilvus reads MILVUS_URI itself and refuses the name of a file.
_ours = os.environ.pop("MILVUS_URI", None)
try:
    from pymilvus import DataType, MilvusClient, MilvusException

    from recommender.index.milvus_kinds import FLAT, set_index
finally:
    if _ours is not None:
        os.environ["MILVUS_URI"] = _ours

__all__ = ["UNKNOWN_NUMBER", "MilvusClient", "MilvusException", "VersionedCollection"]

# Rows per request: a few MB; a message may have 64 MB.
_ROWS = 2048
# Value of unknown attributes, because a VARCHAR field has no null; no attribute has this value.
_UNKNOWN = "\x00"
# Value of unknown numbers, less than any known.
UNKNOWN_NUMBER = -1e300
_MAX_TEXT = 65_535  # bytes, the most a VARCHAR holds
_MOST_VALUES = 4_096  # the most an ARRAY holds
_COLLECTION_PREFIX = "fashion_"

_KEY, _VECTOR, _BORN, _DIED = "key", "vector", "born", "died"
Row = TypeVar("Row")

# Number that no version has: of rows that have not died, and of markers' birth.
_NEVER = 2**62


class VersionedCollection:
    """Rows of an index in Milvus, in a collection that it shares with its earlier versions.

    Args:
        client: of the server or file.
        catalogue: labels and numbers of the rows' products.
        stored: (p, d) vectors.
        lineage: equal for an index and its updates, 16 characters or more.
        index_type: kind of Milvus' index, one of `recommender.settings.MILVUS_INDEXES`.

    Raises:
        MilvusException: Milvus refuses.
        SettingsError: Milvus has not taken all rows.
    """

    def __init__(
        self,
        client: MilvusClient,
        catalogue: Catalogue,
        stored: StoredVectors,
        lineage: str,
        index_type: str = FLAT,
    ) -> None:
        self.index_type = index_type
        self._client, self._catalogue, self._stored = client, catalogue, stored
        self.several = {name for name in catalogue.filters if catalogue.has_several(name)}
        self.numbers = {number_field(name): name for name in catalogue.numbers}
        self.name = _COLLECTION_PREFIX + lineage[:16]
        self._columns = self._labels()
        self.keys = np.concatenate([*self._each_keys(), np.zeros(0, np.int64)])
        """(p,) int64: key of each picture's row."""
        self._order = np.argsort(self.keys)
        self._sorted = self.keys[self._order]
        if (np.diff(self._sorted) == 0).any():
            raise SettingsError("Two pictures of the index have one key in Milvus: search without.")
        self.version = self._follow()

    @property
    def condition(self) -> str:
        """Condition by which a search finds this version's rows alone."""
        return f"{_BORN} <= {self.version} and {_DIED} > {self.version}"

    def rows_of(self, keys: Sequence[int]) -> np.ndarray:
        """(m,) int64: rows of the vectors by the keys of rows found."""
        return self._order[np.searchsorted(self._sorted, np.asarray(keys, np.int64))]

    def _follow(self) -> int:
        """Number of this version, which is made if it is not there, or not complete."""
        if not self._client.has_collection(self.name):
            self._create()
        set_index(self._client, self.name, _VECTOR, self.index_type)
        self._client.load_collection(self.name)
        marker, versions = self._marker(), self._versions()
        number = versions.get(marker)
        if number is not None and self._count(number) == len(self.keys):
            return number
        newest = max(versions.values(), default=0)
        if not versions:
            _log.info(f"Filling the Milvus collection {self.name}.")
        self._forget(versions, newest)
        number = newest + 1
        started = time.perf_counter()
        added, gone = self._change(number)
        self._client.flush(self.name)
        seconds = time.perf_counter() - started
        if self._count(number) != len(self.keys):
            raise SettingsError(
                f"Milvus has not taken all rows of the collection {self.name}: start again, and "
                "let one program at a time fill it."
            )
        blank = {field: self._blank(field) for field in self._columns}
        zeros = [0.0] * self._stored.shape[1]
        row = {_KEY: marker, _VECTOR: zeros, _BORN: _NEVER, _DIED: number, **blank}
        self._client.upsert(self.name, [row])
        self._client.flush(self.name)
        if versions:
            _log.info(f"Milvus follows: {added:,} rows are new, and {gone:,} go.")
        else:
            _log.info(f"Filled it with {added:,} pictures, {added / seconds:,.0f} a second.")
        return number

    def _change(self, number: int) -> tuple[int, int]:
        """Make a version of the newest one; returns how many rows are new and how many go."""
        there = self._rows_there()
        added = 0
        missing: list[tuple[int, int]] = []
        for row, key in enumerate(self.keys.tolist()):
            born, died = there.get(key, (number, 0))
            if died != _NEVER:  # new, or about to go when an earlier attempt was interrupted
                missing.append((row, born))
                added += key not in there
        for group in _groups(missing):
            self._client.upsert(self.name, self._rows(group))
        own = set(self.keys.tolist())
        gone = [key for key, (_, died) in there.items() if died == _NEVER and key not in own]
        for keys in _groups(gone):
            found = self._client.query(
                self.name, filter=f"{_KEY} in {json.dumps(keys)}", output_fields=["*"]
            )
            rows = [{**dict(row), _DIED: number} for row in found]
            self._client.upsert(self.name, rows)
        return added, len(gone)

    def _forget(self, versions: Mapping[int, int], newest: int) -> None:
        """Delete the versions before the newest, and the rows that it does not have."""
        earlier = [key for key, number in versions.items() if number < newest]
        if earlier:
            self._client.delete(self.name, filter=f"{_KEY} in {json.dumps(earlier)}")
        self._client.delete(self.name, filter=f"{_BORN} < {_NEVER} and {_DIED} <= {newest}")

    def _versions(self) -> dict[int, int]:
        """Numbers of the complete versions, by their markers' keys."""
        found = self._client.query(
            self.name, filter=f"{_BORN} == {_NEVER}", output_fields=[_KEY, _DIED]
        )
        return {int(row[_KEY]): int(row[_DIED]) for row in found}

    def _marker(self) -> int:
        return _hashed(b"version", self._sorted.tobytes())

    def _count(self, number: int) -> int:
        [found] = self._client.query(
            self.name,
            filter=f"{_BORN} <= {number} and {_DIED} > {number}",
            output_fields=["count(*)"],
        )
        return int(found["count(*)"])

    def _rows_there(self) -> dict[int, tuple[int, int]]:
        """Birth and death of every row, by key."""
        rows = self._client.query_iterator(
            self.name,
            batch_size=_ROWS,
            filter=f"{_BORN} < {_NEVER}",
            output_fields=[_KEY, _BORN, _DIED],
        )
        there = {}
        while group := rows.next():
            there.update({int(row[_KEY]): (int(row[_BORN]), int(row[_DIED])) for row in group})
        rows.close()
        return there

    def _create(self) -> None:
        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field(_KEY, DataType.INT64, is_primary=True)
        schema.add_field(_VECTOR, DataType.FLOAT_VECTOR, dim=self._stored.shape[1])
        for name in (_BORN, _DIED):
            schema.add_field(name, DataType.INT64)
        for attribute in self._catalogue.filters:
            if attribute in self.several:
                schema.add_field(
                    field(attribute),
                    DataType.ARRAY,
                    element_type=DataType.VARCHAR,
                    max_capacity=_MOST_VALUES,
                    max_length=_MAX_TEXT,
                )
            else:
                schema.add_field(field(attribute), DataType.VARCHAR, max_length=_MAX_TEXT)
        for name in self.numbers:
            schema.add_field(name, DataType.DOUBLE)
        # Strong: what was written is found at once, or a version would lack rows for a moment.
        self._client.create_collection(self.name, schema=schema, consistency_level="Strong")

    def _labels(self) -> dict[str, Sequence[Any]]:
        """(n,) values of the products, by field."""
        labels: dict[str, Sequence[Any]] = {}
        for name in self._catalogue.filters:
            if name in self.several:
                every = self._catalogue.all_values(name)
                labels[field(name)] = [values[:_MOST_VALUES] for values in every]
            else:
                labels[field(name)] = [text or _UNKNOWN for text in self._catalogue.labels(name)]
        for number, name in self.numbers.items():
            known = np.nan_to_num(self._catalogue.numbers[name], nan=UNKNOWN_NUMBER)
            labels[number] = known.tolist()
        return labels

    def _blank(self, name: str) -> Any:
        if name in self.numbers:
            return UNKNOWN_NUMBER
        return [] if isinstance(self._columns[name][0], list | tuple) else _UNKNOWN

    def _each_keys(self) -> Iterator[np.ndarray]:
        """Keys of the rows, block by block."""
        pictures, ids = self._catalogue.pictures, self._catalogue.ids
        count = len(pictures)
        mapped = self._stored.mapped()
        for start in range(0, count, _ROWS):
            rows = np.arange(start, min(start + _ROWS, count))
            products, numbers = (part.tolist() for part in pictures.of_rows(rows))
            vectors = np.asarray(mapped[rows])
            keys = [
                _hashed(
                    json.dumps([ids[p], number, *(c[p] for c in self._columns.values())]).encode(),
                    vector.tobytes(),
                )
                for p, number, vector in zip(products, numbers, vectors, strict=True)
            ]
            yield np.array(keys, np.int64)

    def _rows(self, rows: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
        """Milvus' rows of pictures, each given as its row of the vectors and its birth."""
        numbers = np.array([row for row, _ in rows], np.int64)
        products = self._catalogue.pictures.of_rows(numbers)[0].tolist()
        vectors = self._stored.rows(numbers)
        return [
            {
                _KEY: int(self.keys[row]),
                _VECTOR: vector.tolist(),
                _BORN: born,
                _DIED: _NEVER,
                **{name: values[product] for name, values in self._columns.items()},
            }
            for (row, born), product, vector in zip(rows, products, vectors, strict=True)
        ]


def _groups(rows: list[Row]) -> Iterator[list[Row]]:
    return (rows[start : start + _ROWS] for start in range(0, len(rows), _ROWS))


def _hashed(*parts: bytes) -> int:
    """Key of contents: 64 bits of their SHA-256, as a signed number."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "little") + part)
    return int.from_bytes(digest.digest()[:8], "little", signed=True)


def field(attribute: str) -> str:
    """Milvus field of an attribute; its name may only have letters, digits and underscores."""
    return "a_" + "".join(c if c.isascii() and c.isalnum() else f"_{ord(c):x}_" for c in attribute)


def number_field(name: str) -> str:
    """Milvus field of a number."""
    return field(name).replace("a_", "n_", 1)

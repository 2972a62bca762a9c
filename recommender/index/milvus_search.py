"""Milvus search: exact k-nearest neighbours for catalogues beyond one machine's memory.

`MILVUS_URI` is the address of a server (`http://host:19530`), or a file whose name ends in `.db`:
then Milvus Lite runs inside this process, for tests and small machines. The collection is named
after the index's fingerprint, and filled from `vectors.npy` the first time. It has a row per
picture; a search asks for more rows until they are of k products.

API: https://milvus.io/api-reference/pymilvus/v2.6.x/MilvusClient/About.md
"""

import json
import logging
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from recommender.errors import SettingsError
from recommender.index.catalogue import Catalogue
from recommender.index.exact_search import Neighbours, stored_vectors
from recommender.index.filters import MAX_FILTER_VALUES, Filters, Range

_log = logging.getLogger(__name__)

# On import, pymilvus reads MILVUS_URI itself and refuses the name of a file.
_ours = os.environ.pop("MILVUS_URI", None)
try:
    from pymilvus import DataType, MilvusClient, MilvusException
finally:
    if _ours is not None:
        os.environ["MILVUS_URI"] = _ours

# Rows per insert: a few MB; a message may have 64 MB.
_ROWS = 2048
# Most results of a search that a server gives:
# https://milvus.io/docs/limitations.md
_MOST_ROWS = 16_384
# Value of unknown attributes, because a VARCHAR field has no null; no attribute has this value.
_UNKNOWN = "\x00"
# Value of unknown numbers, less than any known.
_UNKNOWN_NUMBER = -1e300
_MAX_TEXT = 65_535  # bytes, the most a VARCHAR holds
_COLLECTION_PREFIX = "fashion_"
# Field of a picture's row among the vectors; called so when each product had one picture.
_ROW = "position"


class MilvusSearch:
    """Search by inner product in a Milvus collection, which is created and filled if needed.

    Args:
        uri: address of a server, or a file for Milvus Lite.
        token: of the server; None where it needs none.
        path: `vectors.npy`.
        catalogue: for the filters.
        fingerprint: of the index; names the collection.

    Raises:
        SettingsError: Milvus cannot be reached, or refuses.
    """

    def __init__(
        self,
        uri: str,
        token: str | None,
        path: Path,
        catalogue: Catalogue,
        fingerprint: str,
    ) -> None:
        self._catalogue, self._path, self._pictures = catalogue, path, catalogue.pictures
        self._several = {name for name in catalogue.filters if catalogue.has_several(name)}
        self.collection = _COLLECTION_PREFIX + fingerprint[:16]
        try:
            self._client = MilvusClient(uri, token=token or "")
            if not self._is_full():
                _log.info(f"Filling the Milvus collection {self.collection}.")
                self._fill()
            self._client.load_collection(self.collection)
        except (MilvusException, OSError) as error:
            raise SettingsError(
                f"Milvus at {uri} cannot be used: {_said(error)}. MILVUS_URI is the address of a "
                "server, such as http://localhost:19530, or a file whose name ends in .db; check "
                "MILVUS_TOKEN, too."
            ) from error

    def search(
        self, query: np.ndarray, k: int, filters: Filters, exclude: Sequence[int] = ()
    ) -> Neighbours:
        """The k nearest products that pass the filters, as `MemorySearch.search` finds them.

        Exact with Milvus' FLAT index.

        Raises:
            FilterError: unknown attribute or value.
            SettingsError: Milvus does not answer.
        """
        checked = self._catalogue.check_filters(filters)
        conditions = [
            self._condition(attribute, json.dumps(list(values), ensure_ascii=False))
            for attribute, values in checked.values.items()
        ]
        conditions += [_within(name, wanted) for name, wanted in checked.ranges.items()]
        if exclude:
            rows_out = self._pictures.rows_of(exclude).tolist()
            conditions.append(f"{_ROW} not in {json.dumps(rows_out)}")
        wanted, rows = k, len(self._pictures)
        while True:
            limit = min(wanted, rows, _MOST_ROWS)
            hits = self._ask(query, limit, " and ".join(conditions))
            found = np.array([hit[_ROW] for hit in hits], np.int64)
            positions, pictures = self._pictures.of_rows(found)
            first = np.sort(np.unique(positions, return_index=True)[1])
            if len(first) >= k or len(hits) < limit or limit in (rows, _MOST_ROWS):
                break
            wanted *= 2
        first = first[:k]
        scores = np.array([hit["distance"] for hit in hits], np.float32)
        return Neighbours(positions[first], scores[first], pictures[first])

    def vectors(self, positions: Sequence[int] | np.ndarray) -> np.ndarray:
        """Stored vectors of main pictures, (m, d) float32, read from the index's file."""
        rows = self._pictures.first[np.asarray(positions, np.int64)]
        return np.asarray(stored_vectors(self._path)[rows], np.float32)

    def picture_vectors(self, position: int) -> np.ndarray:
        """Stored vectors of all pictures of a product, (m, d) float32, from the index's file."""
        rows = self._pictures.rows_of([position])
        return np.asarray(stored_vectors(self._path)[rows], np.float32)

    def _ask(self, query: np.ndarray, limit: int, condition: str) -> list[dict[str, Any]]:
        try:
            [hits] = self._client.search(
                self.collection,
                data=[np.asarray(query, np.float32).tolist()],
                limit=limit,
                filter=condition,
                search_params={"metric_type": "IP"},
            )
        except MilvusException as error:
            raise SettingsError(f"Milvus does not answer: {_said(error)}.") from error
        # Equals in the order of the catalogue, as in memory, so that pages of results fit together.
        return sorted(hits, key=lambda hit: (-hit["distance"], hit[_ROW]))

    def _condition(self, attribute: str, values: str) -> str:
        field = _field(attribute)
        if attribute in self._several:
            return f"array_contains_any({field}, {values})"
        return f"{field} in {values}"

    def _is_full(self) -> bool:
        if not self._client.has_collection(self.collection):
            return False
        stats = self._client.get_collection_stats(self.collection)
        described = self._client.describe_collection(self.collection)["fields"]
        fields = {field["name"] for field in described}
        wanted = {_field(name) for name in self._catalogue.filters} | set(self._number_fields())
        if int(stats["row_count"]) == len(self._pictures) and fields >= wanted:
            return True
        # Filling was interrupted, or an earlier version of this program had fewer filters.
        self._client.drop_collection(self.collection)
        return False

    def _number_fields(self) -> dict[str, str]:
        """Number by field."""
        return {_number_field(name): name for name in self._catalogue.numbers}

    def _fill(self) -> None:
        stored = stored_vectors(self._path)
        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field(_ROW, DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=stored.shape[1])
        for attribute in self._catalogue.filters:
            if attribute in self._several:
                schema.add_field(
                    _field(attribute),
                    DataType.ARRAY,
                    element_type=DataType.VARCHAR,
                    max_capacity=MAX_FILTER_VALUES,
                    max_length=_MAX_TEXT,
                )
            else:
                schema.add_field(_field(attribute), DataType.VARCHAR, max_length=_MAX_TEXT)
        for field in self._number_fields():
            schema.add_field(field, DataType.DOUBLE)
        index = self._client.prepare_index_params()
        # FLAT is exact; the owner of a cluster can build another index on the same collection.
        index.add_index("vector", index_type="FLAT", metric_type="IP")
        self._client.create_collection(self.collection, schema=schema, index_params=index)
        labels: dict[str, Sequence[Any]] = {}
        for name in self._catalogue.filters:
            if name in self._several:
                labels[_field(name)] = self._catalogue.all_values(name)
            else:
                texts = self._catalogue.labels(name)
                labels[_field(name)] = [text or _UNKNOWN for text in texts]
        for field, name in self._number_fields().items():
            known = np.nan_to_num(self._catalogue.numbers[name], nan=_UNKNOWN_NUMBER)
            labels[field] = known.tolist()
        for start in range(0, len(stored), _ROWS):
            vectors = np.asarray(stored[start : start + _ROWS], np.float32)
            rows = np.arange(start, start + len(vectors))
            products = self._pictures.of_rows(rows)[0].tolist()
            self._client.insert(
                self.collection,
                [
                    {
                        _ROW: row,
                        "vector": vector.tolist(),
                        **{name: values[product] for name, values in labels.items()},
                    }
                    for row, product, vector in zip(rows.tolist(), products, vectors, strict=True)
                ],
            )
        self._client.flush(self.collection)


def _said(error: MilvusException | OSError) -> str:
    """Message of a Milvus error, without its class and code."""
    message = error.message if isinstance(error, MilvusException) else str(error)
    return message.rstrip(".")


def _field(attribute: str) -> str:
    """Milvus field of an attribute; its name may only have letters, digits and underscores."""
    return "a_" + "".join(c if c.isascii() and c.isalnum() else f"_{ord(c):x}_" for c in attribute)


def _number_field(name: str) -> str:
    """Milvus field of a number."""
    return _field(name).replace("a_", "n_", 1)


def _within(name: str, wanted: Range) -> str:
    """Condition of a range; an unknown number never lies in it."""
    field = _number_field(name)
    low = f"{field} >= {wanted.minimum!r}"
    if wanted.minimum is None:
        low = f"{field} > {_UNKNOWN_NUMBER!r}"
    return low if wanted.maximum is None else f"{low} and {field} <= {wanted.maximum!r}"

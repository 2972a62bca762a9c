"""Milvus search: exact k-nearest neighbours for catalogues beyond one machine's memory.

`MILVUS_URI` is the address of a server (`http://host:19530`), or a file whose name ends in `.db`:
then Milvus Lite runs inside this process, for tests and small machines. The collection is named
after the index's fingerprint, and filled from `vectors.npy` the first time.

API: https://milvus.io/api-reference/pymilvus/v2.6.x/MilvusClient/About.md
"""

import json
import logging
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from recommender.errors import SettingsError
from recommender.index.catalogue import Catalogue, Filters
from recommender.index.exact_search import Neighbours, StoredVectors

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
# Value of unknown attributes, because a VARCHAR field has no null; no attribute has this value.
_UNKNOWN = "\x00"
_MAX_TEXT = 65_535  # bytes, the most a VARCHAR holds
_COLLECTION_PREFIX = "fashion_"


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
        self._catalogue, self._stored = catalogue, StoredVectors(path)
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
        """The k nearest items that pass the filters, as `MemorySearch.search` finds them.

        Exact with Milvus' FLAT index.

        Raises:
            FilterError: unknown attribute or value.
            SettingsError: Milvus does not answer.
        """
        conditions = [
            f"{_field(attribute)} in {json.dumps(list(values), ensure_ascii=False)}"
            for attribute, values in self._catalogue.check_filters(filters).items()
        ]
        if exclude:
            conditions.append(f"position not in {json.dumps([int(p) for p in exclude])}")
        try:
            [hits] = self._client.search(
                self.collection,
                data=[np.asarray(query, np.float32).tolist()],
                limit=min(k, len(self._catalogue)),
                filter=" and ".join(conditions),
                search_params={"metric_type": "IP"},
            )
        except MilvusException as error:
            raise SettingsError(f"Milvus does not answer: {_said(error)}.") from error
        positions = np.array([hit["position"] for hit in hits], np.int64)
        return Neighbours(positions, np.array([hit["distance"] for hit in hits], np.float32))

    def vectors(self, positions: Sequence[int] | np.ndarray) -> np.ndarray:
        """Stored vectors, (m, d) float32, read from the index's file."""
        return self._stored.rows(positions)

    def close(self) -> None:
        """Release of the file and the connection; no search may follow."""
        self._stored.close()
        self._client.close()

    def _is_full(self) -> bool:
        if not self._client.has_collection(self.collection):
            return False
        stats = self._client.get_collection_stats(self.collection)
        if int(stats["row_count"]) == len(self._catalogue):
            return True
        self._client.drop_collection(self.collection)  # incomplete: filling was interrupted
        return False

    def _fill(self) -> None:
        stored = self._stored.mapped()
        schema = self._client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("position", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=stored.shape[1])
        for attribute in self._catalogue.filters:
            schema.add_field(_field(attribute), DataType.VARCHAR, max_length=_MAX_TEXT)
        index = self._client.prepare_index_params()
        # FLAT is exact; the owner of a cluster can build another index on the same collection.
        index.add_index("vector", index_type="FLAT", metric_type="IP")
        self._client.create_collection(self.collection, schema=schema, index_params=index)
        labels = {_field(name): self._catalogue.labels(name) for name in self._catalogue.filters}
        for start in range(0, len(stored), _ROWS):
            rows = np.asarray(stored[start : start + _ROWS], np.float32)
            self._client.insert(
                self.collection,
                [
                    {
                        "position": position,
                        "vector": row.tolist(),
                        **{name: values[position] or _UNKNOWN for name, values in labels.items()},
                    }
                    for position, row in enumerate(rows, start)
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

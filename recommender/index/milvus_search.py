"""Milvus search: exact k-nearest neighbours for catalogues beyond one machine's memory.

`MILVUS_URI` is the address of a server (`http://host:19530`), or a file whose name ends in `.db`:
then Milvus Lite runs inside this process, for tests and small machines. The collection
(`recommender.index.milvus_collection`) is filled from `vectors.npy` the first time, and follows the
index when that is updated. It has a row per picture; a search asks for more rows until they are of
k products.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from recommender.errors import SettingsError
from recommender.index.catalogue import Catalogue
from recommender.index.exact_search import Neighbours, StoredVectors
from recommender.index.filters import Filters, Range
from recommender.index.manifest import Manifest
from recommender.index.milvus_collection import (
    UNKNOWN_NUMBER,
    MilvusClient,
    MilvusException,
    VersionedCollection,
    field,
    number_field,
)
from recommender.index.milvus_kinds import FLAT, search_params

# Most results of a search that a server gives:
# https://milvus.io/docs/limitations.md
_MOST_ROWS = 16_384


class MilvusSearch:
    """Search by inner product in a Milvus collection, which is made and filled if needed.

    Args:
        uri: address of a server, or a file for Milvus Lite.
        token: of the server; None where it needs none.
        path: `vectors.npy`.
        catalogue: for the filters.
        lineage: equal for an index and its updates; names the collection.
        index_type: kind of Milvus' index, one of `recommender.settings.MILVUS_INDEXES`.

    Raises:
        SettingsError: Milvus cannot be reached, or refuses.
    """

    def __init__(
        self,
        uri: str,
        token: str | None,
        path: Path,
        catalogue: Catalogue,
        lineage: str,
        index_type: str = FLAT,
    ) -> None:
        self._index_type = index_type
        self._catalogue, self._pictures = catalogue, catalogue.pictures
        self._stored = StoredVectors(path)
        try:
            self._client = MilvusClient(uri, token=token or "")
            self._rows = VersionedCollection(
                self._client, catalogue, self._stored, lineage, index_type
            )
        except (MilvusException, OSError) as error:
            raise SettingsError(
                f"Milvus at {uri} cannot be used: {_said(error)}. MILVUS_URI is the address of a "
                "server, such as http://localhost:19530, or a file whose name ends in .db; check "
                "MILVUS_TOKEN, too."
            ) from error

    def close(self) -> None:
        """Release of the file and the connection; no search may follow."""
        self._stored.close()
        self._client.close()

    @property
    def collection(self) -> str:
        """Name of the collection."""
        return self._rows.name

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
        conditions = [self._rows.condition]
        conditions += [
            self._condition(attribute, json.dumps(list(values), ensure_ascii=False))
            for attribute, values in checked.values.items()
        ]
        conditions += [_within(name, wanted) for name, wanted in checked.ranges.items()]
        if exclude:
            keys_out = self._rows.keys[self._pictures.rows_of(exclude)].tolist()
            conditions.append(f"key not in {json.dumps(keys_out)}")
        wanted, rows = k, len(self._pictures)
        while True:
            limit = min(wanted, rows, _MOST_ROWS)
            found, scores = self._ask(query, limit, " and ".join(conditions))
            positions, pictures = self._pictures.of_rows(found)
            first = np.sort(np.unique(positions, return_index=True)[1])
            if len(first) >= k or len(found) < limit or limit in (rows, _MOST_ROWS):
                break
            wanted *= 2
        first = first[:k]
        return Neighbours(positions[first], scores[first], pictures[first])

    def vectors(self, positions: Sequence[int] | np.ndarray) -> np.ndarray:
        """Stored vectors of main pictures, (m, d) float32, read from the index's file."""
        return self._stored.rows(self._pictures.first[np.asarray(positions, np.int64)])

    def picture_vectors(self, position: int) -> np.ndarray:
        """Stored vectors of all pictures of a product, (m, d) float32, from the index's file."""
        return self._stored.rows(self._pictures.rows_of([position]))

    def _ask(self, query: np.ndarray, limit: int, condition: str) -> tuple[np.ndarray, np.ndarray]:
        """Rows found, (m,) int64, nearest first, and their inner products, (m,) float32."""
        try:
            [hits] = self._client.search(
                self.collection,
                data=[np.asarray(query, np.float32).tolist()],
                limit=limit,
                filter=condition,
                search_params=search_params(self._index_type, limit),
            )
        except MilvusException as error:
            raise SettingsError(f"Milvus does not answer: {_said(error)}.") from error
        rows = self._rows.rows_of([hit["key"] for hit in hits])
        scores = np.array([hit["distance"] for hit in hits], np.float32)
        # Equals in the order of the catalogue, as in memory, so that pages of results fit together.
        order = np.lexsort((rows, -scores))
        return rows[order], scores[order]

    def _condition(self, attribute: str, values: str) -> str:
        name = field(attribute)
        if attribute in self._rows.several:
            return f"array_contains_any({name}, {values})"
        return f"{name} in {values}"


def lineage_of(manifest: Manifest, catalogue: Catalogue) -> str:
    """Lineage of an index: equal for an index and its updates, which keep its fitted files.

    An update by which there are other filters or numbers begins another one.
    """
    kept = [manifest.files.get(name) for name in ("head.npz", "calibration.npz", "novelty.npz")]
    filters = [(name, catalogue.has_several(name)) for name in catalogue.filters]
    dimensions = [manifest.style_dimensions, manifest.colour_dimensions]
    named = [manifest.weights_fingerprint, kept, filters, list(catalogue.numbers), dimensions]
    return hashlib.sha256(json.dumps(named).encode()).hexdigest()


def _said(error: MilvusException | OSError) -> str:
    """Message of a Milvus error, without its class and code."""
    message = error.message if isinstance(error, MilvusException) else str(error)
    return message.rstrip(".")


def _within(name: str, wanted: Range) -> str:
    """Condition of a range; an unknown number never lies in it."""
    number = number_field(name)
    low = f"{number} >= {wanted.minimum!r}"
    if wanted.minimum is None:
        low = f"{number} > {UNKNOWN_NUMBER!r}"
    return low if wanted.maximum is None else f"{low} and {number} <= {wanted.maximum!r}"

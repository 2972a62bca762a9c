"""Milvus collection of an index: its fields, its filling block by block, and its kind of index.

A collection has a row per picture: the picture's row among the vectors, its vector, and the values
that its product is filtered by.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from recommender.index.catalogue import Catalogue
from recommender.index.exact_search import stored_vectors

# On import, pymilvus reads MILVUS_URI itself and refuses the name of a file.
_ours = os.environ.pop("MILVUS_URI", None)
try:
    from pymilvus import DataType
    from pymilvus import MilvusClient as MilvusClient
    from pymilvus import MilvusException as MilvusException
finally:
    if _ours is not None:
        os.environ["MILVUS_URI"] = _ours

# Rows per insert: a few MB; a message may have 64 MB.
_ROWS = 2048
# Value of unknown attributes, because a VARCHAR field has no null; no attribute has this value.
_UNKNOWN = "\x00"
# Value of unknown numbers, less than any known.
UNKNOWN_NUMBER = -1e300
_MAX_TEXT = 65_535  # bytes, the most a VARCHAR holds
_MOST_VALUES = 4_096  # the most an ARRAY holds
# Field of a picture's row among the vectors; called so when each product had one picture.
ROW, VECTOR = "position", "vector"

FLAT = "FLAT"
# Settings of the kinds of index, as Milvus' documentation has them for millions of vectors: cells,
# or links of a node and candidates while it is inserted.
_BUILT_WITH: dict[str, dict[str, int]] = {
    "IVF_FLAT": {"nlist": 1024},
    "IVF_SQ8": {"nlist": 1024},
    "HNSW": {"M": 32, "efConstruction": 200},
}
# Cells searched, and candidates kept in a search, at least.
_CELLS, _CANDIDATES = 64, 256


def search_params(index_type: str, limit: int) -> dict[str, Any]:
    """Parameters of a search for `limit` rows in a kind of index."""
    candidates = max(_CANDIDATES, limit)
    own = {
        "IVF_FLAT": {"nprobe": _CELLS},
        "IVF_SQ8": {"nprobe": _CELLS},
        "HNSW": {"ef": candidates},
        "DISKANN": {"search_list": candidates},
    }
    return {"metric_type": "IP", "params": own.get(index_type, {})}


def fill(client: MilvusClient, collection: str, catalogue: Catalogue, path: Path) -> None:
    """Creation and filling of a collection, a block of vectors at a time.

    Args:
        client: of the server.
        collection: its name.
        catalogue: the products and their filters.
        path: `vectors.npy`.
    """
    stored = stored_vectors(path)
    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field(ROW, DataType.INT64, is_primary=True)
    schema.add_field(VECTOR, DataType.FLOAT_VECTOR, dim=stored.shape[1])
    labels: dict[str, Sequence[Any]] = {}
    for attribute in catalogue.filters:
        field = field_of(attribute)
        if catalogue.has_several(attribute):
            schema.add_field(
                field,
                DataType.ARRAY,
                element_type=DataType.VARCHAR,
                max_capacity=_MOST_VALUES,
                max_length=_MAX_TEXT,
            )
            labels[field] = [values[:_MOST_VALUES] for values in catalogue.all_values(attribute)]
        else:
            schema.add_field(field, DataType.VARCHAR, max_length=_MAX_TEXT)
            labels[field] = [text or _UNKNOWN for text in catalogue.labels(attribute)]
    for name, numbers in catalogue.numbers.items():
        schema.add_field(number_field_of(name), DataType.DOUBLE)
        labels[number_field_of(name)] = np.nan_to_num(numbers, nan=UNKNOWN_NUMBER).tolist()
    client.create_collection(collection, schema=schema)
    for start in range(0, len(stored), _ROWS):
        vectors = np.asarray(stored[start : start + _ROWS], np.float32)
        rows = np.arange(start, start + len(vectors))
        products = catalogue.pictures.of_rows(rows)[0].tolist()
        client.insert(
            collection,
            [
                {
                    ROW: row,
                    VECTOR: vector.tolist(),
                    **{name: values[product] for name, values in labels.items()},
                }
                for row, product, vector in zip(rows.tolist(), products, vectors, strict=True)
            ],
        )
    client.flush(collection)


def set_index(client: MilvusClient, collection: str, index_type: str) -> None:
    """Index of a kind over a collection's vectors; one of another kind is replaced."""
    for name in client.list_indexes(collection, field_name=VECTOR):
        if client.describe_index(collection, name)["index_type"] == index_type:
            return
        client.release_collection(collection)
        client.drop_index(collection, name)
    index = client.prepare_index_params()
    built_with = _BUILT_WITH.get(index_type, {})
    index.add_index(VECTOR, index_type=index_type, metric_type="IP", params=built_with)
    client.create_index(collection, index)


def field_of(attribute: str) -> str:
    """Milvus field of an attribute; its name may only have letters, digits and underscores."""
    return "a_" + "".join(c if c.isascii() and c.isalnum() else f"_{ord(c):x}_" for c in attribute)


def number_field_of(name: str) -> str:
    """Milvus field of a number."""
    return field_of(name).replace("a_", "n_", 1)

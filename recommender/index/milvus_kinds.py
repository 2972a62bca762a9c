"""Kinds of Milvus' index: how one is built over a collection, and how it is searched."""

from typing import Any

from pymilvus import MilvusClient

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


def set_index(client: MilvusClient, collection: str, vectors: str, index_type: str) -> None:
    """Index of a kind over a collection's field of vectors; one of another kind is replaced."""
    for name in client.list_indexes(collection, field_name=vectors):
        if client.describe_index(collection, name)["index_type"] == index_type:
            return
        client.release_collection(collection)
        client.drop_index(collection, name)
    index = client.prepare_index_params()
    built_with = _BUILT_WITH.get(index_type, {})
    index.add_index(vectors, index_type=index_type, metric_type="IP", params=built_with)
    client.create_index(collection, index)

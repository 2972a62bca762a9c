"""Search engines, each in a process of its own: this project's, FAISS, USearch and hnswlib.

    python -m benchmarks.engine_worker ENGINE FOLDER QUERIES.npy

Prints JSON: seconds to build, resident megabytes, and for each effort of the search the
milliseconds of each query and the positions found. All engines may use all cores for one query.
"""

import itertools
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.baseline import NEIGHBOURS
from benchmarks.machine import cores, resident
from benchmarks.samples import alternate, each
from recommender.index.catalogue import Catalogue
from recommender.index.catalogue_file import CATALOGUE_FILE
from recommender.index.exact_search import VECTORS_FILE, MemorySearch, stored_vectors

# Usual settings of graphs (HNSW, Malkov and Yashunin, 2016): links of a node, and candidates kept
# while a node is inserted.
LINKS, CONSTRUCTION = 16, 64
# Candidates kept in a search: more find more, and take longer.
EFFORTS = (16, 64, 256)
# Rows that are added at a time; limits the copy in memory.
_ROWS = 16_384

Search = Callable[[np.ndarray], np.ndarray]
"""Positions of the nearest items, (k,) int, of a query, (d,) float32."""
Efforts = dict[str, Callable[[], Search]]
"""By name of an effort, what sets it and returns the search."""


def ours(folder: Path) -> Efforts:
    """Exact search of this project: 8-bit scan, float32 rescoring from the disk."""
    catalogue = Catalogue(folder / CATALOGUE_FILE, (), ())
    search = MemorySearch(folder / VECTORS_FILE, catalogue)
    return {"exact": lambda: lambda query: search.search(query, NEIGHBOURS, {}).positions}


def faiss_flat(folder: Path) -> Efforts:
    """FAISS, exact: float32 in memory, one part for each core, as it scans a query in one."""
    import faiss

    stored = stored_vectors(folder / VECTORS_FILE)
    parts = faiss.IndexShards(stored.shape[1], True)
    bounds = np.linspace(0, len(stored), cores() + 1).astype(int)
    kept = []
    for first, last in itertools.pairwise(bounds):
        part = faiss.IndexFlatIP(stored.shape[1])
        for start in range(first, last, _ROWS):
            part.add(np.ascontiguousarray(stored[start : min(start + _ROWS, last)], np.float32))
        parts.add_shard(part)
        kept.append(part)  # FAISS does not own them
    return {"exact": lambda: lambda query: _kept(kept, parts.search(query[None], NEIGHBOURS)[1][0])}


def faiss_hnsw(folder: Path) -> Efforts:
    """FAISS, graph over float32."""
    import faiss

    faiss.omp_set_num_threads(cores())
    stored = stored_vectors(folder / VECTORS_FILE)
    graph = faiss.IndexHNSWFlat(stored.shape[1], LINKS, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction = CONSTRUCTION
    for start in range(0, len(stored), _ROWS):
        graph.add(np.ascontiguousarray(stored[start : start + _ROWS], np.float32))

    def search(effort: int) -> Search:
        graph.hnsw.efSearch = effort
        return lambda query: graph.search(query[None], NEIGHBOURS)[1][0]

    return {f"ef {effort}": partial(search, effort) for effort in EFFORTS}


def usearch(folder: Path) -> Efforts:
    """USearch, graph over 8-bit vectors."""
    from usearch.index import Index

    stored = stored_vectors(folder / VECTORS_FILE)
    graph = Index(
        ndim=stored.shape[1],
        metric="ip",
        dtype="i8",
        connectivity=LINKS,
        expansion_add=CONSTRUCTION,
    )
    for start in range(0, len(stored), _ROWS):
        rows = np.ascontiguousarray(stored[start : start + _ROWS], np.float32)
        graph.add(np.arange(start, start + len(rows)), _eighths(rows), threads=cores())

    def search(effort: int) -> Search:
        graph.expansion_search = effort  # type: ignore[misc]  # its stub lacks the setter
        return lambda query: np.asarray(graph.search(_eighths(query), NEIGHBOURS).keys, np.int64)

    return {f"ef {effort}": partial(search, effort) for effort in EFFORTS}


def hnswlib(folder: Path) -> Efforts:
    """hnswlib, graph over float32."""
    import hnswlib as library

    stored = stored_vectors(folder / VECTORS_FILE)
    graph = library.Index("ip", stored.shape[1])
    graph.init_index(len(stored), M=LINKS, ef_construction=CONSTRUCTION, random_seed=0)
    for start in range(0, len(stored), _ROWS):
        rows = np.ascontiguousarray(stored[start : start + _ROWS], np.float32)
        graph.add_items(rows, np.arange(start, start + len(rows)), num_threads=cores())

    def search(effort: int) -> Search:
        graph.set_ef(effort)
        return lambda query: graph.knn_query(query, NEIGHBOURS)[0][0].astype(np.int64)

    return {f"ef {effort}": partial(search, effort) for effort in EFFORTS}


ENGINES: dict[str, Callable[[Path], Efforts]] = {
    "this project": ours,
    "FAISS flat": faiss_flat,
    "FAISS HNSW": faiss_hnsw,
    "USearch": usearch,
    "hnswlib": hnswlib,
}


def main(engine: str, folder: Path, asked: Path) -> None:
    """Build an engine over the vectors of a folder, search, and print the measurements as JSON."""
    queries = np.load(asked, allow_pickle=False)
    before, started = resident(), time.perf_counter()
    efforts = ENGINES[engine](folder)
    told: dict[str, Any] = {"build_seconds": time.perf_counter() - started, "efforts": {}}
    for effort, begin in efforts.items():
        search = begin()
        taken = alternate({effort: each(search, queries)}, len(queries))[effort]
        found = [np.asarray(search(query), np.int64).tolist() for query in queries]
        told["efforts"][effort] = {"milliseconds": taken.values, "found": found}
    told["megabytes"] = resident() - before
    print(json.dumps(told), flush=True)


def _kept(_parts: object, found: np.ndarray) -> np.ndarray:
    return found


def _eighths(rows: np.ndarray) -> np.ndarray:
    """8-bit integers of vectors whose parts have length one: the same scale for all."""
    return np.rint(np.clip(rows, -1, 1) * 127).astype(np.int8)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))

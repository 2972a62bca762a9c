"""Search worker: a search in a process of its own, so that its memory can be measured.

    python -m benchmarks.search_worker FOLDER QUERIES.npy INDEX

Prints JSON: seconds to open, resident and peak megabytes, milliseconds of each query, and the
positions found.
"""

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.brute_force import ask
from benchmarks.machine import resident
from benchmarks.samples import alternate, each
from recommender.index.catalogue import Catalogue
from recommender.index.catalogue_file import CATALOGUE_FILE
from recommender.index.exact_search import VECTORS_FILE, MemorySearch
from recommender.index.manifest import Manifest


def main(folder: Path, asked: Path, index: Path) -> None:
    """Open the products, search, and print the measurements as JSON.

    Args:
        folder: vectors and catalogue of the products.
        asked: file of (q, d) float32 queries.
        index: folder of the index whose manifest names the attributes.
    """
    manifest = Manifest.read(index)
    queries = np.load(asked, allow_pickle=False)
    before = resident()
    started = time.perf_counter()
    catalogue = Catalogue(folder / CATALOGUE_FILE, manifest.attributes, manifest.filters)
    with_catalogue = resident()
    search = MemorySearch(folder / VECTORS_FILE, catalogue)
    seconds = time.perf_counter() - started
    task = each(lambda query: ask(search, query), queries)
    taken = alternate({"search": task}, len(queries))
    told = {
        "open_seconds": seconds,
        "before_megabytes": before,
        "catalogue_megabytes": with_catalogue - before,
        "resident_megabytes": resident(),
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
        "milliseconds": taken["search"].values,
        "found": [ask(search, query).tolist() for query in queries],
    }
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))

"""Cluster encoding: the workers of a Dask cluster read and encode the chunks of a build.

Each task is one chunk. A worker opens the dataset itself and writes the chunk's files into the
working folder, as a build on one machine does; so the folder must lie where all machines see it
under the same name. What is written once is never encoded again: the same command goes on.

Dask (https://distributed.dask.org) sends tasks by pickle, and whoever reaches a scheduler can run
code on its workers: keep it inside a network of your own, or use its TLS.
"""

import os
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from recommender.building.encode import CHUNK, Timings, chunk_path, encode_chunks
from recommender.building.plan import PLAN_FILE, BuildDirectory
from recommender.errors import DatasetError, SettingsError
from recommender.features import FEATURES_VERSION
from recommender.features.extractor import FeatureExtractor
from recommender.reading.product import ProductSource

# Seconds until a scheduler that does not answer counts as absent.
CONNECT_SECONDS = 10
# Times that a chunk is given to another worker, after its own was lost.
RETRIES = 3

_ELSEWHERE = (
    "The workers do not see the folder {folder} of this machine. Choose an --out that all machines "
    "see under the same name, on a file system that they share."
)


class Opening(Protocol):
    """Opening of a dataset on any machine: it can be pickled, and equal openings are equal."""

    def __call__(self) -> ProductSource:
        """The products."""
        ...

    def __hash__(self) -> int: ...


def encode_on_cluster(
    address: str,
    opening: Opening,
    rows: range,
    folder: Path,
    advance: Callable[[int], None],
) -> Timings:
    """Encoding of the chunks that the working folder lacks, by the workers of a cluster.

    Args:
        address: of the scheduler, such as "tcp://10.0.0.1:8786".
        opening: of the products.
        rows: rows of the source; the first is a multiple of `CHUNK`.
        folder: the working folder, with plan and network.
        advance: called with the number of products finished since the last call.

    Returns:
        Timings; those of decoding and of the network are sums over the workers.

    Raises:
        SettingsError: Dask is not installed, nobody answers, or the workers write elsewhere.
        DatasetError: a chunk was lost with its workers, again and again.
    """
    client_type, as_completed, killed = _dask()
    timings, started, folder = Timings(), time.perf_counter(), folder.resolve()
    starts = [s for s in range(rows.start, rows.stop, CHUNK) if not chunk_path(folder, s).exists()]
    sizes = {start: min(CHUNK, rows.stop - start) for start in starts}
    advance(len(rows) - sum(sizes.values()))
    try:
        client = client_type(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise SettingsError(
            f"No Dask scheduler answers at {address}. --cluster takes its address, such as "
            "tcp://10.0.0.1:8786; start one with `dask scheduler`, and a `dask worker` on every "
            "machine."
        ) from error
    with client:
        tasks = {
            client.submit(
                encode_chunk, range(s, s + n), folder, opening, pure=False, retries=RETRIES
            ): s
            for s, n in sizes.items()
        }
        try:
            for task in as_completed(tasks):
                chunk = task.result()
                if not chunk_path(folder, tasks[task]).exists():
                    raise SettingsError(_ELSEWHERE.format(folder=folder))
                for name in ("encoded", "pictures", "decode", "network"):
                    setattr(timings, name, getattr(timings, name) + getattr(chunk, name))
                advance(sizes[tasks[task]])
        except killed as error:
            raise DatasetError(
                "A part of the dataset was given to several workers, and each of them ended; "
                "perhaps they have too little memory. Nothing is lost: the same command goes on."
            ) from error
        finally:
            client.cancel(list(tasks))
    timings.encode = time.perf_counter() - started
    return timings


def encode_chunk(rows: range, folder: Path, opening: Opening) -> Timings:
    """Task of a worker: reading, encoding and writing of one chunk.

    Raises:
        SettingsError: this machine does not see the working folder, or has another version.
    """
    if not (folder / PLAN_FILE).exists():
        raise SettingsError(_ELSEWHERE.format(folder=folder))
    changed = (folder / PLAN_FILE).stat().st_mtime_ns
    source, extractor, each = _opened(folder, changed, opening)
    return encode_chunks(source, rows, extractor, folder, lambda done: None, each)


@lru_cache(maxsize=1)
def _opened(
    folder: Path, changed: int, opening: Opening
) -> tuple[ProductSource, FeatureExtractor, int]:
    """Dataset, network and pictures a product at most of a build, opened once by each worker."""
    directory = BuildDirectory.read(folder)
    key = directory.key
    if (key.features_version, key.chunk) != (FEATURES_VERSION, CHUNK):
        raise SettingsError(
            f"The worker on {os.uname().nodename} has another version of this program than the "
            "machine that builds: install the same everywhere."
        )
    extractor = FeatureExtractor.for_building(directory.encoder, directory.backbone, key.precision)
    return opening(), extractor, key.pictures_each


def _dask() -> tuple[Any, Callable[[Iterable[Any]], Any], type[Exception]]:
    try:
        from distributed import Client, KilledWorker, as_completed
    except ImportError:
        raise SettingsError('A cluster needs Dask: pip install ".[build,cluster]"') from None
    return Client, as_completed, KilledWorker

"""Resumable encoding of a dataset: products are read, decoded and encoded chunk by chunk.

Working folder of a build:

    index.partial/
      plan.json           the build key; a build of another key is refused in this folder
      encoder/            the network, exported once
      chunk-00000.npz     features of a chunk's pictures
      chunk-00000.arrow   its products (`recommender.building.chunks`); written after the
                          features, so that its presence means that the chunk is complete
"""

import collections
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from recommender.building.chunks import write_chunk
from recommender.building.decode import DecodedPicture, DecodedProduct, decode
from recommender.features.extractor import BATCH, FeatureExtractor
from recommender.features.table import NAMES, FeatureTable
from recommender.reading.product import Product, ProductSource

# Products in a chunk: a killed build loses at most one, a few seconds of work.
CHUNK = 1024
# Pictures that are decoded ahead of the network, for each processor.
AHEAD = 4 * BATCH


@dataclass
class Timings:
    """Timings of encoding, seconds."""

    encoded: int = 0
    """Number of products, without those of finished chunks."""
    pictures: int = 0
    """Number of their pictures."""
    decode: float = 0.0
    """Sum over the decoding threads, which run beside the network."""
    network: float = 0.0
    """Time during which the network computed."""
    encode: float = 0.0
    """Time from the first product read to the last chunk written."""


@dataclass
class _Batch:
    """At most `BATCH` pictures of one chunk, and the products that end with one of them."""

    start: int
    """First row of the chunk."""
    pictures: list[DecodedPicture] = field(default_factory=list)
    products: list[DecodedProduct] = field(default_factory=list)
    is_last: bool = False
    """Whether it ends the chunk."""


def encode_chunks(
    source: ProductSource,
    rows: range,
    extractor: FeatureExtractor,
    folder: Path,
    advance: Callable[[int], None],
    pictures_each: int | None = None,
) -> Timings:
    """Encoding of the chunks that the working folder lacks.

    Chunks start at multiples of `CHUNK` rows of the dataset in every shard, so that merged shards
    have the same chunks as a build on one machine.

    Args:
        source: the products.
        rows: rows of the source; the first is a multiple of `CHUNK`.
        extractor: of the features.
        folder: the working folder.
        advance: called with the number of products finished since the last call.
        pictures_each: pictures of a product at most; None for all.
    """
    timings, started = Timings(), time.perf_counter()
    starts = [s for s in range(rows.start, rows.stop, CHUNK) if not chunk_path(folder, s).exists()]
    done = len(rows) - sum(min(CHUNK, rows.stop - start) for start in starts)
    advance(done)
    waiting: collections.deque[_Batch] = collections.deque()
    side = extractor.backbone.side

    def batches() -> Iterator[np.ndarray]:
        for batch in _batches(source, starts, rows.stop, extractor, timings, pictures_each):
            pixels = [picture.pixels for picture in batch.pictures if picture.pixels is not None]
            # Pixels are dropped once the network has them: they would fill the memory.
            batch.pictures = [replace(picture, pixels=None) for picture in batch.pictures]
            batch.products = [product.without_pixels() for product in batch.products]
            waiting.append(batch)
            yield (np.stack(pixels) if pixels else np.zeros((1, side, side, 3), np.uint8))

    products: list[DecodedProduct] = []
    features: list[FeatureTable] = []
    with ThreadPoolExecutor(1) as writer:
        written: Future[None] | None = None
        for table in extractor.network.encode_stream(batches()):
            batch = waiting.popleft()
            products.extend(batch.products)
            if batch.pictures:
                colour = np.stack([picture.colour for picture in batch.pictures])
                own = table.take(np.arange(len(batch.pictures)))
                features.append(replace(own, colour=colour))
            timings.pictures += len(batch.pictures)
            advance(len(batch.products))
            if batch.is_last:
                if written:
                    # Waiting ends the build at once if the disk is full, and keeps chunks from
                    # piling up in memory if it is slow.
                    written.result()
                whole = FeatureTable.concatenate([extractor.nothing(), *features])
                written = writer.submit(_write_chunk, folder, batch.start, products, whole)
                products, features = [], []
        if written:
            written.result()
    timings.encoded = len(rows) - done
    timings.network = extractor.network.busy_seconds
    timings.encode = time.perf_counter() - started
    return timings


def chunk_path(folder: Path, start: int) -> Path:
    """File of the chunk that starts at a row; its presence means that the chunk is complete."""
    return folder / f"chunk-{start // CHUNK:05d}.arrow"


def _batches(
    source: ProductSource,
    starts: list[int],
    stop: int,
    extractor: FeatureExtractor,
    timings: Timings,
    pictures_each: int | None,
) -> Iterator[_Batch]:
    """Batches of decoded pictures, decoded ahead by several threads; none spans two chunks."""

    def timed(product: Product) -> tuple[DecodedProduct, float]:
        before = time.thread_time()
        return decode(product, extractor, pictures_each), time.thread_time() - before

    workers = len(os.sched_getaffinity(0))
    with ThreadPoolExecutor(workers, thread_name_prefix="decode") as pool:
        products = (
            (product.position // CHUNK * CHUNK, product)
            for run in _runs(starts, stop)
            for product in source.read(run.start, run.stop)
        )
        # First row of the chunk, number of pictures, and the product.
        ahead: collections.deque[tuple[int, int, Future[tuple[DecodedProduct, float]]]] = (
            collections.deque()
        )
        room = AHEAD * workers

        def fill() -> None:
            nonlocal room
            while room > 0 and (pair := next(products, None)) is not None:
                start, product = pair
                size = max(1, len(product.pictures))
                room -= size
                ahead.append((start, size, pool.submit(timed, product)))

        fill()
        batch: _Batch | None = None
        while ahead:
            start, size, future = ahead.popleft()
            room += size
            fill()
            decoded, seconds = future.result()
            timings.decode += seconds
            batch = batch or _Batch(start)
            for picture in decoded.pictures:
                if len(batch.pictures) == BATCH:
                    yield batch
                    batch = _Batch(start)
                batch.pictures.append(picture)
            batch.products.append(decoded)
            batch.is_last = not ahead or ahead[0][0] != start
            if batch.is_last or len(batch.pictures) == BATCH:
                yield batch
                batch = None


def _runs(starts: list[int], stop: int) -> Iterator[range]:
    """Row ranges of consecutive chunks, so that the dataset is opened once for each range."""
    begin = 0
    for i in range(1, len(starts) + 1):
        if i == len(starts) or starts[i] != starts[i - 1] + CHUNK:
            yield range(starts[begin], min(starts[i - 1] + CHUNK, stop))
            begin = i


def _write_chunk(
    folder: Path, start: int, products: list[DecodedProduct], features: FeatureTable
) -> None:
    arrays = dict(zip(NAMES, features.in_memory, strict=True))
    write_chunk(chunk_path(folder, start), products, arrays)

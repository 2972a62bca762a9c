"""Resumable encoding of a dataset: products are read, decoded and encoded chunk by chunk.

Working folder of a build:

    index.partial/
      plan.json           the build key; a build of another key is refused in this folder
      encoder/            the network, exported once
      chunk-00000.npz     features of a chunk's pictures, (n, d) float32 each
      chunk-00000.parquet products, thumbnails, digests and reasons of skipping; written after
                          the features, so that its presence means that the chunk is complete
"""

import collections
import hashlib
import io
import itertools
import json
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from recommender.errors import PictureError
from recommender.features.colour import colour_features
from recommender.features.extractor import BATCH, FeatureExtractor
from recommender.features.preprocessing import MIN_SIDE
from recommender.features.table import NAMES, FeatureTable
from recommender.pictures.decoding import open_picture
from recommender.pictures.reading import read_bytes
from recommender.reading.product import Product, ProductSource

# Products in a chunk: a killed build loses at most one, a few seconds of work.
CHUNK = 1024
# Longest side, pixels, up to which the catalogue keeps a picture's own file; larger pictures are
# reduced to it.
THUMBNAIL_SIDE = 480
THUMBNAIL_QUALITY = 88


@dataclass(frozen=True)
class DecodedProduct:
    """Product with its decoded picture, or with the reason why it could not be read."""

    product: Product
    pixels: np.ndarray | None = None
    colour: np.ndarray | None = None
    thumbnail: bytes = b""
    digest: str = ""
    """SHA-256 of size and upright RGB pixels: equal for pixel-identical pictures. Large
    pictures are compared after the decoder's reduction."""
    reason: str | None = None


@dataclass
class Timings:
    """Timings of encoding, seconds."""

    encoded: int = 0
    """Number of products, without those of finished chunks."""
    decode: float = 0.0
    """Sum over the decoding threads, which run beside the network."""
    network: float = 0.0
    """Time during which the network computed."""
    encode: float = 0.0
    """Time from the first product read to the last chunk written."""


def decode(product: Product, extractor: FeatureExtractor) -> DecodedProduct:
    """Decoded product; a picture that cannot be read becomes a reason, not an exception.

    Products and queries are decoded alike, so that a file has the same features as either.
    """
    if product.picture is None:
        return DecodedProduct(product, reason=" ".join(product.unread[:1]) or "It has no picture.")
    source = product.picture
    try:
        if isinstance(source, str):
            source = read_bytes(source)  # a small file is kept as the thumbnail
        picture = open_picture(source, min_side=MIN_SIDE)
    except PictureError as error:
        return DecodedProduct(product, reason=str(error))
    return DecodedProduct(
        replace(product, pictures=()),  # files may have megabytes; a chunk is kept in memory
        extractor.pixels(picture),
        colour_features(np.asarray(picture)),
        _thumbnail(source, picture),
        digest(picture),
    )


def digest(picture: Image.Image) -> str:
    """SHA-256 of a picture's size and pixels, hexadecimal."""
    return hashlib.sha256(repr(picture.size).encode() + picture.tobytes()).hexdigest()


def encode_chunks(
    source: ProductSource,
    rows: range,
    extractor: FeatureExtractor,
    folder: Path,
    advance: Callable[[int], None],
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
    """
    timings, started = Timings(), time.perf_counter()
    starts = [s for s in range(rows.start, rows.stop, CHUNK) if not chunk_path(folder, s).exists()]
    done = len(rows) - sum(min(CHUNK, rows.stop - start) for start in starts)
    advance(done)
    # Chunk, products, and whether it is the chunk's last, of each batch in the stream. A batch
    # never spans two chunks.
    waiting: collections.deque[tuple[int, list[DecodedProduct], bool]] = collections.deque()

    side = extractor.backbone.side

    def batches() -> Iterator[np.ndarray]:
        for start, group, last in _batches(source, starts, rows.stop, extractor, timings):
            waiting.append((start, group, last))
            pixels = [product.pixels for product in group if product.pixels is not None]
            yield (np.stack(pixels) if pixels else np.zeros((1, side, side, 3), np.uint8))

    products: list[DecodedProduct] = []
    features: list[FeatureTable] = []
    with ThreadPoolExecutor(1) as writer:
        written: Future[None] | None = None
        for table in extractor.network.encode_stream(batches()):
            start, group, last = waiting.popleft()
            kept = [product for product in group if product.pixels is not None]
            # Pixels are dropped once their features exist: they would fill the memory.
            products.extend(replace(product, pixels=None) for product in group)
            if kept:
                colour = np.stack([p.colour for p in kept if p.colour is not None])
                features.append(replace(table.take(np.arange(len(kept))), colour=colour))
            advance(len(group))
            if last:
                if written:
                    # Waiting ends the build at once if the disk is full, and keeps chunks from
                    # piling up in memory if it is slow.
                    written.result()
                whole = FeatureTable.concatenate([extractor.nothing(), *features])
                written = writer.submit(_write_chunk, folder, start, products, whole)
                products, features = [], []
        if written:
            written.result()
    timings.encoded = len(rows) - done
    timings.network = extractor.network.busy_seconds
    timings.encode = time.perf_counter() - started
    return timings


def chunk_path(folder: Path, start: int) -> Path:
    """File of the chunk that starts at a row; its presence means that the chunk is complete."""
    return folder / f"chunk-{start // CHUNK:05d}.parquet"


def _batches(
    source: ProductSource,
    starts: list[int],
    stop: int,
    extractor: FeatureExtractor,
    timings: Timings,
) -> Iterator[tuple[int, list[DecodedProduct], bool]]:
    """Batches of at most `BATCH` decoded pictures, decoded ahead by several threads.

    Yields:
        First row of the chunk, products, and whether they end the chunk.
    """

    def timed(product: Product) -> tuple[DecodedProduct, float]:
        before = time.thread_time()
        return decode(product, extractor), time.thread_time() - before

    workers = len(os.sched_getaffinity(0))
    with ThreadPoolExecutor(workers, thread_name_prefix="decode") as pool:
        products = (
            (product.position // CHUNK * CHUNK, product)
            for run in _runs(starts, stop)
            for product in source.read(run.start, run.stop)
        )
        ahead: collections.deque[tuple[int, Future[tuple[DecodedProduct, float]]]] = (
            collections.deque()
        )
        group: list[DecodedProduct] = []
        submit = lambda pair: ahead.append((pair[0], pool.submit(timed, pair[1])))  # noqa: E731
        for pair in itertools.islice(products, 4 * BATCH * workers):
            submit(pair)
        while ahead:
            start, future = ahead.popleft()
            for pair in itertools.islice(products, 1):
                submit(pair)
            decoded, seconds = future.result()
            timings.decode += seconds
            group.append(decoded)
            last = not ahead or ahead[0][0] != start
            if last or sum(product.pixels is not None for product in group) == BATCH:
                yield start, group, last
                group = []


def _runs(starts: list[int], stop: int) -> Iterator[range]:
    """Row ranges of consecutive chunks, so that the dataset is opened once for each range."""
    begin = 0
    for i in range(1, len(starts) + 1):
        if i == len(starts) or starts[i] != starts[i - 1] + CHUNK:
            yield range(starts[begin], min(starts[i - 1] + CHUNK, stop))
            begin = i


def _thumbnail(source: Any, picture: Image.Image) -> bytes:
    """Thumbnail: the picture's own file if it is small and a browser shows it, else a JPEG copy."""
    if isinstance(source, bytes) and max(picture.size) <= THUMBNAIL_SIDE:
        head = source[:12]
        if head.startswith((b"\xff\xd8\xff", b"\x89PNG")) or head[8:] == b"WEBP":
            with Image.open(io.BytesIO(source)) as same:
                if same.mode in ("RGB", "L") and not same.getexif():
                    return source
    copy = picture.copy()
    copy.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    copy.save(buffer, "JPEG", quality=THUMBNAIL_QUALITY)
    return buffer.getvalue()


def _write_chunk(
    folder: Path, start: int, products: list[DecodedProduct], features: FeatureTable
) -> None:
    path = chunk_path(folder, start)
    arrays = dict(zip(NAMES, features.arrays, strict=True))
    temporary = path.with_suffix(".npz.new")
    with temporary.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    temporary.replace(path.with_suffix(".npz"))
    rows = [
        {
            "id": p.product.id,
            "name": p.product.name,
            "attributes": json.dumps(p.product.attributes, ensure_ascii=False),
            "thumbnail": p.thumbnail,
            "digest": p.digest,
            "reason": p.reason,
        }
        for p in products
    ]
    schema = pa.schema([(n, pa.binary() if n == "thumbnail" else pa.string()) for n in rows[0]])
    temporary = path.with_suffix(".parquet.new")
    pq.write_table(pa.Table.from_pylist(rows, schema), temporary)
    temporary.replace(path)

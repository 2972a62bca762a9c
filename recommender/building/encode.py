"""Read, decode and encode the products of a dataset, chunk by chunk, so that work can be resumed.

The working folder of a build:

    index.partial/
      plan.json           what is being built; another plan does not go on in this folder
      encoder/            the network of this build, exported once
      chunk-00000.npz     features of a chunk's pictures, (n, d) float32 each
      chunk-00000.parquet its products, thumbnails and digests, and who was skipped and why;
                          written after the features, so that its presence means both are whole
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
from recommender.features.colour import DIMENSIONS, colour_features
from recommender.features.extractor import BATCH, FeatureExtractor
from recommender.features.preprocessing import MIN_SIDE
from recommender.features.table import NAMES, FeatureTable
from recommender.pictures.decoding import open_picture
from recommender.pictures.reading import read_bytes
from recommender.reading.product import Product, ProductSource

# Products a chunk: what a killed build loses at most (a few seconds of work).
CHUNK = 1024
# The catalogue keeps a picture as it came up to this side (pixels), and a smaller one otherwise.
THUMBNAIL_SIDE = 480
THUMBNAIL_QUALITY = 88


@dataclass(frozen=True)
class DecodedProduct:
    """A product whose picture was read, or the reason why it could not be."""

    product: Product
    pixels: np.ndarray | None = None
    colour: np.ndarray | None = None
    thumbnail: bytes = b""
    digest: str = ""
    """SHA-256 of the upright RGB pixels and their size: equal for pixel-identical pictures (large
    ones: when reduced while they are decoded)."""
    reason: str | None = None


@dataclass
class Timings:
    """Seconds per stage; decoding is the sum over its threads, which run beside the network."""

    encoded: int = 0
    """Products; those of chunks that were there already do not count."""
    decode: float = 0.0
    network: float = 0.0
    """During which the network had work."""
    encode: float = 0.0
    """From the first product read to the last chunk written."""


def decode(product: Product, extractor: FeatureExtractor) -> DecodedProduct:
    """Read a product's picture; a picture that cannot be read is a value, not an error.

    It is decoded as a query's is, so that the same file has the same features as either.
    """
    if product.picture is None:
        return DecodedProduct(product, reason=" ".join(product.unread[:1]) or "It has no picture.")
    source = product.picture
    try:
        if isinstance(source, str):
            source = read_bytes(source)  # small files become thumbnails as they are
        picture = open_picture(source, min_side=MIN_SIDE)
    except PictureError as error:
        return DecodedProduct(product, reason=str(error))
    return DecodedProduct(
        replace(product, pictures=()),  # a file of a megabyte has no business in a whole chunk
        extractor.pixels(picture),
        colour_features(np.asarray(picture)),
        _thumbnail(source, picture),
        digest(picture),
    )


def digest(picture: Image.Image) -> str:
    """SHA-256 (hex) of a picture's size and pixels."""
    return hashlib.sha256(repr(picture.size).encode() + picture.tobytes()).hexdigest()


def encode_chunks(
    source: ProductSource,
    rows: range,
    extractor: FeatureExtractor,
    folder: Path,
    advance: Callable[[int], None],
) -> Timings:
    """Encode every chunk of the rows that the folder does not have yet.

    Chunks start at multiples of `CHUNK` from the first row of the dataset, whatever the rows, so
    that shards of a dataset put together are the very chunks that one machine would have made.

    Args:
        source: the products.
        rows: which rows of it; starts at a multiple of `CHUNK`.
        extractor: makes the features.
        folder: the working folder.
        advance: called with the number of products done since the last call.
    """
    timings, started = Timings(), time.perf_counter()
    starts = [s for s in range(rows.start, rows.stop, CHUNK) if not chunk_path(folder, s).exists()]
    done = len(rows) - sum(min(CHUNK, rows.stop - start) for start in starts)
    advance(done)
    # A batch never spans two chunks; which chunk it belongs to travels beside the stream.
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
            # Their features are there now: no pixels are kept longer than a batch.
            products.extend(replace(product, pixels=None) for product in group)
            if kept:
                colour = np.stack([p.colour for p in kept if p.colour is not None])
                features.append(replace(table.take(np.arange(len(kept))), colour=colour))
            advance(len(group))
            if last:
                if written:
                    # A full disk ends the build here, not after encoding; a slow one holds the
                    # network up, and fills no memory.
                    written.result()
                whole = FeatureTable.concatenate([_nothing(extractor), *features])
                written = writer.submit(_write_chunk, folder, start, products, whole)
                products, features = [], []
        if written:
            written.result()
    timings.encoded = len(rows) - done
    timings.network = extractor.network.busy_seconds
    timings.encode = time.perf_counter() - started
    return timings


def chunk_path(folder: Path, start: int) -> Path:
    """The file whose presence says that the chunk starting at a row is whole."""
    return folder / f"chunk-{start // CHUNK:05d}.parquet"


def _nothing(extractor: FeatureExtractor) -> FeatureTable:
    return FeatureTable.empty(extractor.backbone.channels, DIMENSIONS)


def _batches(
    source: ProductSource,
    starts: list[int],
    stop: int,
    extractor: FeatureExtractor,
    timings: Timings,
) -> Iterator[tuple[int, list[DecodedProduct], bool]]:
    """Decoded products in groups of at most `BATCH` pictures, decoded ahead by a few threads."""

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
    """Rows of chunks that follow each other, so that the dataset is not opened for every chunk."""
    begin = 0
    for i in range(1, len(starts) + 1):
        if i == len(starts) or starts[i] != starts[i - 1] + CHUNK:
            yield range(starts[begin], min(starts[i - 1] + CHUNK, stop))
            begin = i


def _thumbnail(source: Any, picture: Image.Image) -> bytes:
    """The picture's own file where that is small and a format browsers show, or a smaller copy."""
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

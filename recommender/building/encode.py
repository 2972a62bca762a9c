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
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from recommender.errors import PictureError
from recommender.features.backbones.registry import Backbone
from recommender.features.colour import colour_features
from recommender.features.encoder import Features
from recommender.features.preprocessing import to_pixels
from recommender.pictures.decoding import open_picture
from recommender.pictures.reading import read_bytes
from recommender.reading.product import Product, ProductSource

# Products a chunk: what a killed build loses at most (a few seconds of work).
CHUNK = 1024
# Pictures a call of the network; more did not make it faster on 2 cores.
BATCH = 16

# The catalogue keeps a picture as it came up to this side (pixels), and a smaller one otherwise.
THUMBNAIL_SIDE = 480
THUMBNAIL_QUALITY = 88


class StreamingEncoder(Protocol):
    """The network as building needs it; OpenVINO's and TensorFlow's both offer it."""

    busy_seconds: float

    def encode_stream(self, batches: Iterable[np.ndarray]) -> Iterator[Features]: ...


@dataclass(frozen=True)
class DecodedProduct:
    """A product whose picture was read, or the reason why it could not be."""

    product: Product
    pixels: np.ndarray | None = None
    colour: np.ndarray | None = None
    thumbnail: bytes = b""
    digest: str = ""
    """SHA-256 of the upright RGB pixels and their size: equal for pixel-identical pictures."""
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


def decode(product: Product, backbone: Backbone) -> DecodedProduct:
    """Read a product's picture; a picture that cannot be read is a value, not an error."""
    if product.picture is None:
        return DecodedProduct(product, reason=" ".join(product.unread[:1]) or "It has no picture.")
    source = product.picture
    try:
        if isinstance(source, str):
            source = read_bytes(source)  # small files become thumbnails as they are
        picture = open_picture(source)
    except PictureError as error:
        return DecodedProduct(product, reason=str(error))
    pixels = to_pixels(picture, backbone)
    return DecodedProduct(
        product,
        pixels,
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
    backbone: Backbone,
    encoder: StreamingEncoder,
    folder: Path,
    advance: Callable[[int], None],
) -> Timings:
    """Encode every chunk of the rows that the folder does not have yet.

    Chunks start at multiples of `CHUNK` from the first row of the dataset, whatever the rows, so
    that shards of a dataset put together are the very chunks that one machine would have made.

    Args:
        source: the products.
        rows: which rows of it; starts at a multiple of `CHUNK`.
        backbone: what the encoder expects.
        encoder: the network.
        folder: the working folder.
        advance: told of every so many products done.
    """
    timings, started = Timings(), time.perf_counter()
    starts = [s for s in range(rows.start, rows.stop, CHUNK) if not chunk_path(folder, s).exists()]
    done = len(rows) - sum(min(CHUNK, rows.stop - start) for start in starts)
    advance(done)
    # A batch never spans two chunks; which chunk it belongs to travels beside the stream.
    waiting: collections.deque[tuple[int, list[DecodedProduct], bool]] = collections.deque()

    def batches() -> Iterator[np.ndarray]:
        for start, group, last in _batches(source, starts, rows.stop, backbone, timings):
            waiting.append((start, group, last))
            pixels = [product.pixels for product in group if product.pixels is not None]
            yield (
                np.stack(pixels)
                if pixels
                else np.zeros((1, backbone.side, backbone.side, 3), np.uint8)
            )

    products: list[DecodedProduct] = []
    features: list[dict[str, np.ndarray]] = []
    with ThreadPoolExecutor(1) as writer:
        writes: list[Future[None]] = []
        for result in encoder.encode_stream(batches()):
            start, group, last = waiting.popleft()
            kept = sum(product.pixels is not None for product in group)
            pooled = {
                "max_pooled": result.max_pooled[:kept],
                "avg_pooled": result.avg_pooled[:kept],
            }
            features.append(pooled)
            products.extend(group)
            advance(len(group))
            if last:
                if writes:
                    writes.pop().result()  # a full disk ends the build here, not after encoding
                writes.append(writer.submit(_write_chunk, folder, start, products, features))
                products, features = [], []
        for write in writes:
            write.result()
    timings.encoded = len(rows) - done
    timings.network = encoder.busy_seconds
    timings.encode = time.perf_counter() - started
    return timings


def chunk_path(folder: Path, start: int) -> Path:
    """The file whose presence says that the chunk starting at a row is whole."""
    return folder / f"chunk-{start // CHUNK:05d}.parquet"


def _batches(
    source: ProductSource, starts: list[int], stop: int, backbone: Backbone, timings: Timings
) -> Iterator[tuple[int, list[DecodedProduct], bool]]:
    """Decoded products in groups of at most `BATCH` pictures, decoded ahead by a few threads."""

    def timed(product: Product) -> tuple[DecodedProduct, float]:
        before = time.thread_time()
        return decode(product, backbone), time.thread_time() - before

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
    folder: Path, start: int, products: list[DecodedProduct], features: list[dict[str, np.ndarray]]
) -> None:
    path = chunk_path(folder, start)
    kept = [product for product in products if product.reason is None]
    colours = [product.colour for product in kept if product.colour is not None]
    arrays = {name: np.concatenate([f[name] for f in features]) for name in features[0]}
    arrays["colour"] = np.stack(colours) if colours else np.zeros((0, 0), np.float32)
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

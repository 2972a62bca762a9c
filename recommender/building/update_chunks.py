"""Chunks of an update: products with the vectors of their pictures, of which few are encoded.

A picture is looked up by its place, then by its file's bytes, then, decoded, by its pixels. Only
one that is found by none of them goes through the index's encoder and head.
"""

import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np

from recommender.building.chunks import write_chunk
from recommender.building.decode import DecodedPicture, DecodedProduct, decode_picture
from recommender.building.encode import CHUNK, chunk_path
from recommender.building.known_pictures import KnownPictures, write_part
from recommender.embedding.head import Head
from recommender.embedding.head_vectors import picture_vectors
from recommender.errors import PictureError
from recommender.features.extractor import BATCH, FeatureExtractor
from recommender.features.table import FeatureTable
from recommender.index.product_detector import ProductDetector
from recommender.pictures.decoding import PictureSource
from recommender.pictures.reading import read_bytes
from recommender.reading.kept_pictures import address_of_kept
from recommender.reading.picture_keys import content_key, place_key
from recommender.reading.product import KnownPicture, Product

ROWS, VECTORS = "rows", "picture_vectors"
"""Arrays of a chunk: (p,) int64 rows of the index's vectors, -1 for new pictures; (p, d) float32
vectors before the label prior."""


@dataclass
class UpdateCounts:
    """Counts of an update's pictures."""

    encoded: int = 0
    by_place: int = 0
    """Known pictures that were neither fetched nor read, because their place is the same."""
    shifts: list[float] = field(default_factory=list)
    """Shift of each encoded picture's features (`recommender.building.drift`)."""


@dataclass(frozen=True)
class UpdateEncoder:
    """Encoder of an update: the index's own network and head.

    Args:
        extractor: loads the network when it is first needed.
        head: of the index.
        detector: of the index; has mean and scale of the features that the index was fitted on.
    """

    extractor: Callable[[], FeatureExtractor]
    head: Head
    detector: ProductDetector

    def vectors(self, pictures: Sequence[DecodedPicture]) -> tuple[np.ndarray, np.ndarray]:
        """Vectors of pictures before the label prior, and shifts of their features.

        Args:
            pictures: n, with pixels.

        Returns:
            (n, d) float32 and (n,) float32: mean square of the standardised features, which is 1 on
            average over the products that the index was fitted on.
        """
        extractor = self.extractor()
        pixels = [picture.pixels for picture in pictures if picture.pixels is not None]
        batches = (np.stack(pixels[i : i + BATCH]) for i in range(0, len(pixels), BATCH))
        table = FeatureTable.concatenate(extractor.network.encode_stream(batches))
        colour = np.stack([picture.colour for picture in pictures])
        features = replace(table, colour=colour).in_memory
        return picture_vectors(self.head, *features), self.detector.shift(*features[:2])


def write_update_chunks(
    products: Iterator[Product],
    known: KnownPictures,
    encoder: UpdateEncoder,
    folder: Path,
    advance: Callable[[int], None],
) -> tuple[list[Path], UpdateCounts]:
    """Writing of all products in chunks, with their pictures' vectors in place of features.

    Args:
        products: in the order of the new catalogue.
        known: pictures that are not encoded again.
        encoder: of the others.
        folder: the working folder; what is encoded is kept there.
        advance: called with the number of products finished since the last call.
    """
    counts = UpdateCounts()
    paths: list[Path] = []
    with ThreadPoolExecutor(len(os.sched_getaffinity(0)), thread_name_prefix="decode") as pool:
        for start in itertools.count(0, CHUNK):
            group = list(itertools.islice(products, CHUNK))
            if not group:
                return paths, counts
            sources = [source for product in group for source in product.pictures]
            looked: list[_Looked] = [_by_place(source, known) for source in sources]
            counts.by_place += sum(isinstance(found, int) for found in looked)
            others = [number for number, found in enumerate(looked) if found is None]
            read = partial(_by_content, known=known, encoder=encoder)
            decoded = pool.map(read, [sources[number] for number in others])
            for number, found in zip(others, decoded, strict=True):
                looked[number] = found
            new = [picture for picture in looked if isinstance(picture, DecodedPicture)]
            if new:
                vectors, shifts = encoder.vectors(new)
                new = [replace(picture, pixels=None) for picture in new]
                write_part(_part_path(folder), list(zip(new, vectors, strict=True)))
                counts.encoded += len(new)
                counts.shifts += shifts.tolist()
            path = chunk_path(folder, start)
            encoded = iter(zip(new, vectors, strict=True)) if new else iter(())
            _write(path, group, looked, encoded, known)
            paths.append(path)
            advance(len(group))
    raise AssertionError("the products end")


def parts_of(folder: Path) -> list[Path]:
    """Files of what an interrupted update has encoded."""
    return sorted(folder.glob("encoded-*.parquet"))


_Looked = int | tuple[int, DecodedPicture] | DecodedPicture | PictureError | None
"""A known picture's row; that of a known picture with the same pixels, and the picture; a new
picture, with pixels; why it cannot be read; or None: not looked for yet."""


def _part_path(folder: Path) -> Path:
    """File that no earlier attempt has written."""
    return folder / f"encoded-{len(parts_of(folder)):05d}.parquet"


def _by_place(source: PictureSource | KnownPicture, known: KnownPictures) -> int | None:
    if not isinstance(source, KnownPicture):
        # A picture was fetched because its address is not known, or may have another one by now.
        is_fetched = isinstance(source, str) and address_of_kept(source) is not None
        return None if is_fetched else known.find(place_key(source), "place")
    return source.row if source.address is None else known.find(source.address, "place")


def _by_content(
    source: PictureSource | KnownPicture, known: KnownPictures, encoder: UpdateEncoder
) -> _Looked:
    assert not isinstance(source, KnownPicture), "found by its place"
    try:
        content = read_bytes(source) if isinstance(source, str) else source
        key = content_key(content) if isinstance(content, bytes) else None
        row = known.find(key, "content")
        if row is not None:
            return row, replace(known.picture(row), place=place_key(source))
        picture = decode_picture(source, encoder.extractor())
    except PictureError as error:
        return error
    row = known.find(picture.digest, "digest")
    # Another file with the same pixels: its thumbnail may be that file.
    return picture if row is None else (row, replace(picture, pixels=None))


def _write(
    path: Path,
    products: Sequence[Product],
    looked: Sequence[_Looked],
    encoded: Iterator[tuple[DecodedPicture, np.ndarray]],
    known: KnownPictures,
) -> None:
    """Writing of a chunk: as in a build, a product's pictures with the same pixels are one."""
    decoded, rows = [], []
    new_vectors: list[np.ndarray] = []
    each = iter(looked)
    for product in products:
        pictures: dict[str, tuple[DecodedPicture, int]] = {}
        unread = list(product.unread)
        for found in itertools.islice(each, len(product.pictures)):
            if isinstance(found, PictureError):
                unread.append(str(found))
                continue
            if isinstance(found, DecodedPicture):
                picture, vector = next(encoded)
                row = -1 - len(new_vectors)
                new_vectors.append(vector)
            elif isinstance(found, tuple):
                row, picture = found
            else:
                assert found is not None
                row, picture = found, known.picture(found)
            pictures.setdefault(picture.digest, (picture, row))
        own = tuple(picture for picture, _ in pictures.values())
        if own:
            decoded.append(DecodedProduct(product, own, tuple(unread)))
            rows += [row for _, row in pictures.values()]
        else:
            reason = (unread or ["It has no picture."])[0]
            decoded.append(DecodedProduct(product, reason=reason))
    row_array = np.array(rows, np.int64)
    is_known = row_array >= 0
    parts = []
    if is_known.any():
        parts.append(known.vectors(row_array[is_known].tolist()))
    if not is_known.all():
        parts.append(np.stack(new_vectors)[-1 - row_array[~is_known]])
    vectors = np.empty((len(rows), parts[0].shape[1] if parts else 0), np.float32)
    if is_known.any():
        vectors[is_known] = parts[0]
    if not is_known.all():
        vectors[~is_known] = parts[-1]
    of_index = np.array([known.row_of_index(row) if row >= 0 else -1 for row in rows], np.int64)
    write_chunk(path, decoded, {VECTORS: vectors, ROWS: of_index})

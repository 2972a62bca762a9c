"""Chunks of a build: encoded products with thumbnails, offers and features, two files each.

chunk-00000.npz      features of the pictures, (p, d) float32 each, in the products' order
chunk-00000.arrow    one row per product, skipped ones included (Arrow's file format):
    id, name         string
    attributes       string: JSON, value or null by name
    description      string or null, at most `MOST_DESCRIPTION` characters
    ...              the columns of `recommender.index.catalogue_file.OPTIONAL_COLUMNS`
    thumbnail        binary: of the main picture
    digest           string: of the main picture
    content, place   string or null: keys of the main picture (`recommender.reading.picture_keys`)
    further          list of structs of the same four: the product's other pictures
    unread           list of strings: why pictures are missing
    reason           string: why the product is skipped, or null
"""

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recommender.building.decode import DecodedPicture, DecodedProduct
from recommender.index.catalogue_file import OPTIONAL_COLUMNS, ROW_GROUP, SEVERAL_COLUMN
from recommender.index.offer import GROUP_COLUMN, OFFER_COLUMNS, offer_column

CHUNK_VERSION = 4
"""Version of the chunks' columns: chunks of another version are not gone on with."""

# Characters of a description that are kept: more than shops write, less than a page that landed in
# the wrong column.
MOST_DESCRIPTION = 8_000

KEYS = ("digest", "content", "place")
"""Columns by which a picture is recognised."""
_json = json.JSONEncoder(ensure_ascii=False).encode
_NO_PICTURE = DecodedPicture(None, np.zeros(0, np.float32), b"", "")
_PICTURE = [("thumbnail", pa.binary()), *((name, pa.string()) for name in KEYS)]
_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("id", "name", "attributes", "description")),
        *OPTIONAL_COLUMNS.items(),
        *_PICTURE,
        ("further", pa.list_(pa.struct(_PICTURE))),
        ("unread", pa.list_(pa.string())),
        ("reason", pa.string()),
    ]
)
_HEAVY = ("thumbnail", "content", "place", "further", "description")
_LIGHT = [name for name in _SCHEMA.names if name not in _HEAVY]

# Products whose rows are read and written at once: 50 MB of thumbnails at the most.
READ_AT_ONCE = 32 * ROW_GROUP
# Chunks in memory. A chunk's thumbnails take 2 MB if small, and 30 MB at the greatest size, and
# further pictures several times that; they are read in the order of the products, so that two
# chunks are enough.
_CHUNKS_KEPT = 2

ChunkRow = tuple[Path, int]
"""A product's chunk and row in it."""


def write_chunk(
    path: Path, products: Sequence[DecodedProduct], arrays: Mapping[str, np.ndarray]
) -> None:
    """Writing of a chunk; its `.arrow` file comes last, and its presence means it is complete.

    Args:
        path: of the `.arrow` file.
        products: decoded.
        arrays: one row for each of their pictures, in order, by name.
    """
    temporary = path.with_suffix(".npz.new")
    with temporary.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    temporary.replace(path.with_suffix(".npz"))
    temporary = path.with_suffix(".arrow.new")
    write_rows(temporary, pa.table(_columns(products), _SCHEMA))
    temporary.replace(path)


def write_rows(path: Path, rows: pa.Table) -> None:
    """Writing of a chunk's products, uncompressed: they are mapped into memory, not decoded."""
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, rows.schema) as writer:
        writer.write_table(rows)


def _read_rows(path: Path) -> pa.Table:
    with pa.memory_map(str(path)) as file:
        return pa.ipc.open_file(file).read_all()


def _columns(products: Sequence[DecodedProduct]) -> dict[str, list[Any]]:
    own = [decoded.product for decoded in products]
    main = [d.pictures[0] if d.pictures else _NO_PICTURE for d in products]
    descriptions = [product.description for product in own]
    return {
        "id": [product.id for product in own],
        "name": [product.name for product in own],
        "attributes": [_json(product.attributes) for product in own],
        "description": [None if d is None else d[:MOST_DESCRIPTION] for d in descriptions],
        **{name: offer_column([product.offer for product in own], name) for name in OFFER_COLUMNS},
        GROUP_COLUMN: [product.group for product in own],
        SEVERAL_COLUMN: [_json(product.values) if product.values else None for product in own],
        **{name: [getattr(picture, name) for picture in main] for name in ("thumbnail", *KEYS)},
        "further": [[_picture(picture) for picture in d.pictures[1:]] for d in products],
        "unread": [list(decoded.unread) for decoded in products],
        "reason": [decoded.reason for decoded in products],
    }


def _picture(picture: DecodedPicture) -> dict[str, Any]:
    return {"thumbnail": picture.thumbnail, **{name: getattr(picture, name) for name in KEYS}}


def read_light(path: Path) -> tuple[pa.Table, list[int]]:
    """Columns of a chunk without its pictures, and the number of pictures of each product."""
    table = _read_rows(path)
    further = pc.list_value_length(table["further"]).to_numpy()
    return table.select(_LIGHT), np.where(
        table["reason"].is_null().to_numpy(), further + 1, 0
    ).tolist()


def position_blocks(count: int, size: int = READ_AT_ONCE) -> Iterator[range]:
    """Positions of `count` products in blocks of at most `size`."""
    for start in range(0, count, size):
        yield range(start, min(start + size, count))


class ChunkReader:
    """Columns of products' rows in chunks; two chunks are in memory.

    Args:
        rows: chunk and row of each product, by position.
        columns: of the chunks.
    """

    def __init__(
        self, rows: Sequence[ChunkRow] | Mapping[int, ChunkRow], columns: Iterable[str]
    ) -> None:
        self._rows, self._columns = rows, list(columns)
        self._chunk = lru_cache(maxsize=_CHUNKS_KEPT)(self._read)

    def value(self, position: int) -> Any:
        """Value of a product in the only column."""
        [column] = self._columns
        chunk, row = self._rows[position]
        return self._chunk(chunk)[column][row].as_py()

    def table(self, positions: range) -> pa.Table:
        """Columns of products that follow each other, a row each."""
        runs = itertools.groupby((self._rows[position] for position in positions), lambda r: r[0])
        parts = [self._chunk(chunk).take([row for _, row in run]) for chunk, run in runs]
        return pa.concat_tables(parts)

    def _read(self, path: Path) -> pa.Table:
        return _read_rows(path).select(self._columns)

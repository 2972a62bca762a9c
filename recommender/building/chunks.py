"""Chunks of a build: encoded products with thumbnails, offers and features, two files each.

chunk-00000.npz      features of the pictures, (p, d) float32 each, in the products' order
chunk-00000.parquet  one row per product, skipped ones included:
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

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from recommender.building.decode import DecodedPicture, DecodedProduct
from recommender.index.catalogue_file import OPTIONAL_COLUMNS, SEVERAL_COLUMN
from recommender.index.offer import GROUP_COLUMN, offer_values

CHUNK_VERSION = 3
"""Version of the chunks' columns: chunks of another version are not gone on with."""

# Characters of a description that are kept: more than shops write, less than a page that landed in
# the wrong column.
MOST_DESCRIPTION = 8_000

_KEYS = ("digest", "content", "place")
_PICTURE = [("thumbnail", pa.binary()), *((name, pa.string()) for name in _KEYS)]
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
_LARGE = ("thumbnail", "further")
_LIGHT = [name for name in _SCHEMA.names if name not in _HEAVY]

# Chunks in memory. A chunk's thumbnails take 2 MB if small, and 30 MB at the greatest size, and
# further pictures several times that; they are read in the order of the products, so that two
# chunks are enough.
_CHUNKS_KEPT = 2

ChunkRow = tuple[Path, int]
"""A product's chunk and row in it."""


def write_chunk(
    path: Path, products: Sequence[DecodedProduct], arrays: Mapping[str, np.ndarray]
) -> None:
    """Writing of a chunk; its `.parquet` file comes last, and its presence means it is complete.

    Args:
        path: of the `.parquet` file.
        products: decoded.
        arrays: one row for each of their pictures, in order, by name.
    """
    temporary = path.with_suffix(".npz.new")
    with temporary.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    temporary.replace(path.with_suffix(".npz"))
    temporary = path.with_suffix(".parquet.new")
    pq.write_table(pa.Table.from_pylist([_row(p) for p in products], _SCHEMA), temporary)
    temporary.replace(path)


def _row(decoded: DecodedProduct) -> dict[str, Any]:
    product, pictures = decoded.product, decoded.pictures
    description = product.description
    return {
        "id": product.id,
        "name": product.name,
        "attributes": json.dumps(product.attributes, ensure_ascii=False),
        "description": None if description is None else description[:MOST_DESCRIPTION],
        **offer_values(product.offer),
        GROUP_COLUMN: product.group,
        SEVERAL_COLUMN: json.dumps(product.values, ensure_ascii=False) if product.values else None,
        **(_picture(pictures[0]) if pictures else {"thumbnail": b"", "digest": ""}),
        "further": [_picture(picture) for picture in pictures[1:]],
        "unread": list(decoded.unread),
        "reason": decoded.reason,
    }


def _picture(picture: DecodedPicture) -> dict[str, Any]:
    return {"thumbnail": picture.thumbnail, **{name: getattr(picture, name) for name in _KEYS}}


def read_light(path: Path) -> list[dict[str, Any]]:
    """Rows of a chunk without their pictures: `pictures` is how many there are."""
    with pq.ParquetFile(path) as file:
        rows: list[dict[str, Any]] = file.read(columns=_LIGHT).to_pylist()
        digests = file.read(columns=["further.list.element.digest"])["further"]
    for row, count in zip(rows, pc.list_value_length(digests).to_pylist(), strict=True):
        row["pictures"] = count + 1 if row["reason"] is None else 0
    return rows


class ChunkReader:
    """Columns of products' rows in chunks; two chunks are in memory.

    Args:
        rows: chunk and row of each product, by position.
        columns: of the chunks' Parquet files.
    """

    def __init__(
        self, rows: Sequence[ChunkRow] | Mapping[int, ChunkRow], columns: Iterable[str]
    ) -> None:
        self._rows, self._columns = rows, list(columns)
        self._chunk = lru_cache(maxsize=_CHUNKS_KEPT)(self._read)

    def value(self, position: int) -> Any:
        """Value of a product in the only column."""
        [column] = self._columns
        return self.row(position)[column]

    def row(self, position: int) -> dict[str, Any]:
        """Values of a product by column."""
        chunk, row = self._rows[position]
        table = self._chunk(chunk)
        return {
            name: column[row].as_py() if name in _LARGE else column[row]
            for name, column in table.items()
        }

    def _read(self, path: Path) -> dict[str, Any]:
        table = pq.read_table(path, columns=self._columns)
        # A column of Python's values is read several times faster, value by value.
        return {
            name: table[name] if name in _LARGE else table[name].to_pylist()
            for name in self._columns
        }

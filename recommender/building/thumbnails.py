"""Thumbnails of encoded products, read from the chunks of a build."""

import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

# Chunks in memory. A chunk's thumbnails take 2 MB if small, and 30 MB at the greatest size; they
# are read in the order of the products, so that two chunks are enough.
_CHUNKS_KEPT = 2

Place = tuple[Path, int]
"""Chunk file and row of a thumbnail."""


class Thumbnails:
    """Thumbnails by position of the product; two chunks are in memory.

    Args:
        rows: chunk and row of each picture by position, from `EncodedCatalogue.rows`.
    """

    def __init__(self, rows: Sequence[Place] | Mapping[int, Place]) -> None:
        self._rows = rows
        self._chunk = lru_cache(maxsize=_CHUNKS_KEPT)(_read_chunk)

    def __reduce__(self) -> tuple[type["Thumbnails"], tuple[Any]]:
        return Thumbnails, (self._rows,)  # for other processes, without the chunks in memory

    def picture(self, position: int) -> Image.Image:
        """Thumbnail of a product, RGB."""
        chunk, row = self._rows[position]
        return Image.open(io.BytesIO(self._chunk(chunk)[row].as_py())).convert("RGB")


def _read_chunk(path: Path) -> pa.ChunkedArray:
    return pq.read_table(path, columns=["thumbnail"])["thumbnail"]

"""The pictures of encoded products, read from the chunks where building keeps them."""

import io
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

# A chunk has a thousand thumbnails: 2 MB of small ones, 30 MB of those that building makes itself.
# Pictures are asked for in the order of the products, so that two chunks are enough.
_CHUNKS_KEPT = 2


class Thumbnails:
    """Pictures by the position of their product; only a few chunks are in memory at a time.

    Args:
        rows: chunk and row of each picture, as `EncodedCatalogue.rows` has them.
    """

    def __init__(self, rows: Sequence[tuple[Path, int]]) -> None:
        self._rows = rows
        self._chunk = lru_cache(maxsize=_CHUNKS_KEPT)(_read_chunk)

    def picture(self, position: int) -> Image.Image:
        """The picture of a product, RGB."""
        chunk, row = self._rows[position]
        return Image.open(io.BytesIO(self._chunk(chunk)[row].as_py())).convert("RGB")


def _read_chunk(path: Path) -> pa.ChunkedArray:
    return pq.read_table(path, columns=["thumbnail"])["thumbnail"]

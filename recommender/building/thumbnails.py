"""Thumbnails of encoded products, read from the chunks of a build."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image

from recommender.building.chunks import ChunkReader, ChunkRow


class Thumbnails:
    """Thumbnails of main pictures by position of the product; two chunks are in memory.

    Args:
        rows: chunk and row of each product by position, from `EncodedCatalogue.rows`.
    """

    def __init__(self, rows: Sequence[ChunkRow] | Mapping[int, ChunkRow]) -> None:
        self._rows, self._chunks = rows, ChunkReader(rows, ["thumbnail"])

    def __reduce__(self) -> tuple[type["Thumbnails"], tuple[Any]]:
        return Thumbnails, (self._rows,)  # for other processes, without the chunks in memory

    def picture(self, position: int) -> Image.Image:
        """Thumbnail of a product, RGB."""
        return Image.open(io.BytesIO(self._chunks.value(position))).convert("RGB")

"""Thumbnails of encoded products, read from the chunks of a build."""

import io
from collections.abc import Sequence

from PIL import Image

from recommender.building.chunks import ChunkReader, ChunkRow


class Thumbnails:
    """Thumbnails of main pictures by position of the product; two chunks are in memory.

    Args:
        rows: chunk and row of each product, from `EncodedCatalogue.rows`.
    """

    def __init__(self, rows: Sequence[ChunkRow]) -> None:
        self._chunks = ChunkReader(rows, ["thumbnail"])

    def picture(self, position: int) -> Image.Image:
        """Thumbnail of a product, RGB."""
        return Image.open(io.BytesIO(self._chunks.value(position))).convert("RGB")

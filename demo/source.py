"""Demo catalogue as a product source for building, drawn in parallel processes."""

import io
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor

from PIL import Image

from demo import DRAWING_VERSION, DemoProduct, draw, products
from demo.offers import offer_of
from recommender.building import BUILD_VERSION
from recommender.building.processes import end_with_parent
from recommender.features import FEATURES_VERSION
from recommender.reading.product import Columns, Product

ATTRIBUTES = (
    "gender",
    "masterCategory",
    "subCategory",
    "articleType",
    "baseColour",
    "season",
    "usage",
)
# Size (pixels) and WebP quality of the pictures in the index: 5 KB each, so that the repository can
# hold them. A larger size makes no visible difference on a card, even at twice the pixel density.
SIZE, QUALITY = (300, 400), 72
# Most pictures drawn before the network needs them.
DRAWN_AHEAD = 256


class DemoProducts:
    """Product source of the demo catalogue; up to `DRAWN_AHEAD` pictures are drawn in advance.

    Drawing runs in processes, because Python runs the code of one thread at a time.
    """

    columns = Columns(image="image", id="id", name="name", attributes=ATTRIBUTES)

    def __init__(self) -> None:
        self._products: list[DemoProduct] = products()
        self._pool: ProcessPoolExecutor | None = None
        self._ahead: dict[int, Future[bytes]] = {}

    def count(self) -> int:
        """Number of products."""
        return len(self._products)

    def begin(self, position: int = 0) -> None:
        """Start drawing the next pictures from a position on, without waiting for them."""
        if self._pool is None:
            # Spawned, because a fork of a process with threads can deadlock; libraries start some.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(
                len(os.sched_getaffinity(0)), context, initializer=end_with_parent
            )
        for later in range(position, min(position + DRAWN_AHEAD, len(self._products))):
            if later not in self._ahead:
                self._ahead[later] = self._pool.submit(draw_file, self._products[later])

    def read(self, start: int, stop: int) -> Iterator[Product]:
        """Products of the rows from `start` up to, not including, `stop`."""
        try:
            for position in range(start, stop):
                self.begin(position)
                product, picture = self._products[position], self._ahead.pop(position).result()
                attributes = {name: getattr(product, name) for name in ATTRIBUTES}
                yield Product(
                    position,
                    product.id,
                    product.name,
                    attributes,
                    (picture,),
                    offer=offer_of(product),
                )
        finally:
            self.close()

    def close(self) -> None:
        """End the drawing processes; `begin` starts new ones."""
        self._ahead.clear()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


def draw_file(product: DemoProduct) -> bytes:
    """Picture file of a product for the index: WebP, `SIZE` pixels."""
    picture = draw(product).resize(SIZE, Image.Resampling.LANCZOS)
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=QUALITY, method=6)
    return file.getvalue()


def demo_version() -> str:
    """Version of the demo's index: of the drawing, the features and the building code."""
    return f"{DRAWING_VERSION}.{FEATURES_VERSION}.{BUILD_VERSION}"

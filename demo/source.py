"""Demo catalogue as a source of products, drawn in processes while the network works."""

import io
import multiprocessing
import os
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor

from PIL import Image

from demo import DRAWING_VERSION, DemoProduct, draw, products
from recommender.building import BUILD_VERSION
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
# Of the pictures in the index, pixels and WebP quality: 5 KB each, so that the repository can carry
# all of them; more cannot be told apart on a card at twice the pixel density.
SIZE, QUALITY = (300, 400), 72
# Pictures that wait for the network at most.
DRAWN_AHEAD = 256


class DemoProducts:
    """The drawn products; drawn in processes of their own, some ahead of their turn.

    Drawing is Python's own work, which threads would do one at a time.
    """

    columns = Columns(image="image", id="id", name="name", attributes=ATTRIBUTES)

    def __init__(self) -> None:
        self._products: list[DemoProduct] = products()
        self._pool: ProcessPoolExecutor | None = None
        self._ahead: dict[int, Future[bytes]] = {}

    def count(self) -> int:
        """How many products there are."""
        return len(self._products)

    def begin(self, position: int = 0) -> None:
        """Draw what comes next from a position on, while the caller gets ready to read it."""
        if self._pool is None:
            # Spawned: a fork of a process with threads, as libraries start them, can stand still.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(
                len(os.sched_getaffinity(0)), context, initializer=_end_with_parent
            )
        for later in range(position, min(position + DRAWN_AHEAD, len(self._products))):
            if later not in self._ahead:
                self._ahead[later] = self._pool.submit(draw_file, self._products[later])

    def read(self, start: int, stop: int) -> Iterator[Product]:
        """Products of the rows from start up to, not including, stop."""
        try:
            for position in range(start, stop):
                self.begin(position)
                product, picture = self._products[position], self._ahead.pop(position).result()
                attributes = {name: getattr(product, name) for name in ATTRIBUTES}
                yield Product(position, product.id, product.name, attributes, (picture,))
        finally:
            self.close()

    def close(self) -> None:
        """End the drawing processes; `begin` starts them anew."""
        self._ahead.clear()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


def draw_file(product: DemoProduct) -> bytes:
    """A product's picture as the index carries it: WebP, `SIZE` pixels."""
    picture = draw(product).resize(SIZE, Image.Resampling.LANCZOS)
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=QUALITY, method=6)
    return file.getvalue()


def _end_with_parent() -> None:
    """End this worker process as soon as its parent is gone, killed included.

    A pool's worker waits for work on a pipe whose other end it holds itself, so that it would
    outlive a killed parent for ever.
    """

    def watch() -> None:
        parent = multiprocessing.parent_process()
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def demo_version() -> str:
    """Version of everything that the demo's index depends on: an outdated one is not used."""
    return f"{DRAWING_VERSION}.{FEATURES_VERSION}.{BUILD_VERSION}"

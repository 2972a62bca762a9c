"""The demo catalogue as a source of products, as a dataset is one."""

import hashlib
import multiprocessing
import os
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path

from PIL import Image

from demo import DemoProduct, draw, products
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
# Pictures that wait for the network at most: half a megabyte each.
DRAWN_AHEAD = 256
_ROOT = Path(__file__).resolve().parents[1]


class DemoProducts:
    """The drawn products; drawn in processes of their own, some ahead of their turn.

    Drawing is Python's own work, which threads would do one at a time.
    """

    columns = Columns(image="image", id="id", name="name", attributes=ATTRIBUTES)

    def __init__(self) -> None:
        self._products: list[DemoProduct] = products()
        self._pool: ProcessPoolExecutor | None = None
        self._ahead: dict[int, Future[Image.Image]] = {}

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
                self._ahead[later] = self._pool.submit(draw, self._products[later])

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
    """Changes with any code that the demo's index depends on: an outdated one is not used."""
    digest = hashlib.sha256()
    for path in sorted([*_ROOT.glob("demo/**/*"), *_ROOT.glob("recommender/**/*")]):
        inside = path.relative_to(_ROOT)
        if path.suffix in (".py", ".csv") and inside.parts[1] not in ("interface", "evaluation"):
            digest.update(inside.as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]

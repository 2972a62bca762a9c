"""The demo catalogue as a source of products, as a dataset is one."""

import hashlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from recommender.building.dataset import Columns, Product
from recommender.demo_catalogue import DemoProduct, draw, products

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
DRAWN_AHEAD = 32
_PACKAGE = Path(__file__).resolve().parents[1]


class DemoProducts:
    """The drawn products; each is drawn when its turn comes."""

    columns = Columns(image="image", id="id", name="name", attributes=ATTRIBUTES)

    def __init__(self) -> None:
        self._products: list[DemoProduct] = products()

    def count(self) -> int:
        """How many products there are."""
        return len(self._products)

    def read(self, start: int, stop: int) -> Iterator[Product]:
        """Products of the rows from start up to, not including, stop."""
        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
            for first in range(start, stop, DRAWN_AHEAD):
                group = self._products[first : min(first + DRAWN_AHEAD, stop)]
                for position, (product, picture) in enumerate(
                    zip(group, pool.map(draw, group), strict=True), first
                ):
                    attributes = {name: getattr(product, name) for name in ATTRIBUTES}
                    yield Product(position, product.id, product.name, attributes, picture)


def demo_version() -> str:
    """Changes with any code that the demo's index depends on: an outdated one is not used."""
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        inside = path.relative_to(_PACKAGE)
        if path.suffix in (".py", ".csv") and inside.parts[0] not in ("interface", "evaluation"):
            digest.update(inside.as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]

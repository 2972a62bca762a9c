"""What several tests share: a small index made in code, and the server over it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import gradio as gr
import pytest

from recommender.building.build import build_index
from recommender.building.plan import BuildConfig
from recommender.index.folder import open_index
from recommender.reading.product import Columns, Product
from recommender.startup import Source
from tests.support.drawn_products import COLOURS, GENDERS, KINDS, draw_product
from tests.support.tiny_network import tiny_backbone

ATTRIBUTES = ("gender", "articleType", "baseColour", "season", "usage")
PRODUCTS = 48


class DrawnProducts:
    """Products of every kind, colour and gender; the last has the very picture of the first."""

    columns = Columns(image="image", id="id", name="name", attributes=ATTRIBUTES)

    def count(self) -> int:
        return PRODUCTS

    def read(self, start: int, stop: int) -> Iterator[Product]:
        for i in range(start, stop):
            drawn = 0 if i == PRODUCTS - 1 else i
            kind = KINDS[drawn % len(KINDS)]
            colour = list(COLOURS)[drawn // len(KINDS) % len(COLOURS)]
            gender = GENDERS[drawn // (len(KINDS) * len(COLOURS)) % len(GENDERS)]
            season = "Winter" if i % 6 == 5 else "Summer"
            labels = (gender, kind, colour, season, "Formal" if i % 16 == 3 else "Casual")
            name = f"{gender} {colour} {kind} <{i}>"  # must reach the page as text, not as a tag
            attributes = dict(zip(ATTRIBUTES, labels, strict=True))
            yield Product(i, f"p{i}", name, attributes, (draw_product(kind, colour, drawn),))


@dataclass(frozen=True)
class Served:
    """A running server."""

    address: str
    source: Source
    page: gr.Blocks


@pytest.fixture(scope="session")
def small_index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An index of `DrawnProducts`, whose backbone is the tiny network while the tests run."""
    folder = tmp_path_factory.mktemp("small") / "index"
    with tiny_backbone() as backbone:
        build_index(
            DrawnProducts(),
            folder,
            BuildConfig(
                "drawn products", backbone=backbone, title="Drawn products", licence="CC0-1.0"
            ),
            lambda sentence: None,
        )
        yield folder


@pytest.fixture(scope="session")
def served(small_index: Path) -> Iterator[Served]:
    """The page and the API over that index, as `app.py` serves them."""
    from recommender.interface.server import launch

    source = Source(open_index(small_index), ("A notice for the visitor.",))
    page, address = launch(source, "127.0.0.1", None, prevent_thread_lock=True, quiet=True)
    yield Served(address.rstrip("/"), source, page)
    page.close()

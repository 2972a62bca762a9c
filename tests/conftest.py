"""What several tests share: a small index made in code, the server over it, and a browser.

Folders are made once for all of pytest's workers; servers and browsers, which tests change, once
for each of them. Nothing heavy is imported here: pytest's own process and most tests need neither
Gradio nor TensorFlow.
"""

import gc
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.made_once import made_once
from tests.support.text_part import with_text_part

if TYPE_CHECKING:
    import gradio as gr
    from playwright.sync_api import Browser, Page

    from recommender.building.encode import ProductSource
    from recommender.startup import Source

# Read by the libraries when they are imported. With as many threads a worker as there are cores,
# the workers' threads wait for each other: a build of the small index took ten times as long.
ONE_THREAD_A_WORKER = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)
for _variable in ONE_THREAD_A_WORKER:
    os.environ.setdefault(_variable, "1")
# As the app sets it: a server that starts asks nobody on the internet.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
# Builds of tests fetch no package: pip looks at no index.
os.environ.setdefault("PIP_NO_INDEX", "1")
# The tests' own Gradio clients would report themselves to the Hub.
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")


def pytest_configure() -> None:
    """Collect no garbage while the tests are imported, and let programs be ended with Ctrl+C.

    Nearly all that is imported stays. A job in the background of a shell script ignores Ctrl+C, and
    so would the programs that it starts: a test waits 20 s for each of them and kills it.
    """
    gc.disable()
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Leave the modules out of every later garbage collection.

    The tests import all that the project uses, and a build collects after each of its stages: over
    these objects again and again, it took 5.4 s for the small index, and takes 1.6 s without them.
    """
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="module", autouse=True)
def earlier_modules_left_alone() -> None:
    """The same for what earlier modules imported late and keep: a build took twice as long."""
    gc.collect()
    gc.freeze()


@dataclass(frozen=True)
class Served:
    """A running server."""

    address: str
    source: "Source"
    page: "gr.Blocks"


@pytest.fixture(scope="session")
def small_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of `SmallCatalogue` with a learned head, which every program can serve."""
    return made_once(tmp_path_factory, "small-index", lambda folder: _build(folder, "learned"))


@pytest.fixture(scope="session")
def classic_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same by the classic recipe, without a head."""
    return made_once(tmp_path_factory, "classic-index", lambda folder: _build(folder, "none"))


@pytest.fixture(scope="session")
def shop_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of `SmallShop`: products with offers and variants."""
    from tests.support.small_shop import SmallShop

    return made_once(
        tmp_path_factory, "shop-index", lambda folder: _build(folder, "none", SmallShop())
    )


def _build(folder: Path, head: str, source: "ProductSource | None" = None) -> None:
    from recommender.building.plan import BuildConfig
    from tests.support.small_catalogue import SmallCatalogue
    from tests.support.tiny_graph import build_tiny

    config = BuildConfig(
        "drawn products",
        backbone="efficientnet-lite0",
        head=head,
        title="Drawn products",
        licence="CC0-1.0",
    )
    build_tiny(source or SmallCatalogue(), folder, config)


@pytest.fixture(scope="session")
def served(small_index: Path) -> Iterator[Served]:
    """The page and the API over that index, as `app.py` serves them."""
    yield from _served(small_index)


@pytest.fixture(scope="session")
def served_shop(shop_index: Path) -> Iterator[Served]:
    """The same over the small shop."""
    yield from _served(shop_index)


@pytest.fixture(scope="session")
def served_words(small_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The same over the first index with a text part, which is searched by words, too."""
    yield from _served(with_text_part(small_index, tmp_path_factory.mktemp("worded") / "index"))


def _served(index: Path) -> Iterator[Served]:
    from recommender.index.folder import open_index
    from recommender.interface.server import launch
    from recommender.startup import Source

    source = Source(open_index(index), ("A notice for the visitor.",))
    page, address = launch(source, "127.0.0.1", None, prevent_thread_lock=True, quiet=True)
    yield Served(address.rstrip("/"), source, page)
    page.close()


# Of a module and not of all: while Playwright runs, `asyncio.run` fails in this thread.
@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Browser]":
    """Chromium, whose webcam shows a red handbag."""
    from tests.support.browser import chromium
    from tests.support.drawn_products import draw_product

    film = tmp_path_factory.mktemp("webcam") / "film.mjpeg"
    frame = film.with_suffix(".jpg")
    draw_product("Handbags", "Red", 906).resize((640, 480)).save(frame)
    film.write_bytes(frame.read_bytes() * 30)
    with chromium(film) as launched:
        yield launched


@pytest.fixture
def page(browser: "Browser", served: Served) -> "Iterator[Page]":
    """A new visitor on the page, whose scripts must raise no error."""
    from tests.support.browser import visit

    with visit(browser, served.address) as page:
        yield page

"""What tests of faults share: thirty products, and an index of them that may be spoilt."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from recommender.reading.products import Products
from tests.faults import begun
from tests.support.drawn_products import write_picture_folder

COUNT = 30


@pytest.fixture(scope="session")
def tiny() -> Iterator[None]:
    with begun.small_chunks():
        yield


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty products, one with a broken picture."""
    return write_picture_folder(tmp_path_factory.mktemp("faults") / "shop", COUNT, broken=(5,))


@pytest.fixture
def products(tiny: None, shop: Path) -> Products:
    return Products(str(shop))


@pytest.fixture(scope="session")
def sound(tiny: None, shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the shop, which no test changes."""
    out = tmp_path_factory.mktemp("sound") / "index"
    begun.build(Products(str(shop)), out)
    return out


@pytest.fixture
def index(sound: Path, tmp_path: Path) -> Path:
    """A copy of it to spoil."""
    return shutil.copytree(sound, tmp_path / "index")

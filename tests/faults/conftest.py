"""What tests of faults share: thirty products, and an index of them that may be spoilt."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from recommender.reading.products import Products
from tests.faults import begun
from tests.support.drawn_products import write_picture_folder
from tests.support.made_once import made_once

COUNT = 30


@pytest.fixture(scope="module")
def tiny() -> Iterator[None]:
    with begun.small_chunks():
        yield


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty products, one with a broken picture."""
    return made_once(
        tmp_path_factory, "shop", lambda folder: write_picture_folder(folder, COUNT, broken=(5,))
    )


@pytest.fixture
def products(tiny: None, shop: Path) -> Products:
    return Products(str(shop))


@pytest.fixture(scope="session")
def sound(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the shop, which no test changes."""
    with begun.small_chunks():
        return made_once(
            tmp_path_factory, "sound", lambda out: begun.build(Products(str(shop)), out)
        )


@pytest.fixture
def index(tiny: None, sound: Path, tmp_path: Path) -> Path:
    """A copy of it to spoil."""
    return shutil.copytree(sound, tmp_path / "index")

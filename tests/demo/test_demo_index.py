"""The demo catalogue's index, as the repository carries it."""

from demo.products import products
from demo.source import demo_version
from recommender.index.folder import open_index
from recommender.index.manifest import Manifest
from recommender.startup import DEMO_INDEX

# So that a clone stays small.
MOST_BYTES = 12 * 1024**2


def test_the_demo_index_is_of_this_version_of_the_code() -> None:
    made_by = Manifest.read(DEMO_INDEX).dataset_revision
    assert made_by == demo_version(), "Make it again: python -m demo.build_index"


def test_the_demo_index_has_every_product_in_order() -> None:
    assert open_index(DEMO_INDEX).catalogue.ids == [product.id for product in products()]


def test_the_demo_index_is_small() -> None:
    size = sum(file.stat().st_size for file in DEMO_INDEX.rglob("*") if file.is_file())
    assert size <= MOST_BYTES

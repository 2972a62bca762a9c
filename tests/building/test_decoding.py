"""A picture has the same features in the index and as a query, however large its file is."""

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recommender.answers.recommender import Recommender
from recommender.building.decode import decode
from recommender.building.plan import BuildConfig
from recommender.index.folder import open_index
from recommender.index.manifest import MANIFEST_FILE
from recommender.pictures.decoding import open_picture
from recommender.reading.product import Columns, Product
from tests.support.drawn_products import COLOURS, KINDS, draw_product
from tests.support.tiny_graph import build_tiny

# Pixels; JPEG decodes it at a quarter of its size for a shorter side of 448.
LARGE = (1800, 2400)
COUNT = 6


def large_jpeg(number: int) -> bytes:
    """A drawn product with the grain of a camera, as a shop's original file."""
    colour = list(COLOURS)[number % len(COLOURS)]
    picture = draw_product(KINDS[number % len(KINDS)], colour, number)
    pixels = np.asarray(picture.resize(LARGE, Image.Resampling.BICUBIC), np.int16)
    grain = np.random.default_rng(number).integers(-9, 10, pixels.shape, dtype=np.int16)
    file = io.BytesIO()
    Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8)).save(file, "JPEG")
    return file.getvalue()


class LargeFiles:
    """A shop of large files."""

    columns = Columns(image="image", id="id", name="name", attributes=())

    def count(self) -> int:
        return COUNT

    def read(self, start: int, stop: int) -> Iterator[Product]:
        for n in range(start, stop):
            yield Product(n, str(n), f"Product {n}", {}, (large_jpeg(n),))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large") / "index"
    build_tiny(
        LargeFiles(), folder, BuildConfig("large files", backbone="efficientnet-lite0", head="none")
    )
    return folder


def test_a_products_own_file_as_a_query_has_its_stored_vector(index: Path) -> None:
    recommender = Recommender(open_index(index))
    stored = np.load(index / "vectors.npy", allow_pickle=False)
    for number in range(COUNT):
        asked = recommender.embed(large_jpeg(number)).embedding.query(0.0)
        assert np.linalg.norm(asked - stored[number]) < 1e-3


def test_a_large_product_is_decoded_reduced(index: Path) -> None:
    file = large_jpeg(0)
    extractor = open_index(index).extractor
    decoded = decode(Product(0, "0", "", {}, (file,)), extractor)
    quarter = open_picture(file, min_side=extractor.backbone.decoded_side)
    assert quarter.size == (LARGE[0] // 4, LARGE[1] // 4)
    assert np.array_equal(decoded.pictures[0].pixels, extractor.pixels(quarter))
    assert decoded.product.picture is None  # the file is let go once it is decoded


def test_queries_of_an_older_index_are_decoded_as_its_products_were(
    index: Path, tmp_path: Path
) -> None:
    older = shutil.copytree(index, tmp_path / "older")
    manifest = json.loads((older / MANIFEST_FILE).read_text())
    del manifest["encoder"]["decoded_side"]
    (older / MANIFEST_FILE).write_text(json.dumps(manifest))
    assert Recommender(open_index(index)).opened(large_jpeg(0)).size == (450, 600)
    assert Recommender(open_index(older)).opened(large_jpeg(0)).size == (900, 1200)

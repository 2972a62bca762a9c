"""The views that style and colour learn from, over thumbnails of a made-up shop."""

import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image, ImageDraw

from recommender.building import training_views as made
from recommender.building.assemble import EncodedProducts
from recommender.building.views import turned_or_squeezed
from recommender.colour import DIMENSIONS
from recommender.head import Views

PRODUCTS = 240


class Eye:
    """Pools nothing but the mean colour; keeps what it saw."""

    def __init__(self) -> None:
        self.seen: list[Image.Image] = []

    def pooled(self, pictures):
        new = list(pictures)
        self.seen += new
        means = [np.asarray(picture).mean(axis=(0, 1)) for picture in new]
        rows = np.array(means, np.float32).reshape(len(new), 3)
        return rows, rows


def thumbnail(number: int) -> bytes:
    """Even: a shirt that somebody wears. Odd: a blue bag."""
    picture = Image.new("RGB", (60, 80), "white")
    draw = ImageDraw.Draw(picture)
    if number % 2:
        draw.rectangle((12, 30, 48, 70), fill=(30, 60, 200))
    else:
        draw.ellipse((24, 3, 36, 18), fill=(222, 170, 140))
        draw.rectangle((16, 18, 44, 52), fill=(30, 150, 60))
        draw.rectangle((8, 24, 15, 50), fill=(222, 170, 140))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def products(tmp_path: Path) -> EncodedProducts:
    chunk = tmp_path / "chunk.parquet"
    pq.write_table(pa.table({"thumbnail": [thumbnail(n) for n in range(PRODUCTS)]}), chunk)
    kinds = ["Bags" if n % 2 else "Shirts" for n in range(PRODUCTS)]
    ids = [str(n) for n in range(PRODUCTS)]
    rows = [(chunk, n) for n in range(PRODUCTS)]
    return EncodedProducts(ids, ids, {"articleType": kinds}, ids, {}, rows, [])


def test_worn_products_are_shown_without_wearers_and_all_turned(products: EncodedProducts) -> None:
    views = made.training_views(products, Eye())
    turned = np.repeat(np.arange(PRODUCTS), made.TURNED_COUNT)
    shirts = np.repeat(np.arange(0, PRODUCTS, 2), made.WAYS_WORN)
    assert sorted(views.products) == sorted([*turned, *shirts])
    assert views.colour.shape == (len(views.products), DIMENSIONS)
    assert views.max_pooled.dtype == views.colour.dtype == np.float32


def test_no_skin_is_left_in_views_without_wearers(products: EncodedProducts) -> None:
    eye = Eye()
    made.training_views(products, eye)
    worn = eye.seen[: PRODUCTS // 2]
    skin = [
        np.abs(np.asarray(view).astype(int) - (222, 170, 140)).max(axis=2) < 25 for view in worn
    ]
    assert np.mean(skin) < 0.005


def test_views_are_the_same_every_time(products: EncodedProducts) -> None:
    first, second = (made.training_views(products, Eye()) for _ in "ab")
    assert np.array_equal(first.max_pooled, second.max_pooled)
    assert np.array_equal(first.products, second.products)


def test_without_labels_there_is_nothing_to_learn_from_views(products: EncodedProducts) -> None:
    products.attributes.clear()
    assert made.training_views(products, Eye()) is None


def test_views_of_some_products_are_found_by_their_new_positions() -> None:
    rows = np.arange(5, dtype=np.float32)[:, None]
    views = Views(rows, rows, rows, np.array([7, 2, 9, 2, 4]))
    kept = views.of(np.array([2, 4, 8]))
    assert kept.products.tolist() == [0, 0, 1]
    assert kept.max_pooled.ravel().tolist() == [1, 3, 4]


def test_a_view_lies_on_a_side_or_stands_on_its_head_or_is_squeezed() -> None:
    picture = Image.open(io.BytesIO(thumbnail(1))).convert("RGB")
    upright = np.asarray(picture)
    quarter = {np.rot90(upright, n).tobytes() for n in (1, 2, 3)}
    found = [turned_or_squeezed(picture, np.random.default_rng(n)) for n in range(60)]
    turned = {np.asarray(view).tobytes() for view in found} & quarter
    squeezed = [view for view in found if np.asarray(view).tobytes() not in quarter]
    assert turned == quarter
    assert squeezed
    assert all(view.size == picture.size for view in squeezed)

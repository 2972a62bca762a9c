"""The catalogue that we draw ourselves: contract, determinism and variety."""

import csv
import hashlib
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from demo import DemoProduct, draw, products
from demo.offers import offer_of
from tests.support.made_once import made_once

PRODUCTS = products()
FIRST_OF_TYPE = {p.articleType: p for p in reversed(PRODUCTS)}
MARGIN = 8  # pixels of a corner
SCRIPT = Path(__file__).parents[2] / "scripts" / "draw_demo_catalogue.py"


def run_script(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def drawn(chosen: Iterable[DemoProduct]) -> dict[str, Image.Image]:
    return {product.id: draw(product) for product in chosen}


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Image.Image]:
    """One product of every style and pattern, which decide the shape: a picture takes 0.1 s."""
    first = {(p.style, p.pattern): p for p in reversed(PRODUCTS)}
    chosen = {p.id: p for p in (*first.values(), *FIRST_OF_TYPE.values())}

    def write(folder: Path) -> None:
        folder.mkdir()
        for name, picture in drawn(chosen.values()).items():
            picture.save(folder / f"{name}.png", compress_level=1)

    folder = made_once(tmp_path_factory, "drawn-for-the-demo", write)
    found = {}
    for name in chosen:
        with Image.open(folder / f"{name}.png") as picture:
            picture.load()
            found[name] = picture
    return found


def test_the_shop_is_large_enough_for_a_demo():
    assert len(PRODUCTS) >= 480


def test_ids_are_unique_and_fit_for_file_names():
    assert len({p.id for p in PRODUCTS}) == len(PRODUCTS)
    assert all(p.id.replace("-", "").isalnum() and p.id.isascii() for p in PRODUCTS)


def test_names_tell_the_products_apart():
    most_common, times = Counter(p.name for p in PRODUCTS).most_common(1)[0]
    assert times == 1, most_common


def test_there_are_many_types_colours_patterns_and_all_genders():
    assert len(FIRST_OF_TYPE) >= 24
    assert len({p.baseColour for p in PRODUCTS}) >= 12
    assert len({p.pattern for p in PRODUCTS}) >= 8
    assert {p.gender for p in PRODUCTS} == {"Men", "Women", "Unisex", "Boys", "Girls"}


def test_no_attribute_is_empty():
    for product in PRODUCTS:
        columns = (product.name, product.masterCategory, product.subCategory, product.season)
        assert all([*columns, product.baseColour, product.usage])


def test_listing_the_products_twice_gives_the_same_products():
    assert products() == PRODUCTS


@pytest.mark.parametrize("product", FIRST_OF_TYPE.values(), ids=FIRST_OF_TYPE.keys())
def test_every_type_fills_a_fair_part_of_the_picture(product, pictures):
    picture = pictures[product.id]
    assert (picture.mode, picture.size) == ("RGB", (360, 480))
    inked = (np.asarray(picture).min(axis=2) < 235).mean()
    assert 0.04 < inked < 0.75


def test_backgrounds_are_pure_white_at_the_corners(pictures):
    for name, picture in pictures.items():
        pixels = np.asarray(picture)
        for rows in (slice(0, MARGIN), slice(-MARGIN, None)):
            for columns in (slice(0, MARGIN), slice(-MARGIN, None)):
                assert pixels[rows, columns].min() == 255, name


def test_products_stand_in_the_middle_and_are_not_cut_off(pictures):
    for name, picture in pictures.items():
        inked = np.asarray(picture).min(axis=2) < 128
        assert not inked[[0, -1]].any(), name
        assert not inked[:, [0, -1]].any(), name


def test_no_two_pictures_are_the_same(pictures):
    """Least of all those of products that only their accents tell apart."""
    kinds = Counter((p.style, p.pattern, p.baseColour) for p in PRODUCTS)
    alike = [p for p in PRODUCTS if kinds[p.style, p.pattern, p.baseColour] > 1]
    assert alike
    every = {**pictures, **drawn(alike)}
    prints = {hashlib.sha256(picture.tobytes()).digest() for picture in every.values()}
    assert len(prints) == len(every)


def test_drawing_again_gives_the_same_bytes(pictures):
    for product in FIRST_OF_TYPE.values():
        assert draw(product).tobytes() == pictures[product.id].tobytes()


def test_drawing_in_threads_gives_the_same_bytes(pictures):
    some = list(FIRST_OF_TYPE.values())
    with ThreadPoolExecutor(4) as pool:
        for product, picture in zip(some, pool.map(draw, some), strict=True):
            assert picture.tobytes() == pictures[product.id].tobytes()


def test_the_base_colour_is_the_one_that_is_seen():
    red = next(p for p in PRODUCTS if (p.style, p.baseColour) == ("v sweater", "Maroon"))
    green = next(p for p in PRODUCTS if (p.style, p.baseColour) == ("v sweater", "Green"))
    for product, channel in ((red, 0), (green, 1)):
        pixels = np.asarray(draw(product)).reshape(-1, 3)
        cloth = pixels[pixels.min(axis=1) < 200].mean(axis=0)
        assert int(cloth.argmax()) == channel


def test_the_script_writes_pictures_and_a_table_that_names_them(tmp_path):
    sheet = tmp_path / "sheet.png"
    done = run_script("--out", str(tmp_path), "--sheet", str(sheet), "--type", "Flip Flops")
    assert done.returncode == 0, done.stderr
    expected = {p.id: p for p in PRODUCTS if p.articleType == "Flip Flops"}
    with (tmp_path / "products.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert rows.keys() == expected.keys()
    for name, row in rows.items():
        assert row["baseColour"] == expected[name].baseColour
        with Image.open(tmp_path / row["filename"]) as picture:
            assert picture.size == (360, 480)
    with Image.open(sheet) as picture:
        assert np.asarray(picture).min() < 128


def test_the_script_names_the_article_types_when_one_is_unknown():
    done = run_script("--out", "unused", "--type", "Spacesuits")
    assert done.returncode == 2
    assert "no article type 'Spacesuits'" in done.stderr
    assert "Watches" in done.stderr


def test_the_script_asks_for_something_to_write():
    done = run_script()
    assert done.returncode == 2
    assert "--out FOLDER" in done.stderr


def test_offers_are_plausible_and_the_same_every_time():
    offers = [offer_of(product) for product in products()]
    assert offers == [offer_of(product) for product in products()]
    assert all(
        product.name.startswith(o.brand) for product, o in zip(products(), offers, strict=True)
    )
    assert all(3 < o.price < 200 for o in offers)
    reduced = [o for o in offers if o.sale_price is not None]
    assert 0.1 < len(reduced) / len(offers) < 0.3
    assert all(0 < o.sale_price < o.price for o in reduced)
    assert {o.availability for o in offers} == {"in_stock", "out_of_stock", "preorder"}

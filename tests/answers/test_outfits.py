"""Outfits are for one person and occasion, in colours that go together, and say why."""

import io
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from recommender.answers.outfit_rules import (
    Garment,
    garment,
    go_together,
    is_footwear,
    is_headwear,
    looks_as_labelled,
    reason,
)
from recommender.answers.outfits import MOST_ITEMS, Outfit, Wardrobe, columns_of
from recommender.answers.recommender import Recommender
from recommender.embedding.head import ClassicHead
from recommender.errors import UnknownItemError
from recommender.index.catalogue import Catalogue
from recommender.index.exact_search import MemorySearch
from recommender.index.folder import Index

ATTRIBUTES = ("gender", "articleType", "baseColour", "usage", "season")
WHITE_PAPER = (255, 255, 255)


def wardrobe(
    folder: Path,
    products: list[str],
    *,
    attributes: tuple[str, ...] = ATTRIBUTES,
    pictures: dict[int, tuple[int, int, int]] | None = None,
    styles: dict[int, float] | None = None,
    copies: dict[int, int] | None = None,
) -> Wardrobe:
    """A catalogue of products, each "Gender kind, colour, usage, season", ids "0", "1" ...

    `pictures` are of one colour, `styles` angles from the style of all others, `copies` say of
    which product another shows the picture.
    """
    rows = [
        [gender, *rest]
        for gender, *rest in ([part.strip() for part in line.split(",")] for line in products)
    ]
    n = len(rows)
    angles = [(styles or {}).get(i, 0.5) for i in range(n)]
    vectors = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    np.save(folder / "vectors.npy", vectors)
    thumbnails = [thumbnail((pictures or {}).get(i, (90, 90, 90))) for i in range(n)]
    duplicates = [str((copies or {})[i]) if i in (copies or {}) else None for i in range(n)]
    columns: dict[str, Any] = {
        "id": [str(i) for i in range(n)],
        "name": products,
        "duplicate_of": pa.array(duplicates, pa.string()),
        "map_x": [0.5] * n,
        "map_y": [0.5] * n,
        "image": [{"bytes": data, "path": None} for data in thumbnails],
    }
    for name, values in zip(ATTRIBUTES, zip(*rows, strict=True), strict=True):
        if name in attributes:
            columns[name] = list(values)
    pq.write_table(pa.table(columns), folder / "catalogue.parquet")
    catalogue = Catalogue(folder / "catalogue.parquet", attributes, attributes)
    index = SimpleNamespace(
        catalogue=catalogue,
        search=MemorySearch(folder / "vectors.npy", catalogue),
        manifest=SimpleNamespace(style_dimensions=2),
        head=ClassicHead(),
    )
    return Wardrobe(Recommender(cast(Index, index)))


def thumbnail(colour: tuple[int, int, int]) -> bytes:
    picture = Image.new("RGB", (60, 80), WHITE_PAPER)
    picture.paste(colour, (15, 20, 45, 60))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def ids(outfit: Outfit) -> list[str]:
    return [item.id for item in outfit.items]


def garment_of(line: str) -> Garment:
    gender, kind, colour, usage, season = (part.strip() for part in line.split(","))
    found = garment(gender, kind, colour, usage, season)
    assert found is not None
    return found


# Whole outfits.


def test_an_outfit_has_one_product_of_each_other_group(tmp_path: Path) -> None:
    shop = wardrobe(
        tmp_path,
        [
            "Men, Shirts, Green, Casual, Summer",
            "Men, Jeans, Blue, Casual, Summer",
            "Men, Trousers, Black, Casual, Summer",
            "Men, Casual Shoes, Brown, Casual, Summer",
            "Men, Belts, Brown, Casual, Summer",
            "Men, Watches, Steel, Casual, Winter",
            "Men, Tshirts, White, Casual, Summer",
        ],
    )
    outfit = shop.outfit_for("0")
    assert [item.group for item in outfit.items] == ["bottom", "shoes", "belt", "watch"]
    assert outfit.notice is None


@pytest.mark.parametrize(("styles", "nearest"), [([0.9, 0.1], "2"), ([0.1, 0.9], "1")])
def test_the_product_nearest_in_style_is_taken(
    tmp_path: Path, styles: list[float], nearest: str
) -> None:
    products = ["Men, Shirts, Green, Casual, Summer"] + ["Men, Jeans, Blue, Casual, Summer"] * 2
    shop = wardrobe(tmp_path, products, styles=dict(enumerate([0.0, *styles])))
    assert ids(shop.outfit_for("0")) == [nearest]


def test_copies_of_a_picture_are_not_offered(tmp_path: Path) -> None:
    products = ["Men, Shirts, Green, Casual, Summer"] + ["Men, Jeans, Blue, Casual, Summer"] * 2
    shop = wardrobe(tmp_path, products, styles={0: 0.0, 2: 0.0}, copies={2: 1})
    assert ids(shop.outfit_for("0")) == ["1"]


def test_an_outfit_has_at_most_five_products(tmp_path: Path) -> None:
    kinds = ("Jeans", "Heels", "Handbags", "Earrings", "Watches", "Sunglasses", "Caps")
    products = ["Women, Tops, Red, Casual, Summer"]
    products += [f"Women, {kind}, Black, Casual, Summer" for kind in kinds]
    assert len(wardrobe(tmp_path, products).outfit_for("0").items) == MOST_ITEMS


def test_a_dress_is_worn_with_shoes_but_without_trousers(tmp_path: Path) -> None:
    products = [
        "Women, Dresses, Red, Casual, Summer",
        "Women, Jeans, Blue, Casual, Summer",
        "Women, Tops, White, Casual, Summer",
        "Women, Heels, Black, Casual, Winter",
    ]
    assert ids(wardrobe(tmp_path, products).outfit_for("0")) == ["3"]


def test_second_choices_stand_in_only_where_there_is_no_first(tmp_path: Path) -> None:
    products = [
        "Men, Shirts, Green, Casual, Summer",
        "Men, Shorts, Black, Casual, Summer",
        "Men, Trousers, Black, Casual, Summer",
    ]
    styles = {0: 0.0, 1: 0.0, 2: 1.0}
    assert ids(wardrobe(tmp_path, products, styles=styles).outfit_for("0")) == ["2"]
    without = wardrobe(tmp_path, products[:2], styles=styles)
    assert ids(without.outfit_for("0")) == ["1"]


def test_every_two_things_of_an_outfit_go_together(tmp_path: Path) -> None:
    products = [
        "Women, Tops, Black, Casual, Summer",
        "Women, Skirts, Green, Casual, Summer",
        "Women, Heels, Blue, Casual, Summer",
        "Women, Flats, Red, Casual, Summer",
    ]
    # Blue is nearer, goes with the black top, and not with the green skirt.
    shop = wardrobe(tmp_path, products, styles={0: 0.0, 2: 0.0, 3: 1.0})
    assert ids(shop.outfit_for("0")) == ["1", "3"]


def test_a_white_product_full_of_another_colour_is_passed_over(tmp_path: Path) -> None:
    products = ["Women, Tops, Red, Casual, Summer"] + ["Women, Heels, White, Casual, Summer"] * 2
    shop = wardrobe(
        tmp_path,
        products,
        styles={0: 0.0, 1: 0.0},
        pictures={1: (200, 40, 160), 2: (225, 225, 225)},
    )
    assert ids(shop.outfit_for("0")) == ["2"]


def test_an_outfit_says_why(tmp_path: Path) -> None:
    products = [
        "Women, Tops, Orange, Casual, Summer",
        "Women, Jeans, Blue, Casual, Summer",
        "Women, Heels, Blue, Casual, Summer",
        "Women, Handbags, Mustard, Casual, Summer",
        "Women, Earrings, Silver, Casual, Summer",
    ]
    # Mustard is a neighbour of orange and no relation of blue.
    assert [item.reason for item in wardrobe(tmp_path, products).outfit_for("0").items] == [
        "Blue denim goes with everything.",
        "Blue and orange are opposite on the colour wheel.",
        "Silver goes with everything.",
    ]


def test_a_catalogue_without_colours_says_that_it_cannot(tmp_path: Path) -> None:
    attributes = tuple(name for name in ATTRIBUTES if name != "baseColour")
    shop = wardrobe(tmp_path, ["Men, Jeans, Blue, Casual, Summer"], attributes=attributes)
    assert shop.missing == ["colour"]
    outfit = shop.outfit_for("0")
    assert outfit.items == []
    assert "colour" in str(outfit.notice)


def test_a_catalogue_without_seasons_has_outfits_all_the_same(tmp_path: Path) -> None:
    products = ["Men, Shirts, Green, Casual, Summer", "Men, Jeans, Blue, Casual, Winter"]
    shop = wardrobe(tmp_path, products, attributes=ATTRIBUTES[:-1])
    assert ids(shop.outfit_for("0")) == ["1"]


@pytest.mark.parametrize("kind", ["Perfume and Body Mist", "Briefs", "Teapots"])
def test_kinds_that_make_no_outfit_say_so(tmp_path: Path, kind: str) -> None:
    products = [f"Men, {kind}, Blue, Casual, Summer", "Men, Jeans, Blue, Casual, Summer"]
    outfit = wardrobe(tmp_path, products).outfit_for("0")
    assert outfit.items == []
    assert outfit.notice


def test_an_unknown_product_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownItemError, match="no item with the id 'nowhere'"):
        wardrobe(tmp_path, ["Men, Jeans, Blue, Casual, Summer"]).outfit_for("nowhere")


# The rule.


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Men, Shirts, Green, Casual, Summer", "Women, Jeans, Blue, Casual, Summer"),
        ("Men, Shirts, Green, Casual, Summer", "Boys, Jeans, Blue, Casual, Summer"),
        ("Men, Shirts, Green, Casual, Summer", "Men, Trousers, Black, Casual, Winter"),
        ("Men, Shirts, Black, Casual, Summer", "Men, Trousers, Black, Casual, Summer"),
        ("Men, Shirts, Green, Casual, Summer", "Men, Trousers, Purple, Casual, Summer"),
        ("Men, Shirts, Multi, Casual, Summer", "Men, Trousers, Blue, Casual, Summer"),
        ("Men, Casual Shoes, Brown, Casual, Summer", "Men, Belts, Black, Casual, Summer"),
    ],
    ids=["gender", "age", "season", "same neutral", "unrelated hues", "many colours", "leather"],
)
def test_what_does_not_go_together(one: str, other: str) -> None:
    assert not go_together(garment_of(one), garment_of(other))
    assert not go_together(garment_of(other), garment_of(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Men, Shirts, Green, Casual, Summer", "Unisex, Backpacks, Black, Casual, Winter"),
        ("Men, Shirts, Green, Casual, Summer", "Men, Trousers, Black, Casual, Spring"),
        ("Men, Shirts, Blue, Casual, Summer", "Men, Jeans, Blue, Casual, Summer"),
        ("Men, Shirts, Pink, Casual, Summer", "Men, Trousers, Red, Casual, Summer"),
        ("Men, Shirts, Purple, Casual, Summer", "Men, Trousers, Yellow, Casual, Summer"),
        ("Men, Shirts, Multi, Casual, Summer", "Men, Trousers, Beige, Casual, Summer"),
    ],
    ids=["for anybody", "half a year", "denim", "neighbours", "opposites", "beside a neutral"],
)
def test_what_goes_together(one: str, other: str) -> None:
    assert go_together(garment_of(one), garment_of(other))
    assert go_together(garment_of(other), garment_of(one))


@pytest.mark.parametrize(
    ("item", "chosen", "expected"),
    [
        ("Red", "Black", "Red is the one colour among neutral ones."),
        ("Red", "Red", "Red takes up the red of the top."),
        ("Maroon", "Red", "Maroon and red are shades of one colour."),
        ("Pink", "Red", "Pink and red are neighbours on the colour wheel."),
        ("Green", "Red", "Green and red are opposite on the colour wheel."),
        ("Navy Blue", "Red", "Navy blue goes with everything."),
    ],
)
def test_reasons_name_the_colours(item: str, chosen: str, expected: str) -> None:
    bag = garment_of(f"Women, Handbags, {item}, Casual, Summer")
    assert reason(bag, [garment_of(f"Women, Tops, {chosen}, Casual, Summer")]) == expected


def test_the_skin_of_a_model_is_no_colour_of_her_shirt() -> None:
    shirt = garment_of("Women, Shirts, White, Casual, Summer")
    picture = Image.new("RGB", (60, 80), (222, 176, 142))
    assert looks_as_labelled(shirt, picture)
    assert not looks_as_labelled(replace(shirt, group="bag"), picture)


def test_columns_are_found_however_they_are_written() -> None:
    found = columns_of(["Article Type", "base_color", "GENDER", "Usage", "price"])
    assert found == {
        "gender": "GENDER",
        "article type": "Article Type",
        "colour": "base_color",
        "usage": "Usage",
    }


def test_casual_leggings_and_flats_are_worn_to_a_kurta(tmp_path: Path) -> None:
    products = [
        "Women, Kurtas, Red, Ethnic, Fall",
        "Women, Leggings, Black, Casual, Winter",
        "Women, Flats, Gold, Casual, Summer",
        "Women, Jeans, Blue, Casual, Fall",
    ]
    assert ids(wardrobe(tmp_path, products).outfit_for("0")) == ["1", "2"]


def test_everyday_clothes_are_not_worn_to_sports(tmp_path: Path) -> None:
    products = [
        "Men, Sports Shoes, White, Sports, Summer",
        "Men, Tshirts, Blue, Casual, Summer",
        "Men, Track Pants, Black, Sports, Summer",
        "Men, Watches, Black, Casual, Winter",
    ]
    assert ids(wardrobe(tmp_path, products).outfit_for("0")) == ["2", "3"]


def test_feet_and_heads_are_told_apart() -> None:
    kinds = ("Sports Shoes", "heels ", "Caps", "Hat", "Backpacks", "unheard of", None)
    assert [is_footwear(kind) for kind in kinds] == [True, True] + [False] * 5
    assert [is_headwear(kind) for kind in kinds] == [False, False, True, True] + [False] * 3

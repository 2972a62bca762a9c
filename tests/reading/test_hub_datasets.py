"""Data sets of the Hub, each with the columns and oddities of one that people use."""

from pathlib import Path

import datasets
import pytest

from recommender.building.options import products_of
from recommender.commands.build_index import parser
from recommender.errors import DatasetError
from recommender.reading.products import Products
from recommender.schema import (
    ARTICLE_TYPE,
    BRAND,
    CATEGORY,
    COLOUR,
    DESCRIPTION,
    GENDER,
    GROUP,
    ID,
    LINK,
    NAME,
    PATTERN,
    PRICE,
    SALE_PRICE,
    SUB_CATEGORY,
)
from tests.support.catalogues import pictures, read_all, write_csv, write_parquet, write_picture

IMAGE = {"image": datasets.Image()}
LONG = "a loose shirt of soft brushed cotton with a wide collar and long sleeves that end in " * 2


def opened(dataset: Path, *options: str) -> Products:
    """The products that the command line names."""
    arguments = parser().parse_args(["--dataset", str(dataset), *options])
    return products_of(arguments, dataset / "fetched")


def test_the_only_split_is_taken_and_named(tmp_path: Path) -> None:
    columns = {"image": pictures(2), "item_ID": [7, 8], "text": ["Blue Shirt", "Red Shoe"]}
    source = Products(str(write_parquet(tmp_path / "kagl", columns, IMAGE, split="data")))
    assert source.split == "data"
    assert source.notes == ["The only split, 'data', is taken."]
    assert [p.id for p in read_all(source)] == ["7", "8"]


def test_of_several_splits_train_is_taken_or_they_are_listed(tmp_path: Path) -> None:
    columns = {"image": pictures(2), "id": [1, 2]}
    shop = tmp_path / "shop"
    write_parquet(shop, columns, IMAGE, split="validation")
    write_parquet(shop, columns, IMAGE, split="test")
    with pytest.raises(DatasetError, match=r"several splits: validation, test. .*--split"):
        Products(str(shop))
    assert opened(shop, "--split", "test").split == "test"
    write_parquet(shop, columns, IMAGE, split="train")
    source = Products(str(shop))
    assert source.notes == ["The split 'train' is taken, and not validation, test."]


def test_configurations_are_listed_and_can_be_chosen(tmp_path: Path) -> None:
    shop = write_parquet(tmp_path / "shop", {"image": pictures(2), "id": [1, 2]}, IMAGE)
    configs = "".join(
        f"- config_name: {name}\n  data_files: data/train*\n" for name in ("men", "women")
    )
    (shop / "README.md").write_text(f"---\nconfigs:\n{configs}---\n")
    with pytest.raises(DatasetError, match=r"several configurations. .*--config: men, women"):
        Products(str(shop))
    with pytest.raises(DatasetError, match=r"no such configuration. .*--config: men, women"):
        Products(str(shop), config="children")
    assert opened(shop, "--config", "men").count() == 2


def test_kagl_has_its_finest_category_as_article_type_and_its_text_as_name(tmp_path: Path) -> None:
    columns = {
        "image": pictures(2),
        "gender": ["Men", "Women"],
        "category1": ["Apparel", "Footwear"],
        "category2": ["Topwear", "Shoes"],
        "category3": ["Shirts", "Heels"],
        "baseColour": ["Blue", "Red"],
        "season": ["Fall", "Summer"],
        "year": [2011.0, None],
        "usage": ["Casual", "Formal"],
        "text": ["Turtle Men Blue Shirt", "Catwalk Women Red Heels"],
        "item_ID": [15970, 15971],
    }
    source = Products(str(write_parquet(tmp_path / "kagl", columns, IMAGE, split="data")))
    roles = source.columns.roles
    assert (roles[ARTICLE_TYPE], roles[SUB_CATEGORY], roles[CATEGORY]) == (
        "category3",
        "category2",
        "category1",
    )
    assert (roles[NAME], roles[ID], roles[COLOUR]) == ("text", "item_ID", "baseColour")
    first, second = read_all(source)
    assert first.name == "Turtle Men Blue Shirt"
    assert first.attributes["year"] == "2011"
    assert second.attributes["year"] is None
    assert "text" not in first.attributes


def test_ids_that_name_views_are_grouped_and_essays_are_no_attributes(tmp_path: Path) -> None:
    """deepfashion-inshop: five pictures of one product, two long texts."""
    ids = [
        f"MEN-Denim-id_0000008{product}-01_{view}_{side}"
        for product in range(2)
        for view, side in ((1, "front"), (2, "side"))
    ]
    columns = {
        "image": pictures(4),
        "category1": ["men"] * 4,
        "category2": ["denim"] * 4,
        "category3": [None, None, "slim", "slim"],
        "color": ["Indigo", "Indigo", "Black", "Black"],
        "description": [LONG + "one", LONG + "one", LONG + "two", LONG + "two"],
        "text": [LONG + "text"] * 4,
        "item_ID": ids,
    }
    source = Products(str(write_parquet(tmp_path / "inshop", columns, IMAGE, split="data")))
    products = read_all(source)
    assert [p.id for p in products] == ids
    assert [p.group for p in products] == ["MEN-Denim-id_00000080-01"] * 2 + [
        "MEN-Denim-id_00000081-01"
    ] * 2
    assert products[0].description == (LONG + "one").strip()
    assert source.columns.attributes == ("category1", "category2", "category3", "color")
    assert source.assignment.reasons["text"] == "left out: long texts"


def test_numbered_pictures_share_a_group_only_where_their_texts_agree(tmp_path: Path) -> None:
    """fashion200k: 91288151_0 is the first picture of product 91288151."""
    columns = {
        "image": pictures(3),
        "category2": ["dresses"] * 3,
        "text": ["blue maxi dress", "blue maxi dress", "red mini dress"],
        "item_ID": ["91288151_0", "91288151_1", "91288777_0"],
    }
    same = read_all(Products(str(write_parquet(tmp_path / "200k", columns, IMAGE, split="data"))))
    assert [p.group for p in same] == ["91288151", "91288151", "91288777"]
    columns["text"] = ["blue dress", "green hat", "red dress"]
    other = read_all(Products(str(write_parquet(tmp_path / "other", columns, IMAGE))))
    assert [p.group for p in other] == [None] * 3


def test_products_without_text_are_named_by_their_attributes(tmp_path: Path) -> None:
    """polyvore: some texts are empty."""
    columns = {
        "image": pictures(2),
        "category": ["Chairs", "Ankle Boots"],
        "text": ["", "suede ankle boots"],
        "item_ID": ["a", "b"],
    }
    products = read_all(Products(str(write_parquet(tmp_path / "p", columns, IMAGE, split="data"))))
    assert [p.name for p in products] == ["Chairs", "suede ankle boots"]


def test_imaterialist_gives_material_pattern_and_category(tmp_path: Path) -> None:
    columns = {
        "image": pictures(1),
        "gender": ["Women"],
        "color": ["Red/Blue"],
        "material": ["Cotton"],
        "sleeve": ["Long"],
        "pattern": ["Striped"],
        "neckline": ["V"],
        "style": ["Casual"],
        "category": ["Dress"],
        "item_ID": [1],
    }
    source = Products(str(write_parquet(tmp_path / "i", columns, IMAGE, split="data")))
    assert (source.columns.roles[PATTERN], source.columns.roles[GENDER]) == ("pattern", "gender")
    (product,) = read_all(source)
    assert product.values == {"color": ("Red", "Blue")}
    assert product.attributes["color"] == "Red, Blue"


def test_objects_of_a_picture_give_their_categories(tmp_path: Path) -> None:
    """fashionpedia: several garments a picture, with boxes."""
    columns = {
        "image_id": [23, 25],
        "image": pictures(2),
        "width": [682, 683],
        "height": [1024, 1024],
        "objects": [
            [
                {"bbox_id": 1, "category": 1, "bbox": [1.0, 2.0, 3.0, 4.0], "area": 9},
                {"bbox_id": 2, "category": 0, "bbox": [1.0, 2.0, 3.0, 4.0], "area": 9},
            ],
            [{"bbox_id": 3, "category": 1, "bbox": [1.0, 2.0, 3.0, 4.0], "area": 9}],
        ],
    }
    objects = datasets.List(
        {
            "bbox_id": datasets.Value("int64"),
            "category": datasets.ClassLabel(names=["shirt", "shoe"]),
            "bbox": datasets.List(datasets.Value("float64")),
            "area": datasets.Value("int64"),
        }
    )
    types = {**IMAGE, "objects": objects}
    source = Products(str(write_parquet(tmp_path / "pedia", columns, types, split="val")))
    products = read_all(source)
    assert source.columns.attributes == ("objects.category",)
    assert [p.attributes["objects.category"] for p in products] == ["shoe, shirt", "shoe"]
    assert products[0].values == {"objects.category": ("shoe", "shirt")}
    assert {"width", "height", "objects.bbox"} <= set(source.assignment.left_out)


def test_the_address_of_the_picture_itself_is_no_link_and_no_attribute(tmp_path: Path) -> None:
    """ceyda/fashion-products-small: no name, but filename and link."""
    columns = {
        "filename": ["15970.jpg", "39386.jpg"],
        "link": ["http://assets.example/15970.jpg", "http://assets.example/39386.jpg"],
        "id": ["15970", "39386"],
        "masterCategory": ["Apparel", "Apparel"],
        "gender": ["Men", "Women"],
        "subCategory": ["Topwear", "Bottomwear"],
        "image": pictures(2),
    }
    source = Products(str(write_parquet(tmp_path / "ceyda", columns, IMAGE)))
    assert source.columns.attributes == ("masterCategory", "gender", "subCategory")
    assert LINK not in source.columns.roles
    assert read_all(source)[0].name == "Apparel Men Topwear"
    assert source.assignment.reasons["filename"] == "left out: the pictures are in 'image'"


def test_names_instead_of_pictures_are_refused_before_the_first_row_is_read(
    tmp_path: Path,
) -> None:
    """mecha2019/fashion-product-images-small: the image column is a text."""
    columns = {"id": [1, 2], "image": ["1163.jpg", "1164.jpg"], "gender": ["Men", "Men"]}
    with pytest.raises(DatasetError, match=r"'image' holds names such as '1163.jpg' and no pict"):
        Products(str(write_parquet(tmp_path / "mecha", columns)))


def test_pictures_with_short_texts_only_are_named_by_them(tmp_path: Path) -> None:
    """wbensvage/clothes_desc: neither id nor name."""
    columns = {"image": pictures(2), "text": ["a photography of a red dress", "a blue coat"]}
    products = read_all(Products(str(write_parquet(tmp_path / "desc", columns, IMAGE))))
    assert [(p.id, p.name) for p in products] == [
        ("0", "a photography of a red dress"),
        ("1", "a blue coat"),
    ]


def test_farfetch_has_offers_and_picture_addresses(tmp_path: Path) -> None:
    columns = {
        "itemurl": ["https://shop.example/item-1.aspx"],
        "imageurl": ["https://cdn.example/1_1000.jpg"],
        "brand": ["Gucci"],
        "category1_code": ["CLOTHING"],
        "category2_code": ["DRESSES"],
        "product_code": ["18361522"],
        "title": ["floral-print dress"],
        "full_price": [1500.0],
        "price": [1050.0],
        "currency": ["EUR"],
    }
    source = Products(str(write_parquet(tmp_path / "farfetch", columns)))
    roles = source.columns.roles
    assert (roles[PRICE], roles[SALE_PRICE]) == ("full_price", "price")
    assert (roles[BRAND], roles[ID]) == ("brand", "product_code")
    ((product, addresses),) = source.first(1)
    offer = product.offer
    assert (offer.price, offer.sale_price, offer.currency) == (1500.0, 1050.0, "EUR")
    assert offer.link == "https://shop.example/item-1.aspx"
    assert addresses == ["https://cdn.example/1_1000.jpg"]


def test_hm_articles_keep_their_zeros_and_find_their_pictures(tmp_path: Path) -> None:
    header = [
        *("article_id", "product_code", "prod_name", "product_type_name", "product_group_name"),
        *("graphical_appearance_name", "colour_group_name", "index_group_name", "detail_desc"),
    ]
    rows = [
        [id_, id_[:7], "Strap top", "Vest top", "Garment Upper body", look, colour, "Ladieswear", d]
        for id_, look, colour, d in (
            ("0108775015", "Solid", "Black", LONG),
            ("0108775044", "Solid", "White", LONG),
            ("0110065001", "Stripe", "Black", LONG + "."),
        )
    ]
    for row in rows:
        write_picture(tmp_path / "images" / row[0][:3] / f"{row[0]}.png")
    write_csv(tmp_path / "articles.csv", header, rows)
    source = Products(str(tmp_path))
    products = read_all(source)
    assert [p.id for p in products] == ["0108775015", "0108775044", "0110065001"]
    assert [p.group for p in products] == ["0108775", "0108775", "0110065"]
    assert all(str(p.picture).endswith(f"{p.id}.png") for p in products)
    roles = source.columns.roles
    assert roles[ARTICLE_TYPE] == "product_type_name"
    assert (roles[COLOUR], roles[GENDER]) == ("colour_group_name", "index_group_name")
    assert (roles[NAME], roles[DESCRIPTION], roles[GROUP]) == (
        "prod_name",
        "detail_desc",
        "product_code",
    )


def test_leading_zeros_that_a_table_lost_do_not_lose_the_picture(tmp_path: Path) -> None:
    write_picture(tmp_path / "images" / "0108775015.png")
    write_csv(tmp_path / "articles.csv", ["article_id", "prod_name"], [[108775015, "Strap top"]])
    (product,) = read_all(Products(str(tmp_path)))
    assert product.id == "108775015"
    assert str(product.picture).endswith("0108775015.png")


def test_pictures_as_lists_and_several_picture_columns_are_all_delivered(tmp_path: Path) -> None:
    columns = {"id": [1, 2], "images": [pictures(2), pictures(3)], "back": pictures(2)}
    types = {"images": datasets.List(datasets.Image()), "back": datasets.Image()}
    source = Products(str(write_parquet(tmp_path / "many", columns, types)))
    assert [len(p.pictures) for p in read_all(source)] == [2, 3]  # the same picture counts once
    assert source.assignment.pictures == ["images", "back"]
    assert source.assignment.reasons["back"] == "picture: it holds pictures"


def test_rows_of_one_id_are_pictures_of_one_product(tmp_path: Path) -> None:
    columns = {"id": ["a", "a", "b", "a"], "image": pictures(4), "name": ["A", "A", "B", "A"]}
    source = Products(str(write_parquet(tmp_path / "rows", columns, IMAGE)))
    products = read_all(source)
    assert [(p.id, len(p.pictures)) for p in products] == [("a", 2), ("b", 1), ("a (2)", 1)]
    assert products[2].group == "a"  # a stream cannot go back: the last row stays apart


def test_an_id_column_that_names_no_products_is_refused(tmp_path: Path) -> None:
    columns = {"id": [1, 2] * 150, "image": pictures(1) * 300}
    source = Products(str(write_parquet(tmp_path / "few", columns, IMAGE)))
    with pytest.raises(DatasetError, match=r"'id' has 2 values in 300 rows.*--column id=NAME"):
        source.count()

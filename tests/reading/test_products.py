"""Reading products, whatever the dataset looks like."""

from pathlib import Path

import datasets
import pytest

from recommender.errors import DatasetError, SettingsError
from recommender.reading.products import Products
from tests.support.drawn_products import draw_product, write_picture_folder


def test_a_folder_with_a_csv_gives_names_and_attributes(tmp_path: Path) -> None:
    source = Products(str(write_picture_folder(tmp_path / "shop", 6)))
    assert source.columns.id == "id"
    assert source.columns.name == "productDisplayName"
    assert source.columns.attributes == ("gender", "articleType", "baseColour", "season")
    assert source.count() == 6
    product = next(source.read(4, 6))
    assert (product.position, product.id, product.name) == (4, "1004", "Men Blue Trousers 4")
    assert product.attributes["articleType"] == "Trousers"
    assert str(product.picture).endswith("1004.png")


def test_not_available_in_words_counts_as_unknown(tmp_path: Path) -> None:
    source = Products(str(write_picture_folder(tmp_path / "shop", 6)))
    assert [p.attributes["season"] for p in source.read(0, 2)] == [None, "Summer"]


def test_a_folder_of_pictures_alone_is_enough(tmp_path: Path) -> None:
    for i in range(3):
        draw_product("Tshirts", "Red", i).save(tmp_path / f"shirt-{i}.jpg")
    source = Products(str(tmp_path))
    products = list(source.read(0, source.count()))
    assert [p.id for p in products] == ["shirt-0", "shirt-1", "shirt-2"]
    assert products[0].attributes == {}
    assert products[0].picture


def test_pictures_in_folders_by_class_get_their_class_as_attribute(tmp_path: Path) -> None:
    for kind in ("Handbags", "Tshirts"):
        (tmp_path / kind).mkdir()
        for i in range(2):
            draw_product(kind, "Red", i).save(tmp_path / kind / f"{kind}{i}.jpg")
    source = Products(str(tmp_path))
    labels = [p.attributes["label"] for p in source.read(0, source.count())]
    assert labels == ["Handbags", "Handbags", "Tshirts", "Tshirts"]


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    """Seven products as a Hub dataset has them: Parquet, pictures inside."""
    rows = {
        "id": list(range(7)),
        "year": [2012.0, None, 2013.0, 2012.0, 2012.0, 2012.0, 2012.0],
        "price": [1.5] * 7,
        "picture": [draw_product("Tshirts", "Red", i) for i in range(7)],
    }
    data = datasets.Dataset.from_dict(rows).cast_column("picture", datasets.Image())
    (tmp_path / "data").mkdir()
    data.to_parquet(tmp_path / "data" / "train-00000-of-00001.parquet")
    return tmp_path


def test_parquet_is_read_without_decoding(parquet: Path) -> None:
    source = Products(str(parquet))
    assert source.columns.image == "picture"
    products = list(source.read(0, 7))
    assert all(isinstance(p.picture, bytes) and p.picture.startswith(b"\x89PNG") for p in products)
    assert [p.attributes["year"] for p in products[:3]] == ["2012", None, "2013"]


@pytest.mark.parametrize(("start", "stop"), [(0, 7), (3, 5), (6, 7), (2, 2)])
def test_any_range_of_rows_can_be_read_alone(parquet: Path, start: int, stop: int) -> None:
    source = Products(str(parquet))
    assert [p.position for p in source.read(start, stop)] == list(range(start, stop))
    assert [p.id for p in source.read(start, stop)] == [str(i) for i in range(start, stop)]


def test_columns_can_be_named(parquet: Path) -> None:
    assert Products(str(parquet), columns={"id": "price"}).columns.id == "price"
    with pytest.raises(DatasetError, match=r"no column 'photo'. Its columns are: id, year, price"):
        Products(str(parquet), columns={"picture": "photo"})
    with pytest.raises(SettingsError, match=r"no role 'nonsense'. The roles are: id, group, name"):
        Products(str(parquet), columns={"nonsense": "year"})


def test_a_dataset_without_pictures_is_a_sentence(tmp_path: Path) -> None:
    datasets.Dataset.from_dict({"a": [1], "b": ["x"]}).to_parquet(tmp_path / "train.parquet")
    with pytest.raises(DatasetError, match=r"a, b looks like a picture.*--column picture=NAME"):
        Products(str(tmp_path))


def test_a_split_that_does_not_exist_is_a_sentence(parquet: Path) -> None:
    with pytest.raises(DatasetError, match=r"no split 'nonsense'. Its splits are: train"):
        Products(str(parquet), split="nonsense")


def test_a_folder_that_does_not_exist_is_a_sentence() -> None:
    with pytest.raises(DatasetError, match=r"There is no folder or file ./nowhere/at-all"):
        Products("./nowhere/at-all")


def test_a_csv_that_names_no_picture_is_a_sentence(tmp_path: Path) -> None:
    draw_product("Tshirts", "Red", 0).save(tmp_path / "one.jpg")
    (tmp_path / "table.csv").write_text("id,name\n77,seventy-seven\n")
    with pytest.raises(DatasetError, match=r"No column of table.csv names the pictures"):
        Products(str(tmp_path))

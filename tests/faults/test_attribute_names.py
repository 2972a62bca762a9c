"""Columns of a dataset that are called like columns of the index, or not at all."""

import csv
import logging
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from PIL import Image

from recommender.building import encode
from recommender.errors import DatasetError
from recommender.index.catalogue_file import OWN_COLUMNS
from recommender.index.folder import open_index
from recommender.reading.attributes import attribute_names
from recommender.reading.product import Columns
from recommender.reading.products import Products
from tests.faults import begun

ROWS = 12


def write_shop(folder: Path, header: list[str]) -> Path:
    """Pictures and a CSV with an id, the picture's file and these further columns."""
    folder.mkdir()
    with (folder / "products.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "file", *header])
        for i in range(ROWS):
            Image.new("RGB", (60, 80), (20 * i, 255 - 20 * i, 90)).save(folder / f"{i}.png")
            writer.writerow(
                [f"p{i}", f"{i}.png", *(f"{c}{i % 3}" for c in "abcdefgh"[: len(header)])]
            )
    return folder


def test_attributes_called_like_the_indexs_columns_are_renamed_with_a_word(
    tiny: None, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    header = ["duplicate_of", "map_x", "Map_Y", "name", ""]
    shop = write_shop(tmp_path / "shop", header)
    out = tmp_path / "index"
    with caplog.at_level(logging.INFO, "recommender"):
        begun.build(Products(str(shop), columns={"name": "file"}), out)
    catalogue = open_index(out).catalogue
    renamed = ["duplicate_of", "map_x", "Map_Y", "name"]
    assert catalogue.attributes == (*(f"{name} (attribute)" for name in renamed), "column 7")
    assert catalogue.attributes_of(1)["duplicate_of (attribute)"] == "a1"
    assert catalogue.attributes_of(1)["column 7"] == "e1"
    assert len(catalogue.allowed({"map_x (attribute)": "b2"}).nonzero()[0]) == ROWS // 3
    said = [sentence for sentence in caplog.messages if "becomes the attribute" in sentence]
    assert said[0].startswith("The column 'duplicate_of' becomes the attribute 'duplicate_of (")
    assert len(said) == 5
    # ... and the index's own columns hold what is theirs.
    table = pq.read_table(out / "catalogue.parquet", columns=["duplicate_of", "map_x"])
    assert set(table["duplicate_of"].to_pylist()) == {None}
    assert all(0 <= x <= 1 for x in table["map_x"].to_pylist())


@pytest.mark.parametrize("name", OWN_COLUMNS)
def test_no_column_of_the_index_can_be_an_attribute_name(name: str) -> None:
    names = attribute_names([name, f"{name} (attribute)", name.upper(), "gender"])
    assert names["gender"] == "gender"
    assert not {n.casefold() for n in names.values()} & set(OWN_COLUMNS)
    assert len({n.casefold() for n in names.values()}) == 4


def test_columns_without_a_name_get_their_place_and_no_name_twice() -> None:
    assert attribute_names(["id", "", "column 2", " "]) == {
        "id": "id (attribute)",
        "": "column 2_",
        "column 2": "column 2",
        " ": "column 4",
    }


def test_a_source_that_does_not_rename_is_refused_before_the_first_picture(
    products: Products, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encode, "decode", lambda *a: pytest.fail("a picture was read"))
    products.columns = Columns("image", "id", "name", ("gender", "map_x"))
    with pytest.raises(DatasetError, match="An attribute can't be called 'map_x'"):
        begun.build_index(products, tmp_path / "index", begun.CONFIG)
    assert not list(tmp_path.iterdir())

"""Kinds of input that once failed: each works, or is refused by its cause and its cure."""

import unicodedata
from pathlib import Path

import datasets
import pytest

from recommender.errors import DatasetError
from recommender.reading.products import Products
from recommender.schema import ARTICLE_TYPE
from tests.support.catalogues import (
    picture_bytes,
    pictures,
    read_all,
    write_csv,
    write_parquet,
    write_picture,
)


def names_of(source: Products) -> dict[str, str | None]:
    """Path of each product's picture below the catalogue, by id."""
    folder = Path(source.source)
    return {
        p.id: Path(str(p.picture)).relative_to(folder).as_posix() if p.picture else None
        for p in read_all(source)
    }


def test_one_file_name_in_two_folders_is_told_apart_by_the_longest_path(tmp_path: Path) -> None:
    for i, name in enumerate(("men/1.png", "women/1.png", "women/2.png")):
        write_picture(tmp_path / "pictures" / name, i)
    rows = [["a", "men/1.png"], ["b", "pictures\\women\\1.png"], ["c", "2.png"], ["d", "1.png"]]
    write_csv(tmp_path / "shop.csv", ["id", "file"], rows)
    source = Products(str(tmp_path))
    assert names_of(source) == {
        "a": "pictures/men/1.png",
        "b": "pictures/women/1.png",
        "c": "pictures/women/2.png",
        "d": None,
    }
    assert read_all(source)[3].unread == (
        "'1.png' may be any of 2 pictures (pictures/men/1.png, pictures/women/1.png): "
        "name it with its folder.",
    )


def test_class_folders_with_equal_file_names_give_unequal_ids(tmp_path: Path) -> None:
    for i, name in enumerate(("Shirts/1.png", "Shoes/1.png", "Shoes/2.png")):
        write_picture(tmp_path / name, i)
    source = Products(str(tmp_path))
    products = read_all(source)
    assert [p.id for p in products] == ["Shirts/1", "Shoes/1", "Shoes/2"]
    assert [p.attributes["label"] for p in products] == ["Shirts", "Shoes", "Shoes"]
    assert source.columns.roles[ARTICLE_TYPE] == "label"


def test_two_tables_of_one_folder_are_joined(tmp_path: Path) -> None:
    for number in (1163, 1164):
        write_picture(tmp_path / "images" / f"{number}.png", number)
    links = [["1164.png", "http://assets.example/4"], ["1163.png", "http://assets.example/3"]]
    write_csv(tmp_path / "images.csv", ["filename", "link"], links)
    styles = [["1163", "Men", "Shirts"], ["1164", "Women", "Heels"]]
    write_csv(tmp_path / "styles.csv", ["id", "gender", "articleType"], styles)
    write_csv(tmp_path / "a_first.csv", ["city", "people"], [["Berlin", 4], ["Rome", 3]])
    source = Products(str(tmp_path))
    products = read_all(source)
    assert [(p.id, p.attributes["articleType"]) for p in products] == [
        ("1163", "Shirts"),
        ("1164", "Heels"),
    ]
    assert [p.offer.link for p in products] == [
        "http://assets.example/3",
        "http://assets.example/4",
    ]
    assert source.notes == [
        "styles.csv is the table of the products: it has the most columns.",
        "a_first.csv shares no column with styles.csv and is not read.",
        "images.csv is joined to it: 2 of 2 rows match.",
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_separators_and_encodings_are_found_out(
    tmp_path: Path, separator: str, encoding: str
) -> None:
    rows = [
        ["1", "Größe M, blaue Hose für Männer", "12,90", "https://cdn.example/1.jpg"],
        ["2", 'Kleid "Été"; façon légère', "1.299,00", "https://cdn.example/2.jpg"],
    ]
    path = write_csv(
        tmp_path / "shop.csv", ["id", "name", "price", "image"], rows, separator, encoding
    )
    (first, _), (second, _) = Products(str(path)).first(2)
    assert first.name == "Größe M, blaue Hose für Männer"
    assert second.name == 'Kleid "Été"; façon légère'
    assert (first.offer.price, second.offer.price) == (12.9, 1299.0)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_are_found_out(tmp_path: Path, end: str) -> None:
    path = tmp_path / "shop.csv"
    lines = ["id,image", "1,https://cdn.example/1.jpg", "2,https://cdn.example/2.jpg", ""]
    path.write_bytes(end.join(lines).encode())
    assert Products(str(path)).count() == 2


def test_an_unreadable_local_table_is_never_blamed_on_the_hub(tmp_path: Path) -> None:
    path = tmp_path / "shop.csv"
    path.write_bytes(bytes(range(256)) * 40)
    with pytest.raises(DatasetError) as caught:
        Products(str(path))
    assert "Hub" not in str(caught.value)


def test_names_of_pictures_are_found_however_they_are_spelt(tmp_path: Path) -> None:
    for i, name in enumerate(
        (unicodedata.normalize("NFD", "Kleid-für-Café.png"), "a/IMG_1.PNG", "b/0042.png", "c/7.png")
    ):
        write_picture(tmp_path / name, i)
    rows = [
        ["nfc", "Kleid-für-Café.png"],
        ["case", ".\\a\\img_1.png"],
        ["zeros", "42.png"],
        ["suffix", "7.jpg"],
        ["spaces", " 0042.png "],
    ]
    write_csv(tmp_path / "shop.csv", ["id", "file"], rows)
    assert list(names_of(Products(str(tmp_path))).values()) == [
        unicodedata.normalize("NFD", "Kleid-für-Café.png"),
        "a/IMG_1.PNG",
        "b/0042.png",
        "c/7.png",
        "b/0042.png",
    ]


def test_two_names_that_differ_by_case_are_told_apart(tmp_path: Path) -> None:
    for i, name in enumerate(("IMG_1.JPG", "img_1.jpg")):
        write_picture(tmp_path / name, i)
    write_csv(tmp_path / "s.csv", ["id", "file"], [["a", "img_1.jpg"], ["b", "IMG_1.JPG"]])
    assert names_of(Products(str(tmp_path))) == {"a": "img_1.jpg", "b": "IMG_1.JPG"}


def test_a_row_with_more_cells_than_the_header_is_left_out_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "shop.csv"
    path.write_text(
        "id,name,image\n"
        "1,Shirt,https://cdn.example/1.jpg\n"
        "2,Shirt, blue,https://cdn.example/2.jpg\n"
        "3,Cap,https://cdn.example/3.jpg,,\n"
        "4,Sock\n"
    )
    source = Products(str(path))
    assert [p.id for p, _ in source.first(9)] == ["1", "3", "4"]
    assert source.notes == [
        "1 row of shop.csv has more cells than its header and is left out (line 3): "
        "put cells that contain the separator in double quotes."
    ]


def test_columns_called_like_our_own_and_empty_or_equal_headers_are_kept(tmp_path: Path) -> None:
    header = ["id", "image_1", "duplicate_of", "map_x", "", "colour", "colour"]
    row = ["1", "https://cdn.example/1.jpg", "x", "y", "z", "Red", "Blue"]
    source = Products(str(write_csv(tmp_path / "shop.csv", header, [row, ["2", *row[1:]]])))
    ((product, _), _) = source.first(2)
    assert product.attributes == {
        "duplicate_of (attribute)": "x",
        "map_x (attribute)": "y",
        "column 5": "z",
        "colour": "Red",
        "colour (2)": "Blue",
    }


def test_rows_of_one_product_apart_are_put_together_in_a_table(tmp_path: Path) -> None:
    for i in range(4):
        write_picture(tmp_path / f"{i}.png", i)
    rows = [["a", "0.png", "Red"], ["b", "1.png", "Grey"], ["a", "2.png", "Blue"]]
    rows += [["c", "3.png", ""]]
    write_csv(tmp_path / "shop.csv", ["id", "file", "colour"], rows)
    source = Products(str(tmp_path))
    assert source.count() == 3
    a, b, c = read_all(source)
    assert [Path(str(p)).name for p in a.pictures] == ["0.png", "2.png"]
    assert a.values == {"colour": ("Red", "Blue")}
    assert (b.position, c.position, c.attributes["colour"]) == (1, 2, None)
    # Any range can be read alone.
    assert [p.id for p in source.read(1, 3)] == ["b", "c"]


def test_several_names_in_one_cell_and_two_columns_are_all_found(tmp_path: Path) -> None:
    for i in range(4):
        write_picture(tmp_path / f"{i}.png", i)
    write_csv(
        tmp_path / "shop.csv",
        ["id", "front", "back"],
        [["a", "0.png", "1.png"], ["b", "2.png|3.png", "1.png"]],
    )
    products = read_all(Products(str(tmp_path)))
    names = [[Path(str(p)).name for p in product.pictures] for product in products]
    assert names == [["0.png", "1.png"], ["2.png", "3.png", "1.png"]]


def test_lists_of_addresses_written_as_text_are_read(tmp_path: Path) -> None:
    cell = '["https://cdn.example/1.jpg", "https://cdn.example/2.jpg"]'
    path = write_csv(tmp_path / "shop.csv", ["id", "images"], [["1", cell]])
    ((_, addresses),) = Products(str(path)).first(1)
    assert addresses == ["https://cdn.example/1.jpg", "https://cdn.example/2.jpg"]


def test_dropped_columns_are_named(tmp_path: Path) -> None:
    columns = {"id": [1, 2], "image": pictures(2), "box": [[1, 2], [3, 4]], "ean": ["1", "2"]}
    source = Products(str(write_parquet(tmp_path / "s", columns, {"image": datasets.Image()})))
    assert source.assignment.left_out == ["box", "ean"]


def test_json_lines_have_nested_and_missing_values(tmp_path: Path) -> None:
    path = tmp_path / "shop.jsonl"
    path.write_text(
        '{"id": "007", "name": "Hat", "images": ["https://c.example/1.jpg"], '
        '"price": {"amount": 12.5, "currency": "EUR"}, "colors": ["Red", "Blue"]}\n'
        "not json\n\n"
        '{"id": "008", "images": "https://c.example/2.jpg", "tags": null, "new": true}\n'
    )
    source = Products(str(path))
    (hat, _), (other, addresses) = source.first(2)
    assert (hat.id, hat.offer.price, hat.offer.currency) == ("007", 12.5, "EUR")
    assert hat.values["colors"] == ("Red", "Blue")
    assert (other.id, addresses) == ("008", ["https://c.example/2.jpg"])
    assert source.notes == ["1 line is no JSON object and left out, the first is line 2."]


def test_a_table_file_finds_pictures_in_its_folder(tmp_path: Path) -> None:
    write_picture(tmp_path / "pictures" / "hat.png")
    path = write_csv(tmp_path / "shop.csv", ["id", "image_path"], [["1", "pictures/hat.png"]])
    (product,) = read_all(Products(str(path)))
    assert product.picture == str(tmp_path / "pictures" / "hat.png")


def test_a_parquet_file_with_binary_pictures_is_read(tmp_path: Path) -> None:
    folder = write_parquet(tmp_path / "s", {"sku": ["a"], "photo": [picture_bytes(1)]})
    (product,) = read_all(Products(str(folder / "data" / "train-00000-of-00001.parquet")))
    assert (product.id, product.picture) == ("a", picture_bytes(1))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04....", "an Excel workbook. Unpack it, or save the table as a CSV"),
        (b"\x1f\x8b....", "compressed. Unpack it first"),
        (b"", "is empty"),
        (b"<!DOCTYPE html><html></html>", "a web page. Export the products as a CSV"),
        (b"<rss><channel></channel></rss>", "without <item>"),
        (b"<rss><item>", "not well-formed XML"),
        (b"id,image\n", "a header and no rows"),
        (b"1,https://cdn.example/1.jpg\n2,x\n", "does not name the columns"),
        (b"[1, 2]", "holds no JSON objects"),
        (b"[1, 2", "not valid JSON"),
        (b"id,name\n1,Hat\n", "None of the columns id, name looks like a picture"),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused_by_its_cause(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    path = tmp_path / "shop.csv"
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=sentence):
        read_all(Products(str(path)))


def test_a_table_that_names_pictures_which_are_not_there_says_which(tmp_path: Path) -> None:
    write_picture(tmp_path / "1.png")
    write_csv(tmp_path / "shop.csv", ["id", "file"], [["a", "1.png"], ["b", "2.png"]])
    present, missing = read_all(Products(str(tmp_path)))
    assert present.picture is not None
    assert missing.unread == (f"'2.png' is not among the pictures of {tmp_path.name}.",)

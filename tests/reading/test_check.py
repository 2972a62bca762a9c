"""--check says which column is what and why, and does nothing else."""

import sys
from pathlib import Path

import pytest

from recommender.building.options import columns_of
from recommender.commands import build_index
from recommender.errors import DatasetError, SettingsError
from recommender.reading.products import Products
from recommender.schema import COLOUR, roles
from tests.reading.test_shop_exports import write_rss
from tests.support.catalogues import write_csv, write_picture


def checked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str
) -> str:
    monkeypatch.setattr(sys, "argv", ["build_index.py", "--check", *arguments])
    build_index.main()
    return capsys.readouterr().out


def write_shop(folder: Path) -> Path:
    for i in range(3):
        write_picture(folder / "pictures" / f"{i}.png", i)
    header = ["Artikel", "Datei", "Farbe", "Preis", "notes"]
    rows = [[f"A{i}", f"{i}.png", "Rot", "12,90", "x"] for i in range(3)]
    write_csv(folder / "shop.csv", header, rows, ";")
    return folder


def test_every_column_is_explained_and_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = write_shop(tmp_path / "shop")
    before = sorted(tmp_path.rglob("*"))
    said = checked(monkeypatch, capsys, "--dataset", str(shop), "--out", str(tmp_path / "index"))
    assert "folder of pictures with a table separated by semicolons, utf-8, 3 rows" in said
    assert "Farbe         attribute\n" in said
    assert "Rot" in said
    assert "id 0: A0 Rot 12,90" in said
    assert "pictures: " in said
    assert "Roughly a minute on this machine's" in said
    assert "MB for the index." in said
    assert sorted(tmp_path.rglob("*")) == before


def test_what_check_says_of_a_feed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said = checked(monkeypatch, capsys, "--dataset", str(write_rss(tmp_path / "feed.xml")))
    assert "product feed in XML, 3 rows" in said
    assert "image_link             picture: its values are addresses of pictures" in said
    assert "gtin                   left out: a number nobody looks for" in said
    assert "Left out: gtin" in said
    assert "Levels of category paths become: category, sub-category" in said
    assert '"price": 15.0, "sale_price": 12.5, "currency": "USD"' in said


def test_a_column_can_be_given_any_role(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = str(write_shop(tmp_path / "shop"))
    options = ("id=Artikel", "colour=Farbe", "price=Preis", "nothing=notes")
    columns = columns_of(options)
    source = Products(shop, columns=columns)
    (product, _), *_ = source.first(3)
    assert (product.id, product.offer.price) == ("A0", 12.9)
    # The attribute is called by its role, so that training, filters and cards know it.
    assert product.attributes["colour"] == "Rot"
    assert roles(source.columns.attributes)[COLOUR] == "colour"
    assert source.columns.renamed == {"colour": "Farbe", "price": "Preis"}
    assert source.assignment.left_out == ["Datei", "notes"]
    arguments = [word for option in options for word in ("--column", option)]
    said = checked(monkeypatch, capsys, "--dataset", shop, *arguments)
    assert "Farbe         colour: named with --column" in said


def test_earlier_options_for_columns_still_work() -> None:
    parsed = build_index.parser().parse_args(
        ["--image-column", "photo", "--id-column", "code", "--column", "colour=Farbe"]
    )
    assert columns_of(parsed.column) == {
        "picture": ["photo"],
        "id": ["code"],
        "colour": ["Farbe"],
    }


@pytest.mark.parametrize("option", ["colour", "=x", "colour=", ""])
def test_column_takes_a_role_and_a_name(option: str) -> None:
    with pytest.raises(SettingsError, match="--column takes role=name"):
        columns_of([option])


def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    shop = str(write_shop(tmp_path / "shop"))
    with pytest.raises(DatasetError, match=r"no column 'Farben'. Its columns are: Artikel, Datei"):
        Products(shop, columns={"colour": "Farben"})


def test_an_index_needs_a_place_but_a_check_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = str(write_shop(tmp_path / "shop"))
    monkeypatch.setattr(sys, "argv", ["build_index.py", "--dataset", shop])
    with pytest.raises(SettingsError, match="Say where to put the index with --out"):
        build_index.main()

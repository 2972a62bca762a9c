"""Catalogues made to harm whoever reads them: memory, files of the machine, endless work."""

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import datasets
import pytest

from recommender.errors import DatasetError
from recommender.reading import delimited, encodings
from recommender.reading.picture_cells import PictureCells
from recommender.reading.products import Products
from tests.support.catalogues import read_all, write_csv, write_parquet, write_picture

ROOT = Path(__file__).resolve().parents[2]
BOMB = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE rss [<!ENTITY l0 "lol">{BOMB}]>',
        '<!DOCTYPE rss [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss [<!ENTITY % l9 SYSTEM "http://127.0.0.1:1/x.dtd"> %l9;]>',
    ],
    ids=["billion laughs", "a file of this machine", "an address"],
)
def test_xml_with_entities_is_refused(tmp_path: Path, doctype: str) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(f'<?xml version="1.0"?>{doctype}<rss><item><title>&l9;</title></item></rss>')
    started = time.perf_counter()
    with pytest.raises(DatasetError, match=r"declares entities of its own.*without a DOCTYPE"):
        Products(str(path))
    assert time.perf_counter() - started < 5


def test_a_line_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encodings, "MAX_LINE", 100_000)
    path = tmp_path / "shop.csv"
    path.write_text("id,image\n1," + "x" * 200_000)
    with pytest.raises(DatasetError, match=r"Line 2 of shop.csv is longer"):
        Products(str(path))


def test_a_quote_that_is_never_closed_is_refused_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "MAX_CELL", 10_000)
    path = tmp_path / "shop.csv"
    rows = "".join(f"{i},Hat,https://c.example/{i}.jpg\n" for i in range(5000))
    path.write_text(f'id,name,image\n1,"Hat,https://c.example/1.jpg\n{rows}')
    with pytest.raises(DatasetError, match="a double quote is opened there and not closed"):
        Products(str(path))


def test_nul_bytes_do_no_harm(tmp_path: Path) -> None:
    write_picture(tmp_path / "1.png")
    (tmp_path / "shop.csv").write_bytes(b"id,file,name\na\0,1.png\0,Ha\0t\n")
    (product,) = read_all(Products(str(tmp_path)))
    assert (product.id, product.name) == ("a", "Hat")
    assert str(product.picture).endswith("1.png")


@pytest.mark.parametrize("name", ["../secret.png", "pictures/../../secret.png", "{}/secret.png"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    write_picture(tmp_path / "secret.png")
    write_picture(tmp_path / "shop" / "1.png")
    rows = [["a", "1.png"], ["b", name.format(tmp_path)]]
    write_csv(tmp_path / "shop" / "shop.csv", ["id", "file"], rows)
    for source in (tmp_path / "shop", tmp_path / "shop" / "shop.csv"):
        inside, outside = read_all(Products(str(source)))
        assert inside.picture is not None
        assert outside.pictures == ()
        assert "not read" in outside.unread[0] or "not among the pictures" in outside.unread[0]


def test_a_cell_of_parquet_cannot_name_a_file_of_this_machine(tmp_path: Path) -> None:
    secret = write_picture(tmp_path / "secret.png")
    cells = [{"bytes": None, "path": str(secret)}, {"bytes": None, "path": "../secret.png"}]
    types = {"image": datasets.Image()}
    shop = write_parquet(tmp_path / "shop", {"id": ["a", "b"], "image": cells}, types)
    products = read_all(Products(str(shop)))
    assert [p.pictures for p in products] == [(), ()]


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("hf://datasets/me/shop@abc/1.png", True),
        ("zip://1.png::hf://datasets/me/shop@abc/all.zip", True),
        ("hf://datasets/other/private@abc/1.png", False),
        ("file:///etc/passwd::hf://datasets/me/shop@abc/1.png", False),
        ("zip://1.png::file:///etc/x.zip::hf://datasets/me/shop@abc/1.png", False),
        ("hf://datasets/me/shop@abc/../../../other/private/1.png", False),
        ("/etc/passwd", False),
    ],
)
def test_a_cell_of_a_hub_data_set_names_files_of_its_own_only(
    monkeypatch: pytest.MonkeyPatch, name: str, own: bool
) -> None:
    opened: list[str] = []

    def refuse(name: str) -> None:
        opened.append(name)
        raise FileNotFoundError(name)

    monkeypatch.setattr("recommender.reading.picture_cells.fsspec.open", refuse)
    cells = PictureCells(["image"], lambda: None, "hf://datasets/me/shop@")
    found = cells.of([{"image": {"bytes": None, "path": name}}])
    assert opened == ([name] if own else [])
    assert len(found.reasons) == 1


def test_links_out_of_the_folder_are_left_out_and_named(tmp_path: Path) -> None:
    secret = write_picture(tmp_path / "secret" / "1.png")
    shop = tmp_path / "shop"
    own = write_picture(shop / "own.png")
    (shop / "inside.png").symlink_to(own)
    (shop / "outside.png").symlink_to(secret)
    (shop / "all").symlink_to(secret.parent)
    (shop / "round").symlink_to(shop)
    source = Products(str(shop))
    assert [p.id for p in read_all(source)] == ["inside", "own"]
    assert source.notes == [
        "3 links lead out of shop and are left out (all, outside.png, round): "
        "copy what they mean into it."
    ]


def test_links_into_the_hubs_cache_are_followed(tmp_path: Path) -> None:
    blob = write_picture(tmp_path / "blobs" / "ab12")
    shop = tmp_path / "snapshots" / "main"
    shop.mkdir(parents=True)
    (shop / "1.png").symlink_to(blob)
    assert [p.id for p in read_all(Products(str(shop)))] == ["1"]


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.write_bytes(b"x" * 100)])
def test_what_is_called_a_picture_and_is_none_is_the_decoders_to_refuse(
    tmp_path: Path, make: Callable[[Path], object]
) -> None:
    make(tmp_path / "1.png")
    write_picture(tmp_path / "2.png")
    assert "2" in [p.id for p in read_all(Products(str(tmp_path)))]


@pytest.mark.parametrize(
    "content",
    [
        "[" * 200_000,
        '{"id": 1, "image": ' + "[" * 100_000,
        '{"id": ' * 50_000,
    ],
    ids=["deep list", "deep value", "deep objects"],
)
def test_json_that_is_nested_without_end_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "shop.json"
    path.write_text(content)
    with pytest.raises(DatasetError, match=r"not valid JSON|no JSON objects|no list of products"):
        Products(str(path))


def test_a_header_of_a_million_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "shop.csv"
    path.write_text(",".join(f"c{i}" for i in range(100_000)) + "\n1\n")
    with pytest.raises(DatasetError, match="100,000 columns, which no table of products has"):
        Products(str(path))


def test_a_line_of_a_hundred_megabytes_takes_no_gigabytes(tmp_path: Path) -> None:
    path = tmp_path / "shop.csv"
    path.write_text("id,image\n1," + "x" * 100_000_000)
    script = (
        "import sys\n"
        "from recommender.errors import DatasetError\n"
        "from recommender.reading.source import open_source\n"
        "try:\n"
        "    open_source(sys.argv[1], None, None, None)\n"
        "except DatasetError as error:\n"
        "    print(error)\n"
    )
    limit = 2_000_000_000

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))

    done = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        preexec_fn=limited,
        timeout=120,
    )
    assert "Line 2 of shop.csv is longer than 10 million characters" in done.stdout, done.stderr


def test_an_address_is_no_catalogue_and_says_what_to_do() -> None:
    with pytest.raises(DatasetError, match=r"is an address.*Download.*curl -L"):
        Products("https://shop.example/feed.xml?key=1")

"""The command that updates an index: its report, its refusals, and the nightly job that runs it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from recommender.hub import download_index
from recommender.index.files import check_files
from recommender.index.folder import open_catalogue
from recommender.index.manifest import Manifest
from tests.support.catalogues import write_csv
from tests.support.hub_server import HubServer, hub_server_fixture  # noqa: F401
from tests.support.picture_server import PictureServer, picture_server
from tests.support.programs import ROOT, script_here

OPTIONS = ["--backbone", "efficientnet-lite0", "--engine", "openvino", "--head", "none"]
HEADER = ["Handle", "Title", "Type", "Variant Price", "Image Src", "Option1 Name", "Option1 Value"]
REPO = "me/shop-index"


@pytest.fixture
def server() -> Iterator[PictureServer]:
    """A server of pictures on this machine."""
    with picture_server() as running:
        yield running


@pytest.fixture
def addresses(server: PictureServer) -> list[str]:
    """Addresses of eight pictures."""
    return [server.at(f"ok/{number}") for number in range(8)]


def export(path: Path, addresses: list[str], rows: dict[int, str]) -> Path:
    """A shop's export of products by number, with their prices."""
    lines = [
        [f"p{n}", f"Product {n}", "Shirt", price, addresses[n], "Title", "Default Title"]
        for n, price in rows.items()
    ]
    return write_csv(path, HEADER, lines)


@pytest.fixture
def index(addresses: list[str], tmp_path: Path) -> Path:
    """An index of five products of a shop."""
    prices = {n: f"{10 + n}.00" for n in range(5)}
    shop = export(tmp_path / "products.csv", addresses, prices)
    done = script_here(
        "scripts/build_index.py", "--dataset", shop, "--out", tmp_path / "index", *OPTIONS
    )
    assert done.returncode == 0, done.stderr
    return tmp_path / "index"


def test_an_update_is_reported_and_replaces_the_index(
    index: Path,
    addresses: list[str],
    server: PictureServer,
    tmp_path: Path,
) -> None:
    prices = {0: "10.00", 1: "8.00", 2: "12.00", 3: "13.00", 5: "15.00"}
    shop = export(tmp_path / "products_export.csv", addresses, prices)
    shutil.rmtree(tmp_path / "index.pictures")
    asked = server.asked.total()
    done = script_here("scripts/update_index.py", "--index", index, "--dataset", shop)
    assert done.returncode == 0, done.stderr
    assert "Added 1: p5\nChanged 1: p1\nRemoved 1: p4\nUnchanged 3\n" in done.stdout
    assert "Pictures encoded: 1; 4 were taken as unchanged" in done.stdout
    assert server.asked.total() == asked + 1, "known pictures are not asked for"
    manifest = Manifest.read(index)
    check_files(index, manifest)
    assert open_catalogue(index, manifest).ids == ["p0", "p1", "p2", "p3", "p5"]
    again = script_here("scripts/update_index.py", "--index", index, "--dataset", shop)
    assert "Nothing has changed" in again.stdout


def test_changed_pictures_at_known_addresses_are_asked_for_where_that_is_wanted(
    index: Path,
    addresses: list[str],
    server: PictureServer,
    tmp_path: Path,
) -> None:
    # Each address has the picture that the next one had, and the last one a new picture.
    server.version += 1
    command = ["scripts/update_index.py", "--index", index, "--dataset", tmp_path / "products.csv"]
    assert "Nothing has changed" in script_here(*command).stdout
    done = script_here(*command, "--check-pictures")
    assert "Changed 5: p0, p1, p2, p3, p4" in done.stdout
    assert "Pictures encoded: 1; 0 were" in done.stdout


def test_wrong_inputs_are_refused_in_a_sentence(
    index: Path, addresses: list[str], tmp_path: Path
) -> None:
    before = {path: path.read_bytes() for path in index.rglob("*") if path.is_file()}
    shop = export(tmp_path / "few.csv", addresses, {1: "1.00"})
    something = tmp_path / "something"
    something.mkdir()
    empty = write_csv(tmp_path / "empty.csv", HEADER, [])
    (tmp_path / "newer").mkdir()
    (tmp_path / "newer" / "manifest.json").write_text('{"format_version": 99}')
    for words, said in {
        (index, "--dataset", shop): "--allow-shrink",
        (index, "--dataset", empty): "empty",
        (index, "--remove", "unknown"): "no product 'unknown' to remove",
        (index,): "--dataset, or what goes with --remove",
        (index, "--refit"): "--dataset",
        (index, "--refit", "--dataset", shop, "--add-only"): "whole catalogue",
        (something, "--dataset", shop): "is no index",
        (tmp_path / "nowhere", "--dataset", shop): "not an index",
        (tmp_path / "newer", "--dataset", shop): "format version 99",
        (index, "--dataset", shop, "--out", something): "choose another --out",
        (REPO, "--dataset", shop): "--out, or --push-to",
    }.items():
        done = script_here("scripts/update_index.py", "--index", *words)
        assert done.returncode == 1, words
        assert said in done.stderr, (words, done.stderr)
        assert "Traceback" not in done.stderr
    assert {p: p.read_bytes() for p in index.rglob("*") if p.is_file()} == before


def test_a_refit_is_a_build_with_the_same_encoder(
    index: Path, addresses: list[str], tmp_path: Path
) -> None:
    encoder = (index / "encoder" / "encoder.bin").read_bytes()
    shop = export(tmp_path / "more.csv", addresses, dict.fromkeys(range(8), "10.00"))
    done = script_here("scripts/update_index.py", "--index", index, "--dataset", shop, "--refit")
    assert done.returncode == 0, done.stderr
    manifest = Manifest.read(index)
    check_files(index, manifest)
    assert (manifest.items, (index / "encoder" / "encoder.bin").read_bytes()) == (8, encoder)
    assert not list(tmp_path.glob("index.refit*"))


def test_the_nightly_job_brings_an_index_of_the_hub_up_to_date(
    hub_server: HubServer,
    addresses: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job = yaml.safe_load((ROOT / "examples" / "nightly-update.yml").read_text(encoding="utf-8"))
    [steps] = [job["jobs"]["update"]["steps"]]
    commands = [step["run"] for step in steps if "run" in step]
    install, fetch, update = (command.split() for command in commands)
    assert install[:3] == ["pip", "install", "-r"]
    assert (ROOT / install[3]).is_file()
    assert fetch[0] == "curl"
    export_path = Path(fetch[fetch.index("--output") + 1])
    shop = export(tmp_path / "products.csv", addresses, dict.fromkeys(range(5), "10.00"))
    built = script_here(
        *("scripts/build_index.py", "--dataset", shop, "--out", tmp_path / "index"),
        *(*OPTIONS, "--push-to", REPO),
    )
    assert built.returncode == 0, built.stderr
    assert update[:2] == ["python", "scripts/update_index.py"]
    words = [word.strip('"').replace("$INDEX", REPO) for word in update[1:]]
    words[words.index(str(export_path))] = str(tmp_path / "fetched" / export_path)
    words[words.index("index")] = str(tmp_path / "nightly" / "index")
    (tmp_path / "nightly").mkdir()
    for number, price in ((5, "10.00"), (5, "9.00"), (5, "9.00")):
        rows = dict.fromkeys(range(number + 1), price)
        export(tmp_path / "fetched" / export_path, addresses, rows)
        commits = len(hub_server.repository(REPO).commits)
        done = script_here(*words)
        assert done.returncode == 0, done.stderr
        manifest = Manifest.read(download_index(REPO).folder)
        assert manifest.items == 6
    assert len(hub_server.repository(REPO).commits) == commits, "nothing new, no commit"

"""The command line: tables, JSON, sheets, and sentences instead of tracebacks."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.support.drawn_products import draw_product, write_picture_folder
from tests.support.programs import ROOT, script_here


def run(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """A script by its name; the tests of the whole story start some as a program of their own."""
    return script_here(f"scripts/{script}", *arguments)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_picture_folder(tmp_path_factory.mktemp("shop") / "shop", 24, broken=(5,))


@pytest.fixture(scope="module")
def build(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    out = tmp_path_factory.mktemp("index") / "index"
    options = ["--backbone", "efficientnet-lite0", "--engine", "openvino", "--head", "none"]
    done = run("build_index.py", "--dataset", shop, "--out", out, *options)
    done.index = out  # type: ignore[attr-defined]
    return done


@pytest.fixture(scope="module")
def index(build: subprocess.CompletedProcess[str]) -> Path:
    assert build.returncode == 0, build.stderr
    return build.index  # type: ignore[attr-defined]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    draw_product("Handbags", "Green", 77).save(path)
    return path


def test_building_ends_with_a_report(build: subprocess.CompletedProcess[str], index: Path) -> None:
    assert "23 products" in build.stdout
    assert re.search(r"Encoded 23 pictures at \d+ a second", build.stdout)
    assert "Skipped 1 products:\n  1005: " in build.stdout
    assert "Fingerprint: " in build.stdout
    assert "24/24" in build.stderr, "a progress bar"
    assert (index / "README.md").read_text().startswith("---\n")


def test_results_are_a_table(index: Path, photo: Path) -> None:
    done = run("recommend.py", photo, "--index", index, "-k", 3)
    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stdout.splitlines() if re.match(r"\s+\d+\s+\d+%", line)]
    assert len(rows) == 3


def test_json_is_what_the_api_returns(index: Path, photo: Path) -> None:
    done = run("recommend.py", photo, "--index", index, "--json", "--filter", "gender=Women")
    results = json.loads(done.stdout)
    assert [r["rank"] for r in results] == [1, 2, 3, 4, 5]
    assert {r["attributes"]["gender"] for r in results} == {"Women"}


def test_the_sheet_shows_the_query_and_its_neighbours(
    index: Path, photo: Path, tmp_path: Path
) -> None:
    done = run("recommend.py", photo, photo, "--index", index, "--save", tmp_path / "sheet.png")
    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.width > 1000
        assert len(set(sheet.resize((40, 20)).getdata())) > 20


def test_one_bad_picture_does_not_cost_the_others_their_results(
    index: Path, photo: Path, tmp_path: Path
) -> None:
    (tmp_path / "bad.jpg").write_bytes(b"not a picture")
    done = run("recommend.py", tmp_path / "bad.jpg", photo, "--index", index)
    assert done.returncode == 1
    assert "bad.jpg: " in done.stderr
    assert str(photo) in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("script", "arguments", "sentence"),
    [
        ("recommend.py", ["x.jpg", "--index", "./nowhere"], "is not an index"),
        ("recommend.py", ["x.jpg", "--index", "INDEX", "-k", "0"], "from 1 to 100"),
        ("recommend.py", ["x.jpg", "--index", "INDEX", "--filter", "gender"], "attribute=value"),
        ("recommend.py", ["x.jpg", "--index", "INDEX", "--filter", "gender=X"], "No product has"),
        ("recommend.py", ["x.jpg", "--index", "INDEX"], "x.jpg: "),
        ("build_index.py", ["--out", "OUT"], "what to index with --dataset"),
        (
            "build_index.py",
            ["--dataset", "./nowhere", "--out", "OUT"],
            "There is no folder or file",
        ),
        ("build_index.py", ["--dataset", "SHOP", "--out", "INDEX"], "exists already"),
        (
            "build_index.py",
            ["--dataset", "SHOP", "--out", "OUT", "--weights", "no.h5"],
            "does not exist",
        ),
        (
            "build_index.py",
            ["--dataset", "SHOP", "--out", "OUT", "--shard", "3/2"],
            "--shard takes i/n",
        ),
        ("build_index.py", ["--merge", "./nowhere", "--out", "OUT"], "not the working folder"),
    ],
)
def test_what_makes_no_sense_is_a_sentence(
    index: Path, shop: Path, tmp_path: Path, script: str, arguments: list[str], sentence: str
) -> None:
    places = {"INDEX": str(index), "SHOP": str(shop), "OUT": str(tmp_path / "out")}
    done = run(script, *[places.get(a, a) for a in arguments])
    assert done.returncode in (1, 2)
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("script", sorted(p.name for p in (ROOT / "scripts").glob("*.py")))
def test_every_option_the_readme_names_exists(script: str) -> None:
    shown = run(script, "--help")
    assert shown.returncode == 0, shown.stderr
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in re.findall(rf"scripts/{re.escape(script)}((?:[^\n`]|\\\n)*)", readme):
        for option in re.findall(r"--[a-z][a-z-]*", command):
            assert option in shown.stdout, f"{script} has no {option}"


def test_a_script_starts_from_a_clone_that_is_not_installed(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "scripts" / "evaluate.py"), "--help"]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert shown.returncode == 0, shown.stderr
    assert "--index" in shown.stdout

"""scripts/evaluate.py from the command line to its folder of tables, charts and sheets."""

import json
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from tests.commands.test_scripts import run
from tests.support.drawn_products import write_picture_folder

KINDS = """
label = "articleType"
[kinds]
Tshirts = { articleType = ["Tshirts"] }
Trousers = { articleType = ["Trousers"] }
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("evaluation")


@pytest.fixture(scope="module")
def evaluated(folder: Path) -> subprocess.CompletedProcess[str]:
    shop = write_picture_folder(folder / "shop", 40, copies=True)
    photos = write_picture_folder(folder / "photos", 12)
    (folder / "kinds.toml").write_text(KINDS)
    options = ["--backbone", "efficientnet-lite0", "--queries", "10", "--work", folder / "work"]
    options += ["--photos", photos, "--photo-kinds", folder / "kinds.toml"]
    return run("evaluate.py", "--dataset", shop, "--out", folder / "results", *options)


def test_tables_are_printed_and_written(
    evaluated: subprocess.CompletedProcess[str], folder: Path
) -> None:
    assert evaluated.returncode == 0, evaluated.stderr
    assert evaluated.stdout.strip() == (folder / "results" / "results.md").read_text().strip()
    assert "| article type, gender and colour |" in evaluated.stdout
    assert "| on a coloured background | this index |" in evaluated.stdout
    assert "## Photographs by label" in evaluated.stdout
    assert "## Is the similarity shown true?" in evaluated.stdout


@pytest.mark.usefixtures("evaluated")
def test_figures_are_written_as_json(folder: Path) -> None:
    results = json.loads((folder / "results" / "results.json").read_text())
    # Two of forty share a picture: were one of them a query, the other would be on neither side.
    assert results["queries"] == 10
    assert results["index"] in (29, 30)
    classic = results["products"]["classic recipe"]["article type"]
    assert 0 <= classic["precision"]["5"] <= 1
    assert classic["chance"] == pytest.approx(1 / 3, abs=0.05)
    clean = results["robustness"]["as it is"]["classic recipe"]["article type"]
    # The query path and the index see the very same pictures, so they agree on the clean figure.
    assert clean["precision"] == pytest.approx(classic["precision"]["5"])
    assert clean["kept"] == 1
    found = results["photographs"]["classic recipe"]["right kind"]
    assert (found["queries"], found["classes"]) == (8, 2)
    assert set(results["strangers"]["false_alarms"]) == {
        "held-out products",
        "photographs of clothes",
    }
    assert all(0 <= share <= 1 for share in results["strangers"]["caught"].values())
    assert set(results["reliability"]) == {"products", "photographs"}
    right = results["photographs"]["style alone, asked as the app asks"]["right kind"]
    shown = results["reliability"]["photographs"]
    assert shown["right"] == pytest.approx(right["precision"]["5"])
    assert 0 <= shown["shown"] <= 1


@pytest.mark.usefixtures("evaluated")
def test_charts_and_sheets_are_pictures(folder: Path) -> None:
    names = {path.name for path in (folder / "results").glob("*.png")}
    sheets = {
        f"{of}-{which}.png"
        for of in ("products", "photographs")
        for which in ("best", "typical", "worst")
    }
    assert names == {"precision-by-class.png", "confusion.png", *sheets}
    for name in names:
        with Image.open(folder / "results" / name) as picture:
            assert min(picture.size) > 200


@pytest.mark.usefixtures("evaluated")
def test_second_run_encodes_nothing_and_finds_the_same(folder: Path) -> None:
    first = json.loads((folder / "results" / "results.json").read_text())
    for path in (folder / "shop" / "images").iterdir():
        path.write_bytes(b"no picture any more")
    options = ["--backbone", "efficientnet-lite0", "--queries", "10", "--work", folder / "work"]
    options += ["--photos", folder / "photos", "--photo-kinds", folder / "kinds.toml"]
    options += ["--only", "robustness", "photographs", "--seeds", "2"]
    again = run("evaluate.py", "--dataset", folder / "shop", "--out", folder / "again", *options)
    assert again.returncode == 0, again.stderr
    second = json.loads((folder / "again" / "results.json").read_text())
    assert second["products"] == first["products"]
    assert second["robustness"] == first["robustness"]
    assert second["photographs"] == first["photographs"]
    # What was not asked for is not measured.
    assert (second["strangers"], second["words"], second["regions"]) == (None, None, None)
    assert first["seeds"] is None
    assert second["seeds"]["seeds"] == [0, 1]
    for label, source in (("article type", "products"), ("photographs", "photographs")):
        measured = second[source]
        right = "right kind" if source == "photographs" else label
        for name, values in second["seeds"]["precision"][label].items():
            of_first = next(v for n, v in measured.items() if n.startswith(name))
            assert values[0] == pytest.approx(of_first[right]["precision"]["5"])
            assert len(values) == 2
    assert "| P@5, seeds 0, 1 | this index | classic recipe |" in again.stdout


def test_index_is_measured_by_its_own_thumbnails(tmp_path: Path) -> None:
    shop = write_picture_folder(tmp_path / "shop", 30)
    index, options = tmp_path / "index", ["--backbone", "efficientnet-lite0", "--head", "none"]
    built = run("build_index.py", "--dataset", shop, "--out", index, "--title", "Shop", *options)
    assert built.returncode == 0, built.stderr
    options = ["--queries", "10", "--work", tmp_path / "work", "--out", tmp_path / "results"]
    done = run("evaluate.py", "--index", index, *options)
    assert done.returncode == 0, done.stderr
    assert "# Retrieval on Shop" in done.stdout
    results = json.loads((tmp_path / "results" / "results.json").read_text())
    # An index without a head is the classic recipe, whichever name it is measured under.
    assert results["products"]["this index"] == results["products"]["classic recipe"]


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (["--seeds", "0"], "--seeds takes 1 or more"),
        (["--only", "photographs"], "--only photographs needs --photos"),
    ],
)
def test_options_that_make_no_sense_get_a_sentence(option: list[str], said: str) -> None:
    refused = run("evaluate.py", "--dataset", "shop", *option)
    assert refused.returncode == 1
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


def test_either_index_or_dataset_is_asked_for() -> None:
    refused = run("evaluate.py")
    assert refused.returncode == 1
    assert "either --index or --dataset" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_too_many_queries_are_refused_in_a_sentence(tmp_path: Path) -> None:
    shop = write_picture_folder(tmp_path / "shop", 6)
    options = ["--backbone", "efficientnet-lite0", "--work", tmp_path / "work"]
    refused = run("evaluate.py", "--dataset", shop, "--out", tmp_path / "results", *options)
    assert refused.returncode == 1
    assert "6 different products do not allow 4,000 queries" in refused.stderr
    assert "synthetic" not in refused.stderr, "refused before minutes of work"
    assert "Traceback" not in refused.stderr


def test_photographs_without_a_fitting_label_are_refused_in_a_sentence(tmp_path: Path) -> None:
    shop = write_picture_folder(tmp_path / "shop", 12)
    options = ["--backbone", "efficientnet-lite0", "--queries", "4", "--work", tmp_path / "work"]
    options += ["--out", tmp_path / "results", "--photos", shop]
    refused = run("evaluate.py", "--dataset", shop, *options)
    assert refused.returncode == 1
    assert "The photographs have no column 'label'" in refused.stderr
    assert "synthetic" not in refused.stderr, "refused before minutes of work"
    assert "Traceback" not in refused.stderr

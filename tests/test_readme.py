"""What the README tells people to type, started as it is written.

A command or a variable that is new in the README fails here until a test starts it: name the test
in `STARTED_BY` or `SET_BY`, or add one below.
"""

import ast
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from glob import glob
from pathlib import Path
from unittest import mock

import pytest
from PIL import Image
from threadpoolctl import threadpool_limits

from recommender.hub import push_index
from tests.conftest import Served
from tests.support.drawn_products import draw_product, write_picture_folder
from tests.support.hub_server import HubServer, hub_server_fixture  # noqa: F401
from tests.support.programs import ROOT, running_app

README = (ROOT / "README.md").read_text(encoding="utf-8")
DATASET = "ashraq/fashion-product-images-small"
ADDRESS = "http://localhost:7860"

OPTION = r"(?<![\w-])--[a-z][a-z-]*"

HERE = "tests/test_readme.py::"
STARTED_BY = {
    "pip install -r requirements.txt && python app.py": HERE + "test_the_app_starts",
    "pip install -r requirements-dev.txt && python -m pytest": HERE + "test_ci_runs_this_command",
    "apt-get install chromium": HERE + "test_ci_installs_the_browser",
    "pip install -r requirements-build.txt": (
        "tests/test_packaging.py::test_a_requirements_file_pins_what_the_project_declares"
    ),
    'pip install ".[milvus]"': (
        "tests/test_packaging.py::test_a_requirements_file_pins_what_the_project_declares"
    ),
    'pip install ".[build,cluster]"': (
        "tests/test_packaging.py::test_a_requirements_file_pins_what_the_project_declares"
    ),
    "pip install .": "tests/test_packaging.py::test_the_installed_commands_are_there",
    # Its parts: the program runs for a quarter of an hour.
    "python scripts/soak.py": "tests/benchmarks/test_soak.py::test_a_careless_app_is_found_out",
    "python scripts/soak.py --short": (
        "tests/benchmarks/test_soak.py::test_the_short_form_tells_what_it_found"
    ),
    "python scripts/lock_requirements.py": (
        "tests/test_packaging.py::test_serving_and_building_are_parts_of_the_lock"
    ),
    "python -m demo.build_index": (
        "tests/demo/test_demo_index.py::test_the_demo_index_is_of_this_version_of_the_code"
    ),
    "python scripts/recommend.py photo.jpg": HERE + "test_pictures_are_searched_with",
    "python scripts/recommend.py a.jpg b.heic --index index -k 10 --filter gender=Women": (
        HERE + "test_pictures_are_searched_with"
    ),
    "python scripts/recommend.py photo.jpg --index OWNER/REPO --json --save sheet.png": (
        HERE + "test_an_index_of_the_hub_is_searched"
    ),
    "python scripts/recommend.py --text red dress for women": (
        "tests/commands/test_words.py::test_words_are_searched_with"
    ),
    "python scripts/recommend.py photo.jpg --text in green, for men": (
        "tests/commands/test_words.py::test_a_picture_is_changed_by_words"
    ),
    f"python scripts/build_index.py --dataset {DATASET} --out index": (
        "tests/test_end_to_end.py::test_from_pictures_to_an_answer_through_the_hub"
    ),
    "python scripts/build_index.py --dataset products_export.csv --check": (
        "tests/reading/test_check.py::test_every_column_is_explained_and_nothing_is_made"
    ),
    "python scripts/build_index.py --dataset products_export.csv --out index": (
        "tests/commands/test_update_index.py::test_an_update_is_reported_and_replaces_the_index"
    ),
    "python scripts/build_index.py --dataset my-pictures/ --out index "
    "--backbone Marqo/marqo-fashionSigLIP": (
        "tests/building/test_any_encoder.py::test_the_script_builds_with_a_repository_of_the_hub"
    ),
    "python scripts/update_index.py --index index --dataset products_export.csv": (
        "tests/commands/test_update_index.py::test_an_update_is_reported_and_replaces_the_index"
    ),
    "python scripts/build_index.py --dataset products_export.csv --out index "
    "--push-to OWNER/REPO": (
        "tests/commands/test_update_index.py::test_the_nightly_job_brings_an_index_of_the_hub_up_to_date"
    ),
    "python scripts/deploy_space.py OWNER/NAME --index OWNER/REPO --follow 600": (
        "tests/commands/test_deploy_space.py::test_a_space_may_follow_its_index"
    ),
    "python scripts/update_index.py --index OWNER/REPO --dataset products_export.csv "
    "--push-to OWNER/REPO": (
        "tests/commands/test_update_index.py::test_the_nightly_job_brings_an_index_of_the_hub_up_to_date"
    ),
    "INDEX_DIR=index python app.py": (
        "tests/test_milvus.py::test_the_app_answers_from_milvus_as_from_memory_and_fills_it_once"
    ),
    "python scripts/draw_demo_catalogue.py --out my-pictures": (
        "tests/demo/test_demo_catalogue.py::test_the_script_writes_pictures_and_a_table_that_names_them"
    ),
    "python scripts/deploy_space.py OWNER/NAME --index OWNER/REPO": (
        "tests/commands/test_deploy_space.py::test_the_space_gets_what_it_needs_and_nothing_else"
    ),
    # With fewer queries than its 4,000, which a small dataset does not have.
    "python scripts/tune_backbone.py --dataset my-pictures/ --backbone efficientnet-lite0 "
    "--out tuned": (
        "tests/commands/test_tune_backbone.py::test_an_index_is_built_with_the_tuned_network"
    ),
    "python scripts/build_index.py --dataset my-pictures/ --backbone tuned/network.keras "
    "--out index": (
        "tests/commands/test_tune_backbone.py::test_an_index_is_built_with_the_tuned_network"
    ),
    f"python scripts/evaluate.py --dataset {DATASET} --backbone efficientnet-lite0 "
    "--photos PHOTOS --seeds 3": (
        "tests/commands/test_evaluate.py::test_second_run_encodes_nothing_and_finds_the_same"
    ),
    # Its functions: the program measures for half an hour.
    "python scripts/benchmark.py --index index": (
        "tests/benchmarks/test_benchmark.py::test_search_and_filters_are_measured_over_an_index"
    ),
    # Its functions: a million products take a quarter of an hour.
    "python -m benchmarks.building_memory": (
        "tests/benchmarks/test_building_memory.py::test_every_stage_of_the_build_is_measured"
    ),
    "python -m benchmarks.engines --products 1000000 --index index --chart engines.png": (
        "tests/benchmarks/test_engines.py::test_table_and_chart_show_every_engine_and_effort"
    ),
    ".ci/run": HERE + "test_ci_runs_this_command",
}
SET_BY = {
    "INDEX_REPO_ID": "tests/test_end_to_end.py",
    "INDEX_REVISION": "tests/test_end_to_end.py",
    "INDEX_DIR": "tests/test_milvus.py",
    "INDEX_REFRESH_SECONDS": "tests/interface/test_live_index.py",
    "MILVUS_URI": "tests/test_milvus.py",
    "MILVUS_TOKEN": "tests/test_milvus.py",
    "MILVUS_INDEX": "tests/test_milvus.py",
    "PRECISION": "tests/test_readme.py",
    "HOST": "tests/test_readme.py",
    "ALLOWED_HOSTS": "tests/security/test_hosts.py",
    "PORT": "tests/test_readme.py",
    "RESNET50_WEIGHTS": "tests/features/test_parity.py",
}


# Options that the text names outside of the commands above, and the test that gives each.
GIVEN_BY = {
    "--add-only": "tests/commands/test_update_index.py",
    "--allow-shrink": "tests/commands/test_update_index.py",
    "--check-pictures": "tests/commands/test_update_index.py",
    "--cluster": "tests/building/test_cluster.py",
    "--column": "tests/reading/test_check.py",
    "--config": "tests/reading/test_hub_datasets.py",
    "--dry-run": "tests/commands/test_deploy_space.py",
    "--held-out": "tests/commands/test_tune_backbone.py",
    "--head": "tests/building/test_any_encoder.py",
    "--merge": "tests/commands/test_scripts.py",
    "--min-similarity": "tests/commands/test_recommend.py",
    "--only": "tests/commands/test_evaluate.py",
    "--offset": "tests/commands/test_recommend.py",
    "--queries": "tests/commands/test_evaluate.py",
    "--pictures-per-product": "tests/building/test_shops.py",
    "--precision": "tests/building/test_quantise.py",
    "--private": "tests/commands/test_deploy_space.py",
    "--refit": "tests/commands/test_update_index.py",
    "--remove": "tests/commands/test_update_index.py",
    "--segmenter": "tests/building/test_quantise.py",
    "--shard": "tests/commands/test_scripts.py",
    "--split": "tests/reading/test_hub_datasets.py",
    "--weights": "tests/commands/test_scripts.py",
}
# Options of programs that are not of this repository, as they are written behind each other.
OF_OTHER_PROGRAMS = {"--nthreads": "dask worker", "--start-period": "HEALTHCHECK"}


def blocks(language: str) -> list[str]:
    """The README's code blocks in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def commands() -> list[str]:
    """Every command: the lines of the shell's blocks, and what the text quotes of them."""
    found = []
    for block in blocks("sh"):
        if "curl" not in block:
            for line in block.replace("\\\n", " ").splitlines():
                found.append(" ".join(shlex.split(line, comments=True)))
    text = re.sub(r"^```.*?^```$", "", README, flags=re.MULTILINE | re.DOTALL)
    quoted = re.findall(r"`((?:python|pip|apt-get|\.ci)\b[^`]*|[A-Z_]+=\S+ python [^`]*)`", text)
    return found + [" ".join(command.split()) for command in quoted]


def variables() -> set[str]:
    """Every variable: the settings' table, and what the text quotes."""
    rows = re.findall(r"^\| ((?:`[A-Z_0-9]+`(?:, )?)+) \|", README, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([A-Z_0-9]+)`", row)}
    return named | set(re.findall(r"`([A-Z][A-Z0-9]*_[A-Z0-9_]+)`", README))


def test_every_command_is_started_by_a_test() -> None:
    assert set(commands()) == set(STARTED_BY)
    for command, place in STARTED_BY.items():
        path, _, name = place.partition("::")
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        tests = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert name in tests, f"{command!r} is said to be started by {place}, which is not there"


def test_every_variable_is_set_by_a_test() -> None:
    assert variables() == set(SET_BY)
    for name, path in SET_BY.items():
        source = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"""["']{name}["']|\b{name}=""", source), f"{path} does not set {name}"


def test_every_option_is_given_by_a_test() -> None:
    started = set(re.findall(OPTION, " ".join(STARTED_BY)))
    assert set(re.findall(OPTION, README)) - started == set(GIVEN_BY) | set(OF_OTHER_PROGRAMS)
    for option, path in GIVEN_BY.items():
        source = (ROOT / path).read_text(encoding="utf-8")
        assert re.search(rf"""["' ]{option}["' =]""", source), f"{path} does not give {option}"
    for option, program in OF_OTHER_PROGRAMS.items():
        assert re.search(rf"{program}\b[^`\n]* {option}\b", README), f"{option} is of {program}"


def test_every_option_that_the_text_names_exists() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "scripts").glob("*.py"))
    sources += "".join(path.read_text("utf-8") for path in (ROOT / "recommender").rglob("*.py"))
    for option in set(re.findall(r"`(--[a-z][a-z-]*)", README)):
        assert f'"{option}"' in sources, f"no program has {option}"


@pytest.fixture
def folder(tmp_path: Path, small_index: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a person is who has a clone, an index, a dataset and some pictures."""
    folder = tmp_path / "clone"
    folder.mkdir()
    for name in ("app.py", "scripts", "requirements.txt", "recommender", "tests"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(small_index, folder / "index")
    write_picture_folder(folder / DATASET, 24)
    picture = draw_product("Tshirts", "Red", 901).resize((360, 480))
    for name in ("photo.jpg", "a.jpg"):
        picture.save(folder / name)
    picture.save(folder / "b.heic", "HEIF")
    monkeypatch.chdir(folder)
    return folder


def run(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What a `python scripts/...` prints, run in this process, which has imported it all."""
    python, script, *arguments = shlex.split(command)
    assert python == "python"
    expanded = [path for word in arguments for path in (sorted(glob(word)) or [word])]
    code: object = 0
    with mock.patch.object(sys, "argv", [script, *expanded]), threadpool_limits(1, "blas"):
        try:
            runpy.run_path(script, run_name="__main__")
        except SystemExit as stopped:
            code = stopped.code
    shown = capsys.readouterr()
    assert not code, shown.err
    return shown.out


def written(beginning: str) -> str:
    """The README's only command that begins so."""
    [command] = {command for command in commands() if command.startswith(beginning)}
    return command


def test_pictures_are_searched_with(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    demo = run("python scripts/recommend.py photo.jpg", capsys)
    assert len(re.findall(r"^\s+\d+\s+\d+%", demo, re.MULTILINE)) == 5
    two = run(written("python scripts/recommend.py a.jpg"), capsys)
    assert len(re.findall(r"^\s+\d+\s+\d+%", two, re.MULTILINE)) == 20
    assert "Women" in two
    assert "Men " not in two.replace("Women ", "")


def test_an_index_of_the_hub_is_searched(
    hub_server: HubServer, folder: Path, small_index: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    push_index(small_index, "OWNER/REPO")
    shown = run(written("python scripts/recommend.py photo.jpg --index OWNER/REPO"), capsys)
    assert shown.count('"rank"') == 5
    with Image.open(folder / "sheet.png") as sheet:
        assert sheet.width > 600


def test_the_app_starts(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first command; and, asked of this app, the three snippets of the API."""
    install, start = written("pip install -r requirements.txt").split(" && ")
    assert (folder / install.split()[-1]).is_file()
    assert start == "python app.py"
    settings = {"PRECISION": "bf16", "HOST": "127.0.0.2"}
    with running_app(tmp_path / "log", **settings) as address:
        [python] = blocks("python")
        exec(python.replace(ADDRESS, address), {})
        assert re.search(r"^1 \S+ .*Women ", capsys.readouterr().out, re.MULTILINE)
        if shutil.which("curl"):
            [curl] = [block for block in blocks("sh") if "curl" in block]
            bash = ["bash", "-euo", "pipefail", "-c", curl.replace(ADDRESS, address)]
            shown = subprocess.run(bash, cwd=folder, capture_output=True, text=True, check=True)
            assert "event: complete" in shown.stdout
            assert shown.stdout.count('"rank"') == 5
    assert "demo catalogue" in (tmp_path / "log").read_text()


# A page resolves "photo.jpg" against its address; here it lies in the folder.
IN_NODE = """
import { readFile } from "node:fs/promises";
const fetched = globalThis.fetch;
globalThis.fetch = async (address, options) =>
  address === "photo.jpg" ? new Response(await readFile(address)) : fetched(address, options);
"""


def test_the_javascript_runs(served: Served, folder: Path) -> None:
    modules = os.environ.get("NODE_MODULES", str(ROOT / "node_modules"))
    if shutil.which("node") is None or not Path(modules, "@gradio", "client").is_dir():
        pytest.skip("Node or its package @gradio/client is not there: npm install @gradio/client")
    (folder / "node_modules").symlink_to(modules)
    [snippet] = blocks("javascript")
    (folder / "in_node.mjs").write_text(IN_NODE)
    # The client keeps its connection open, as a page does.
    (folder / "snippet.mjs").write_text(
        f"{snippet.replace(ADDRESS, served.address)}\nprocess.exit()"
    )
    node = ["node", "--import", "./in_node.mjs", "snippet.mjs"]
    shown = subprocess.run(node, cwd=folder, capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stderr
    assert len(re.findall(r"'p\d+'", shown.stdout)) == 5


def test_ci_runs_this_command() -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    [finding] = re.findall(r"^test_command=\$\((.*)\)$", ci, re.MULTILINE)
    shown = subprocess.run(["bash", "-c", finding], cwd=ROOT, capture_output=True, text=True)
    assert shown.stdout.strip() == written("pip install -r requirements-dev.txt")
    assert 'bash -euo pipefail -c "$test_command"' in ci


def test_ci_installs_the_browser() -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.search(r"apt-get install (-\S+ )*chromium", ci)

"""Serving in an environment of requirements.txt alone, on every path that it has."""

import asyncio
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from gradio_client import Client, handle_file
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from PIL import Image

from recommender.answers.recommender import Recommender
from recommender.building.build import build_index
from recommender.building.plan import BuildConfig
from recommender.index.files import HEAD_FILE
from recommender.index.folder import open_index
from tests.support.drawn_products import draw_product
from tests.support.programs import ROOT, environment, running_app
from tests.support.small_catalogue import SmallCatalogue
from tests.support.tiny_graph import build_tiny
from tests.support.two_towers import write_two_towers

# A Python of an environment into which nothing but requirements.txt was installed.
SERVING_PYTHON = os.environ.get("SERVING_PYTHON", "")
NOT_INSTALLED = ("tensorflow", "keras", "sklearn", "scipy", "datasets", "onnx")
DEMO_INDEX = ROOT / "recommender" / "demo_index"

pytestmark = pytest.mark.skipif(
    not SERVING_PYTHON, reason="SERVING_PYTHON names no Python of requirements.txt (.ci/run does)"
)


@dataclass(frozen=True)
class App:
    """`app.py`, run by that Python."""

    client: Client
    address: str
    log: Path
    settings: dict[str, str]
    """What tells the programs which index to serve."""
    index: Path


@pytest.fixture(scope="module")
def learned_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index whose networks and prototypes were fitted, for which 48 products are too few."""
    folder = tmp_path_factory.mktemp("learned") / "index"
    config = BuildConfig("drawn products", backbone="efficientnet-lite0", title="Drawn products")
    return fitted(build_tiny, folder, config)


@pytest.fixture(scope="module")
def two_tower_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of a network in the Hub's layout, which gives an embedding and reads words."""
    folder = tmp_path_factory.mktemp("towers")
    network = write_two_towers(folder / "towers")
    config = BuildConfig("drawn products", backbone=str(network), title="Drawn products")
    return fitted(build_index, folder / "index", config)


def fitted(build: Callable[..., Any], folder: Path, config: BuildConfig) -> Path:
    """An index with a learned head."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "targets.MIN_LABELLED_ITEMS": 40,
            "targets.MIN_ITEMS_PER_VALUE": 8,
            "head.STYLE_STEPS": 40,
            "head.COLOUR_STEPS": 40,
        }.items():
            patch.setattr(f"recommender.training.{name}", value)
        build(SmallCatalogue(), folder, config)
    with np.load(folder / HEAD_FILE) as arrays:
        assert any("prototypes" in name for name in arrays.files), arrays.files
    return folder


def indexes(request: pytest.FixtureRequest) -> tuple[Path, dict[str, str]]:
    """The index that a parameter names, and the settings under which it is served."""
    if request.param == "demo catalogue":
        return DEMO_INDEX, {}
    fixture = {
        "learned head": "learned_index",
        "classic recipe": "classic_index",
        "two towers": "two_tower_index",
    }[request.param]
    index: Path = request.getfixturevalue(fixture)
    return index, {"INDEX_DIR": str(index)}


@pytest.fixture(
    scope="module", params=["learned head", "classic recipe", "two towers", "demo catalogue"]
)
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    index, settings = indexes(request)
    folder = tmp_path_factory.mktemp("lean")
    # Whatever a person's cache holds is no part of what is installed.
    settings = {**settings, "CACHE_DIR": str(folder / "cache")}
    log = folder / "log"
    with running_app(log, python=SERVING_PYTHON, **settings) as address:
        yield App(Client(address, verbose=False), address, log, settings, index)


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("photo") / "photo.png"
    draw_product("Tshirts", "Red", 903).resize((360, 480)).save(path)
    return path


def ids(results: list[dict[str, Any]]) -> list[str]:
    return [result["id"] for result in results]


@pytest.mark.parametrize("module", NOT_INSTALLED)
def test_what_only_building_needs_is_not_installed(module: str) -> None:
    found = f"import importlib.util as u; print(u.find_spec({module!r}))"
    shown = subprocess.run(
        [SERVING_PYTHON, "-c", found], env=environment({}), capture_output=True, text=True
    )
    assert shown.stdout == "None\n", shown.stderr


def test_searches_answer_as_where_everything_is_installed(app: App, photo: Path) -> None:
    recommender = Recommender(open_index(app.index))
    image = handle_file(photo)
    gallery, results, _ = app.client.predict(image=image, k=7, api_name="/recommend")
    assert len(gallery) == 7
    assert ids(results) == [r.id for r in recommender.recommend(photo, 7).results]
    first, second = ids(results)[:2]
    similar = app.client.predict(item_id=first, k=4, api_name="/similar")[1]
    assert ids(similar) == [r.id for r in recommender.similar(first, 4).results]
    items = [{"id": first, "style": 1, "colour": 0}, {"id": second, "style": 0, "colour": 1}]
    assert len(app.client.predict(items=items, k=3, api_name="/mix")[1]) == 3


def test_words_answer_as_where_everything_is_installed(app: App, photo: Path) -> None:
    recommender = Recommender(open_index(app.index))
    if not recommender.words.available:
        pytest.skip("this index has no words")
    worded = app.client.predict(text="red dress", k=7, api_name="/recommend")[1]
    assert ids(worded) == [r.id for r in recommender.recommend(None, 7, text="red dress").results]
    image = handle_file(photo)
    refined = app.client.predict(image=image, text="in blue", k=4, api_name="/recommend")[1]
    assert ids(refined) == [r.id for r in recommender.recommend(photo, 4, text="in blue").results]


def test_the_catalogue_is_browsed_filtered_and_described(app: App) -> None:
    catalog = app.client.predict(api_name="/catalog")
    assert catalog["size"] == len(open_index(app.index).catalogue)
    attribute = next(iter(catalog["attributes"]))
    value = next(iter(catalog["attributes"][attribute]))
    shown = app.client.predict(filters={attribute: value}, page_size=3, api_name="/browse")[1]
    assert {item["attributes"][attribute] for item in shown} == {value}
    path, item = app.client.predict(item_id=shown[0]["id"], api_name="/item")
    assert item == shown[0]
    with Image.open(path) as picture:
        assert min(picture.size) > 50


def test_results_are_explained_placed_and_drawn(app: App, photo: Path) -> None:
    image = handle_file(photo)
    [best] = app.client.predict(image=image, k=1, api_name="/recommend")[1]
    query, result, words = app.client.predict(item_id=best["id"], image=image, api_name="/explain")
    for path in (query, result):
        with Image.open(path) as picture:
            assert min(picture.size) > 50
    assert {"query", "result"} <= set(words)
    placed = app.client.predict(image=image, api_name="/map_position")
    assert 0 <= placed["x"] <= 1
    assert 0 <= placed["y"] <= 1
    sheet_path = app.client.predict(image=image, k=3, api_name="/result_sheet")
    with Image.open(sheet_path) as sheet:
        assert sheet.width > 300


def test_a_look_is_completed(app: App) -> None:
    shirts = {"articleType": "Tshirts"}
    shirt = app.client.predict(filters=shirts, page_size=1, api_name="/browse")[1][0]
    items, notice = app.client.predict(item_id=shirt["id"], api_name="/complete_look")
    assert notice is None
    assert items
    assert "Tshirts" not in {item["attributes"]["articleType"] for item in items}


def test_agents_list_and_call_the_tools(app: App) -> None:
    async def asked() -> tuple[set[str], bool]:
        address = f"{app.address}/gradio_api/mcp/"
        async with (
            streamable_http_client(address) as (reading, writing, _),
            ClientSession(reading, writing) as agent,
        ):
            await agent.initialize()
            tools = {tool.name for tool in (await agent.list_tools()).tools}
            return tools, (await agent.call_tool("catalog", {})).isError

    tools, failed = asyncio.run(asked())
    described = httpx.get(f"{app.address}/gradio_api/info").json()["named_endpoints"]
    assert tools == {name.removeprefix("/") for name in described}
    assert not failed


def test_the_command_line_finds_the_same_and_saves_a_sheet(
    app: App, photo: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.png"
    asked = subprocess.run(
        [SERVING_PYTHON, "scripts/recommend.py", photo, "--json", "--save", sheet],
        cwd=ROOT,
        env=environment(app.settings),
        capture_output=True,
        text=True,
    )
    assert asked.returncode == 0, asked.stderr
    results = app.client.predict(image=handle_file(photo), api_name="/recommend")[1]
    assert json.loads(asked.stdout) == results
    with Image.open(sheet) as picture:
        assert picture.width > 600


def test_nothing_was_missed_on_the_way(app: App, photo: Path) -> None:
    """A late import that fails is answered in a sentence, and told to the log only."""
    app.client.predict(image=handle_file(photo), api_name="/recommend")
    assert httpx.get(app.address).is_success
    log = app.log.read_text()
    assert "Serving" in log
    assert "Traceback" not in log
    assert "No module named" not in log

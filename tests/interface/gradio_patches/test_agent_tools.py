"""The MCP tools, called by the real client: what an agent sends, and what it reads."""

import asyncio
import base64
import io
import json
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gradio.utils import get_upload_folder
from jsonschema import Draft202012Validator
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, ImageContent, Tool
from PIL import Image

from recommender.interface.gradio_patches.agent_tools import (
    HOW_TO_SEND,
    MAX_PICTURE_BYTES,
    AgentTools,
)
from tests.conftest import Served
from tests.support.drawn_products import draw_product

# What agents' clients accept as an answer, in bytes.
MAX_ANSWER = 1_000_000
TOOLS = {
    "recommend", "similar", "mix", "embed", "item", "browse", "catalog",
    "explain", "map_position", "complete_look", "result_sheet", "search_words", "understand",
    "regions",
}  # fmt: skip
MIX = [{"id": "p0", "style": 1, "colour": 0}, {"id": "p4", "style": 0, "colour": 1}]

Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def ask(served: Served) -> Ask:
    """Calls a tool by its name with arguments; without a name, lists the tools.

    `progress` is not an argument of the tool but called with the progress of the call.
    """

    async def asked(name: str | None, arguments: dict[str, Any]) -> Any:
        address = f"{served.address}/gradio_api/mcp/"
        async with (
            streamable_http_client(address) as (reading, writing, _),
            ClientSession(reading, writing) as session,
        ):
            await session.initialize()
            if name is None:
                return (await session.list_tools()).tools
            progress = arguments.pop("progress", None)
            return await session.call_tool(name, arguments, progress_callback=progress)

    return lambda name=None, **arguments: asyncio.run(asked(name, arguments))


@pytest.fixture(scope="module")
def tools(ask: Ask) -> dict[str, Tool]:
    return {tool.name: tool for tool in ask()}


def in_base64(picture: Image.Image) -> str:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


PICTURE = in_base64(draw_product("Tshirts", "Red", 901))
DATA_URL = f"data:image/png;base64,{PICTURE}"


def answer(result: CallToolResult) -> list[Any]:
    """What a call gave: pictures decoded, JSON read, texts that are no JSON as they are."""
    assert not result.isError, result.content
    assert len(result.model_dump_json()) < MAX_ANSWER
    read: list[Any] = []
    for part in result.content:
        if isinstance(part, ImageContent):
            read.append(Image.open(io.BytesIO(base64.b64decode(part.data))))
        else:
            try:
                read.append(json.loads(part.text))
            except json.JSONDecodeError:
                read.append(part.text)
    return read


def refusal(result: CallToolResult) -> str:
    assert result.isError
    return " ".join(part.text for part in result.content)


def test_every_tool_is_listed_with_a_valid_schema(tools: dict[str, Tool]) -> None:
    assert set(tools) == TOOLS
    for tool in tools.values():
        Draft202012Validator.check_schema(tool.inputSchema)
        assert tool.description


def test_schemas_tell_what_filters_and_items_hold_and_how_much(tools: dict[str, Tool]) -> None:
    check = Draft202012Validator(tools["mix"].inputSchema)
    many = {"gender": ["Women"] * 201}
    assert check.is_valid({"items": MIX, "filters": {"gender": "Women", "usage": ["Casual"]}})
    assert not check.is_valid({"items": MIX * 9})
    assert not check.is_valid({"items": MIX, "filters": many})
    assert not check.is_valid({"items": MIX, "filters": {str(i): "x" for i in range(33)}})
    assert not check.is_valid({"items": MIX, "filters": {"gender": "x" * 1001}})
    assert not check.is_valid({"items": [{"style": 1}]})
    image = tools["recommend"].inputSchema["properties"]["image"]
    assert image["type"] == "string"
    assert HOW_TO_SEND in image["description"]


@pytest.mark.parametrize(
    ("picture", "how"), [(DATA_URL, "data: URL"), (PICTURE, "base64")], ids=lambda value: value[:10]
)
def test_a_picture_is_searched_with(ask: Ask, picture: str, how: str) -> None:
    _, results, _ = answer(ask("recommend", image=picture, k=3, filters={"gender": "Women"}))
    assert [result["rank"] for result in results] == [1, 2, 3], how
    assert {result["attributes"]["gender"] for result in results} == {"Women"}


def test_similar_mix_and_browse_find_products(ask: Ask) -> None:
    _, similar, _ = answer(ask("similar", item_id="p3", k=4, filters={"baseColour": ["Blue"]}))
    assert {result["attributes"]["baseColour"] for result in similar} == {"Blue"}
    _, mixed, _ = answer(ask("mix", items=MIX, k=2, colour_weight=0.5))
    assert len(mixed) == 2
    _, shown, total = answer(ask("browse", filters={"gender": "Men"}, page_size=7))
    assert len(shown) == 7
    assert total == 24


def test_an_agent_that_wants_to_know_the_progress_gets_the_same_answer(ask: Ask) -> None:
    steps = []

    async def progress(done: float, total: float | None, message: str | None) -> None:
        steps.append(message)

    followed = answer(ask("similar", item_id="p3", progress=progress))
    assert followed[1] == answer(ask("similar", item_id="p3"))[1]
    assert steps


def test_products_and_the_catalogue_are_described(ask: Ask) -> None:
    picture, _, item = answer(ask("item", item_id="p7"))
    assert picture.size == (90, 120)
    assert item["id"] == "p7"
    [catalogue] = answer(ask("catalog"))
    assert catalogue["attributes"]["gender"].keys() == {"Men", "Women"}
    items, _ = answer(ask("complete_look", item_id="p0"))
    assert {"group", "id", "name", "reason"} <= set(items[0])


def test_a_picture_is_explained_placed_and_drawn_with_its_results(ask: Ask) -> None:
    query, _, product, _, words = answer(ask("explain", item_id="p12", image=DATA_URL))
    assert query.height > query.width
    assert product.height > product.width
    assert set(words) == {"similarity", "fingerprint", "query", "result"}
    [place] = answer(ask("map_position", image=DATA_URL))
    assert 0 <= place["x"] <= 1
    sheet, _ = answer(ask("result_sheet", image=DATA_URL, k=40))
    assert sheet.width > 600


def test_a_picture_too_large_for_an_agent_is_made_smaller() -> None:
    noise = Image.effect_noise((1500, 1500), 100).convert("RGB")
    made = base64.b64decode(AgentTools.get_base64_data(noise, "JPEG"))
    assert len(made) <= MAX_PICTURE_BYTES
    with Image.open(io.BytesIO(made)) as smaller:
        assert smaller.width == smaller.height > 300


@pytest.mark.parametrize(
    "image",
    ["http://127.0.0.1:9/a.png", "https://example.com/a.png", "file:///etc/hostname", "/etc/hosts"],
)
def test_an_address_or_a_path_is_refused_with_what_works(ask: Ask, image: str) -> None:
    assert HOW_TO_SEND in refusal(ask("recommend", image=image))


@pytest.mark.parametrize(
    "place",
    [
        lambda file: {"image": file},
        lambda file: {"image": DATA_URL, "filters": {"gender": file}},
        lambda file: {"image": DATA_URL, "filters": file},
        lambda file: {"image": DATA_URL, "k": [[file]]},
    ],
    ids=["picture", "in filters", "filters", "number"],
)
def test_a_file_of_the_server_is_not_read_wherever_it_is_named(
    ask: Ask, place: Callable[[Any], dict[str, Any]], tmp_path: Path
) -> None:
    secret = tmp_path / "secret.png"
    draw_product("Trousers", "Blue", 1).save(secret)
    file = {"path": str(secret), "meta": {"_type": "gradio.FileData"}}
    assert HOW_TO_SEND in refusal(ask("recommend", **place(file)))
    kept = [path for path in Path(get_upload_folder()).rglob("*") if path.name == secret.name]
    assert kept == []


def test_no_file_is_made_of_a_picture_that_an_agent_sends(ask: Ask) -> None:
    own = in_base64(draw_product("Handbags", "Green", secrets.randbits(32)))
    answer(ask("map_position", image=f"data:image/png;base64,{own}"))
    content = base64.b64decode(own)
    for folder in {Path(get_upload_folder()), Path(tempfile.gettempdir()) / "gradio"}:
        files = [path for path in folder.rglob("*.png") if path.is_file()]
        assert all(path.read_bytes() != content for path in files)


@pytest.mark.parametrize(
    ("tool", "arguments", "sentence"),
    [
        ("similar", {"item_id": "nothing"}, "The catalogue has no item with the id 'nothing'."),
        ("similar", {"item_id": "p0", "k": 0}, "a whole number from 1 to 100; got 0."),
        ("mix", {"items": MIX * 9}, "A mix takes at most 16 products; got 18."),
        ("recommend", {}, "No picture was given. Send one as the argument image."),
    ],
)
def test_what_makes_no_sense_is_answered_in_a_sentence(
    ask: Ask, tool: str, arguments: dict[str, Any], sentence: str
) -> None:
    assert sentence in refusal(ask(tool, **arguments))

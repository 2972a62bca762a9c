"""Words sent to the API by real clients, without a picture."""

import asyncio
import json

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, Tool

from tests.conftest import Served


@pytest.fixture
def address(served_words: Served) -> str:
    return served_words.address


def test_a_client_leaves_the_picture_out(address: str) -> None:
    client = Client(address, verbose=False)
    _, results, _ = client.predict(text="red handbag", k=4, api_name="/recommend")
    assert len(results) == 4
    assert client.predict(text="red handbag", k=4, api_name="/search_words")[1] == results
    assert client.predict(None, 4, text="red handbag", api_name="/recommend")[1] == results
    assert len(client.predict(text="red handbag", api_name="/embed")["vector"]) > 8


@pytest.mark.parametrize("name", ["/recommend", "/embed"])
def test_a_call_with_neither_is_asked_for_a_picture_or_words(address: str, name: str) -> None:
    client = Client(address, verbose=False)
    said = "No picture was given. Send one as the argument image, or words as text."
    for arguments in ({}, {"image": None}, {"text": "  "}):
        with pytest.raises(AppError) as refused:
            client.predict(**arguments, api_name=name)
        assert str(refused.value) == said


def test_plain_http_leaves_the_picture_out(address: str) -> None:
    body = {"text": "red handbag", "k": 4}
    event = httpx.post(f"{address}/gradio_api/call/v2/recommend", json=body).json()["event_id"]
    answer = httpx.get(f"{address}/gradio_api/call/recommend/{event}", timeout=60).text
    results = json.loads(answer.partition("data: ")[2].splitlines()[0])[1]
    assert len(results) == 4


def test_an_agent_leaves_the_picture_out(address: str) -> None:
    async def asked() -> tuple[dict[str, Tool], CallToolResult, CallToolResult]:
        async with (
            streamable_http_client(f"{address}/gradio_api/mcp/") as (reading, writing, _),
            ClientSession(reading, writing) as agent,
        ):
            await agent.initialize()
            tools = {tool.name: tool for tool in (await agent.list_tools()).tools}
            found = await agent.call_tool("recommend", {"text": "red handbag", "k": 1})
            return tools, found, await agent.call_tool("recommend", {"k": 1})

    tools, result, refused = asyncio.run(asked())
    for name in ("recommend", "embed"):
        schema = tools[name].inputSchema
        assert next(iter(schema["properties"])) == "image"
        assert "image" not in schema.get("required", [])
    assert not result.isError, result.content
    assert refused.isError
    assert "or words as text." in str(refused.content)

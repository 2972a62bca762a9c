"""A visitor of the running app, over HTTP: sends a picture and waits for the answer.

The same three requests as a browser's or `gradio_client`'s: the upload, the call that joins the
queue, and the stream of its event (Gradio's guide "Querying Gradio Apps with Curl").
"""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

_API = "/gradio_api"
# Longer than anybody waits: an answer that takes it counts as refused.
PATIENCE = 30.0


@dataclass
class LoadResult:
    """What visitors met with."""

    seconds: list[float] = field(default_factory=list)
    """Of each answer, from the first byte sent."""
    refused: list[str] = field(default_factory=list)
    """What those were told who got no answer."""
    elapsed: float = 0.0


class RefusedError(Exception):
    """The app gave no answer."""


async def ask(client: httpx.AsyncClient, picture: bytes) -> list[dict[str, Any]]:
    """The results for a picture.

    Raises:
        RefusedError: there are none, and why.
    """
    try:
        upload = await client.post(f"{_API}/upload", files={"files": ("query.jpg", picture)})
        upload.raise_for_status()
        image = {"path": upload.json()[0], "meta": {"_type": "gradio.FileData"}}
        call = await client.post(
            f"{_API}/call/recommend", json={"data": [image, 5, {}, None, False]}
        )
        call.raise_for_status()
        event = call.json()["event_id"]
        async with client.stream("GET", f"{_API}/call/recommend/{event}") as stream:
            stream.raise_for_status()
            return await _results(stream)
    except httpx.HTTPError as error:
        raise RefusedError(f"{type(error).__name__}: {error}") from error


async def visit(address: str, pictures: Sequence[bytes], visitors: int, limit: float) -> LoadResult:
    """Many visitors at once, each asking again as soon as it was answered.

    Args:
        address: of the app.
        pictures: one question each.
        visitors: at once.
        limit: seconds after which no further question is asked.
    """
    visits, questions = LoadResult(), iter(pictures)
    started = time.perf_counter()

    async def visitor(client: httpx.AsyncClient) -> None:
        for picture in questions:
            asked = time.perf_counter()
            if asked - started > limit:
                return
            try:
                await ask(client, picture)
            except RefusedError as error:
                visits.refused.append(str(error))
            else:
                visits.seconds.append(time.perf_counter() - asked)

    limits = httpx.Limits(max_connections=2 * visitors)
    async with httpx.AsyncClient(base_url=address, timeout=PATIENCE, limits=limits) as client:
        await asyncio.gather(*(visitor(client) for _ in range(visitors)))
    visits.elapsed = time.perf_counter() - started
    return visits


async def _results(stream: httpx.Response) -> list[dict[str, Any]]:
    event = ""
    async for line in stream.aiter_lines():
        if line.startswith("event:"):
            event = line.removeprefix("event:").strip()
        elif line.startswith("data:") and event in ("complete", "error"):
            data = line.removeprefix("data:").strip()
            if event == "error":
                raise RefusedError(data)
            results: list[dict[str, Any]] = json.loads(data)[1]
            if not results:
                raise RefusedError("The answer is empty.")
            return results
    raise RefusedError("The stream ended without an answer.")

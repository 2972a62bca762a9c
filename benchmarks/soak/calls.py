"""HTTP client of the soak test: every way to call the app, and what came back."""

import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal

import httpx

from recommender.interface.wording import BROKEN

API = "/gradio_api"
# Beyond this the caller gives up: seconds. Longer than a hang, so that its length is known.
PATIENCE = 30.0
_JSON = {"Content-Type": "application/json"}

Kind = Literal["result", "refusal", "failure"]


@dataclass(frozen=True)
class Answer:
    """What a call came to."""

    kind: Kind
    words: str
    """The sentence of a refusal; what is wrong with a failure."""
    seconds: float
    text: str
    """Everything that came back."""


class Caller:
    """Calls the app in every way it offers.

    Args:
        address: of the app.
    """

    def __init__(self, address: str) -> None:
        # A connection for each call: one that the app closed after a failure would otherwise be
        # taken for the failure of the next.
        limits = httpx.Limits(max_keepalive_connections=0)
        self._http = httpx.Client(base_url=address, timeout=PATIENCE, limits=limits)

    def __enter__(self) -> "Caller":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._http.close()

    def get(self, path: str) -> httpx.Response:
        """A plain request."""
        return self._http.get(path)

    def upload(self, name: str, data: bytes) -> str:
        """Send a file; return where the app keeps it."""
        response = self._http.post(f"{API}/upload", files={"files": (name, data)})
        response.raise_for_status()
        path: str = response.json()[0]
        return path

    def by_position(self, endpoint: str, arguments: str) -> Answer:
        """`/call/NAME`: arguments are the text of a JSON list."""
        return self._call(f"{API}/call/{endpoint}", f'{{"data": {arguments}}}', endpoint)

    def by_name(self, endpoint: str, arguments: str) -> Answer:
        """`/call/v2/NAME`: arguments are the text of a JSON object."""
        return self._call(f"{API}/call/v2/{endpoint}", arguments, endpoint)

    def at_once(self, endpoint: str, arguments: str) -> Answer:
        """`/run/NAME`, which answers without the queue."""
        started = time.perf_counter()
        try:
            body = f'{{"data": {arguments}}}'.encode()
            response = self._http.post(f"{API}/run/{endpoint}", content=body, headers=_JSON)
        except httpx.HTTPError as error:
            return _failed(error, started)
        if response.is_success:
            return Answer("result", "", time.perf_counter() - started, response.text)
        return _refused(response, started)

    def event(
        self, number: int, arguments: str, event_data: str = "null", link: str = ""
    ) -> Answer:
        """An event of the page, by its number, as a browser sends it.

        Args:
            number: of the event.
            arguments: the text of a JSON list.
            event_data: the text of what the browser says of the event.
            link: the end of the page's address, as it stands after the question mark.
        """
        session = uuid.uuid4().hex
        body = (
            f'{{"fn_index": {number}, "data": {arguments}, "event_data": {event_data}, '
            f'"session_hash": "{session}"}}'
        )
        where = f"{API}/queue/data?session_hash={session}"
        return self._queued(f"{API}/queue/join?{link}", body, lambda _: where, _page_answer)

    def _call(self, path: str, body: str, endpoint: str) -> Answer:
        def where(joined: httpx.Response) -> str:
            return f"{API}/call/{endpoint}/{joined.json()['event_id']}"

        return self._queued(path, body, where, _api_answer)

    def _queued(
        self,
        path: str,
        body: str,
        where: Callable[[httpx.Response], str],
        answer_in: Callable[[httpx.Response, float], Answer],
    ) -> Answer:
        """Answer of a call that waits in the app's queue.

        Args:
            path: to send the call to.
            body: of the call.
            where: path of the stream that answers, from the response to the call.
            answer_in: reads the stream.
        """
        started = time.perf_counter()
        try:
            joined = self._http.post(path, content=body.encode(), headers=_JSON)
            if not joined.is_success:
                return _refused(joined, started)
            with self._http.stream("GET", where(joined)) as stream:
                return answer_in(stream, started)
        except httpx.HTTPError as error:
            return _failed(error, started)


def _api_answer(stream: httpx.Response, started: float) -> Answer:
    event = ""
    for line in _lines(stream, started):
        if line.startswith("event:"):
            event = line.removeprefix("event:").strip()
        elif line.startswith("data:") and event in ("complete", "error"):
            data = line.removeprefix("data:").strip()
            seconds = time.perf_counter() - started
            if event == "complete":
                return Answer("result", "", seconds, data)
            return _with_words(_error_in(json.loads(data)), seconds, data)
    return Answer("failure", "the stream ended", time.perf_counter() - started, "")


def _page_answer(stream: httpx.Response, started: float) -> Answer:
    for line in _lines(stream, started):
        if not line.startswith("data:"):
            continue
        data = line.removeprefix("data:").strip()
        message = json.loads(data)
        if message.get("msg") == "unexpected_error":
            words = str(message.get("message"))
            return Answer("failure", words, time.perf_counter() - started, data)
        if message.get("msg") == "process_completed":
            seconds = time.perf_counter() - started
            if message.get("success"):
                return Answer("result", "", seconds, data)
            return _with_words(_error_in(message.get("output")), seconds, data)
    return Answer("failure", "the stream ended", time.perf_counter() - started, "")


def _lines(stream: httpx.Response, started: float) -> Any:
    """The stream's lines; an endless one, kept alive by heartbeats, is left in the end."""
    for line in stream.iter_lines():
        if time.perf_counter() - started > PATIENCE:
            raise httpx.ReadTimeout(f"no answer in {PATIENCE:g} s")
        yield line


def _refused(response: httpx.Response, started: float) -> Answer:
    seconds = time.perf_counter() - started
    try:
        content = response.json()
    except ValueError:
        bare = f"bare HTTP {response.status_code}: {response.text[:100]}"
        return Answer("failure", bare, seconds, response.text)
    return _with_words(_error_in(content), seconds, response.text)


def _error_in(content: Any) -> Any:
    """The words of an error: Gradio's "error", or FastAPI's "detail"."""
    if isinstance(content, dict):
        return content.get("error") or content.get("detail")
    return content


def _with_words(words: Any, seconds: float, text: str) -> Answer:
    if isinstance(words, list):  # FastAPI's own, a list of what is wrong with which part
        words = "; ".join(str(part.get("msg")) for part in words if isinstance(part, dict))
    if not isinstance(words, str) or not words:
        return Answer("failure", "an error without words", seconds, text)
    if words == BROKEN:
        return Answer("failure", words, seconds, text)
    return Answer("refusal", words, seconds, text)


def _failed(error: Exception, started: float) -> Answer:
    seconds = time.perf_counter() - started
    return Answer("failure", f"{type(error).__name__}: {error}", seconds, "")

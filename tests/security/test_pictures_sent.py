"""Nothing but uploads and `data:` URLs is opened, deleted or fetched, however it is called."""

import base64
import json
import os
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from recommender.interface import uploads
from recommender.interface.gradio_patches.agent_tools import HOW_TO_SEND
from recommender.interface.upload_folder import NOT_UPLOADED, upload_folder
from tests.conftest import Served
from tests.support.drawn_products import draw_product

MARK = {"_type": "gradio.FileData"}
ELSEWHERE = "http://pictures.example/shirt.png"
API = "gradio_api"
CLIENT = httpx.Client(timeout=60)


@dataclass(frozen=True)
class Hostile:
    """A picture of the server that nobody sent, and a path beside it where there is none."""

    existing: Path
    missing: Path


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hostile]:
    """Such a picture; it is there afterwards, however soon searched pictures are deleted."""
    monkeypatch.setattr(uploads, "KEPT_SECONDS", 0)
    folder = tmp_path / "private"
    folder.mkdir()
    existing = folder / "existing.png"
    draw_product("Tshirts", "Red", 901).save(existing)
    before = existing.read_bytes()
    yield Hostile(existing, folder / "missing_.png")
    assert existing.read_bytes() == before


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hosts that anything in this process tries to reach."""
    hosts: list[str] = []
    look_up = socket.getaddrinfo

    def recorded(host: Any, *args: Any, **arguments: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if name not in ("localhost", "127.0.0.1"):
            hosts.append(name)
            raise socket.gaierror(f"{name} is not looked up while testing")
        return look_up(host, *args, **arguments)

    monkeypatch.setattr(socket, "getaddrinfo", recorded)
    return hosts


def forms(path: str) -> list[Any]:
    """Every way to name a file of the server that Gradio has understood so far."""
    upward = f"{upload_folder().path}/{'../' * 12}{path.lstrip('/')}"
    return [
        path,
        {"path": path},
        {"path": path, "meta": MARK},
        {"path": path, "meta": {}},
        {"path": path, "meta": "gradio.FileData"},
        {"path": path, "url": ELSEWHERE, "meta": MARK},
        {"path": path, "is_stream": True, "meta": MARK},
        {"path": None, "url": f"file://{path}", "meta": MARK},
        {"path": upward, "meta": MARK},
        {"path": os.path.relpath(path), "meta": MARK},
        {"image": {"path": path, "meta": MARK}},
        [{"path": path, "meta": MARK}],
    ]


ADDRESSES: list[Any] = [
    ELSEWHERE,
    {"path": ELSEWHERE},
    {"path": ELSEWHERE, "meta": MARK},
    {"url": ELSEWHERE, "meta": MARK},
    {"path": None, "url": ELSEWHERE},
    {"deep": [{"path": ELSEWHERE, "meta": MARK}]},
]


def declared(served: Served) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Each endpoint and event of the running app with its inputs."""
    config = CLIENT.get(f"{served.address}/config").json()
    components = {component["id"]: component for component in config["components"]}
    return [
        (dependency, [components[number] for number in dependency["inputs"]])
        for dependency in config["dependencies"]
        if dependency["backend_fn"] and dependency["inputs"]
    ]


def calls(served: Served) -> Iterator[tuple[dict[str, Any], int, list[Any], bool]]:
    """Each of them, the number of one input, the other inputs' values, whether it takes a file."""
    for dependency, inputs in declared(served):
        values = [component["props"].get("value") for component in inputs]
        for number, component in enumerate(inputs):
            if component["type"] != "state":
                yield dependency, number, values, component["type"] == "image"


def run(served: Served, dependency: dict[str, Any], values: list[Any], **more: Any) -> str:
    """The text of a direct call's answer."""
    sent = {"fn_index": dependency["id"], "data": values, "session_hash": "hostile", **more}
    return CLIENT.post(f"{served.address}/{API}/run/predict", json=sent).text


def event(served: Served, name: str, joined: httpx.Response) -> str:
    assert joined.status_code == 200, joined.text
    number = joined.json()["event_id"]
    return httpx.get(f"{served.address}/{API}/call/{name}/{number}", timeout=60).text


def replaced(values: list[Any], number: int, value: Any) -> list[Any]:
    return [*values[:number], value, *values[number + 1 :]]


def test_no_picture_of_any_endpoint_or_event_is_a_file_of_the_server(
    served: Served, hostile: Hostile, looked_up: list[str]
) -> None:
    checked = 0
    for dependency, number, values, takes_file in calls(served):
        if takes_file:
            for value in (*forms(str(hostile.existing)), *forms(str(hostile.missing)), *ADDRESSES):
                answer = run(served, dependency, replaced(values, number, value))
                assert json.loads(answer)["error"] == NOT_UPLOADED, (dependency["api_name"], value)
            checked += 1
    assert checked >= 5  # four endpoints and the page's own event take pictures
    assert looked_up == []


def test_no_other_input_of_any_endpoint_or_event_takes_a_file(
    served: Served, hostile: Hostile, looked_up: list[str]
) -> None:
    marked = {"path": str(hostile.existing), "url": ELSEWHERE, "meta": MARK}
    for dependency, number, values, takes_file in calls(served):
        if not takes_file:
            answer = run(served, dependency, replaced(values, number, {"deep": [marked]}))
            assert json.loads(answer)["error"] == NOT_UPLOADED, dependency["api_name"]
    assert looked_up == []


def test_no_text_of_an_endpoint_tells_which_files_there_are(
    served: Served, hostile: Hostile
) -> None:
    for dependency, number, values, takes_file in calls(served):
        if dependency["api_visibility"] == "public" and not takes_file:
            answers = [
                run(served, dependency, replaced(values, number, str(path)))
                for path in (hostile.existing, hostile.missing)
            ]
            assert answers[0].replace("existing", "missing_") == answers[1]
            assert "error" in json.loads(answers[0])


def test_no_event_is_told_of_a_file_by_the_browser(
    served: Served, hostile: Hostile, looked_up: list[str]
) -> None:
    marked = {"path": str(hostile.existing), "url": ELSEWHERE, "meta": MARK}
    unmarked = {"path": str(hostile.existing)}
    for dependency, inputs in declared(served):
        values = [component["props"].get("value") for component in inputs]
        for told in (marked, unmarked):
            answer = run(served, dependency, values, event_data={"box": [told]})
            assert json.loads(answer)["error"] == NOT_UPLOADED
    assert looked_up == []


@pytest.mark.parametrize(
    "name", ["recommend", "regions", "explain", "map_position", "result_sheet"]
)
def test_the_queue_and_both_calls_refuse_a_file_of_the_server(
    served: Served, hostile: Hostile, name: str
) -> None:
    dependency, inputs = next(d for d in declared(served) if d[0]["api_name"] == name)
    number = next(i for i, component in enumerate(inputs) if component["type"] == "image")
    item = {"item_id": "p0"} if name == "explain" else {}
    for form in ({"path": str(hostile.existing)}, {"path": str(hostile.missing), "meta": MARK}):
        values = [None] * len(inputs)
        values[number] = form
        call, session = f"{served.address}/{API}", f"hostile-{name}"
        classic = httpx.post(f"{call}/call/{name}", json={"data": values})
        named = httpx.post(f"{call}/call/v2/{name}", json={"image": form, **item})
        joined = httpx.post(
            f"{call}/queue/join",
            json={"data": values, "fn_index": dependency["id"], "session_hash": session},
        )
        assert joined.status_code == 200
        answers = [event(served, name, classic), event(served, name, named)]
        answers.append(httpx.get(f"{call}/queue/data?session_hash={session}", timeout=60).text)
        assert all(NOT_UPLOADED in answer for answer in answers), answers


def test_a_link_in_the_upload_folder_leads_nowhere(served: Served, hostile: Hostile) -> None:
    link = upload_folder().path / "link.png"
    link.symlink_to(hostile.existing)
    try:
        sent = {"data": [{"path": str(link), "meta": MARK}, 3, {}, None, False]}
        answer = httpx.post(f"{served.address}/{API}/run/recommend", json=sent)
        assert answer.json()["error"] == NOT_UPLOADED
        assert link.is_symlink()
    finally:
        link.unlink()


def test_pictures_of_answers_are_not_taken_as_uploads(served: Served) -> None:
    found = httpx.post(f"{served.address}/{API}/run/item", json={"data": ["p0"]}).json()["data"]
    answer = httpx.post(
        f"{served.address}/{API}/run/recommend", json={"data": [found[0], 3, {}, None, False]}
    )
    assert answer.json()["error"] == NOT_UPLOADED


def test_a_data_url_is_searched_with_whatever_path_stands_beside_it(
    served: Served, hostile: Hostile
) -> None:
    url = f"data:image/png;base64,{base64.b64encode(hostile.existing.read_bytes()).decode()}"
    for sent in (url, {"url": url}, {"path": url}, {"path": "/etc/hostname", "url": url}):
        body = {"data": [sent, 3, {}, None, False]}
        answer = httpx.post(f"{served.address}/{API}/run/recommend", json=body, timeout=60)
        assert len(answer.json()["data"][1]) == 3


def mcp(served: Served, tool: str, arguments: dict[str, Any], **headers: str) -> dict[str, Any]:
    """What a tool answers."""
    asked = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": tool, "arguments": arguments},
    }
    accept = {"Accept": "application/json, text/event-stream", **headers}
    answer = httpx.post(f"{served.address}/{API}/mcp/", json=asked, headers=accept, timeout=60)
    return json.loads(re.findall(r"data: (.*)", answer.text)[-1])["result"]


def test_agents_can_name_no_file_and_no_address(
    served: Served, hostile: Hostile, looked_up: list[str]
) -> None:
    sent = [*forms(str(hostile.existing)), *forms(str(hostile.missing)), *ADDRESSES]
    for value in sent:
        result = mcp(served, "map_position", {"image": value})
        said = result["content"][0]["text"]
        assert result["isError"]
        assert HOW_TO_SEND in said, (value, said)
    in_a_text = mcp(served, "complete_look", {"item_id": {"path": str(hostile.existing)}})
    assert in_a_text["isError"]
    assert looked_up == []


def test_agents_send_a_picture_as_a_data_url(served: Served, hostile: Hostile) -> None:
    url = f"data:image/png;base64,{base64.b64encode(hostile.existing.read_bytes()).decode()}"
    result = mcp(served, "map_position", {"image": url})
    assert not result["isError"]
    assert "around" in result["content"][0]["text"]


def test_an_agents_headers_do_not_choose_whom_the_server_asks(
    served: Served, looked_up: list[str]
) -> None:
    mcp(served, "complete_look", {"item_id": "p0"}, **{"X-Forwarded-Host": "evil.example"})
    answer = httpx.post(
        f"{served.address}/{API}/run/item",
        json={"data": ["p0"]},
        headers={"X-Forwarded-Host": "evil.example", "X-Gradio-Server": "http://evil.example"},
    )
    assert "evil.example" not in answer.text
    assert looked_up == []


@pytest.mark.parametrize(
    "path",
    [
        "file=http://pictures.example/a.png",
        "file=HTTPS://pictures.example/a.png",
        "file/http://pictures.example/a.png",
        "proxy=https://owner-space.hf.space/a.png",
        "run-history/buckets",
        "deep_link?session_hash=hostile",
    ],
)
def test_gradio_is_not_made_to_fetch_addresses_or_to_write_states(
    served: Served, looked_up: list[str], path: str
) -> None:
    answer = httpx.get(f"{served.address}/{API}/{path}")
    assert answer.status_code in (401, 403, 404)
    assert looked_up == []
    assert not (upload_folder().path / "deep_links").exists()


@pytest.mark.parametrize("path", ["process_recording", "component_server", "run-history/connect"])
def test_what_nothing_here_needs_is_not_offered(served: Served, path: str) -> None:
    answer = httpx.post(f"{served.address}/{API}/{path}", files={"video": b"x"})
    assert answer.status_code == 404


def test_files_of_the_server_cannot_be_fetched(served: Served, hostile: Hostile) -> None:
    upward = f"{upload_folder().path}/../../{hostile.existing}"
    for path in ("/etc/passwd", "app.py", str(Path("app.py").resolve()), upward):
        assert httpx.get(f"{served.address}/{API}/file={path}").status_code in (403, 404)

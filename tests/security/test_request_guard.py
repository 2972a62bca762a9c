"""What is refused before Gradio sees it: hosts, origins, large bodies, uploads without room."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Message

from recommender.interface import request_guard, upload_folder
from recommender.interface.gradio_patches.uploads import UploadParser
from recommender.interface.hosts import allowed_hosts
from recommender.interface.request_guard import MAX_BODY, RequestGuard
from recommender.interface.upload_folder import UploadFolder
from recommender.interface.wording import BROKEN
from tests.conftest import Served

UPLOAD = "/gradio_api/upload"
FORM = {"Content-Type": "multipart/form-data; boundary=x"}
FILE = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'
CALL = "/gradio_api/call/recommend"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> UploadFolder:
    path = tmp_path / "uploads"
    path.mkdir()
    folder = UploadFolder(path)
    monkeypatch.setattr(
        "recommender.interface.gradio_patches.uploads.upload_folder", lambda: folder
    )
    return folder


@pytest.fixture
def client(folder: UploadFolder) -> httpx.AsyncClient:
    """Asks a guarded application that reads bodies and receives uploads."""

    async def read(request: Request) -> Response:
        return JSONResponse({"size": len(await request.body())})

    async def upload(request: Request) -> Response:
        parser = UploadParser(
            request.headers, request.stream(), upload_dir=folder.path, max_file_size=10**9
        )
        form = await parser.parse()
        return JSONResponse([part.filename for part in form.getlist("files")])

    async def fail(_: Request) -> Response:
        raise ZeroDivisionError("a secret of ours")

    guard = Middleware(
        RequestGuard,
        hosts=allowed_hosts("127.0.0.1", ["shop.example"]),
        folder=folder,
        endpoints=lambda: ["recommend"],
        fingerprint=lambda: "0123",
    )
    app = Starlette(
        routes=[
            Route("/", read),
            Route("/gradio_api/info", read),
            Route(CALL, read, methods=["POST"]),
            Route("/gradio_api/call/v2/recommend", read, methods=["POST"]),
            Route("/gradio_api/run/fail", fail, methods=["POST"]),
            Route(UPLOAD, upload, methods=["POST"]),
        ],
        middleware=[guard],
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://localhost:7860", timeout=60)


def ask(client: httpx.AsyncClient, method: str, path: str, **arguments: object) -> httpx.Response:
    return asyncio.run(client.request(method, path, **arguments))  # type: ignore[arg-type]


def left(folder: UploadFolder) -> list[Path]:
    return [path for path in folder.path.rglob("*") if path != folder.answers]


@pytest.mark.parametrize("path", ["/", "/gradio_api/info", "/gradio_api/queue/data", CALL])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:7860", "localhost.evil.example"])
def test_a_page_that_points_its_own_name_here_gets_nothing(
    client: httpx.AsyncClient, path: str, host: str
) -> None:
    for method in ("GET", "POST"):
        answer = ask(client, method, path, headers={"Host": host})
        assert answer.status_code == 403
        assert f"does not answer as '{host}'" in answer.json()["detail"]
        assert "ALLOWED_HOSTS" in answer.json()["detail"]


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:3000", "null"])
def test_a_page_of_another_origin_gets_nothing(
    client: httpx.AsyncClient, method: str, origin: str
) -> None:
    for path in (CALL, "/gradio_api/queue/data?session_hash=a", "/gradio_api/mcp/"):
        answer = ask(client, method, path, headers={"Origin": origin})
        assert answer.status_code == 403
        assert f"Pages of another site ({origin})" in answer.json()["detail"]


def test_a_form_of_another_site_without_an_origin_gets_nothing(client: httpx.AsyncClient) -> None:
    for site, status in (("cross-site", 403), ("same-origin", 200)):
        assert ask(client, "POST", CALL, headers={"Sec-Fetch-Site": site}).status_code == status


@pytest.mark.parametrize("origin", ["http://localhost:7860", "https://shop.example", None])
def test_the_own_page_listed_sites_and_programs_are_answered(
    client: httpx.AsyncClient, origin: str | None
) -> None:
    headers = {"Origin": origin} if origin else {}
    assert ask(client, "POST", CALL, headers=headers, content=b"abc").json() == {"size": 3}


def test_a_running_server_refuses_foreign_hosts_and_origins(served: Served) -> None:
    body = {"data": ["p0"]}
    for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}):
        for path in ("gradio_api/run/item", "gradio_api/call/item", "gradio_api/mcp/"):
            answer = httpx.post(f"{served.address}/{path}", json=body, headers=headers)
            assert answer.status_code == 403
            assert answer.json()["detail"].endswith("ALLOWED_HOSTS.")
    own = {"Origin": served.address}
    assert httpx.post(f"{served.address}/gradio_api/run/item", json=body, headers=own).is_success


def test_websockets_are_closed(folder: UploadFolder) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    guard = RequestGuard(Starlette(), allowed_hosts("127.0.0.1"), folder, list, str)
    asyncio.run(guard({"type": "websocket", "path": "/", "headers": []}, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


async def pieces(size: int, head: bytes = b"") -> AsyncIterator[bytes]:
    yield head
    for _ in range(size // 1_000_000):
        yield bytes(1_000_000)


@pytest.mark.parametrize("path", [CALL, UPLOAD, "/gradio_api/call/v2/recommend"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused_in_a_sentence(
    client: httpx.AsyncClient, folder: UploadFolder, path: str, chunked: bool
) -> None:
    content = pieces(MAX_BODY + 1_000_000, FILE) if chunked else bytes(MAX_BODY + 1)
    answer = ask(client, "POST", path, content=content, headers=FORM)
    assert answer.status_code == 413
    assert "at most 60 MB" in answer.text
    assert left(folder) == []


def test_a_body_of_60_mb_is_read(client: httpx.AsyncClient) -> None:
    assert ask(client, "POST", CALL, content=pieces(MAX_BODY)).json() == {"size": MAX_BODY}


def test_an_upload_without_room_is_refused_and_leaves_nothing(
    client: httpx.AsyncClient, folder: UploadFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_folder, "MAX_UPLOADED", 1_500_000)
    picture = {"files": ("a.png", bytes(2_000_000))}
    refused = ask(client, "POST", UPLOAD, files=picture)
    chunked = ask(client, "POST", UPLOAD, content=pieces(3_000_000, FILE), headers=FORM)
    for answer in (refused, chunked):
        assert answer.status_code == 507
        assert answer.text == upload_folder.FULL
        assert answer.headers["retry-after"] == "900"
    assert left(folder) == []
    small = ask(client, "POST", UPLOAD, files={"files": ("a.png", b"small")})
    assert small.json() == ["a.png"]


def test_more_cannot_be_stored_by_sending_in_turn(
    client: httpx.AsyncClient, folder: UploadFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_folder, "MAX_UPLOADED", 1_500_000)
    monkeypatch.setattr(upload_folder, "MEASURE_SECONDS", 1e9)
    folder.sweep()
    statuses = [
        ask(client, "POST", UPLOAD, files={"files": ("a.png", bytes(400_000))}).status_code
        for _ in range(5)
    ]
    assert statuses == [200, 200, 200, 507, 507]


def test_an_upload_that_is_cut_leaves_nothing(folder: UploadFolder) -> None:
    async def cut() -> AsyncIterator[bytes]:
        yield FILE + bytes(100_000)
        assert len(left(folder)) == 1
        raise ClientDisconnect

    async def ended() -> AsyncIterator[bytes]:
        yield FILE + bytes(100_000)

    for stream in (cut, ended):
        headers = Headers(FORM)
        parser = UploadParser(headers, stream(), upload_dir=folder.path, max_file_size=10**9)
        if stream is cut:
            with pytest.raises(ClientDisconnect):
                asyncio.run(parser.parse())
        else:
            assert asyncio.run(parser.parse()).getlist("files") == []
        assert left(folder) == []


@pytest.mark.parametrize("name", ["..", ".", "", "a/.."])
def test_a_file_name_that_is_none_is_replaced(client: httpx.AsyncClient, name: str) -> None:
    head = f'--x\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n\r\n'
    answer = ask(client, "POST", UPLOAD, content=f"{head}a\r\n--x--\r\n".encode(), headers=FORM)
    assert answer.json() == ["picture"]


def test_what_was_not_asked_for_is_not_kept(
    client: httpx.AsyncClient, folder: UploadFolder
) -> None:
    files = [("other", ("a.png", b"a")), ("files", ("b.png", b"b"))]
    assert ask(client, "POST", UPLOAD, files=files).json() == ["b.png"]
    assert len(left(folder)) == 1


@pytest.mark.parametrize(
    "path", ["/gradio_api/process_recording", "/gradio_api/stream/1", "/login"]
)
def test_writing_routes_that_nothing_here_uses_are_refused(
    client: httpx.AsyncClient, path: str
) -> None:
    answer = ask(client, "POST", path)
    assert answer.status_code == 404
    assert answer.json()["detail"] == "This server does not offer that, and fetches no addresses."


def test_a_bug_is_logged_and_answered_in_a_sentence(
    client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = ask(client, "POST", "/gradio_api/run/fail")
    assert (answer.status_code, answer.json()) == (500, {"detail": BROKEN})
    assert "a secret of ours" in caplog.text


def test_a_full_disk_is_said_in_a_sentence(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(request_guard, "_is_upload", lambda scope: False)
    monkeypatch.setattr(UploadParser, "parse", full)
    answer = ask(client, "POST", UPLOAD, files={"files": ("a.png", b"a")})
    assert (answer.status_code, answer.text) == (507, upload_folder.FULL)


def test_counting_holds_with_many_threads(folder: UploadFolder) -> None:
    def send() -> None:
        for _ in range(1000):
            folder.arriving(7)
            folder.arriving(-7)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert folder._arriving == 0

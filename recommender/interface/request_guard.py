"""Request guard (ASGI middleware): hosts, origins, routes and sizes, before Gradio sees a request.

Refusals are sentences: JSON with `detail`, as FastAPI's own are, or plain text for an upload, as
the page shows it.
"""

import errno
import logging
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from recommender.errors import StorageError
from recommender.interface.hosts import AllowedHosts
from recommender.interface.upload_folder import FULL, UploadFolder
from recommender.interface.wording import BROKEN

# A picture of 50 MB with room for what is sent around it; as base64 it is one of 45 MB.
MAX_BODY = 60_000_000
UPLOAD = "/gradio_api/upload"
NAMED_CALL = "/gradio_api/call/v2/"
# What the page, the API and MCP use of what Gradio can be asked to do.
WRITING = (
    UPLOAD,
    "/gradio_api/queue/join",
    "/gradio_api/call/",
    "/gradio_api/run/",
    "/gradio_api/api/",
    "/gradio_api/cancel",
    "/gradio_api/reset",
    "/gradio_api/mcp",
)
# Gradio fetches addresses for whoever asks, and writes the state of a page to the disk.
REFUSED_READING = (
    "/gradio_api/proxy=",
    "/gradio_api/file=http:",
    "/gradio_api/file=https:",
    "/gradio_api/file/http:",
    "/gradio_api/file/https:",
    "/gradio_api/deep_link",
)
# Says which index answered, also where an answer is a picture or an empty list.
FINGERPRINT = "X-Index-Fingerprint"
READING_METHODS = ("GET", "HEAD", "OPTIONS")
TOO_LARGE = (
    f"A request has at most {MAX_BODY // 1_000_000} MB, and a picture 50 MB. Send a smaller copy."
)

_log = logging.getLogger(__name__)


class RequestGuard:
    """The middleware.

    Args:
        app: what it stands in front of.
        hosts: under which names the server answers, and to whose pages.
        folder: where uploads go.
        endpoints: gives the names of the API's endpoints.
        fingerprint: gives that of the index, which every answer carries as a header.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: AllowedHosts,
        folder: UploadFolder,
        endpoints: Callable[[], list[str]],
        fingerprint: Callable[[], str],
    ) -> None:
        self._app, self._hosts, self._folder, self._endpoints = app, hosts, folder, endpoints
        self._fingerprint = fingerprint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # nothing here speaks it
            await send({"type": "websocket.close", "code": 1008})
        elif scope["type"] != "http":
            await self._app(scope, receive, send)
        elif refused := self._refused(scope):
            status, sentence = refused
            await _said(scope, status, sentence)(scope, receive, send)
        else:
            await self._passed(self._without_false_hosts(scope), receive, send)

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        """The status and the sentence that refuse a request by its head alone."""
        headers, path = Headers(scope=scope), scope["path"]
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._hosts.is_host(host) or len(headers.getlist("host")) > 1:
            return 403, (
                f"This server does not answer as {host[:200]!r}. Open it by its address, or "
                "start it with this name in ALLOWED_HOSTS."
            )
        cross_site = headers.get("sec-fetch-site") == "cross-site"
        writing = scope["method"] not in READING_METHODS
        if cross_site and writing if origin is None else not self._hosts.is_origin(origin, host):
            return 403, (
                f"Pages of another site ({(origin or 'unknown')[:200]}) may not use this server. "
                "Whoever runs it can allow a site by its name in ALLOWED_HOSTS."
            )
        if (writing and not path.startswith(WRITING)) or path.lower().startswith(REFUSED_READING):
            return 404, "This server does not offer that, and fetches no addresses."
        if path.startswith(NAMED_CALL) and writing:
            name, names = path.removeprefix(NAMED_CALL).rstrip("/"), self._endpoints()
            if name not in names:
                return 404, f"There is no endpoint {name[:200]!r}. There are: {', '.join(names)}."
        said = headers.get("content-length", "")
        length = int(said) if said.isascii() and said.isdigit() else 0  # Chunks are counted later.
        if length > MAX_BODY:
            return 413, TOO_LARGE
        if _is_upload(scope):
            try:
                self._folder.check_room(length)
            except StorageError as error:
                return 507, str(error)
        return None

    async def _passed(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, and count what arrives of it."""
        body = _CountedBody(receive, self._folder if _is_upload(scope) else None)
        began = False

        async def answer(message: Message) -> None:
            nonlocal began
            if body.refused is None or began:
                began = True
                if message["type"] == "http.response.start":
                    MutableHeaders(scope=message)[FINGERPRINT] = self._fingerprint()
                await send(message)

        failed: tuple[int, str] | None = None
        try:
            await self._app(scope, body.receive, answer)
        except ClientDisconnect:
            return
        except Exception as error:
            if body.refused is None:
                failed = _explained(error)
                if failed is None:
                    _log.exception("%s %s failed", scope["method"], scope["path"])
                    failed = 500, BROKEN
        finally:
            body.close()
        failed = body.refused or failed
        if failed and not began:
            await _said(scope, *failed)(scope, receive, send)

    def _without_false_hosts(self, scope: Scope) -> Scope:
        """The request without headers that would make Gradio name, or ask, a host not allowed."""
        headers = [
            (name, value)
            for name, value in scope["headers"]
            if name != b"x-gradio-server"
            and (
                name != b"x-forwarded-host"
                or all(self._hosts.is_host(h.strip()) for h in value.decode("latin-1").split(","))
            )
        ]
        return {**scope, "headers": headers}


class _CountedBody:
    """The body of a request, which ends in a refusal where it gets too large."""

    def __init__(self, receive: Receive, folder: UploadFolder | None) -> None:
        self._receive, self._folder, self._size = receive, folder, 0
        self.refused: tuple[int, str] | None = None

    async def receive(self) -> Message:
        message = await self._receive()
        size = len(message.get("body", b""))
        self._size += size
        if self._size > MAX_BODY:
            self.refused = 413, TOO_LARGE
        elif self._folder is not None:
            self._folder.arriving(size)
            try:
                self._folder.check_room()
            except StorageError as error:
                self.refused = 507, str(error)
        if self.refused:
            raise HTTPException(*self.refused)
        return message

    def close(self) -> None:
        if self._folder is not None:
            self._folder.arriving(-min(self._size, MAX_BODY))


def _is_upload(scope: Scope) -> bool:
    return scope["path"].rstrip("/") == UPLOAD and scope["method"] == "POST"


def _explained(error: Exception) -> tuple[int, str] | None:
    """What a caller can be told of an error that is not a bug."""
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return 507, FULL
    return None


def _said(scope: Scope, status: int, sentence: str) -> Response:
    headers = {"X-Content-Type-Options": "nosniff", "Connection": "close"}
    if status == 507:
        headers["Retry-After"] = "900"
    if scope["path"].startswith(UPLOAD):
        return PlainTextResponse(sentence, status, headers)
    return JSONResponse({"detail": sentence}, status, headers)

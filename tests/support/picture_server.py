"""Server of pictures that misbehaves in every way a shop's does: slow, dead, moved, oversized."""

import collections
import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from tests.support.catalogues import picture_bytes

SLOW_SECONDS = 1.0
_BOMB = gzip.compress(b"\0" * 20_000_000)


class PictureServer:
    """What a running server was asked for, and what it serves."""

    def __init__(self) -> None:
        self.address = ""
        self.asked: collections.Counter[str] = collections.Counter()
        self.statuses: list[int] = []
        self.at_once = self.most_at_once = 0
        self.version = 1
        self.headers: dict[str, dict[str, str]] = {}
        """Headers of the last request, by path."""
        self.lock = threading.Lock()

    def at(self, path: str, host: str = "127.0.0.1") -> str:
        """The address of a path."""
        return f"{self.address.replace('127.0.0.1', host)}/{path}"


@contextmanager
def picture_server() -> Iterator[PictureServer]:
    """Serve until the block ends."""
    state = PictureServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = unquote(self.path.lstrip("/"))
            with state.lock:
                state.asked[path] += 1
                state.headers[path] = dict(self.headers.items())
                state.at_once += 1
                state.most_at_once = max(state.most_at_once, state.at_once)
            try:
                self.route(path)
            except OSError:
                pass  # The client had enough.
            finally:
                with state.lock:
                    state.at_once -= 1

        def route(self, path: str) -> None:
            kind, _, rest = path.partition("/")
            if kind == "ok":
                self.picture(rest)
            elif kind == "dead":
                self.answer(404, b"gone")
            elif kind == "slow":
                time.sleep(SLOW_SECONDS)
                self.picture(rest)
            elif kind == "pause":
                time.sleep(0.05)
                self.picture(rest)
            elif kind == "flaky":
                fails = state.asked[path] <= int(rest)
                self.answer(503, b"") if fails else self.picture("1")
            elif kind == "redirect":
                self.answer(302, b"", Location=f"/ok/{rest}")
            elif kind == "loop":
                self.answer(302, b"", Location=f"/loop/{int(rest) + 1}")
            elif kind == "to":
                self.answer(302, b"", Location=rest)
            elif kind == "declared":
                self.send_response(200)
                self.send_header("Content-Length", str(2_000_000_000))
                self.end_headers()
                self.wfile.write(b"x" * 1000)
            elif kind == "endless":
                self.send_response(200)
                self.send_header("Connection", "close")
                self.end_headers()
                for _ in range(10_000):
                    self.wfile.write(b"x" * 10_000)
            elif kind == "bomb":
                self.answer(200, _BOMB, **{"Content-Encoding": "gzip"})
            elif kind == "page":
                self.answer(200, b"<html></html>", **{"Content-Type": "text/html"})
            else:
                self.answer(200, b"")

        def picture(self, name: str) -> None:
            tag = f'"{name}-{state.version}"'
            if self.headers.get("If-None-Match") == tag:
                self.answer(304, b"")
            else:
                digits = "".join(c for c in name if c.isdigit())
                self.answer(200, picture_bytes(int(digits or 0) + state.version), ETag=tag)

        def answer(self, status: int, body: bytes, **headers: str) -> None:
            with state.lock:
                state.statuses.append(status)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    state.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

"""A small Hugging Face Hub in memory, which the real client talks to over real HTTP.

It speaks the parts of the protocol that `huggingface_hub` uses for what this project does: create a
repository, list it, upload (preupload, Git LFS "basic" transfers, one commit as NDJSON), download
(`resolve`, with a redirect of large files to a "CDN" under another host name, and Range requests),
and a Space's variables and hardware. It offers no Xet, so the fixture sets `HF_HUB_DISABLE_XET`.

    def test_something(hub_server):
        hub_server.fail("/resolve/", status=500)      # the next such request fails
        hub_server.cut("/cdn/", after=1000)           # the next such body breaks off
        ...
        assert hub_server.repository("owner/name").files["a.txt"] == b"..."

`hub_server` sets the environment for subprocesses and, because the client reads the environment
when it is imported, the client's constants for the test's own process.
"""

import hashlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support.hub_protocol import WRITE_TOKEN, Handler, end_connection

# The Hub puts this into every new repository.
FIRST_FILES = {".gitattributes": b"*.npy filter=lfs diff=lfs merge=lfs -text\n"}


@dataclass
class Commit:
    oid: str
    message: str
    files: dict[str, bytes]
    lfs: frozenset[str]  # the paths that are kept outside of Git


@dataclass
class Repository:
    repo_id: str
    kind: str
    private: bool = False
    gated: bool = False
    sdk: str | None = None
    hardware: str | None = None
    variables: dict[str, str] = field(default_factory=dict)
    commits: list[Commit] = field(default_factory=list)

    @property
    def files(self) -> dict[str, bytes]:
        """The files of the newest commit."""
        return self.commits[-1].files

    def add_commit(self, message: str, files: dict[str, bytes], lfs: frozenset[str]) -> Commit:
        oid = hashlib.sha1(f"{self.repo_id} {len(self.commits)} {time.time_ns()}".encode())
        self.commits.append(Commit(oid.hexdigest(), message, files, lfs))
        return self.commits[-1]

    def find(self, revision: str) -> Commit | None:
        if revision == "main":
            return self.commits[-1]
        return next((commit for commit in self.commits if commit.oid == revision), None)


@dataclass
class Trouble:
    """What goes wrong with the next `times` requests whose path holds `path`."""

    path: str
    method: str | None
    times: int
    status: int | None = None  # answer with this
    message: str = "Something went wrong on purpose"
    html: bool = False  # answer as a gateway in front of the Hub does
    cut_after: int | None = None  # or break off after so many bytes of the body
    reset: bool = False  # ... with a TCP reset instead of an orderly end
    silent: bool = False  # or never answer
    answered: bool = False  # or do all that was asked and lose the answer
    action: Callable[[], object] | None = None  # or this happens first


class HubServer:
    """The Hub's state, and the faults it has been asked for."""

    def __init__(self) -> None:
        self.repositories: dict[tuple[str, str], Repository] = {}
        self.lfs_objects: dict[str, bytes] = {}
        self.requests: list[tuple[str, str]] = []
        self.cdn_headers: list[dict[str, str]] = []
        self.troubles: list[Trouble] = []
        self.space_refusal: int | None = None
        self.lock = threading.RLock()
        self.stopping = threading.Event()
        self._http = HttpServer(("127.0.0.1", 0), Handler)
        self._http.hub = self
        self.port = self._http.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        # Another host name makes the client treat this as storage outside of the Hub.
        self.cdn_url = f"http://localhost:{self.port}"
        # http.server looks for shutdown requests as often as this, in seconds.
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Go off the air: from now on connections are refused."""
        if not self.stopping.is_set():
            self.stopping.set()
            self._http.shutdown()
            self._http.server_close()
            self._http.hang_up()

    def repository(self, repo_id: str, kind: str = "model") -> Repository:
        return self.repositories[kind, repo_id]

    def create(
        self,
        repo_id: str,
        kind: str = "model",
        *,
        files: dict[str, bytes] | None = None,
        **facts: bool,
    ) -> Repository:
        repository = Repository(repo_id, kind, **facts)
        repository.add_commit("initial commit", {**FIRST_FILES, **(files or {})}, frozenset())
        self.repositories[kind, repo_id] = repository
        return repository

    def fail(
        self,
        path: str,
        *,
        status: int = 500,
        times: int = 1,
        method: str | None = None,
        message: str = "Something went wrong on purpose",
        html: bool = False,
    ) -> None:
        self.troubles.append(Trouble(path, method, times, status, message=message, html=html))

    def cut(
        self,
        path: str,
        *,
        after: int,
        times: int = 1,
        method: str | None = None,
        reset: bool = False,
    ) -> None:
        self.troubles.append(Trouble(path, method, times, cut_after=after, reset=reset))

    def fall_silent(self, path: str, *, times: int = 1) -> None:
        self.troubles.append(Trouble(path, None, times, silent=True))

    def lose_the_answer(self, path: str, *, times: int = 1, method: str | None = None) -> None:
        self.troubles.append(Trouble(path, method, times, answered=True))

    def meanwhile(self, path: str, action: Callable[[], object]) -> None:
        self.troubles.append(Trouble(path, None, times=1, action=action))

    def next_trouble(self, method: str, path: str) -> Trouble | None:
        with self.lock:
            for trouble in self.troubles:
                if trouble.times and trouble.path in path and trouble.method in (None, method):
                    trouble.times -= 1
                    return trouble
        return None

    def count(self, path: str, method: str | None = None) -> int:
        """How many requests with `path` in their path have come."""
        return sum(path in seen and method in (None, verb) for verb, seen in self.requests)


class HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    hub: HubServer

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self.connections: set[socket.socket] = set()

    def process_request(self, request: socket.socket, client_address: object) -> None:
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:
        self.connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End the connections that clients keep open, as a machine that goes down does."""
        for connection in list(self.connections):
            end_connection(connection)

    def handle_error(self, request: object, client_address: object) -> None:
        """Connections that break off on purpose are not worth a traceback."""


@pytest.fixture(name="hub_server")
def hub_server_fixture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubServer]:
    """A Hub with nothing on it, an empty cache, and a login that may write."""
    from huggingface_hub import constants

    server = HubServer()
    home = tmp_path / "hf_home"
    environment = {
        "HF_ENDPOINT": server.url,
        "HF_HOME": str(home),
        "HF_TOKEN": WRITE_TOKEN,
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "NO_PROXY": "127.0.0.1,localhost",
    }
    for name in ("HF_HUB_OFFLINE", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_TOKEN_PATH"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for name, value in {
        "ENDPOINT": server.url,
        "HUGGINGFACE_CO_URL_TEMPLATE": server.url + "/{repo_id}/resolve/{revision}/{filename}",
        "HF_HUB_CACHE": str(home / "hub"),
        "HF_TOKEN_PATH": str(home / "token"),
        "HF_STORED_TOKENS_PATH": str(home / "stored_tokens"),
        "HF_HUB_DISABLE_XET": True,
        "HF_HUB_DISABLE_TELEMETRY": True,
        "HF_HUB_DISABLE_PROGRESS_BARS": True,
        "HF_HUB_OFFLINE": False,
    }.items():
        monkeypatch.setattr(constants, name, value)
    # The client's own pauses between its tries add up to 23 s.
    hurried = SimpleNamespace(**{**vars(time), "sleep": lambda seconds: None})
    monkeypatch.setattr("huggingface_hub.utils._http.time", hurried)
    monkeypatch.setattr("huggingface_hub.file_download.time", hurried)
    yield server
    server.stop()

"""The Hub's protocol, as far as this project needs it: see `hub_server.py`."""

import base64
import contextlib
import hashlib
import json
import re
import socket
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from tests.support.hub_server import Commit, HttpServer, Repository, Trouble

WRITE_TOKEN = "hf_test_may_write"
READ_TOKEN = "hf_test_may_only_read"
OWNER = "someone"
# What the Hub keeps out of Git: files that are large, or of one of these kinds.
LFS_SIZE = 10 * 2**20
LFS_SUFFIXES = (".npy", ".parquet", ".bin", ".safetensors", ".keras")
PREFIXES = {"model": "", "dataset": "datasets/", "space": "spaces/"}


def end_connection(connection: socket.socket) -> None:
    """End a connection while its other side may still be busy with it."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class RefusalError(Exception):
    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Without this each answer waits 40 ms for the client's acknowledgement of its head.
    disable_nagle_algorithm = True
    server: "HttpServer"

    def log_message(self, *arguments: object) -> None:
        """Requests are kept in `HubServer.requests` instead."""

    def do_request(self) -> None:
        hub = self.server.hub
        self.path_only = unquote(urlsplit(self.path).path)
        hub.requests.append((self.command, self.path_only))
        self.trouble = hub.next_trouble(self.command, self.path_only)
        if self.trouble is not None and self.trouble.action is not None:
            self.trouble.action()
        if self.trouble is not None and self.trouble.silent:
            hub.stopping.wait(30)
            self.close_connection = True
            return
        if (
            self.trouble is not None
            and self.trouble.cut_after is not None
            and self.command != "GET"
        ):
            length = int(self.headers.get("Content-Length", 0))
            self.rfile.read(min(self.trouble.cut_after, length))
            self._hang_up()
            return
        self.body = self._read_body()
        if self.trouble is not None and self.trouble.status is not None:
            self._send_failure(self.trouble)
            return
        try:
            with hub.lock:
                answer = self._route()
        except RefusalError as refusal:
            headers = {"X-Error-Message": str(refusal)}
            if refusal.code:
                headers["X-Error-Code"] = refusal.code
            self._send(refusal.status, json.dumps({"error": str(refusal)}).encode(), headers)
            return
        if self.trouble is not None and self.trouble.answered:
            self._hang_up()
        elif answer is not None:
            self._send(200, json.dumps(answer).encode(), {"Content-Type": "application/json"})

    do_GET = do_HEAD = do_POST = do_PUT = do_request  # noqa: N815

    def _route(self) -> object:
        for method, pattern, action in _ROUTES:
            found = re.fullmatch(pattern, self.path_only)
            if found and self.command in method:
                return action(self, **found.groupdict())
        raise RefusalError(404, f"No such route: {self.command} {self.path_only}")

    # -- who may do what -----------------------------------------------------------------------

    def _token(self) -> str | None:
        token = self.headers.get("authorization", "").removeprefix("Bearer ") or None
        if token not in (None, WRITE_TOKEN, READ_TOKEN):
            raise RefusalError(401, "Invalid credentials in Authorization header")
        return token

    def _find(self, kind: str, repo_id: str) -> "Repository":
        """The repository; a private one does not exist for those who are not logged in."""
        repository = self.server.hub.repositories.get((kind, repo_id))
        token = self._token()
        if repository is None or (repository.private and token is None):
            if token is None:
                raise RefusalError(401, "Invalid username or password.", "RepoNotFound")
            raise RefusalError(404, "Repository not found", "RepoNotFound")
        return repository

    def _find_commit(self, kind: str, repo_id: str, revision: str) -> "tuple[Repository, Commit]":
        repository = self._find(kind, repo_id)
        commit = repository.find(revision)
        if commit is None:
            raise RefusalError(404, f"Invalid rev id: {revision}", "RevisionNotFound")
        return repository, commit

    def _must_be_allowed_to_write(self) -> None:
        token = self._token()
        if token is None:
            raise RefusalError(401, "Invalid username or password.")
        if token != WRITE_TOKEN:
            raise RefusalError(403, "You do not have the rights for this: your token is read-only")

    # -- the routes ----------------------------------------------------------------------------

    def create_repository(self) -> object:
        self._must_be_allowed_to_write()
        hub = self.server.hub
        wanted = json.loads(self.body)
        repo_id = f"{wanted['organization'] or OWNER}/{wanted['name']}"
        kind = wanted.get("type", "model")
        url = f"{hub.url}/{PREFIXES[kind]}{repo_id}"
        if kind == "space" and hub.space_refusal is not None:
            raise RefusalError(hub.space_refusal, "Subscribe to PRO to create a Gradio Space")
        if (kind, repo_id) in hub.repositories:
            body = json.dumps({"error": "You already created this repo", "url": url}).encode()
            self._send(409, body)
            return None
        repository = hub.create(repo_id, kind, private=wanted.get("visibility") == "private")
        repository.sdk, repository.hardware = wanted.get("sdk"), wanted.get("hardware")
        repository.variables = {item["key"]: item["value"] for item in wanted.get("variables", [])}
        return {"url": url, "name": repo_id}

    def repository_info(self, kind: str, repo_id: str, revision: str | None = None) -> object:
        repository, commit = self._find_commit(kind, repo_id, revision or "main")
        return {
            "id": repo_id,
            "sha": commit.oid,
            "private": repository.private,
            "gated": "auto" if repository.gated else False,
            "siblings": [{"rfilename": path} for path in commit.files],
        }

    def tree(self, kind: str, repo_id: str, revision: str) -> object:
        _, commit = self._find_commit(kind, repo_id, revision)
        entries: list[dict[str, object]] = []
        for path, content in commit.files.items():
            entry: dict[str, object] = {
                "type": "file", "path": path, "size": len(content), "oid": git_sha1(content)
            }  # fmt: skip
            if path in commit.lfs:
                entry["lfs"] = {"oid": sha256(content), "size": len(content), "pointerSize": 130}
            entries.append(entry)
        folders = {path.rsplit("/", 1)[0] for path in commit.files if "/" in path}
        return entries + [{"type": "directory", "path": path, "oid": "0" * 40} for path in folders]

    def preupload(self, kind: str, repo_id: str, revision: str) -> object:
        self._must_be_allowed_to_write()
        _, commit = self._find_commit(kind, repo_id, revision)
        answers = []
        for file in json.loads(self.body)["files"]:
            path = file["path"]
            binary = path.endswith(LFS_SUFFIXES) or file["size"] > LFS_SIZE
            answer = {"path": path, "uploadMode": "lfs" if binary else "regular"}
            if path in commit.files:
                known = commit.files[path]
                answer["oid"] = sha256(known) if path in commit.lfs else git_sha1(known)
            answers.append({**answer, "shouldIgnore": False})
        return {"files": answers}

    def lfs_batch(self, prefix: str | None, repo_id: str) -> object:
        self._must_be_allowed_to_write()
        hub = self.server.hub
        objects = []
        for wanted in json.loads(self.body)["objects"]:
            if wanted["oid"] not in hub.lfs_objects:
                wanted["actions"] = {
                    "upload": {"href": f"{hub.cdn_url}/cdn/upload/{wanted['oid']}"},
                    "verify": {"href": f"{hub.url}/lfs/verify"},
                }
            objects.append(wanted)
        return {"transfer": "basic", "objects": objects}

    def lfs_upload(self, oid: str) -> object:
        if sha256(self.body) != oid:
            raise RefusalError(400, "The content does not have the promised SHA-256")
        self.server.hub.lfs_objects[oid] = self.body
        return {}

    def lfs_verify(self) -> object:
        self._must_be_allowed_to_write()
        stored = self.server.hub.lfs_objects.get(json.loads(self.body)["oid"])
        if stored is None or len(stored) != json.loads(self.body)["size"]:
            raise RefusalError(404, "This object has not arrived")
        return {}

    def commit(self, kind: str, repo_id: str, revision: str) -> object:
        self._must_be_allowed_to_write()
        hub = self.server.hub
        repository, head = self._find_commit(kind, repo_id, revision)
        files, lfs = dict(head.files), set(head.lfs)
        header: dict[str, str] = {}
        for line in self.body.splitlines():
            operation = json.loads(line)
            value = operation["value"]
            match operation["key"]:
                case "header":
                    header = value
                    if header.get("parentCommit", head.oid) != head.oid:
                        raise RefusalError(
                            412, "A commit has happened since. Please refresh and retry."
                        )
                case "file":
                    files[value["path"]] = base64.b64decode(value["content"])
                    lfs.discard(value["path"])
                case "lfsFile":
                    if value["oid"] not in hub.lfs_objects:
                        raise RefusalError(400, f"{value['path']}: its content was never uploaded")
                    files[value["path"]] = hub.lfs_objects[value["oid"]]
                    lfs.add(value["path"])
                case "deletedFile":
                    if files.pop(value["path"], None) is None:
                        raise RefusalError(
                            404, "A file with this name doesn't exist", "EntryNotFound"
                        )
                    lfs.discard(value["path"])
        added = repository.add_commit(header["summary"], files, frozenset(lfs))
        url = f"{hub.url}/{PREFIXES[kind]}{repo_id}/commit/{added.oid}"
        return {"commitUrl": url, "commitOid": added.oid, "success": True}

    def resolve(self, prefix: str | None, repo_id: str, revision: str, path: str) -> object:
        kind = next(kind for kind, known in PREFIXES.items() if known == (prefix or ""))
        repository, commit = self._find_commit(kind, repo_id, revision)
        if repository.gated:
            status = 401 if self._token() is None else 403
            raise RefusalError(status, "Access to this model is restricted", "GatedRepo")
        if path not in commit.files:
            raise RefusalError(404, "Entry not found", "EntryNotFound")
        content = commit.files[path]
        headers = {"X-Repo-Commit": commit.oid}
        if path in commit.lfs:
            oid = sha256(content)
            headers |= {"X-Linked-Etag": f'"{oid}"', "X-Linked-Size": str(len(content))}
            self._send(302, b"", {**headers, "Location": f"{self.server.hub.cdn_url}/cdn/{oid}"})
        else:
            self._send_file(content, {**headers, "ETag": f'"{git_sha1(content)}"'})
        return None

    def cdn(self, oid: str) -> object:
        hub = self.server.hub
        hub.cdn_headers.append({name.lower(): value for name, value in self.headers.items()})
        self._send_file(hub.lfs_objects[oid], {"ETag": f'"{oid}"'})
        return None

    def whoami(self) -> object:
        if self._token() is None:
            raise RefusalError(401, "Invalid username or password.")
        return {"name": OWNER, "type": "user", "orgs": []}

    def validate_yaml(self) -> object:
        """Refuse metadata that is not closed, which is enough to see that refusals get through."""
        content = json.loads(self.body)["content"]
        if content.startswith("---\n") and "\n---" not in content[4:]:
            errors = {"errors": [{"message": "the metadata block is not closed"}]}
            self._send(400, json.dumps(errors).encode(), {"Content-Type": "application/json"})
            return None
        return {"errors": [], "warnings": []}

    def variables(self, repo_id: str) -> object:
        self._must_be_allowed_to_write()
        repository = self._find("space", repo_id)
        if self.command == "POST":
            wanted = json.loads(self.body)
            repository.variables[wanted["key"]] = wanted["value"]
        return {key: {"value": value} for key, value in repository.variables.items()}

    def hardware(self, repo_id: str) -> object:
        self._must_be_allowed_to_write()
        self._find("space", repo_id).hardware = json.loads(self.body)["flavor"]
        return self.runtime(repo_id)

    def runtime(self, repo_id: str) -> object:
        requested = self._find("space", repo_id).hardware
        return {"stage": "BUILDING", "hardware": {"current": None, "requested": requested}}

    # -- reading and writing -------------------------------------------------------------------

    def _read_body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        chunks = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def _send_file(self, content: bytes, headers: dict[str, str]) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(asked[1]) if asked else 0
        if asked:
            headers["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        self._send(206 if asked else 200, content[start:], headers)

    def _send_failure(self, trouble: "Trouble") -> None:
        assert trouble.status is not None
        if trouble.html:
            self._send(trouble.status, b"<html>Bad gateway</html>", {"Content-Type": "text/html"})
        else:
            self._send(trouble.status, json.dumps({"error": trouble.message}).encode())

    def _send(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if self.trouble is not None and self.trouble.cut_after is not None:
            self.wfile.write(content[: self.trouble.cut_after])
            self.wfile.flush()
            self._hang_up()
        else:
            self.wfile.write(content)

    def _hang_up(self) -> None:
        if self.trouble is not None and self.trouble.reset:
            # Closing with zero seconds of linger sends a reset instead of an orderly end.
            linger = (1).to_bytes(4, "little") + (0).to_bytes(4, "little")
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            time.sleep(0.05)  # a reset overtakes what was sent before it
            self.connection.close()
        else:
            end_connection(self.connection)
        self.close_connection = True


_KIND = r"/api/(?P<kind>model|dataset|space)s/(?P<repo_id>[^/]+/[^/]+)"
_REPOSITORY = r"/(?P<prefix>datasets/|spaces/)?(?P<repo_id>[^/]+/[^/]+)"
_SPACE = r"/api/spaces/(?P<repo_id>[^/]+/[^/]+)"
_ROUTES: list[tuple[tuple[str, ...], str, Callable[..., object]]] = [
    (("POST",), r"/api/repos/create", Handler.create_repository),
    (("POST",), r"/api/validate-yaml", Handler.validate_yaml),
    (("GET",), r"/api/whoami-v2", Handler.whoami),
    (("GET", "POST"), _SPACE + "/variables", Handler.variables),
    (("POST",), _SPACE + "/hardware", Handler.hardware),
    (("GET",), _SPACE + "/runtime", Handler.runtime),
    (("GET",), _KIND + r"(/revision/(?P<revision>.+))?", Handler.repository_info),
    (("GET",), _KIND + r"/tree/(?P<revision>[^/]+)", Handler.tree),
    (("POST",), _KIND + r"/preupload/(?P<revision>[^/]+)", Handler.preupload),
    (("POST",), _KIND + r"/commit/(?P<revision>[^/]+)", Handler.commit),
    (("POST",), _REPOSITORY + r"\.git/info/lfs/objects/batch", Handler.lfs_batch),
    (("PUT",), r"/cdn/upload/(?P<oid>\w+)", Handler.lfs_upload),
    (("POST",), r"/lfs/verify", Handler.lfs_verify),
    (("GET", "HEAD"), r"/cdn/(?P<oid>\w+)", Handler.cdn),
    (("GET", "HEAD"), _REPOSITORY + r"/resolve/(?P<revision>[^/]+)/(?P<path>.+)", Handler.resolve),
]


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def git_sha1(content: bytes) -> str:
    return hashlib.sha1(b"blob %d\0%b" % (len(content), content)).hexdigest()

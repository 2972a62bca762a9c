"""The programs of the project, started as a person starts them."""

import contextlib
import io
import os
import runpy
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import httpx
import pytest

from tests.support.tiny_network import tiny_backbone

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120
# What a person's shell would not have set: a test says what it needs.
_NOT_INHERITED = {
    *("MILVUS_URI", "MILVUS_TOKEN", "INDEX_DIR", "INDEX_REPO_ID", "INDEX_REVISION"),
    "PYTHONPATH",
}


def environment(changes: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without its own settings of the app, changed."""
    inherited = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    return {**inherited, **changes}


def script(*arguments: object, **changes: str) -> subprocess.CompletedProcess[str]:
    """A script run to its end, with the tiny network; keywords are variables of its environment."""
    return subprocess.run(
        [sys.executable, "-m", "tests.support.tiny_network", *map(str, arguments)],
        cwd=ROOT,
        env=environment(changes),
        capture_output=True,
        text=True,
        check=False,
    )


def script_here(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The same in this process, which has imported already what takes seconds to import."""
    words = list(map(str, arguments))
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with (
        tiny_backbone(),
        contextlib.chdir(ROOT),
        mock.patch.object(sys, "argv", words),
        mock.patch.object(sys, "path", [*sys.path]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            runpy.run_path(words[0], run_name="__main__")
        except SystemExit as stopped:
            code = stopped.code
    return subprocess.CompletedProcess(words, int(code or 0), out.getvalue(), err.getvalue())


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running_app(log: Path, *, python: str = sys.executable, **changes: str) -> Iterator[str]:
    """`app.py` while it answers; gives its address.

    Args:
        log: where its output goes.
        python: what runs it.
        changes: variables of its environment; without `PORT`, any free one.
    """
    changes = {"PORT": str(free_port()), **changes}
    with log.open("w") as output:
        process = subprocess.Popen(
            [python, "app.py"],
            cwd=ROOT,
            env=environment(changes),
            stdout=output,
            stderr=output,
        )
    try:
        address = f"http://{changes.get('HOST', '127.0.0.1')}:{changes['PORT']}"
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            try:
                if httpx.get(f"{address}/config").is_success:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        else:
            pytest.fail(f"the app did not start:\n{log.read_text()}")
        yield address
    finally:
        process.send_signal(signal.SIGINT)  # as Ctrl+C does, so that what it holds is closed
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(20)

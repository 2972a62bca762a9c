"""App under soak: `app.py` in a sandbox, its log, memory and connections watched."""

import ipaddress
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from benchmarks.machine import resident
from benchmarks.processes import ROOT, BenchmarkError, free_port, last_words
from benchmarks.soak.findings import Check
from benchmarks.soak.sandbox import Sandbox

START_SECONDS = 120.0
STOP_SECONDS = 10.0
# How often memory and connections are looked at: seconds.
_LOOK = 0.2
_TRACEBACK = "Traceback (most recent call last)"


class Server:
    """`app.py` over an index, in a sandbox.

    Args:
        sandbox: its folders.
        index: folder of the index.
        name: of its log.
    """

    def __init__(self, sandbox: Sandbox, index: Path, name: str) -> None:
        self._sandbox, self._index = sandbox, index
        self.log = sandbox.logs / f"{name}.log"
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self._read = 0

    def start(self) -> None:
        """Start the program; it answers later."""
        environment = self._sandbox.environment(
            {"INDEX_DIR": str(self._index), "HOST": "127.0.0.1", "PORT": str(self.port)}
        )
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self._sandbox.command([sys.executable, str(ROOT / "app.py")]),
                cwd=self._sandbox.work,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait(self) -> float:
        """Wait for its first answer; return the seconds that took.

        Raises:
            BenchmarkError: it ended, or does not answer.
        """
        assert self.process is not None
        started = time.perf_counter()
        while time.perf_counter() - started < START_SECONDS and self.runs:
            try:
                # Another program's server may have taken the port meanwhile: that one is not
                # attacked.
                if self._listens():
                    httpx.get(f"{self.address}/config", timeout=START_SECONDS).raise_for_status()
                    return time.perf_counter() - started
            except httpx.HTTPError:
                pass
            time.sleep(0.05)
        raise BenchmarkError(f"The app does not start: {last_words(self.log)}")

    def _listens(self) -> bool:
        assert self.process is not None
        try:
            sockets = psutil.Process(self.process.pid).net_connections("inet")
        except psutil.Error:
            return False
        return any(s.status == psutil.CONN_LISTEN and s.laddr[1] == self.port for s in sockets)

    def kill(self) -> None:
        """End it at once, as the kernel does when memory is short."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """Stop it as a person or a system does."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def megabytes(self) -> float:
        """Resident memory."""
        assert self.process is not None
        return resident(self.process.pid)

    def tracebacks(self) -> list[str]:
        """The last lines of the tracebacks that came into the log since the last look."""
        with self.log.open("rb") as log:
            log.seek(self._read)
            text = log.read().decode("utf-8", "replace")
            self._read = log.tell()
        found = text.split(_TRACEBACK)[1:]
        return [_last_line(traceback) for traceback in found]

    def look(self, check: Check, example: str) -> bool:
        """Record what came into the log since the last look; return whether it still runs."""
        for line in self.tracebacks():
            check.fault("a traceback in the server's log", f"{example}: {line}")
        if not self.runs:
            check.fault("the server ended", f"{example}: {last_words(self.log)}")
        return self.runs

    @property
    def runs(self) -> bool:
        """Whether it was started and has not ended."""
        return self.process is not None and self.process.poll() is None


class Watch:
    """The most memory of a server, and its connections to other machines, while it works."""

    def __init__(self, pid: int) -> None:
        self.peak = 0.0
        """Megabytes."""
        self.strangers: set[str] = set()
        """Addresses that are not of this machine."""
        self._process, self._done = psutil.Process(pid), threading.Event()

    @contextmanager
    def running(self) -> Iterator["Watch"]:
        """Watch while it lasts."""
        thread = threading.Thread(target=self._look_again_and_again, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._done.set()
            thread.join()

    def _look_again_and_again(self) -> None:
        while not self._done.wait(_LOOK):
            try:
                self.peak = max(self.peak, resident(self._process.pid))
                for connection in self._process.net_connections("inet"):
                    if connection.raddr and not _is_loopback(connection.raddr[0]):
                        self.strangers.add(f"{connection.raddr[0]}:{connection.raddr[1]}")
            except psutil.Error:
                return


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


def _last_line(traceback: str) -> str:
    """The line that names the exception: the first after the stack that is not indented."""
    lines = traceback.splitlines()
    named = (line for line in lines[1:] if re.match(r"[A-Za-z_][\w.]*(:|$)", line))
    return next(named, "")

"""Measured programs in processes of their own: start, first line of output, and end."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from recommender.errors import RecommenderError

ROOT = Path(__file__).resolve().parents[1]
_STOPPING_SECONDS = 10
_LAST_WORDS = 400


class BenchmarkError(RecommenderError):
    """Measured program that does not run."""


@contextmanager
def running(
    arguments: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Python program in the project's folder; it is stopped when the block ends.

    Args:
        arguments: of the interpreter.
        log: file for its stderr.
        environment: further environment variables.
    """
    python_path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    with log.open("w", encoding="utf-8") as stderr:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": python_path, **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.communicate(timeout=_STOPPING_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def first_line(process: subprocess.Popen[str], log: Path) -> str:
    """First line of a program's output.

    Raises:
        BenchmarkError: the program ended without output.
    """
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise BenchmarkError(f"A program that is measured failed: {last_words(log)}")
    return line


def last_words(log: Path) -> str:
    """Last characters of a program's stderr, in one line."""
    return " ".join(log.read_text(encoding="utf-8", errors="replace").split())[-_LAST_WORDS:]


def free_port() -> int:
    """Free port of the loopback interface."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])

"""Programs that are measured from outside: started, and stopped whatever happens."""

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
    """Something that is measured does not run."""


@contextmanager
def running(
    arguments: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A Python program, in the project's folder; stopped at the end.

    Args:
        arguments: of the interpreter.
        log: file for what it says on stderr.
        environment: variables beside our own.
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
    """What a program prints first.

    Raises:
        BenchmarkError: it ended without a word.
    """
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise BenchmarkError(f"A program that is measured failed: {last_words(log)}")
    return line


def last_words(log: Path) -> str:
    """The end of what a program said on stderr."""
    return " ".join(log.read_text(encoding="utf-8", errors="replace").split())[-_LAST_WORDS:]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])

"""Processes that outlive a killed parent: found, and ended."""

import subprocess
from collections.abc import Sequence

import psutil

# How long a process may live on after its parent was killed: seconds.
ORPHAN_SECONDS = 5.0


def children_of(process: subprocess.Popen[bytes] | None) -> list[psutil.Process]:
    if process is None or process.poll() is not None:
        return []
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def living_on(children: Sequence[psutil.Process]) -> list[str]:
    """What is left of a killed process's children after `ORPHAN_SECONDS`; it is ended here."""
    _, alive = psutil.wait_procs(children, ORPHAN_SECONDS)
    words = []
    for process in alive:
        with process.oneshot():
            words.append(f"{process.name()} {' '.join(process.cmdline())}")
        process.kill()
    return words

"""Stages of a build or an evaluation: a sentence in the log before each, seconds and memory."""

import gc
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from recommender.allocator import trim

_log = logging.getLogger(__name__)


class Stages:
    """Stages: a sentence in the log before each; seconds and peak memory by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.memory: dict[str, int] = {}
        """Peak memory of this process from its start to the stage's end, bytes: the stage at which
        it grows most is the one that needs it."""

    @contextmanager
    def __call__(self, name: str, words: str = "") -> Iterator[None]:
        """The stage is what the `with` block does.

        Args:
            name: of the stage; the seconds of stages of one name add up.
            words: for the log; none where the stage says something itself.
        """
        if words:
            _log.info(words)
        started = time.perf_counter()
        yield
        # Networks and what they were fitted with refer to each other in circles.
        gc.collect()
        trim()
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started
        self.memory[name] = peak_memory()


def peak_memory() -> int:
    """Peak resident memory of this process so far, bytes; 0 on Windows, which counts otherwise."""
    if sys.platform == "win32":
        return 0
    import resource  # only where there is one

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024

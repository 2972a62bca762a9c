"""Stages of a build or an evaluation: a sentence in the log before each, and seconds by stage."""

import gc
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from recommender.allocator import trim

_log = logging.getLogger(__name__)


class Stages:
    """Stages: a sentence in the log before each, and seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

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

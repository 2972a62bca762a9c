"""Worker process: it ends with its parent, and frees all its memory with its end."""

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from recommender.errors import StorageError

ENDED_FROM_OUTSIDE = (
    "A process of the build was ended from outside, perhaps because the machine ran out of memory. "
    "Nothing is lost: make room, and the same command goes on."
)

Result = TypeVar("Result")


def run_apart(work: Callable[..., Result], *arguments: Any, **named: Any) -> Result:
    """Result of work in a process of its own.

    What the work leaves in memory, such as TensorFlow's 700 MB, is freed with that process.

    Args:
        work: a function of a module; it and its arguments and result can be pickled.
        arguments, named: of the work.

    Raises:
        StorageError: the process was ended from outside, as for lack of memory.
    """
    # Spawned, because a forked process can deadlock if its parent has threads.
    spawn = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(1, spawn, initializer=end_with_parent) as pool:
            return pool.submit(work, *arguments, **named).result()
    except BrokenProcessPool as error:
        raise StorageError(ENDED_FROM_OUTSIDE) from error


def end_with_parent() -> None:
    """End this worker process when its parent ends, even if the parent is killed.

    A pool's worker waits for work on a pipe whose other end it also holds. After its parent was
    killed, it would wait for ever.
    """

    def watch() -> None:
        parent = multiprocessing.parent_process()
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()

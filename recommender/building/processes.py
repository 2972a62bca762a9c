"""Worker processes: an ordered map of many jobs over all cores, and fitting apart."""

import collections
import itertools
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import Any, TypeVar

import cv2

from recommender.errors import StorageError
from recommender.worker_process import ENDED_FROM_OUTSIDE, end_with_parent, run_apart

# Jobs from which on processes are started: a process takes a second or two to import the libraries,
# and a job takes some milliseconds.
FEWEST_JOBS = 1_000
# Jobs that a process is given at a time, and such groups under way for each process. Results wait
# in memory until those before them are done.
GROUP, GROUPS_AHEAD = 32, 3

# Products from which on networks are fitted in a process of their own. TensorFlow takes 700 MB,
# which only the end of its process frees; a small catalogue does not need the room, and a process
# takes seconds to start.
APART_FROM = 10_000

Job = TypeVar("Job")
Result = TypeVar("Result")

_work: Callable[[Any], Any] | None = None
"""The work of this worker process."""


def ordered_map(work: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[Result]:
    """Results of jobs, in order; many jobs are done in processes, few in this one.

    Threads would not do: Python runs the code of one thread at a time.

    Args:
        work: does a job; it can be pickled, and so can jobs and results.
        jobs: any number.

    Raises:
        StorageError: a process was ended from outside, as for lack of memory.
    """
    workers = len(os.sched_getaffinity(0))
    if len(jobs) < FEWEST_JOBS or workers == 1:
        yield from map(work, jobs)
        return
    # Spawned, because a fork of a process with threads can deadlock; libraries start some.
    pool = ProcessPoolExecutor(
        workers, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(work,)
    )
    groups = (jobs[start : start + GROUP] for start in range(0, len(jobs), GROUP))
    running: collections.deque[Future[list[Result]]] = collections.deque()
    try:
        for group in itertools.islice(groups, workers * GROUPS_AHEAD):
            running.append(pool.submit(_do, group))
        while running:
            yield from running.popleft().result()
            running.extend(pool.submit(_do, group) for group in itertools.islice(groups, 1))
    except BrokenProcessPool as error:
        raise StorageError(ENDED_FROM_OUTSIDE) from error
    finally:
        pool.shutdown(cancel_futures=True)


def fitting(work: Callable[..., Result], count: int) -> Callable[..., Result]:
    """Work that fits a network on `count` products: in a process of its own where they are many."""
    return partial(run_apart, work) if count >= APART_FROM else work


def _begin(work: Callable[[Any], Any]) -> None:
    global _work
    end_with_parent()
    # Ctrl-C reaches every process of the terminal; this one's parent says what happened.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)  # each core has a process of its own
    _work = work


def _do(jobs: Sequence[Any]) -> list[Any]:
    assert _work is not None, "set when the process began"
    return [_work(job) for job in jobs]

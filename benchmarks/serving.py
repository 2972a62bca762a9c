"""Rows 5 and 6, serving: start-up time, memory, and many visitors at once."""

import asyncio
import logging
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from benchmarks.context import Context
from benchmarks.load_client import LoadResult, RefusedError, ask, visit
from benchmarks.machine import resident
from benchmarks.processes import (
    BenchmarkError,
    first_line,
    free_port,
    last_words,
    running,
)
from benchmarks.querying import phone_picture
from benchmarks.results import Line, Section, at_least, at_most
from benchmarks.samples import Samples, one

_log = logging.getLogger(__name__)

START_SECONDS, MEGABYTES, IDLE_PERCENT = 3, 500, 1
VISITORS, ANSWERS_PER_SECOND, P95_MS = 16, 45, 600
# One visitor of so many sends a phone's picture, the others thumbnails of products.
PHONE_EVERY = 3
# Seconds over which the idle app is watched, after so many in which it ends what it began.
IDLE_SECONDS, SETTLING_SECONDS = 10.0, 3.0
# Longest load test and longest soak test, seconds.
LOAD_LIMIT, SOAK_LIMIT = 60.0, 600.0
# Queries between two readings of the memory.
SOAK_STEP = 500
# Growth of the resident memory after the first tenth of the soak test that counts as flat: thread
# stacks and the cache of thumbnails still fill.
FLAT_PERCENT = 5
_START_PATIENCE = 120.0


@dataclass(frozen=True)
class App:
    """Running app."""

    process: subprocess.Popen[str]
    address: str
    seconds: float
    """Seconds from its start to its first answer."""

    def resident(self) -> float:
        """Resident memory, megabytes."""
        return resident(self.process.pid)

    def idle_percent(self) -> float:
        """Processor time while nobody asks, percent of one core."""
        process = psutil.Process(self.process.pid)
        time.sleep(SETTLING_SECONDS)
        began, used = time.perf_counter(), sum(process.cpu_times()[:2])
        time.sleep(IDLE_SECONDS)
        spent = sum(process.cpu_times()[:2]) - used
        return 100 * spent / (time.perf_counter() - began)

    def has_tensorflow(self) -> bool:
        """Whether a library of TensorFlow is mapped into its memory."""
        # By the beginning of the name: OpenVINO's reader of TensorFlow models has the word, too.
        maps = psutil.Process(self.process.pid).memory_maps()
        return any(Path(mapped.path).name.startswith("libtensorflow") for mapped in maps)


@contextmanager
def served(context: Context, picture: bytes) -> Iterator[App]:
    """Running `app.py` with the index, after its first answer.

    Raises:
        BenchmarkError: the app does not start or answer.
    """
    port, log = free_port(), context.work / "app.log"
    environment = {
        "INDEX_DIR": str(context.folder.resolve()),
        "INDEX_REPO_ID": "",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "TMPDIR": str(context.work.resolve()),
    }
    address = f"http://127.0.0.1:{port}"
    started = time.perf_counter()
    with running(["app.py"], log, environment) as process:
        asyncio.run(_first_answer(process, address, picture, log))
        yield App(process, address, time.perf_counter() - started)


def measure_start(context: Context) -> Section:
    """Measure the time from start to first answer, of the app and the baseline in turn."""
    pictures = context.pictures(context.counts.starts)
    picture_path = context.work / "query.jpg"
    picture_path.write_bytes(pictures[0])
    weights, _ = context.resnet50_weights
    command = ["-m", "benchmarks.baseline_app", str(context.features_path), str(weights)]
    ours: list[float] = []
    memory: list[float] = []
    baseline: list[float] = []
    baseline_memory: list[float] = []
    with_tensorflow = False
    for number, picture in enumerate(pictures):
        _log.info(f"Starting the app and the baseline, {number + 1} of {len(pictures)}.")
        with served(context, picture) as app:
            ours.append(app.seconds)
            memory.append(app.resident())
            with_tensorflow |= app.has_tensorflow()
        started, log = time.perf_counter(), context.work / "baseline.log"
        with running([*command, str(picture_path)], log) as process:
            baseline_memory.append(float(first_line(process, log)))
            baseline.append(time.perf_counter() - started)
    n = len(context.stored)
    return Section(
        [
            Line(
                f"start of app.py over {n:,} products to the first answer through its API",
                "s",
                Samples(tuple(ours)),
                Samples(tuple(baseline)),
                (at_most(START_SECONDS),),
            ),
            Line(
                "TensorFlow's libraries in its memory (0 is none)",
                "",
                one(with_tensorflow),
                None,
                (at_most(0),),
            ),
            Line(
                "resident memory after the first answer",
                "MB",
                Samples(tuple(memory)),
                Samples(tuple(baseline_memory)),
                (at_most(MEGABYTES),),
            ),
        ],
        ["The baseline starts without page or server, which would only add to its time."],
    )


def measure_visitors(context: Context) -> Section:
    """Measure many visitors at once on loopback, then the memory over thousands of queries."""
    pictures = context.pictures(context.counts.visits)
    phone = phone_picture()
    pictures = [picture if i % PHONE_EVERY else phone for i, picture in enumerate(pictures)]
    with served(context, context.pictures(1)[0]) as app:
        idle = app.idle_percent()
        _log.info(f"{VISITORS} visitors ask {len(pictures)} questions.")
        visits = asyncio.run(visit(app.address, pictures, VISITORS, LOAD_LIMIT))
        if not visits.seconds:
            raise BenchmarkError(f"The app answered no query: {visits.refused[0]}")
        memory, later = _soak(context, app)
    milliseconds = Samples(tuple(1000 * seconds for seconds in visits.seconds))
    settled = memory[len(memory) // 10]
    growth = 100 * (memory[-1] - settled) / settled
    refused = visits.refused + later.refused
    asked = len(visits.seconds) + len(later.seconds) + len(refused)
    return Section(
        [
            Line("processor time of the idle app", "%", one(idle), None, (at_most(IDLE_PERCENT),)),
            Line(
                f"{VISITORS} visitors at once over HTTP, a third with a phone's picture",
                "answers/s",
                one(len(visits.seconds) / visits.elapsed),
                None,
                (at_least(ANSWERS_PER_SECOND),),
                more_is_better=True,
            ),
            Line("an answer meanwhile", "ms", milliseconds, None, (at_most(P95_MS, "p95"),)),
            Line(f"refused of {asked:,} questions", "", one(len(refused)), None, (at_most(0),)),
            Line(
                "resident memory under load",
                "MB",
                Samples(tuple(memory)),
                None,
                (at_most(MEGABYTES, "most"),),
            ),
            Line(
                f"growth of it over {len(later.seconds):,} queries",
                "%",
                one(growth),
                None,
                (at_most(FLAT_PERCENT),),
            ),
        ],
        [
            "The visitors run on the same cores as the app. Each question is an upload, a call and "
            "the stream of its answer."
        ],
        {"memory_megabytes": memory, "refused": refused[:5]},
    )


def _soak(context: Context, app: App) -> tuple[list[float], LoadResult]:
    """Resident memory (megabytes) after every `SOAK_STEP` queries, and the load's result."""
    deadline = time.perf_counter() + SOAK_LIMIT
    step = min(SOAK_STEP, max(1, context.counts.soak // 10))
    memory, all_visits = [app.resident()], LoadResult()
    while len(all_visits.seconds) < context.counts.soak:
        left = deadline - time.perf_counter()
        if left <= 0:
            break
        pictures = context.pictures(step, seed=len(memory))
        visits = asyncio.run(visit(app.address, pictures, VISITORS, left))
        all_visits.seconds += visits.seconds
        all_visits.refused += visits.refused
        memory.append(app.resident())
        _log.info(f"{len(all_visits.seconds):,} queries: {memory[-1]:.0f} MB.")
    return memory, all_visits


async def _first_answer(
    process: subprocess.Popen[str], address: str, picture: bytes, log: Path
) -> None:
    deadline = time.perf_counter() + _START_PATIENCE
    async with httpx.AsyncClient(base_url=address, timeout=_START_PATIENCE) as client:
        while time.perf_counter() < deadline and process.poll() is None:
            try:
                await ask(client, picture)
            except RefusedError:
                await asyncio.sleep(0.02)
            else:
                return
    raise BenchmarkError(f"The app does not start or answer: {last_words(log)}")

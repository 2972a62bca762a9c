"""Kills of a build: ended by SIGKILL at points of its whole life, and begun again."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import ROOT, BenchmarkError
from benchmarks.soak.findings import Check
from benchmarks.soak.orphans import children_of, living_on
from benchmarks.soak.sandbox import Sandbox
from recommender.building.plan import PLAN_FILE
from recommender.errors import RecommenderError
from recommender.index.manifest import Manifest

# Kills of one build before it must end: one before its plan is written, the others after.
KILLS_OF_ONE_BUILD = 10
BUILDS_AT_ONCE = 2
# Longest life of one build, killed or not: seconds.
BUILD_PATIENCE = 600.0
_LOOK = 0.01


@dataclass(frozen=True)
class Reference:
    """A build that nobody disturbed."""

    index: Path
    fingerprint: str
    planned: float
    """Seconds until the plan was written."""
    seconds: float


class Builder:
    """Builds the small catalogue's index with `scripts/build_index.py`.

    Args:
        sandbox: where.
        shop: the folder of pictures.
    """

    def __init__(self, sandbox: Sandbox, shop: Path) -> None:
        self._sandbox, self._shop = sandbox, shop

    def start(self, out: Path, log: Path) -> subprocess.Popen[bytes]:
        """Begin, or go on with, a build."""
        command = [sys.executable, str(ROOT / "scripts" / "build_index.py")]
        command += ["--dataset", str(self._shop), "--out", str(out)]
        command += ["--backbone", "efficientnet-lite0", "--engine", "openvino"]
        with log.open("ab") as file:
            return subprocess.Popen(
                self._sandbox.command(command),
                cwd=self._sandbox.work,
                env=self._sandbox.environment(),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )

    def reference(self, out: Path) -> Reference:
        """Build undisturbed.

        Raises:
            BenchmarkError: it fails.
        """
        log = self._sandbox.logs / "reference.log"
        started = time.perf_counter()
        process = self.start(out, log)
        planned = 0.0
        while process.poll() is None and time.perf_counter() - started < BUILD_PATIENCE:
            if not planned and _plan(out).exists():
                planned = time.perf_counter() - started
            time.sleep(_LOOK)
        process.kill()
        if process.wait() != 0:
            words = log.read_text(encoding="utf-8", errors="replace")[-500:]
            raise BenchmarkError(f"The small catalogue's index cannot be built: {words}")
        fingerprint = Manifest.read(out).fingerprint
        return Reference(out, fingerprint, planned, time.perf_counter() - started)


def check_build_kills(
    sandbox: Sandbox, builder: Builder, reference: Reference, kills: int, limit: float
) -> Check:
    """Kill builds; the same command must then end with the undisturbed build's index.

    Args:
        sandbox, builder: where and what is built.
        reference: the undisturbed build.
        kills: how many in all.
        limit: seconds after which no more builds are begun.
    """
    check = Check("kill -9 of a build", planned=kills)
    started = time.perf_counter()

    def one(chain: int, points: list[float]) -> Check:
        if time.perf_counter() - started > limit:
            return Check("not begun")
        out = sandbox.work / f"killed-{chain}"
        log = sandbox.logs / f"{out.name}.log"
        return _kill_and_finish(builder, reference, out, log, points)

    chains = _points(kills)
    with ThreadPoolExecutor(BUILDS_AT_ONCE) as pool:
        for part in pool.map(one, range(len(chains)), chains):
            check.done += part.done
            for kind, examples in part.faults.items():
                check.faults.setdefault(kind, []).extend(examples)
    check.seconds = time.perf_counter() - started
    if check.seconds > limit and check.done < kills:
        check.out_of_time(limit)
    check.notes.append(f"undisturbed {reference.seconds:.0f} s")
    return check


def _points(kills: int) -> list[list[float]]:
    """Where each chain of builds is killed: fractions of the life before its plan (the first of
    a chain) and after it (the others); those of all chains together cover that life."""
    chains = -(-kills // KILLS_OF_ONE_BUILD)
    early = [(chain + 0.5) / chains for chain in range(chains)]
    late = [(number + 0.5) / (kills - chains) for number in range(kills - chains)]
    return [[early[chain], *late[chain::chains]] for chain in range(chains)]


def _kill_and_finish(
    builder: Builder, reference: Reference, out: Path, log: Path, points: Sequence[float]
) -> Check:
    """Kill one build again and again, then let it end.

    Args:
        builder, reference: what is built, and what must come of it.
        out, log: folder of the index, and what the builds say.
        points: see `_points`.
    """
    check = Check(out.name)
    for number, point in enumerate(points):
        # A build that goes on has less to do, and may end before a late point; one that begins
        # again may, too, where it is quicker than the undisturbed one was. So a little earlier.
        for earlier in (0.0, 0.0, 0.1, 0.2):
            at = point * (1 - earlier)
            if _killed(builder, reference, out, log, at, early=number == 0, check=check):
                check.done += 1
                break
            _judge(check, reference, out, log)
            shutil.rmtree(out, ignore_errors=True)
    process = builder.start(out, log)
    try:
        process.wait(BUILD_PATIENCE)
    except subprocess.TimeoutExpired:
        check.fault(f"a killed build takes longer than {BUILD_PATIENCE:g} s")
        process.kill()
        process.wait()
    _judge(check, reference, out, log)
    shutil.rmtree(out, ignore_errors=True)
    return check


def _killed(
    builder: Builder,
    reference: Reference,
    out: Path,
    log: Path,
    point: float,
    *,
    early: bool,
    check: Check,
) -> bool:
    """Start a build and kill it at a point; False where it had ended before."""
    process = builder.start(out, log)
    if early:
        time.sleep(point * reference.planned)
    else:
        _wait_for_plan(process, out)
        time.sleep(point * (reference.seconds - reference.planned))
    children = children_of(process)
    process.kill()
    code = process.wait()
    for words in living_on(children):
        check.fault("a process lives on", words)
    return code == -signal.SIGKILL


def _judge(check: Check, reference: Reference, out: Path, log: Path) -> None:
    text = log.read_text(encoding="utf-8", errors="replace")
    if "Traceback (most recent call last)" in text:
        check.fault("a traceback of the build", text.split("Traceback")[-1][-300:])
    try:
        fingerprint = Manifest.read(out).fingerprint
    except RecommenderError as error:
        check.fault("a killed build does not end", f"{error} {text[-200:]}")
        return
    if fingerprint != reference.fingerprint:
        check.fault("a killed build ends with another index", fingerprint)
    beside = [path for path in out.parent.glob(f"{out.name}.*") if path.name != out.name]
    for path in beside:
        check.fault("a finished build leaves its working folder", path.name)


def _wait_for_plan(process: subprocess.Popen[bytes], out: Path) -> None:
    started = time.perf_counter()
    while time.perf_counter() - started < BUILD_PATIENCE and process.poll() is None:
        if _plan(out).exists():
            return
        time.sleep(_LOOK)


def _plan(out: Path) -> Path:
    return out.with_name(f"{out.name}.partial") / PLAN_FILE

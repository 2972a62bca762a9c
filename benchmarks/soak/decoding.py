"""Damaged pictures through the decoder, in a process of its own that may crash or hang."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.machine import resident
from benchmarks.processes import ROOT
from benchmarks.soak.damaged_pictures import damaged_pictures
from benchmarks.soak.findings import HANG_SECONDS, Check
from benchmarks.soak.memory import growth_fault
from benchmarks.soak.sandbox import Sandbox
from recommender.errors import PictureError

# What the decoder may take for one picture, beside what it had: megabytes.
MOST_FOR_ONE_PICTURE = 250
# Memory is compared from here on: the first pictures load the decoders' libraries.
WARM_UP = 0.2
_MODULE = "benchmarks.soak.decoding"


def check_decoder(sandbox: Sandbox, count: int, seed: int, limit: float) -> Check:
    """Decode damaged pictures: each becomes a picture or a refusal, soon and in little memory.

    Args:
        sandbox: where it runs.
        count, seed: of the pictures.
        limit: seconds after which it is stopped.
    """
    check = Check("damaged pictures, decoder", planned=count)
    report, current = sandbox.work / "decoder.json", sandbox.work / "decoder.current"
    command = [sys.executable, "-m", _MODULE, str(count), str(seed), str(report), str(current)]
    started = time.perf_counter()
    try:
        done = subprocess.run(
            sandbox.command(command),
            cwd=sandbox.work,
            env=sandbox.environment(),
            capture_output=True,
            text=True,
            timeout=limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        check.fault(f"not done after {limit:.0f} s", f"at picture {_read(current)}")
        check.seconds = time.perf_counter() - started
        return check
    check.seconds = time.perf_counter() - started
    if done.returncode != 0:
        words = f"at picture {_read(current)}: exit {done.returncode}, {done.stderr[-300:]}"
        check.fault("the decoder's process died", words)
        return check
    found = json.loads(report.read_text(encoding="utf-8"))
    check.done, check.slowest = found["done"], found["slowest"]
    for kind, example in found["faults"]:
        check.fault(kind, example)
    growth_fault(check, found["warm"], found["end"])
    check.notes.append(f"{found['refused']:,} refused, {found['decoded']:,} decoded")
    report.unlink()
    current.unlink()
    return check


def _decode_all(count: int, seed: int, report: Path, current: Path) -> None:
    from recommender.features.backbones.registry import LEAST_DECODED_SIDE
    from recommender.pictures.decoding import open_picture

    faults: list[tuple[str, str]] = []
    decoded = refused = done = 0
    slowest, warm = 0.0, resident()
    most = warm
    with current.open("wb", buffering=0) as at:
        for number, picture in enumerate(damaged_pictures(count, seed)):
            os.pwrite(at.fileno(), f"{picture.name:80}".encode(), 0)
            started = time.perf_counter()
            try:
                # As a search reads it, and in turn at its own size.
                open_picture(picture.data, min_side=LEAST_DECODED_SIDE if number % 2 else None)
                decoded += 1
            except PictureError:
                refused += 1
            except BaseException as error:
                faults.append(("not a refusal", f"{picture.name}: {type(error).__name__}: {error}"))
            seconds = time.perf_counter() - started
            done, slowest = done + 1, max(slowest, seconds)
            if seconds > HANG_SECONDS:
                words = f"{picture.name}: {seconds:.1f} s"
                faults.append((f"took longer than {HANG_SECONDS:g} s", words))
            if (peak := _peak()) > most + MOST_FOR_ONE_PICTURE:
                words = f"{picture.name}: {peak - most:.0f} MB more"
                faults.append((f"took more than {MOST_FOR_ONE_PICTURE} MB", words))
                most = peak - MOST_FOR_ONE_PICTURE  # the peak never falls: tell only of higher ones
            if number == int(WARM_UP * count):
                warm = resident()
    values = {
        "done": done, "decoded": decoded, "refused": refused, "slowest": slowest, "warm": warm,
        "end": resident(), "faults": faults,
    }  # fmt: skip
    report.write_text(json.dumps(values), encoding="utf-8")


def _peak() -> float:
    """The most resident memory this process has had so far, megabytes.

    Not by `getrusage`: a new program inherits that peak from the process that started it.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    [kibibytes] = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(kibibytes) * 1024 / 1e6


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.exists() else "(none yet)"


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    _decode_all(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]))

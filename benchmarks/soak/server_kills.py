"""Kills of the app: ended by SIGKILL while it starts and while it answers, and started again."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from benchmarks.processes import BenchmarkError
from benchmarks.soak.calls import Caller
from benchmarks.soak.crowds import search_with
from benchmarks.soak.damaged_pictures import whole_pictures
from benchmarks.soak.findings import Check
from benchmarks.soak.orphans import children_of, living_on
from benchmarks.soak.sandbox import Sandbox
from benchmarks.soak.server import Server


def check_server_kills(
    sandbox: Sandbox, index: Path, item_id: str, kills: int, limit: float
) -> Check:
    """Kill the app while it starts and while it answers; started again, it must answer.

    Args:
        sandbox, index: what it runs in, and over.
        item_id: a product, to ask for.
        kills: how many in all.
        limit: seconds after which it is started no more.
    """
    check = Check("kill -9 of serving, and restart", planned=kills)
    server = Server(sandbox, index, "killed-app")
    picture = whole_pictures()["JPEG"][0]
    started, ready = time.perf_counter(), 0.0
    rng = np.random.default_rng(kills)
    for number in range(kills):
        if time.perf_counter() - started > limit:
            check.out_of_time(limit)
            break
        begun = time.perf_counter()
        server.start()
        try:
            if number % 2:
                time.sleep(ready * (number + 0.5) / kills)
                children = children_of(server.process)
            else:
                server.wait()
                ready = ready or time.perf_counter() - begun
                children = children_of(server.process)
                _asked_until_killed(server, picture, float(rng.uniform(0, 0.5)))
        except BenchmarkError as error:
            check.fault("does not start after a kill", str(error))
            break
        finally:
            server.kill()
        check.done += 1
        for line in server.tracebacks():
            check.fault("a traceback in the server's log", f"kill {number}: {line}")
        for words in living_on(children):
            check.fault("a process lives on", words)
    _check_restart(check, server, item_id)
    check.notes.append(f"starts in {ready:.1f} s")
    check.seconds = time.perf_counter() - started
    return check


def _check_restart(check: Check, server: Server, item_id: str) -> None:
    server.start()
    try:
        server.wait()
        with Caller(server.address) as caller:
            answer = caller.by_name("item", f'{{"item_id": "{item_id}"}}')
        if answer.kind != "result":
            check.fault("wrong answer after the last restart", answer.words)
    except BenchmarkError as error:
        check.fault("does not start after a kill", str(error))
    finally:
        server.stop()


def _asked_until_killed(server: Server, picture: bytes, seconds: float) -> None:
    """Searches under way when the app is killed."""
    assert server.process is not None
    killer = threading.Timer(seconds, server.process.kill)
    killer.start()
    with Caller(server.address) as caller, ThreadPoolExecutor(4) as pool:
        while killer.is_alive():
            list(pool.map(lambda _: search_with(caller, picture, "jpeg"), range(4)))
    killer.join()

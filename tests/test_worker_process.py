"""Worker processes: they end with a parent that is killed."""

import subprocess
import sys
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
# Starts a pool as the builder does, says its worker's process id, and is killed at work.
PARENT = """
import multiprocessing, os, time
from concurrent.futures import ProcessPoolExecutor
from recommender.worker_process import end_with_parent

if __name__ == "__main__":
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawn, initializer=end_with_parent) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        pool.submit(time.sleep, 60).result()
"""
SECONDS = 20.0


def test_a_worker_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    parent = subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(ROOT)}
    )
    assert parent.stdout is not None
    worker = psutil.Process(int(parent.stdout.readline()))
    family = psutil.Process(parent.pid).children(recursive=True)  # the resource tracker, too
    assert worker in family
    parent.kill()
    parent.wait()
    _, alive = psutil.wait_procs(family, SECONDS)
    for process in alive:
        process.kill()
    assert not alive

"""The processes that draw the demo catalogue while an index is built of it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.support.programs import ROOT

DRAWING = """
from demo.source import DemoProducts
products = DemoProducts()
if __name__ == "__main__":
    reading = products.read(0, 4)
    next(reading)
    print(*products._pool._processes, flush=True)
    import time; time.sleep(60)
"""


def test_no_drawing_process_outlives_a_killed_program(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(DRAWING)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "program.py"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE
    ) as program:
        workers = [int(process) for process in program.stdout.readline().split()]
        assert workers
        assert all(alive(worker) for worker in workers)
        program.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while any(alive(worker) for worker in workers) and time.monotonic() < deadline:
        time.sleep(0.05)
    left = [worker for worker in workers if alive(worker)]
    for worker in left:
        os.kill(worker, signal.SIGKILL)
    assert not left


def alive(process: int) -> bool:
    """Whether a process runs; one that ended and that nobody has asked about does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False

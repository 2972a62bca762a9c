"""The demo catalogue's folder: what is deleted in it, who makes it, and who is left behind."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from recommender import startup
from recommender.errors import IndexFormatError
from recommender.settings import read_settings
from recommender.startup import Source, load_index, remove_outdated_demos

ROOT = Path(__file__).resolve().parents[2]
OLD = "0123456789ab"


def set_dataset(index: Path, dataset: str) -> None:
    manifest = json.loads((index / "manifest.json").read_text())
    (index / "manifest.json").write_text(json.dumps({**manifest, "dataset": dataset}))


def test_nothing_is_deleted_that_is_not_a_demo_of_ours(tmp_path: Path, index: Path) -> None:
    for name in ("demo-tape", "demo-", f"demo-{OLD}-resnet50", f"demo-{OLD}-resnet50.partial"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "song.wav").write_text("years of work")
    (tmp_path / "demo-notes.txt").write_text("mine")
    index.rename(tmp_path / f"demo-{OLD}-other")  # an index, but of something else
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / f"demo-{OLD}-link").symlink_to(elsewhere)
    before = sorted(tmp_path.rglob("*"))
    remove_outdated_demos(tmp_path, keep=[tmp_path / "demo-ffffffffffff-resnet50"])
    assert sorted(tmp_path.rglob("*")) == before


def test_demos_of_other_versions_are_removed_and_the_present_one_is_kept(
    tmp_path: Path, index: Path
) -> None:
    set_dataset(index, startup.DEMO_DATASET)
    outdated = tmp_path / f"demo-{OLD}-resnet50"
    index.rename(outdated)
    remove_outdated_demos(tmp_path, keep=[outdated])
    assert outdated.exists()
    remove_outdated_demos(tmp_path, keep=[tmp_path / "demo-ffffffffffff-resnet50"])
    assert not outdated.exists()


def test_the_second_program_waits_for_the_demo_of_the_first_and_takes_it(
    tmp_path: Path, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    begun, waiting = threading.Event(), threading.Event()

    def make(folders: dict[str, Path], cache_dir: Path) -> Path:
        made.append("once")
        begun.set()
        assert waiting.wait(30), "the second never said that it waits"
        folder = next(iter(folders.values()))
        folder.symlink_to(sound)
        return folder

    heard: list[str] = []

    def hear(record: logging.LogRecord) -> bool:
        heard.append(record.getMessage())
        waiting.set()
        return True

    log = logging.getLogger("recommender.storage")
    monkeypatch.setattr(log, "level", logging.INFO)
    monkeypatch.setattr(log, "filters", [hear])
    monkeypatch.setattr(startup, "_make_demo", make)
    settings = read_settings({"CACHE_DIR": str(tmp_path)})
    sources: list[Source] = []
    first = threading.Thread(target=lambda: sources.append(load_index(settings)))
    first.start()
    assert begun.wait(30)
    sources.append(load_index(settings))
    first.join(30)
    assert made == ["once"]
    assert len(sources) == 2
    assert heard == [f"Another program is making the demo catalogue in {tmp_path}: waiting."]
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".lock"] == []


def test_a_demo_that_was_damaged_names_the_folder_to_remove(
    tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("demo.source.demo_version", lambda: OLD)
    folder = tmp_path / f"demo-{OLD}-{startup.DEMO_BACKBONES[0]}"
    index.rename(folder)
    (folder / "vectors.npy").write_bytes(b"")
    with pytest.raises(IndexFormatError, match=f"checksum differs.*Or remove {folder}:"):
        load_index(read_settings({"CACHE_DIR": str(tmp_path)}))


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

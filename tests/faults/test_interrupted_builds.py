"""Builds that are killed, that meet each other, or whose disk is full."""

import errno
import logging
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from recommender.building import build as building
from recommender.building import encode, fit, write
from recommender.building.build import merge_shards
from recommender.building.plan import BuildConfig, Shard
from recommender.errors import SettingsError, StorageError
from recommender.index.folder import open_index
from recommender.index.manifest import Manifest
from recommender.reading.products import Products
from recommender.storage import exclusive
from tests.faults import begun

ROOT = Path(__file__).resolve().parents[2]


class Killed(BaseException):
    """Stands for the end of the process: nothing of ours catches it."""


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


# Where the disk is in another state than before: after each, kill -9 leaves what is there.
MOMENTS: dict[str, tuple[object, str]] = {
    "features of a chunk": (encode.np, "savez"),
    "a chunk": (encode, "_write_chunk"),
    "vectors of the products": (fit, "write_vectors"),
    "catalogue of the index": (write, "write_catalogue"),
    "files of the index": (write, "files_of"),
    "manifest of the index": (write.Manifest, "write"),
    "index in its place": (write, "flush"),
}


@pytest.fixture(scope="module")
def states(
    tiny: None, shop: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[Path]]:
    """What the disk looked like at every moment of one build: copies of its folder."""
    place = tmp_path_factory.mktemp("states")
    out = place / "build" / "index"
    found: dict[str, list[Path]] = {moment: [] for moment in MOMENTS}
    out.parent.mkdir()

    def watched(moment: str, function: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            result = function(*arguments, **options)
            copy = place / f"{moment} {len(found[moment])}"
            if len(found[moment]) < 2:
                found[moment].append(Path(shutil.copytree(out.parent, copy)))
            return result

        return call

    with pytest.MonkeyPatch.context() as patch:
        for moment, (module, name) in MOMENTS.items():
            patch.setattr(module, name, watched(moment, getattr(module, name)))
        begun.build(Products(str(shop)), out)
    return found


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_build_killed_at_any_moment_goes_on_and_makes_the_same_index(
    products: Products, sound: Path, states: dict[str, list[Path]], moment: str
) -> None:
    assert states[moment]
    for state in states[moment]:
        out = state / "index"
        if not out.exists():
            begun.build(products, out)
        assert {**contents(out), "manifest.json": b""} == {**contents(sound), "manifest.json": b""}
        assert Manifest.read(out) == Manifest.read(sound)


def test_the_command_killed_in_the_middle_goes_on(products: Products, tmp_path: Path) -> None:
    """A real kill -9, right after the second chunk, and the command again."""
    out = tmp_path / "index"
    begun.begin(products, out)
    program = f"""
import os, signal
from pathlib import Path
from recommender.building import encode
from recommender.reading.products import Products
from tests.faults import begun
write, written = encode._write_chunk, []
def kill_after_two(*arguments):
    write(*arguments)
    written.append(1)
    if len(written) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
encode._write_chunk = kill_after_two
with begun.small_chunks():
    begun.build(Products({products.source!r}), Path({str(out)!r}))
"""
    killed = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert not out.exists()
    report = begun.build(products, out)
    assert report.timings.encoded == report.products + len(report.skipped) - 16
    assert len(open_index(out).catalogue) == 29
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index", "index.skipped.csv"]


def test_a_second_build_waits_for_the_first_and_leaves_what_it_made(
    products: Products, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "index"
    lock = tmp_path / ".index.partial.lock"
    heard: list[str] = []

    def second() -> None:
        try:
            begun.build_index(products, out, begun.CONFIG)
        except SettingsError as error:
            heard.append(str(error))

    def hear(record: logging.LogRecord) -> bool:
        heard.append(record.getMessage())
        waiting.set()
        return True

    waiting = threading.Event()
    log = logging.getLogger("recommender.storage")
    monkeypatch.setattr(log, "level", logging.INFO)
    monkeypatch.setattr(log, "filters", [hear])
    with exclusive(lock, "nobody has it"):
        thread = threading.Thread(target=second)
        thread.start()
        assert waiting.wait(30)
        out.mkdir()  # the first is done
    thread.join(30)
    assert heard == [
        f"Another program is building {out}: waiting for it.",
        f"{out} exists already. Remove it, or choose another --out.",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["index"]


def test_two_shards_do_not_wait_for_each_other(
    products: Products, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "recommender")
    out = tmp_path / "index"
    with exclusive(tmp_path / ".index.shard-1-of-2.lock", "nobody has it"):
        folder = begun.build(products, out, shard=Shard(2, 2)).folder
    assert not [message for message in caplog.messages if "waiting" in message]
    first = begun.build(products, out, shard=Shard(1, 2)).folder
    merged = merge_shards([first, folder], out, begun.CONFIG)
    assert merged.manifest is not None
    assert merged.manifest.items == 29


def test_the_lock_of_a_killed_program_blocks_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "recommender")
    lock = tmp_path / ".lock"
    program = f"""
import os, signal
from pathlib import Path
from recommender.storage import exclusive
with exclusive(Path({str(lock)!r}), "it waits"):
    print("held", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    held = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True)
    assert held.stdout == b"held\n"
    assert lock.exists()
    with exclusive(lock, "it waits for nobody"):
        pass
    assert caplog.messages == []
    assert not lock.exists()


def test_only_one_holds_the_lock_while_its_file_comes_and_goes(tmp_path: Path) -> None:
    holders, most = 0, 0

    def take() -> None:
        nonlocal holders, most
        for _ in range(5):
            with exclusive(tmp_path / ".lock", ""):
                holders += 1
                most = max(most, holders)
                time.sleep(0.01)
                holders -= 1

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert most == 1
    assert not list(tmp_path.iterdir())


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Writes beyond a file size fail, as they do where a disk has no more room."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


@pytest.mark.parametrize("size", [300, 3_000, 30_000])
def test_a_build_that_cannot_write_ends_in_a_sentence_and_goes_on_later(
    products: Products, sound: Path, tmp_path: Path, size: int
) -> None:
    out = tmp_path / "index"
    begun.begin(products, out)
    with (
        files_no_larger_than(size),
        pytest.raises(StorageError, match=r"cannot be written: .*goes on"),
    ):
        begun.build(products, out)
    assert not out.exists()
    assert not (tmp_path / "index.new").exists()
    begun.build(products, out)
    assert Manifest.read(out) == Manifest.read(sound)


@pytest.mark.parametrize("room", [0, 40, 100])
def test_a_build_on_a_full_disk_ends_in_a_sentence_and_goes_on_later(
    products: Products, sound: Path, small_disk: Path, room: int
) -> None:
    out = small_disk / "index"
    begun.begin(products, out)
    ballast = small_disk / "ballast"
    free = shutil.disk_usage(small_disk).free
    ballast.write_bytes(b"\0" * max(0, free - room * 1024))
    with pytest.raises(
        StorageError, match=r"cannot be written: the disk is full\. Nothing is lost"
    ):
        begun.build(products, out)
    assert not out.exists()
    assert not (small_disk / "index.new").exists()
    ballast.unlink()
    begun.build(products, out)
    assert Manifest.read(out) == Manifest.read(sound)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of three megabytes; where none can be mounted, the tests of it are skipped."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(disk)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no right to mount a small disk")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_full_disk_is_noticed_after_the_next_chunk_and_not_at_the_end(
    products: Products, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[int] = []

    def full(folder: Path, start: int, *others: object) -> None:
        tried.append(start)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))

    monkeypatch.setattr(encode, "_write_chunk", full)
    with pytest.raises(StorageError, match="the disk is full"):
        begun.build(products, tmp_path / "index")
    assert tried == [0]


def test_decoding_seconds_are_added_by_one_thread_only(
    products: Products, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`+=` from several threads loses some of them."""
    adding: set[int] = set()

    class Watched(encode.Timings):
        def __setattr__(self, name: str, value: object) -> None:
            if name == "decode":
                adding.add(threading.get_ident())
            super().__setattr__(name, value)

    monkeypatch.setattr(encode, "Timings", Watched)
    report = begun.build(products, tmp_path / "index")
    assert adding == {threading.get_ident()}
    assert report.timings.decode > 0


def test_a_limit_below_one_is_refused(products: Products, tmp_path: Path) -> None:
    config = BuildConfig("shop", backbone=begun.TINY.name, limit=0)
    with pytest.raises(SettingsError, match="--limit takes a number of products from 1 on; got 0"):
        building.build_index(products, tmp_path / "index", config)
    assert not list(tmp_path.iterdir())


def test_the_vectors_of_the_tiny_network_tell_products_apart(sound: Path) -> None:
    """Else "the same index" would say little."""
    vectors = np.load(sound / "vectors.npy", allow_pickle=False)
    assert len(np.unique(vectors.round(3), axis=0)) > 20

"""Soak run: all checks in turn, in one sandbox, within a bound of time."""

import json
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import BenchmarkError
from benchmarks.soak.build_kills import Builder, check_build_kills
from benchmarks.soak.calling import Attack
from benchmarks.soak.calls import Caller
from benchmarks.soak.catalogue import ATTRIBUTES, write_shop
from benchmarks.soak.crowds import (
    UPLOAD_NAME,
    check_crowd,
    check_odd_pictures,
)
from benchmarks.soak.decoding import check_decoder
from benchmarks.soak.endpoints import small_picture
from benchmarks.soak.findings import HANG_SECONDS, Check
from benchmarks.soak.hostile_values import Surroundings
from benchmarks.soak.listener import Listener
from benchmarks.soak.memory import growth_fault
from benchmarks.soak.sandbox import Sandbox
from benchmarks.soak.server import Server, Watch
from benchmarks.soak.server_kills import check_server_kills
from recommender.index.folder import open_index
from recommender.startup import DEMO_INDEX

_log = logging.getLogger(__name__)

_OF_THE_APP = {"crowds", "pictures", "addresses", "endpoints", "events"}
# An upload that is never searched with: its place tells where uploads are kept.
FOLDER_NAME = "folder"
# Searched-with uploads are deleted ten seconds later; on a busy machine a little after that.
UPLOADS_GONE_SECONDS = 30.0
TIDYING_SECONDS = 3.0
# All that visitors sent may take this much of the disk: megabytes.
MOST_ON_DISK = 1_000


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    decoder_pictures: int = 10_000
    http_pictures: int = 1_000
    small_crowd: tuple[int, int] = (16, 320)
    """Clients, and questions of all of them."""
    large_crowd: tuple[int, int] = (64, 640)
    share_of_calls: float = 1.0
    build_kills: int = 50
    """Without any, nothing is built: the demo catalogue's index is served."""
    server_kills: int = 50
    bound: float = 15 * 60
    """Seconds for everything."""


FULL = Size()
SHORT = Size(
    decoder_pictures=800,
    http_pictures=60,
    small_crowd=(16, 48),
    large_crowd=(64, 96),
    share_of_calls=0.04,
    build_kills=0,
    server_kills=3,
    bound=5 * 60,
)


class Soak:
    """All checks, one after the other.

    Args:
        root: an empty folder.
        size: how much of everything.
        seed: of pictures and choices.
        only: some of `benchmarks.soak.CHECKS`.
        patience: seconds after which an answer to one of a crowd is a hang.

    Raises:
        SettingsError: it may not attack a server here.
    """

    def __init__(
        self,
        root: Path,
        size: Size,
        seed: int,
        only: tuple[str, ...],
        patience: float = HANG_SECONDS,
    ) -> None:
        self._patience = patience
        self._size, self._seed, self._only = size, seed, only
        self._sandbox = Sandbox(root)
        self._started = time.perf_counter()

    def run(self) -> list[Check]:
        """Run them; the crowds always, where the app is served: they warm it up.

        Raises:
            BenchmarkError: the index cannot be built, or the app does not start.
        """
        sandbox, size = self._sandbox, self._size
        files, index, builds = (
            Check("files outside our folders"),
            DEMO_INDEX,
            bool(size.build_kills),
        )
        if builds:
            _log.info("Drawing and indexing a small catalogue.")
            shop = sandbox.root / "shop"
            write_shop(shop)
            before_build = sandbox.marks()
            builder = Builder(sandbox, shop)
            reference = builder.reference(sandbox.work / "index")
            index = reference.index
            for name in sorted(sandbox.marks().keys() - before_build.keys()):
                if not name.startswith(f"{sandbox.work.name}/index/"):
                    files.fault("touched by the build", f"{name} was created")
        before = sandbox.marks()
        opened = open_index(index)
        item_id = opened.catalogue.ids[-1]
        checks = (
            self._decoded()
            + self._served(index, item_id, words=opened.text is not None)
            + self._restarted(index, item_id)
        )
        if builds and "builds" in self._only:
            _log.info(f"{size.build_kills} kills of a build.")
            kills = size.build_kills
            checks.append(check_build_kills(sandbox, builder, reference, kills, self._left()))
        # The last programs that were killed have helpers that tidy up after them.
        time.sleep(TIDYING_SECONDS)
        for words in sandbox.touched(before):
            files.fault("touched", words)
        files.done = len(before)
        return [*checks, files]

    def _decoded(self) -> list[Check]:
        if "decoder" not in self._only:
            return []
        count = self._size.decoder_pictures
        _log.info(f"{count:,} damaged pictures through the decoder.")
        return [check_decoder(self._sandbox, count, self._seed, self._left())]

    def _served(self, index: Path, item_id: str, *, words: bool) -> list[Check]:
        """The checks of a running app, and of its memory and disk over all of them."""
        if not _OF_THE_APP & set(self._only):
            return []
        sandbox, size = self._sandbox, self._size
        server = Server(sandbox, index, "app")
        listener = Listener(small_picture())
        checks: list[Check] = []
        memory = Check("memory and disk of the app")
        server.start()
        try:
            server.wait()
            assert server.process is not None
            watch = Watch(server.process.pid)
            with listener.listening(), watch.running(), Caller(server.address) as caller:
                uploads = _uploads_folder(caller)
                around = Surroundings(
                    sandbox.canary, uploads, listener.address, item_id, ATTRIBUTES[0]
                )
                attack = Attack(
                    server, caller, around, listener, sandbox.secret, size.share_of_calls,
                    self._seed,
                )  # fmt: skip
                # What anybody does, first: it fills what may be kept, and counts as the warm-up.
                for clients, questions in (size.small_crowd, size.large_crowd):
                    _log.info(f"{clients} clients at once.")
                    checks.append(
                        check_crowd(server, clients, questions, self._left(), self._patience)
                    )
                if words:
                    memory.notes.append(_load_words(caller, server))
                warm, disk = server.megabytes(), sandbox.bytes() / 1e6
                for check in self._attacks(server, attack):
                    checks.append(check)
                    memory.notes.append(f"{server.megabytes():.0f} MB after {check.name}")
                    if not server.runs:
                        break
                if server.runs:
                    growth_fault(memory, warm, server.megabytes())
            memory.notes.append(f"peak {watch.peak:.0f} MB")
            for address in sorted(watch.strangers):
                memory.fault("connected to another machine", address)
            self._judge_disk(memory, disk)
        finally:
            server.stop()
        memory.done = 1
        return [*checks, memory]

    def _attacks(self, server: Server, attack: Attack) -> Iterator[Check]:
        if "pictures" in self._only:
            _log.info(f"{self._size.http_pictures:,} damaged pictures over HTTP.")
            yield check_odd_pictures(server, self._size.http_pictures, self._seed, self._left())
        for name in ("addresses", "endpoints", "events"):
            if name in self._only and server.runs:
                _log.info(f"Hostile calls: {name}.")
                yield getattr(attack, name)(self._left())

    def _restarted(self, index: Path, item_id: str) -> list[Check]:
        if "serving" not in self._only:
            return []
        kills = self._size.server_kills
        _log.info(f"{kills} kills of the app.")
        return [check_server_kills(self._sandbox, index, item_id, kills, self._left())]

    def _judge_disk(self, check: Check, before: float) -> None:
        """Note what the app keeps; uploads that were searched with must go by themselves."""
        deadline = time.perf_counter() + UPLOADS_GONE_SECONDS
        while (left := self._sandbox.named(UPLOAD_NAME)) and time.perf_counter() < deadline:
            time.sleep(0.5)
        for path in left:
            check.fault("an upload that was searched with is kept", path.name)
        after = self._sandbox.bytes() / 1e6
        check.notes.append(f"disk {before:.1f} to {after:.1f} MB")
        if after > MOST_ON_DISK:
            check.fault(f"more than {MOST_ON_DISK:,} MB are kept on the disk", f"{after:,.0f} MB")

    def _left(self) -> float:
        """Seconds until the bound."""
        return max(1.0, self._size.bound - (time.perf_counter() - self._started))


def _load_words(caller: Caller, server: Server) -> str:
    """Megabytes of the sentence encoder, which the app loads once, for the first search by words.

    Raises:
        BenchmarkError: the app does not answer it.
    """
    before = server.megabytes()
    answer = caller.by_name("recommend", json.dumps({"image": None, "text": "a red shirt for men"}))
    if answer.kind != "result":
        raise BenchmarkError(f"The app does not search by words: {answer.words}")
    return f"first words {server.megabytes() - before:+.0f} MB"


def _uploads_folder(caller: Caller) -> Path:
    """Where the app keeps uploads: two levels above each."""
    return Path(caller.upload(f"{FOLDER_NAME}.png", small_picture())).parents[1]

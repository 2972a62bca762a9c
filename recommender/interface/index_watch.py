"""Watch for a newer index: every `INDEX_REFRESH_SECONDS`, at the place the settings name.

A newer one is opened beside the one that answers, its checksums verified as at the start, and then
takes its place. One that cannot be had or opened is reported in the log, and the old one goes on.
"""

import gc
import hashlib
import logging
import os
import threading
from pathlib import Path

from recommender.errors import RecommenderError
from recommender.index.manifest import MANIFEST_FILE, Manifest
from recommender.interface.live_index import LiveIndex
from recommender.settings import Settings
from recommender.startup import Source, load_index

_log = logging.getLogger(__name__)


class IndexWatch:
    """Looks for a newer index, and lets it answer.

    Args:
        live: the index that answers.
        settings: where it comes from, and how often to look.
    """

    def __init__(self, live: LiveIndex, settings: Settings) -> None:
        self._live, self._settings = live, settings
        self._served = self._version_of(live.current.source)
        # What could not be opened is tried again only once it has changed.
        self._refused: str | None = None
        self._said: str | None = None
        self._stopped = threading.Event()

    def start(self) -> None:
        """Look now and then from a thread of its own, if the settings ask for it."""
        seconds = self._settings.index_refresh_seconds
        if not seconds:
            return
        if self._is_fixed():
            _log.info("INDEX_REFRESH_SECONDS has no effect: this index never changes.")
            return
        threading.Thread(target=self._run, args=(seconds,), name="index watch", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._stopped.set()

    def look(self) -> bool:
        """Look once; whether another index answers now."""
        try:
            version = self._newest()
            if version in (self._served, self._refused):
                return False
            return self._open(version)
        except (RecommenderError, OSError) as error:
            self._say(f"No newer index can be had, so the one that answers goes on: {error}")
            return False

    def _run(self, seconds: int) -> None:
        while not self._stopped.wait(seconds):
            try:
                self.look()
            except Exception:
                # A bug must not end the looking: the next index may be sound.
                _log.exception("Looking for a newer index failed; the old one goes on.")

    def _open(self, version: str) -> bool:
        earlier = self._live.current.source.index
        try:
            source = load_index(self._settings, earlier)
        except RecommenderError:
            self._refused = version
            raise
        if source.commit is not None and source.commit == self._served:
            source.index.close()  # the Hub answers no more: this is the copy that is served
            return False
        manifest = source.index.manifest
        del earlier
        self._served, self._refused, self._said = self._version_of(source, version), None, None
        self._live.replace(source)
        # The old index has reference cycles: its memory is free once they are collected.
        gc.collect()
        _log.info(f"A newer index answers: {manifest.title}, {manifest.items:,} products.")
        return True

    def _newest(self) -> str:
        """Version of the index at the place that the settings name."""
        if self._settings.index_repo_id:
            from recommender.hub import newest_commit

            return newest_commit(self._settings.index_repo_id, self._settings.index_revision)
        return _state(self._settings.index_dir or Path())

    def _version_of(self, source: Source, seen: str | None = None) -> str:
        """Version of a source: its commit, or its folder's state when it was opened."""
        if source.commit is not None:
            return source.commit
        folder = self._settings.index_dir
        if seen is not None or folder is None:
            return seen or ""
        try:
            state = _state(folder)
            return state if Manifest.read(folder) == source.index.manifest else ""
        except (RecommenderError, OSError):
            return ""  # It was replaced since it was opened: the first look opens it.

    def _is_fixed(self) -> bool:
        if self._settings.index_repo_id:
            from recommender.hub import is_commit

            return is_commit(self._settings.index_revision or "")
        return self._settings.index_dir is None

    def _say(self, sentence: str) -> None:
        """Say a sentence, and not again until something else happens."""
        if sentence != self._said:
            _log.warning(sentence)
        self._said = sentence


def _state(folder: Path) -> str:
    """State of an index folder: its manifest, and size and time of all its files.

    Raises:
        OSError: there is no manifest, or it cannot be read.
    """
    state = hashlib.sha256((folder / MANIFEST_FILE).read_bytes())
    for parent, folders, files in os.walk(folder.resolve()):
        folders.sort()
        for name in sorted(files):
            status = os.stat(os.path.join(parent, name))
            state.update(repr((name, status.st_size, status.st_mtime_ns)).encode())
    return state.hexdigest()

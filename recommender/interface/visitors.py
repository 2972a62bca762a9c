"""Sessions of visitors: kept in memory for an hour, else rebuilt from what their page carries."""

import functools
import json
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from recommender.errors import SettingsError, UnknownItemError
from recommender.interface.errors import on_page
from recommender.interface.state.actions import SearchActions
from recommender.interface.state.carrying import carried_over
from recommender.interface.state.controls import Controls
from recommender.interface.state.history import MAX_ENTRIES, MAX_MIX_ITEMS, HistoryEntry, Session
from recommender.interface.state.links import Links, mixed
from recommender.interface.wording import OUTDATED

# The visitors seen last. One costs some 100 kB with a picture and a full mix: 50 MB in all.
MAX_VISITORS = 512
# Seconds after a visitor's last event; the page says "an hour".
KEPT_SECONDS = 3600
# Between looks for those who have gone; so a session stays no longer than an hour and a minute.
SWEEP_SECONDS = 60
# Characters of what a page carries: twelve entries and a mix of ids of a thousand characters each.
MAX_CARRIED = 100_000


class Visitors:
    """Sessions by a key that only the visitor's page knows.

    The page carries, as JSON in a hidden component, the key and an outline: the link of every
    entry and of every picture of the mix, empty where it is a picture of the visitor's own. So
    a page outlives a restart of the server, and loses only the pictures. When the server takes
    another index, a session goes on with it when its page next asks.

    Args:
        actions: makes the searches that links name.
        clock: seconds, for the tests.
    """

    def __init__(self, actions: SearchActions, clock: Callable[[], float] = time.monotonic) -> None:
        self._actions, self._links, self._clock = actions, Links(actions), clock
        # Comparable vectors have equal spaces; by the version of every index that was served.
        self._spaces: dict[str, object] = {}
        self._version()
        self._lock = threading.Lock()
        self._sessions: OrderedDict[str, tuple[float, Session]] = OrderedDict()
        self._sweeping: threading.Timer | None = None

    def __len__(self) -> int:
        return len(self._sessions)

    def keep(self, session: Session) -> str:
        """What the page is to carry of a session, which is kept from now on."""
        version = self._version()
        outline = {
            "index": version,
            "history": [""] * session.lost_entries
            + [self._links.write(entry, Controls()).removeprefix("?") for entry in session.history],
            "mix": [mixed(item) for item in session.mix],
        }
        if not (session.history or session.mix):
            return json.dumps(outline)
        session = replace(session, key=session.key or secrets.token_urlsafe(), index=version)
        with self._lock:
            self._sessions[session.key] = (self._clock(), session)
            self._sessions.move_to_end(session.key)
            if len(self._sessions) > MAX_VISITORS:
                self._sessions.popitem(last=False)
            self._sweep_later()
        return json.dumps({"key": session.key, **outline})

    def take(self, carried: str | None) -> Session:
        """The session of a page; what cannot be rebuilt of it is counted in it.

        Raises:
            SettingsError: the page was made for another catalogue, or no page carries this.
        """
        outline, version = _outline(carried), self._version()
        if outline.get("index", version) not in self._spaces:
            raise SettingsError(OUTDATED)
        key = outline.get("key", "")
        with self._lock:
            now = self._clock()
            seen, session = self._sessions.get(key, (now, None))
            if session is not None and now - seen < KEPT_SECONDS:
                self._sessions[key] = (now, session)
                self._sessions.move_to_end(key)
            else:
                session = None
        if session is not None:
            if session.index == version:
                return session
            same_space = self._spaces[session.index] == self._spaces[version]
            return carried_over(self._actions, session, same_space=same_space)
        return self._rebuilt(outline.get("history", []), outline.get("mix", []))

    def _version(self) -> str:
        """Version of the index that answers this request."""
        manifest = self._actions.recommender.index.manifest
        self._spaces.setdefault(manifest.version, manifest.space)
        return manifest.version

    def listener(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A listener of the page, whose first argument and any results are sessions.

        Gradio calls it with what the page carries, and hands the page what it is to carry.
        """

        @functools.wraps(function)
        def wrapped(carried: str | None, *rest: Any) -> Any:
            shown = function(self.take(carried), *rest)
            if isinstance(shown, tuple):
                return tuple(self.keep(s) if isinstance(s, Session) else s for s in shown)
            return shown

        return on_page(wrapped)

    def _rebuilt(self, history: list[str], mix: list[str]) -> Session:
        entries: list[HistoryEntry] = []
        lost = 0
        for number, link in enumerate(history):
            try:
                entry = self._links.read(parse_qsl(link)).session.entry
            except UnknownItemError:
                entry = None
            if entry is None:
                entries, lost = [], number + 1
            else:
                entries.append(entry)
        session = Session(tuple(entries), lost_entries=lost)
        for item in mix:
            with suppress(UnknownItemError):
                session = self._links.with_mix_item(session, item) or session
        return replace(session, lost_mix_items=len(mix) - len(session.mix))

    def _sweep_later(self) -> None:
        if self._sweeping is None and self._sessions:
            self._sweeping = threading.Timer(SWEEP_SECONDS, self._sweep)
            self._sweeping.daemon = True
            self._sweeping.start()

    def _sweep(self) -> None:
        with self._lock:
            too_old = self._clock() - KEPT_SECONDS
            while self._sessions and next(iter(self._sessions.values()))[0] <= too_old:
                self._sessions.popitem(last=False)
            self._sweeping = None
            self._sweep_later()


def _outline(carried: str | None) -> dict[str, Any]:
    """What a page carries, checked."""
    if not carried:
        return {}
    try:
        outline = json.loads(carried) if len(carried) <= MAX_CARRIED else None
    except (ValueError, RecursionError):
        outline = None
    if not isinstance(outline, dict) or not all(
        isinstance(outline.get(name, ""), str) for name in ("index", "key")
    ):
        raise SettingsError(OUTDATED)
    for name, most in (("history", MAX_ENTRIES), ("mix", MAX_MIX_ITEMS)):
        texts = outline.get(name, [])
        if not (isinstance(texts, list) and len(texts) <= most):
            raise SettingsError(OUTDATED)
        if not all(isinstance(text, str) for text in texts):
            raise SettingsError(OUTDATED)
    return outline

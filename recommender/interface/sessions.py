"""Keep little of each visitor, and nothing of an API caller: Gradio's state of a session."""

import weakref
from types import SimpleNamespace
from typing import Any

import gradio as gr
from gradio import routes, state_holder

# Gradio keeps the state of so many pages, the ones seen last.
# A visitor with a trail of pictures costs up to a megabyte.
MAX_SESSIONS = 512


class LeanSessionState(state_holder.SessionState):
    """A session that describes a component only once an event has changed it.

    Gradio describes all of them for every session, for links that reopen a page's exact state,
    which this page does not offer: a fifth of a megabyte, and a tenth of the time of an answer.
    """

    def __init__(self, blocks: gr.Blocks) -> None:
        # Of the components that `blocks` names a description is kept; and of the others none.
        described = SimpleNamespace(default_config=blocks.default_config, blocks={})
        super().__init__(described)  # type: ignore[arg-type]


class PageSessions(state_holder.StateHolder):
    """The sessions of pages, by session hash: one is kept from its first change on.

    Every call of the API has a session hash, its own or the client's, and Gradio would keep a
    session for each: `MAX_SESSIONS` calls would evict the state of every open page. An endpoint
    of the API changes neither a `gr.State` nor a component, so its session ends with the call.
    """

    def __init__(self) -> None:
        super().__init__()
        # While several events of a page run before its first change, they share one session.
        self._running: weakref.WeakValueDictionary[str, _PageSession] = (
            weakref.WeakValueDictionary()
        )

    def __getitem__(self, session_id: str) -> state_holder.SessionState:
        """The kept session, or one that is kept as soon as something is set in it."""
        with self.lock:
            if session_id not in self.session_data:
                new = _PageSession(self.blocks, self, session_id)
                return self._running.setdefault(session_id, new)
        return super().__getitem__(session_id)

    def keep(self, session_id: str, session: state_holder.SessionState) -> None:
        """Keep a session, and let go of the one unused for longest if there are too many."""
        with self.lock:
            self.session_data[session_id] = session
            self._running.pop(session_id, None)
        super().__getitem__(session_id)  # marks it as used


class _PageSession(LeanSessionState):
    def __init__(self, blocks: gr.Blocks, holder: PageSessions, session_id: str) -> None:
        super().__init__(blocks)
        self._holder, self._session_id = holder, session_id

    def __setitem__(self, key: int, value: Any) -> None:
        super().__setitem__(key, value)
        if self._session_id not in self._holder.session_data:
            self._holder.keep(self._session_id, self)


def keep_sessions_lean() -> None:
    """From now on, Gradio keeps lean sessions, and only those of pages."""
    state_holder.SessionState = LeanSessionState  # type: ignore[misc]
    routes.StateHolder = PageSessions  # type: ignore[misc]

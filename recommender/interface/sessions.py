"""Keep little of each visitor: Gradio's state of a session without a copy of the page's layout."""

from types import SimpleNamespace

import gradio as gr
from gradio import state_holder

# Gradio keeps the state of so many visitors, the ones seen last; every call of the API is one.
# A visitor with a trail of pictures costs up to a megabyte, one who just called some kilobytes.
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


def keep_sessions_lean() -> None:
    """From now on, Gradio keeps lean sessions."""
    state_holder.SessionState = LeanSessionState  # type: ignore[misc]

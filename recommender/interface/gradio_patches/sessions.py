"""Sessions of Gradio that keep nothing: each ends with the event that it was made for.

The page carries what it needs (`recommender.interface.visitors`), and no component reads its value
in a session. Gradio would keep, for each page and each caller, every value that was sent and a
description of every component: up to 60 MB where a picture came as a `data:` URL.
"""

from types import SimpleNamespace
from typing import Any

import gradio as gr
import gradio.blocks
import gradio.mcp
from gradio import route_utils, routes, state_holder

_WITH_STATES = (state_holder, route_utils, gradio.blocks, gradio.mcp)
"""Modules that make a session by this name."""


class EventState(state_holder.SessionState):
    """The session of one event: the components that the event changed, and no values."""

    def __init__(self, blocks: gr.Blocks) -> None:
        # Gradio describes the components of `blocks`, of which there are none here.
        described = SimpleNamespace(default_config=blocks.default_config, blocks={})
        super().__init__(described)  # type: ignore[arg-type]

    def __setitem__(self, key: int, value: Any) -> None:
        self.blocks_config.blocks[key] = value

    def _update_config(self, key: int) -> None:
        """Describe nothing."""

    def _update_value_in_config(self, key: int, value: Any) -> None:
        """Keep nothing."""


class NoSessions(state_holder.StateHolder):
    """Gives each event a session of its own, whatever session it names, and keeps none."""

    def set_blocks(self, blocks: gr.Blocks) -> None:
        """Serve a page.

        Raises:
            ValueError: the page has a `gr.State`, which would forget its value.
        """
        if any(isinstance(block, gr.State) for block in blocks.blocks.values()):
            raise ValueError("A gr.State keeps nothing on this server. Use Visitors.")
        super().set_blocks(blocks)

    def __getitem__(self, session_id: str) -> state_holder.SessionState:
        return EventState(self.blocks)


def keep_no_sessions() -> None:
    """Make Gradio keep no sessions from now on."""
    for module in _WITH_STATES:
        module.SessionState = EventState  # type: ignore[attr-defined]
    routes.StateHolder = NoSessions  # type: ignore[misc]

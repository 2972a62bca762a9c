"""A product large, in a dialog over the page: what it is, why it was found, where to go on."""

import itertools
from typing import Any

import gradio as gr

from recommender.interface.assets import script
from recommender.interface.errors import in_sentences
from recommender.interface.search_tab import PAGE_EVENT, SearchWiring
from recommender.interface.session import Session

# The dialog opens when its content changes: a number makes the same product new content.
_opened = itertools.count()


class Detail:
    """The dialog; any grid of cards can open it."""

    def __init__(self, wiring: SearchWiring) -> None:
        self._wiring = wiring
        self.dialog = gr.HTML(
            apply_default_css=False, html_template="", js_on_load=script("detail"), elem_id="detail"
        )

    def connect(self, *grids: gr.HTML) -> None:
        """Open it from these grids, and act on its buttons."""
        wiring, tab = self._wiring, self._wiring.tab
        given = [tab.session, *tab.controls]
        for grid in (*grids, self.dialog):
            grid.pick(in_sentences(self.pick), given, self.dialog, **PAGE_EVENT)
        self.dialog.act(
            in_sentences(self.act), given, [*tab.shown, tab.mix], **PAGE_EVENT
        )

    def pick(self, session: Session, event: gr.EventData, *values: Any) -> str:
        """A product was chosen."""
        position = self._wiring.visit.catalogue.position(event.id)
        html = self._wiring.cards.detail(position, None, "")
        return f"{html}<!--{next(_opened)}-->"

    def act(self, session: Session, event: gr.EventData, *values: Any) -> tuple[Any, ...]:
        """One of the dialog's buttons was pressed."""
        wiring = self._wiring
        if event.act == "mix":
            session = wiring.visit.add_to_mix(session, event.id)
            kept = (gr.skip() for _ in wiring.tab.shown[1:])
            return session, *kept, wiring.cards.mix(session.mix)
        session = wiring.visit.with_item(session, event.id, onward=True)
        return *wiring.found(session, values), gr.skip()

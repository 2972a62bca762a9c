"""Product dialog: a product large, why it was found, and what to do with it."""

from typing import Any

import gradio as gr

from recommender.answers.outfits import Wardrobe
from recommender.interface.assets import script
from recommender.interface.catalogue_map import CatalogueMap
from recommender.interface.errors import on_page, warn
from recommender.interface.explanation import explained
from recommender.interface.page_events import PageEvent
from recommender.interface.state.history import Session
from recommender.interface.tabs.listeners import PAGE_EVENT
from recommender.interface.tabs.search_wiring import SearchWiring
from recommender.interface.wording import GONE, LOST


class Detail:
    """The dialog; grids of cards and the map open it."""

    def __init__(self, wiring: SearchWiring, wardrobe: Wardrobe) -> None:
        self._wardrobe = wardrobe
        self._wiring, self._actions, self._cards = wiring, wiring.actions, wiring.cards
        self._dialog = gr.HTML(
            apply_default_css=False, html_template="", js_on_load=script("detail"), elem_id="detail"
        )
        self._explanation, self._look = (
            gr.HTML(
                apply_default_css=False,
                html_template="",
                js_on_load=script("slot").replace("SLOT", name),
                elem_id=name,
            )
            for name in ("explanation", "look")
        )

    def connect(self, tabs: gr.Tabs, *grids: gr.HTML) -> None:
        """Open it from these grids, and act on its buttons, whose outcome is on the search tab."""
        tab, listener = self._wiring.tab, self._wiring.visitors.listener
        given = [tab.session, *tab.controls]
        for grid in (*grids, self._dialog):
            grid.pick(listener(self.pick), given, self._dialog, **PAGE_EVENT)
        self._dialog.explain(listener(self.explain), tab.session, self._explanation, **PAGE_EVENT)
        self._dialog.look(on_page(self.look), None, self._look, **PAGE_EVENT)
        self._dialog.act(listener(self.act), given, [*tab.shown, tabs], **PAGE_EVENT)

    def connect_map(self, view: gr.HTML, drawn: CatalogueMap) -> None:
        """Open it from the map."""
        tab, listener = self._wiring.tab, self._wiring.visitors.listener

        def tapped(session: Session, event: PageEvent, *values: Any) -> str:
            return self._opened(session, drawn.at(*event.place), values)

        view.tap(listener(tapped), [tab.session, *tab.controls], self._dialog, **PAGE_EVENT)

    def pick(self, session: Session, event: PageEvent, *values: Any) -> str:
        """A product was chosen."""
        return self._opened(session, self._actions.catalogue.position(event.id), values)

    def explain(self, session: Session, event: PageEvent) -> str:
        """The dialog is open: say why the product is like the query."""
        entry, catalogue = session.entry, self._actions.catalogue
        query = self._actions.picture(entry) if entry else None
        if entry is None or query is None or entry.item_id == event.id:
            return ""
        position = catalogue.position(event.id)
        picture, _ = self._actions.recommender.best_picture(entry.query, position)
        result = catalogue.thumbnail(position, picture)
        return self._cards.explanation(entry, *explained(self._actions.recommender, query, result))

    def look(self, event: PageEvent) -> str:
        """What goes with the product was asked for."""
        outfit = self._wardrobe.outfit_for(event.id)
        positions = [self._actions.catalogue.position(item.id) for item in outfit.items]
        return self._cards.look(outfit, positions)

    def act(self, session: Session, event: PageEvent, *values: Any) -> tuple[Any, ...]:
        """One of the dialog's buttons was pressed."""
        if event.act == "mix":
            session = self._actions.add_to_mix(session, event.id)
            return *self._wiring.view.with_mix(session), gr.skip()
        session = self._actions.with_item(session, event.id, onward=True)
        return *self._wiring.view.found(session, values), gr.Tabs(selected="search")

    def _opened(self, session: Session, position: int, values: tuple[Any, ...]) -> str:
        similarity, picture = None, 0
        if session.entry is not None:
            weight = self._wiring.tab.panel.read(values).weight
            similarity = self._actions.similarity(session.entry, position, weight)
            recommender = self._actions.recommender
            picture, _ = recommender.best_picture(session.entry.query, position, weight)
        elif session.lost_entries:
            warn(LOST, GONE)
        return self._cards.detail(
            position, similarity, has_looks=not self._wardrobe.missing, picture=picture
        )

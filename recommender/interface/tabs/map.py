"""Map tab: all products in two dimensions, article types as islands, and the place of the query."""

import gradio as gr

from recommender.interface.assets import script
from recommender.interface.catalogue_map import HEIGHT, WIDTH, CatalogueMap, place_of
from recommender.interface.errors import warn
from recommender.interface.state.actions import SearchActions
from recommender.interface.state.history import Session
from recommender.interface.tabs.listeners import PAGE_EVENT
from recommender.interface.tabs.search_wiring import SearchWiring
from recommender.interface.templates import render
from recommender.interface.wording import GONE, LOST

_HINT = "Products that look alike lie near each other. Tap one to open it; zoom in to see more."
_KEYS = "Map of the catalogue: arrow keys move, plus and minus zoom, Enter opens the middle"
# The labels come by the size of their islands; a phone has room for the first.
_FIRST_MINOR = 12


class MapTab:
    """Lays out the tab inside the Blocks being built.

    Args:
        actions: knows the catalogue and places queries on it.
        drawn: the map.
    """

    def __init__(self, actions: SearchActions, drawn: CatalogueMap) -> None:
        self._actions, self._map = actions, drawn
        self.view = gr.HTML(
            self.html(None), apply_default_css=False, js_on_load=script("map"), elem_id="map"
        )

    def refresh(self) -> None:
        """Show the current index to whoever opens the page from now on."""
        self.view.value = self.html(None)

    def connect(self, opened: gr.Tab, wiring: SearchWiring) -> None:
        """Mark the query's place whenever the tab is opened."""
        marked = wiring.visitors.listener(self.marked)
        opened.select(marked, wiring.tab.session, self.view, **PAGE_EVENT)

    def marked(self, session: Session) -> str:
        """The map with the query's place."""
        if session.entry is None:
            if session.lost_entries:
                warn(LOST, GONE)
            return self.html(None)
        return self.html(place_of(self._actions.recommender, session.entry.query))

    def html(self, query: tuple[float, float] | None) -> str:
        """The map as HTML; the picture itself is an address."""
        return render(
            "map",
            hint=_HINT,
            keys=_KEYS,
            width=WIDTH,
            height=HEIGHT,
            url=self._map.url,
            labels=self._map.labels,
            minor=_FIRST_MINOR,
            query=query,
        )

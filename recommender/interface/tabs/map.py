"""The map: all products in two dimensions, the kinds as islands, and where the query belongs."""

from html import escape

import gradio as gr

from recommender.interface.assets import script
from recommender.interface.catalogue_map import HEIGHT, WIDTH, CatalogueMap, place_of
from recommender.interface.errors import in_sentences
from recommender.interface.state.actions import Visit
from recommender.interface.state.history import Session
from recommender.interface.tabs.search import PAGE_EVENT, SearchTab

_HINT = "Products that look alike lie near each other. Tap one to open it; zoom in to see more."
_KEYS = "Map of the catalogue: arrow keys move, plus and minus zoom, Enter opens the middle"


class MapTab:
    """Lays out the tab inside the Blocks being built.

    Args:
        visit: knows the catalogue and places queries on it.
        drawn: the map.
    """

    def __init__(self, visit: Visit, drawn: CatalogueMap) -> None:
        self._visit, self._map = visit, drawn
        self.view = gr.HTML(
            self.html(None), apply_default_css=False, js_on_load=script("map"), elem_id="map"
        )

    def connect(self, opened: gr.Tab, tab: SearchTab) -> None:
        """Mark the query's place whenever the tab is opened."""
        opened.select(in_sentences(self.marked), tab.session, self.view, **PAGE_EVENT)

    def marked(self, session: Session) -> str:
        """The map with the query's place."""
        if session.step is None:
            return self.html(None)
        return self.html(place_of(self._visit.recommender, session.step.query))

    def html(self, query: tuple[float, float] | None) -> str:
        """The map as HTML; the picture itself is an address."""
        labels = "".join(
            f'<span class="island{" minor" if number >= 12 else ""}" '
            f'style="left:{label.x:.1%};top:{label.y:.1%}">{escape(label.text)}</span>'
            for number, label in enumerate(self._map.labels)
        )
        marker = ""
        if query is not None:
            left, top = query
            low = " low" if top > 0.9 else ""
            marker = (
                f'<span class="here{low}" style="left:{left:.2%};top:{top:.2%}">'
                "<span>Your search</span></span>"
            )
        return (
            f'<p class="hint">{_HINT}</p>'
            f'<div class="map" tabindex="0" role="application" aria-label="{_KEYS}">'
            f'<div class="map-layer" style="aspect-ratio:{WIDTH}/{HEIGHT}">'
            f'<img src="{self._map.url}" alt="" draggable="false" loading="lazy">'
            f"{labels}{marker}</div>"
            '<div class="zoom"><button data-zoom="1.6" aria-label="Zoom in">+</button>'
            '<button data-zoom="0.625" aria-label="Zoom out">&minus;</button></div></div>'
        )

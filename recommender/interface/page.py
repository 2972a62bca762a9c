"""Page: its tabs, what they share, and the endpoints beside it."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from recommender.answers.outfits import Wardrobe
from recommender.interface.api.registration import register
from recommender.interface.assets import script
from recommender.interface.cards import Cards
from recommender.interface.catalogue_map import CatalogueMap
from recommender.interface.checked_blocks import CheckedBlocks
from recommender.interface.errors import warn
from recommender.interface.live_index import LiveIndex
from recommender.interface.state.actions import SearchActions
from recommender.interface.state.history import Session
from recommender.interface.state.links import Links
from recommender.interface.tabs.about import AboutTab
from recommender.interface.tabs.api import ApiTab
from recommender.interface.tabs.browse import BrowseTab
from recommender.interface.tabs.listeners import PAGE_EVENT
from recommender.interface.tabs.map import MapTab
from recommender.interface.tabs.product_dialog import Detail
from recommender.interface.tabs.search import lay_out
from recommender.interface.tabs.search_view import SearchView
from recommender.interface.tabs.search_wiring import SearchWiring
from recommender.interface.templates import render
from recommender.interface.visitors import Visitors
from recommender.interface.wording import TAGLINE, TITLE, counted
from recommender.startup import Source


def build_page(live: LiveIndex) -> gr.Blocks:
    """The Blocks to launch.

    Args:
        live: the index, which another may replace: whoever opens the page then sees that one.
    """
    with live.lease() as answering:  # All of the page shows one index, even if it is replaced now.
        page, refresh = _built(live)
        live.refresh.append(refresh)
    if live.current is not answering:
        refresh()
    return page


def _built(live: LiveIndex) -> tuple[gr.Blocks, Callable[[], None]]:
    """The page over the current index, and what makes it show another."""
    actions: SearchActions = live.standing_for(lambda answering: answering.actions)
    cards: Cards = live.standing_for(lambda answering: answering.cards)
    wardrobe: Wardrobe = live.standing_for(lambda answering: answering.wardrobe)
    drawn: CatalogueMap = live.standing_for(lambda answering: answering.drawn)
    visitors, links = Visitors(actions), Links(actions)
    with CheckedBlocks(title=TITLE, analytics_enabled=False) as page:
        page.live = live
        register(
            live.standing_for(lambda answering: answering.searches),
            live.standing_for(lambda answering: answering.queries),
            live.standing_for(lambda answering: answering.listings),
            live.standing_for(lambda answering: answering.pictures),
        )
        header = gr.HTML(
            _header(live.current.source),
            apply_default_css=False,
            js_on_load=script("money"),
            elem_id="header",
        )
        with gr.Tabs(elem_id="tabs") as tabs:
            with gr.Tab("Search", id="search"):
                tab = lay_out(actions, visitors, cards.start(live.current.starting))
            view = SearchView(tab, actions, visitors, cards, lambda: live.current.starting)
            wiring = SearchWiring(view)
            with gr.Tab("Map", id="map") as map_opened:
                map_tab = MapTab(actions, drawn)
            with gr.Tab("Browse", id="browse") as browse_opened:
                browse = BrowseTab(actions, cards)
            with gr.Tab("API", id="api") as api_opened:
                api = ApiTab(wiring)
            with gr.Tab("About", id="about"):
                about = AboutTab(live.current.source)
        detail = Detail(wiring, wardrobe)
        wiring.connect()
        browse.connect(browse_opened)
        map_tab.connect(map_opened, wiring)
        api.connect(api_opened)
        detail.connect(tabs, tab.results, browse.grid)
        detail.connect_map(map_tab.view, drawn)

        def reopen(session: Session, request: gr.Request) -> tuple[Any, ...]:
            asked = links.read(request.query_params.multi_items())
            if asked.notices:
                warn(" ".join(asked.notices), "Please look again")
            values = tab.panel.write(asked.controls)
            if asked.session.entry is None:
                return *(gr.skip() for _ in tab.shown), *values
            *found, _ = view.found(asked.session, values)
            return *found, view.mix(asked.session), *values

        outputs = [*tab.shown, *tab.controls]
        page.load(visitors.listener(reopen), tab.session, outputs, **PAGE_EVENT)

    def refresh() -> None:
        header.value = _header(live.current.source)
        view.refresh()
        map_tab.refresh()
        browse.refresh()
        about.refresh(live.current.source)
        page.config = page.get_config_file()

    return page, refresh


def _header(source: Source) -> str:
    index = source.index
    products = counted(len(index.catalogue), "product")
    used = f"{products} · {index.manifest.title} · {index.backbone.title}"
    return render("header", title=TITLE, tagline=TAGLINE, used=used, notices=source.notices)

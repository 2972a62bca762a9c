"""The page: its tabs, what they share, and the endpoints beside it."""

from typing import Any

import gradio as gr

from recommender.answers.outfits import Wardrobe
from recommender.answers.recommender import Recommender
from recommender.interface.api.catalogue import CatalogueEndpoints
from recommender.interface.api.pictures import PictureEndpoints
from recommender.interface.api.registration import register
from recommender.interface.api.search import SearchEndpoints
from recommender.interface.cards import Cards
from recommender.interface.catalogue_map import CatalogueMap
from recommender.interface.checked_blocks import CheckedBlocks
from recommender.interface.errors import warn
from recommender.interface.state.actions import Visit
from recommender.interface.state.history import Session
from recommender.interface.state.links import Links
from recommender.interface.tabs import about as about_tab
from recommender.interface.tabs.api import ApiTab
from recommender.interface.tabs.browse import BrowseTab
from recommender.interface.tabs.listeners import PAGE_EVENT
from recommender.interface.tabs.map import MapTab
from recommender.interface.tabs.product_dialog import Detail
from recommender.interface.tabs.search import lay_out
from recommender.interface.tabs.search_wiring import SearchWiring
from recommender.interface.tabs.starting_products import starting_products
from recommender.interface.templates import render
from recommender.interface.thumbnails import Thumbnails
from recommender.interface.visitors import Visitors
from recommender.interface.wording import TAGLINE, TITLE, counted
from recommender.startup import Source


def build_page(
    source: Source, recommender: Recommender, thumbnails: Thumbnails, drawn: CatalogueMap
) -> gr.Blocks:
    """The Blocks to launch.

    Args:
        source: the index, and what a visitor should know of it.
        recommender: answers over that index.
        thumbnails, drawn: pictures of its products; the server needs their routes.
    """
    visit = Visit(recommender, thumbnails)
    visitors, links = Visitors(visit), Links(visit)
    wardrobe = Wardrobe(recommender)
    cards = Cards(recommender.catalogue, thumbnails)
    starting = starting_products(recommender.catalogue)
    with CheckedBlocks(title=TITLE, analytics_enabled=False) as page:
        register(
            SearchEndpoints(recommender, thumbnails),
            CatalogueEndpoints(recommender, thumbnails),
            PictureEndpoints(visit, wardrobe),
        )
        gr.HTML(_header(source), apply_default_css=False, js_on_load=None, elem_id="header")
        with gr.Tabs(elem_id="tabs") as tabs:
            with gr.Tab("Search", id="search"):
                tab = lay_out(visit, visitors, cards.start(starting))
            wiring = SearchWiring(tab, visit, visitors, cards, starting)
            with gr.Tab("Map", id="map") as map_opened:
                map_tab = MapTab(visit, drawn)
            with gr.Tab("Browse", id="browse"):
                browse = BrowseTab(visit, cards)
            with gr.Tab("API", id="api") as api_opened:
                api = ApiTab(wiring)
            with gr.Tab("About", id="about"):
                about_tab.lay_out(source)
        detail = Detail(wiring, wardrobe)
        wiring.connect()
        browse.connect()
        map_tab.connect(map_opened, wiring)
        api.connect(api_opened)
        detail.connect(tabs, tab.results, browse.grid)
        detail.connect_map(map_tab.view, drawn)

        def reopen(session: Session, request: gr.Request) -> tuple[Any, ...]:
            asked = links.read(request.query_params.multi_items())
            if asked.notices:
                warn(" ".join(asked.notices), "Please look again")
            values = tab.panel.write(asked.controls)
            if asked.session.step is None:
                return *(gr.skip() for _ in tab.shown), *values
            *found, _ = wiring.found(asked.session, values)
            return *found, wiring.mix(asked.session), *values

        outputs = [*tab.shown, *tab.controls]
        page.load(visitors.listener(reopen), tab.session, outputs, **PAGE_EVENT)
    return page


def _header(source: Source) -> str:
    index = source.index
    products = counted(len(index.catalogue), "product")
    used = f"{products} · {index.manifest.title} · {index.backbone.title}"
    return render("header", title=TITLE, tagline=TAGLINE, used=used, notices=source.notices)

"""The page: its tabs, what they share, and the endpoints beside it."""

from html import escape
from typing import Any

import gradio as gr

from recommender.answers.outfits import Wardrobe
from recommender.answers.recommender import Recommender
from recommender.interface.api.pictures import PictureEndpoints
from recommender.interface.api.registration import register
from recommender.interface.api.search import Endpoints
from recommender.interface.cards import Cards
from recommender.interface.catalogue_map import CatalogueMap
from recommender.interface.errors import in_sentences
from recommender.interface.state.actions import Visit
from recommender.interface.tabs import about as about_tab
from recommender.interface.tabs.api import ApiTab
from recommender.interface.tabs.browse import BrowseTab
from recommender.interface.tabs.map import MapTab
from recommender.interface.tabs.product_dialog import Detail
from recommender.interface.tabs.search import PAGE_EVENT, SearchWiring, lay_out
from recommender.interface.tabs.starting_products import starting_products
from recommender.interface.thumbnails import Thumbnails
from recommender.interface.wording import TAGLINE, TITLE, counted
from recommender.startup import Source

# A safety net: files that a crash or a closed browser left behind go after a quarter of an hour.
# Seconds between looks, and seconds of age.
DELETE_CACHE = (60, 900)


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
    wardrobe = Wardrobe(recommender)
    cards = Cards(recommender.catalogue, thumbnails)
    start = cards.start(starting_products(recommender.catalogue))
    with gr.Blocks(title=TITLE, analytics_enabled=False, delete_cache=DELETE_CACHE) as page:
        register(Endpoints(recommender, thumbnails), PictureEndpoints(visit, wardrobe))
        gr.HTML(_header(source), apply_default_css=False, js_on_load=None, elem_id="header")
        with gr.Tabs(elem_id="tabs") as tabs:
            with gr.Tab("Search", id="search"):
                tab = lay_out(visit, start)
            wiring = SearchWiring(tab, visit, cards, start)
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
        map_tab.connect(map_opened, tab)
        api.connect(api_opened)
        detail.connect(tabs, tab.results, browse.grid)
        detail.connect_map(map_tab.view, drawn)

        def reopen(request: gr.Request) -> tuple[Any, ...]:
            session, controls = visit.from_link(request.query_params.multi_items())
            if session.step is None:
                return tuple(gr.skip() for _ in (*tab.shown, tab.mix, *tab.controls))
            values = wiring.write(controls)
            return *wiring.found(session, values), wiring.mix(session), *values

        outputs = [*tab.shown, tab.mix, *tab.controls]
        page.load(in_sentences(reopen), None, outputs, **PAGE_EVENT)
    return page


def _header(source: Source) -> str:
    index = source.index
    products = counted(len(index.catalogue), "product")
    used = f"{products} · {index.manifest.title} · {index.backbone.title}"
    notices = "".join(f'<p class="notice">{escape(notice)}</p>' for notice in source.notices)
    return (
        f"<header><div><h1>{TITLE}</h1><p>{TAGLINE}</p></div>"
        f'<p class="used">{escape(used)}</p></header>{notices}'
    )

"""The page: its tabs, what they share, and the endpoints beside it."""

from html import escape

import gradio as gr

from recommender.interface.api import Endpoints
from recommender.interface.cards import Cards
from recommender.interface.detail import Detail
from recommender.interface.endpoints import register
from recommender.interface.search_tab import SearchWiring, lay_out
from recommender.interface.start import starting_products
from recommender.interface.thumbnails import Thumbnails
from recommender.interface.visit import Visit
from recommender.interface.wording import TAGLINE, TITLE, counted
from recommender.recommender import Recommender
from recommender.startup import Source

# A safety net: files that a crash or a closed browser left behind go after a quarter of an hour.
# Seconds between looks, and seconds of age.
DELETE_CACHE = (60, 900)


def build_page(source: Source, recommender: Recommender, thumbnails: Thumbnails) -> gr.Blocks:
    """The Blocks to launch.

    Args:
        source: the index, and what a visitor should know of it.
        recommender: answers over that index.
        thumbnails: shows its products; the server needs its route.
    """
    visit = Visit(recommender, thumbnails)
    cards = Cards(recommender.catalogue, thumbnails)
    start = cards.start(starting_products(recommender.catalogue))
    with gr.Blocks(title=TITLE, analytics_enabled=False, delete_cache=DELETE_CACHE) as page:
        register(Endpoints(recommender, thumbnails))
        gr.HTML(_header(source), apply_default_css=False, js_on_load=None, elem_id="header")
        with gr.Tabs(elem_id="tabs"), gr.Tab("Search", id="search"):
            tab = lay_out(visit, start)
        wiring = SearchWiring(tab, visit, cards, start)
        detail = Detail(wiring)
        wiring.connect()
        detail.connect(tab.results)
    return page


def _header(source: Source) -> str:
    index = source.index
    used = f"{counted(len(index.catalogue), 'product')} · {index.manifest.title} · {index.backbone.title}"
    notices = "".join(f'<p class="notice">{escape(notice)}</p>' for notice in source.notices)
    return (
        f"<header><div><h1>{TITLE}</h1><p>{TAGLINE}</p></div>"
        f'<p class="used">{escape(used)}</p></header>{notices}'
    )

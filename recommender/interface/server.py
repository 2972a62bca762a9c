"""How the page is served: limits, safety and looks, the same in production and in the tests."""

import os
from typing import Any

import gradio as gr
from threadpoolctl import threadpool_limits

from recommender.answers.recommender import Recommender
from recommender.errors import SettingsError
from recommender.interface.assets import STYLE_SHEET
from recommender.interface.catalogue_map import CatalogueMap
from recommender.interface.page import build_page
from recommender.interface.sessions import MAX_SESSIONS, keep_sessions_lean
from recommender.interface.theme import theme
from recommender.interface.thumbnails import Thumbnails
from recommender.pictures.reading import MAX_BYTES
from recommender.startup import Source

# More waiting visitors than a minute can answer would wait in vain.
MAX_WAITING = 256


def launch(source: Source, host: str, port: int | None, **options: Any) -> tuple[gr.Blocks, str]:
    """Serve the page over an index.

    Args:
        source: the index.
        host, port: where to answer; without a port, any free one.
        options: for Gradio's `launch`, such as `prevent_thread_lock`.

    Returns:
        The page and its address, once it answers (or once it is stopped).

    Raises:
        SettingsError: the port is taken.
    """
    # Nobody may look at Gradio's statistics of traffic here (below); yet it would work them out
    # anew after every event, for a tenth of what an answer costs.
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000000")
    keep_sessions_lean()
    # A query's matrix products are small: threads of their own would only take the cores from each
    # other and from the network. Measured with 16 visitors: three answers more a second.
    threadpool_limits(1, user_api="blas")
    recommender = Recommender(source.index)
    thumbnails = Thumbnails(source.index)
    drawn = CatalogueMap(source.index)
    page = build_page(source, recommender, thumbnails, drawn)
    page.queue(max_size=MAX_WAITING)
    try:
        _, address, _ = page.launch(
            server_name=host,
            server_port=port,
            theme=theme(),
            css_paths=[STYLE_SHEET],
            app_kwargs={"routes": [thumbnails.route(), drawn.route()]},
            max_file_size=MAX_BYTES,
            state_session_capacity=MAX_SESSIONS,
            show_error=True,
            strict_cors=True,
            enable_monitoring=False,
            mcp_server=True,
            ssr_mode=False,
            footer_links=["api"],
            **options,
        )
    except OSError as error:
        raise SettingsError(
            f"The page cannot answer at {host}:{port or 7860}: another program does, or it is not "
            "allowed. Set PORT or HOST to another."
        ) from error
    return page, address

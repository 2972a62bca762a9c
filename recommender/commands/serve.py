"""Server of the fashion recommender: page, API and MCP tools.

Environment variables set the catalogue and the address: see `recommender.settings`.
"""

import logging
from concurrent.futures import ThreadPoolExecutor

from recommender.commandline import clean_up_when_terminated, run
from recommender.interface.gradio_patches.stubs import without_stubs
from recommender.settings import read_settings
from recommender.startup import load_index

_log = logging.getLogger(__name__)


def main() -> None:
    """Load the index and serve it until stopped."""
    settings = read_settings()
    clean_up_when_terminated()
    with ThreadPoolExecutor(1) as pool:
        loading = pool.submit(load_index, settings)
        # Importing Gradio takes seconds on one core, so the index is opened meanwhile.
        with without_stubs():
            from recommender.interface.index_watch import IndexWatch
            from recommender.interface.live_index import LiveIndex
            from recommender.interface.server import launch

        source = loading.result()
        del loading
    manifest, backbone = source.index.manifest, source.index.backbone
    _log.info(f"Serving {manifest.title}: {manifest.items:,} products, {backbone.title}.")
    live = LiveIndex(source)
    watch = IndexWatch(live, settings)
    del source  # so that its memory is free when another index takes its place
    watch.start()
    launch(live, settings.host, settings.port, settings.allowed_hosts)


def program() -> None:
    """Run the server and exit with its code."""
    run(main)

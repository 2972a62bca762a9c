"""Serve the fashion recommender: the page, its API and its MCP tools.

Environment variables choose the catalogue and the address: see `recommender.settings`.
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
        # Importing Gradio takes seconds of one core; meanwhile the other opens the index.
        with without_stubs():
            from recommender.interface.server import launch

        source = loading.result()
    manifest, backbone = source.index.manifest, source.index.backbone
    _log.info(f"Serving {manifest.title}: {manifest.items:,} products, {backbone.title}.")
    launch(source, settings.host, settings.port, settings.allowed_hosts)


def program() -> None:
    """Run the server and leave with its exit code."""
    run(main)

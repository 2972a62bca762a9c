"""Server of the page: limits, safety and looks, the same in production and in the tests."""

from typing import Any

import cv2
import gradio as gr
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from threadpoolctl import threadpool_limits

from recommender.allocator import return_freed_memory
from recommender.errors import SettingsError
from recommender.interface.assets import STYLE_SHEET
from recommender.interface.gradio_patches.apps import without_apps
from recommender.interface.gradio_patches.arguments import ArgumentsError, endpoint_names
from recommender.interface.gradio_patches.patching import patch_gradio
from recommender.interface.gradio_patches.uploads import remember_no_files
from recommender.interface.hosts import allowed_hosts
from recommender.interface.live_index import LiveIndex
from recommender.interface.page import build_page
from recommender.interface.request_guard import RequestGuard
from recommender.interface.theme import theme
from recommender.interface.upload_folder import upload_folder
from recommender.pictures.reading import MAX_BYTES
from recommender.startup import Source

# More waiting visitors than a minute can answer would wait in vain.
MAX_WAITING = 256
# How often those who wait are told of their place. Gradio's default tells everybody whenever
# somebody's turn comes: with 64 waiting, 63 messages for each answer.
STATUS_SECONDS = 1.0


def launch(
    source: Source | LiveIndex,
    host: str,
    port: int | None,
    hosts: tuple[str, ...] = (),
    **options: Any,
) -> tuple[gr.Blocks, str]:
    """Serve the page over an index.

    Args:
        source: the index, or one that another may replace.
        host, port: where to answer; without a port, any free one.
        hosts: names, besides its own, under which browsers may reach the page.
        options: for Gradio's `launch`, such as `prevent_thread_lock`.

    Returns:
        The page and its address, once it answers (or once it is stopped).

    Raises:
        SettingsError: the port is taken, a proxy keeps the server from itself, or no temporary
            folder can be written.
    """
    live = source if isinstance(source, LiveIndex) else LiveIndex(source)
    return_freed_memory()
    folder = upload_folder()
    patch_gradio(folder)
    # A query's matrix products and masks are small: threads of their own only take the cores from
    # each other and from the network, and wait in a loop. A photograph took 60 ms with them and
    # 45 ms without, and half the processor time (2 cores, the demo's index).
    threadpool_limits(1, user_api="blas")
    cv2.setNumThreads(1)
    with without_apps():
        page = build_page(live)
        page.queue(max_size=MAX_WAITING, status_update_rate=STATUS_SECONDS)
    remember_no_files(page)
    guard = Middleware(
        RequestGuard,
        hosts=allowed_hosts(host, hosts),
        folder=folder,
        endpoints=lambda: endpoint_names(page),
        fingerprint=lambda: live.current.source.index.manifest.fingerprint,
    )
    try:
        _, address, _ = page.launch(
            server_name=host,
            server_port=port,
            theme=theme(),
            css_paths=[STYLE_SHEET],
            app_kwargs={
                "routes": live.routes(),
                "middleware": [guard],
                "exception_handlers": {ArgumentsError: _arguments_refused},
            },
            max_file_size=MAX_BYTES,
            show_error=True,
            strict_cors=True,
            enable_monitoring=False,
            run_history=False,
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
    except ValueError as error:
        if "localhost is not accessible" not in str(error):
            raise
        page.close(verbose=False)
        raise SettingsError(
            f"The server does not reach itself at {page.local_url}. Where HTTP_PROXY is set, set "
            "NO_PROXY=localhost,127.0.0.1; else set HOST to an address of this machine."
        ) from error
    return page, address


def _arguments_refused(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, 422)

"""Visitors' pictures: taken as they were sent, and deleted when searched with."""

import functools
import queue
import threading
import time
from pathlib import Path

import gradio as gr
from gradio.data_classes import ImageData

from recommender.interface.gradio_import import without_stubs

# Gradio names an upload by its content: two visitors who send the same picture share one file.
# So it goes not in the moment that one search is done but this much later, and only if nobody
# has sent it again meanwhile.
KEPT_SECONDS = 10


# Beside the module of a component's class Gradio would write a stub, which type checkers then read.
with without_stubs():

    class QueryPicture(gr.Image):
        """A `gr.Image` that hands on the very file that was sent: its path, or its `data:` URL.

        Gradio itself would decode the file first: transparency would turn black, 16 bits would
        saturate, and what it cannot read would fail with a message that helps nobody. That this is
        a class matters: at the first update of a component, Gradio makes the visitor another of
        the same class and the same arguments.
        """

        is_template = True
        """To the browser it is an image as any other."""

        def preprocess(self, payload: ImageData | None) -> str | None:
            """What the browser sent, to what an event's function is given."""
            if payload is None:
                return None
            if payload.url and payload.url.startswith("data:"):
                return payload.url
            return payload.path


def delete_soon(path: str | None) -> None:
    """Delete an uploaded file after `KEPT_SECONDS`, unless it is sent again before.

    Args:
        path: what a `QueryPicture` handed on.
    """
    if path and not path.startswith("data:"):
        _start_deleting()
        _done_with.put((time.time(), path))


# Searches come to an end in this order, so that one thread can wait for all of them.
_done_with: queue.SimpleQueue[tuple[float, str]] = queue.SimpleQueue()


@functools.cache
def _start_deleting() -> None:
    threading.Thread(target=_delete_for_ever, name="delete uploads", daemon=True).start()


def _delete_for_ever() -> None:
    while True:
        done, path = _done_with.get()
        time.sleep(max(0.0, done + KEPT_SECONDS - time.time()))
        file = Path(path)
        try:
            if file.stat().st_ctime <= done:
                file.unlink()
                file.parent.rmdir()
        except OSError:
            pass  # Another search deleted it, or its folder holds another's file.

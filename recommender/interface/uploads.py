"""Picture components: uploads are read once and deleted, answers lie in the folder of answers."""

import collections
import functools
import queue
import threading
import time
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.data_classes import ImageData

from recommender.errors import PictureError
from recommender.interface.errors import refusal
from recommender.interface.gradio_patches.stubs import without_stubs
from recommender.interface.upload_folder import NOT_UPLOADED, upload_folder
from recommender.pictures.reading import MAX_BYTES

# An upload goes this long after it was last read: a program that sends a picture once may search
# with it more than once.
KEPT_SECONDS = 10
FILE_MARK = {"_type": "gradio.FileData"}
"""How Gradio tells a file from other objects of JSON."""


# Beside the module of a component's class Gradio would write a stub, which type checkers then read.
with without_stubs():

    class QueryPicture(gr.Image):
        """A `gr.Image` that hands on what was sent: the bytes of an upload, or its `data:` URL.

        Whatever a caller claims, nothing but a file of the upload folder is opened, and that file
        is deleted soon after it was read. Gradio itself would decode the file first: transparency
        would turn black, 16 bits would saturate, and what it cannot read would fail with a message
        that helps nobody. That this is a class matters: at the first update of a component, Gradio
        makes the visitor another of the same class and the same arguments.
        """

        is_template = True
        """To the browser it is an image as any other."""

        def preprocess(  # type: ignore[override]
            self, payload: ImageData | None
        ) -> bytes | str | None:
            """What the browser sent, to what an event's function is given."""
            if payload is None:
                return None
            try:
                sent = picture_sent(payload.model_dump())
                return sent["url"] or _read(sent["path"])
            except PictureError as error:
                raise refusal(error) from error

    class AnswerPicture(gr.Image):
        """A `gr.Image` that shows a picture made here, kept where the oldest make room."""

        is_template = True

        def __init__(self, *args: Any, **arguments: Any) -> None:
            super().__init__(*args, **arguments)
            self.GRADIO_CACHE = str(upload_folder().answers)

        def postprocess(self, value: Any) -> Any:
            """What an event's function returned, to what the browser is sent."""
            shown = super().postprocess(value)
            if isinstance(shown, ImageData) and shown.path and not isinstance(value, str | Path):
                upload_folder().answered(Path(shown.path).stat().st_size)
            return shown


def picture_sent(value: Any) -> dict[str, Any]:
    """A picture as a caller may send it, reduced to what is used: a `data:` URL, or an upload.

    Args:
        value: {"path": ..., "url": ...} with or without Gradio's mark, or either as a text. An
            address beside the path of an upload is ignored.

    Returns:
        {"path", "url", "meta"}, of which either `path` or `url` is None; the path is that of an
        uploaded file, without links.

    Raises:
        PictureError: it is neither.
    """
    if isinstance(value, str):
        value = {"url": value} if _is_data_url(value) else {"path": value}
    if not isinstance(value, dict):
        raise PictureError(NOT_UPLOADED)
    path, url = value.get("path"), value.get("url")
    for text in (url, path):
        if _is_data_url(text):
            return {"path": None, "url": text, "meta": FILE_MARK}
    if not isinstance(path, str):
        raise PictureError(NOT_UPLOADED)
    return {"path": str(upload_folder().uploaded(path)), "url": None, "meta": FILE_MARK}


def delete_soon(path: str) -> None:
    """Delete an uploaded file `KEPT_SECONDS` from now, unless it is read again before."""
    _start_deleting()
    with _reads_lock:
        _reads[path] += 1
    _done_with.put((time.monotonic(), path))


def _is_data_url(text: Any) -> bool:
    return isinstance(text, str) and text[:5].lower() == "data:"


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(MAX_BYTES + 1)  # One more tells that it is too large.
    except OSError as error:  # It was deleted in this moment.
        raise PictureError(NOT_UPLOADED) from error
    finally:
        delete_soon(path)


# Reads come to an end in this order, so that one thread can wait for all of them.
_done_with: queue.SimpleQueue[tuple[float, str]] = queue.SimpleQueue()
_reads: collections.Counter[str] = collections.Counter()
"""How often each file was read in the last `KEPT_SECONDS`."""
_reads_lock = threading.Lock()


@functools.cache
def _start_deleting() -> None:
    threading.Thread(target=_delete_for_ever, name="delete uploads", daemon=True).start()


def _delete_for_ever() -> None:
    while True:
        done, path = _done_with.get()
        time.sleep(max(0.0, done + KEPT_SECONDS - time.monotonic()))
        with _reads_lock:
            _reads[path] -= 1
            if _reads[path]:
                continue
            del _reads[path]
            upload_folder().delete(path)

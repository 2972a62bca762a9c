"""Web apps of a page that is being made: left out, because Gradio would throw them away again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from gradio.routes import App


@contextmanager
def without_apps() -> Iterator[None]:
    """While it lasts, pages get no app of their own.

    Gradio makes one when a page is begun, when it is finished, when it gets its queue, and when it
    is served. Only the last is used, and each takes a tenth of a second.
    """
    create = App.create_app

    def no_app(*args: Any, **arguments: Any) -> None:
        return None

    App.create_app = staticmethod(no_app)  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        App.create_app = staticmethod(create)  # type: ignore[method-assign]

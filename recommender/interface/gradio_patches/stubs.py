"""Type stubs that Gradio writes for editors: left out when it is imported."""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_WITH_COMPONENTS = ("gradio", __name__.partition(".")[0])


@contextmanager
def without_stubs() -> Iterator[None]:
    """While it lasts, Gradio finds no file to write stubs beside.

    At every import Gradio parses the source of its eighty components and renders a `.pyi` file for
    each: a second of the five that a start may take. It leaves out classes of which
    `inspect.getfile` knows no file.
    """
    getfile = inspect.getfile

    def no_file_of_components(thing: Any) -> str:
        if isinstance(thing, type) and thing.__module__.partition(".")[0] in _WITH_COMPONENTS:
            raise OSError("no stub is wanted")
        return getfile(thing)

    inspect.getfile = no_file_of_components  # type: ignore[assignment]
    try:
        yield
    finally:
        inspect.getfile = getfile

"""Error messages of the interface: one sentence to a visitor, an API caller or an agent."""

import functools
import logging
from collections.abc import Callable
from html import escape
from typing import ParamSpec, TypeVar

import gradio as gr

from recommender.errors import RecommenderError
from recommender.interface.wording import BROKEN

P = ParamSpec("P")
R = TypeVar("R")

_log = logging.getLogger(__name__)


def in_sentences(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function of the API fail in sentences, which callers get as plain text.

    A `RecommenderError` carries its own; anything else is a bug of ours, whose traceback goes to
    the log and not to the caller.
    """
    return _failing(function, str)


def on_page(function: Callable[P, R]) -> Callable[P, R]:
    """Make a listener of the page fail in sentences, as `in_sentences` does.

    Gradio shows a message as HTML, and messages quote links and catalogues: they are escaped.
    """
    return _failing(function, escape)


def warn(sentence: str, title: str) -> None:
    """Show a sentence to the visitor whose event is being answered; it is plain text."""
    gr.Warning(escape(sentence), title=escape(title))


def refusal(error: RecommenderError, text: Callable[[str], str] = escape) -> gr.Error:
    """The message that the page shows for an error."""
    return gr.Error(text(str(error)), title="Please look again", print_exception=False)


def _failing(function: Callable[P, R], text: Callable[[str], str]) -> Callable[P, R]:
    @functools.wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except RecommenderError as error:
            raise refusal(error, text) from error
        except gr.Error:
            raise
        except Exception as error:
            _log.exception("%s failed", function.__name__)
            raise gr.Error(BROKEN, title="Sorry", print_exception=False) from error

    return wrapped

"""What goes wrong, as a sentence to whoever asked: a visitor, an API caller or an agent."""

import functools
import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import gradio as gr

from recommender.errors import RecommenderError
from recommender.interface.wording import BROKEN

P = ParamSpec("P")
R = TypeVar("R")

_log = logging.getLogger(__name__)


def refusal(error: RecommenderError) -> gr.Error:
    """An error as Gradio hands it to the caller or shows it on the page."""
    return gr.Error(str(error), title="Please look again", print_exception=False)


def in_sentences(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function of the page or the API fail in sentences.

    A `RecommenderError` carries its own; anything else is a bug of ours, whose traceback goes to
    the log and not to the visitor.
    """

    @functools.wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except RecommenderError as error:
            raise refusal(error) from error
        except gr.Error:
            raise
        except Exception as error:
            _log.exception("%s failed", function.__name__)
            raise gr.Error(BROKEN, title="Sorry", print_exception=False) from error

    return wrapped

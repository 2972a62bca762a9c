"""Filters as dropdowns, whose refusals are sentences of this page."""

from typing import Any

import gradio as gr

from recommender.errors import FilterError
from recommender.index.catalogue import Catalogue
from recommender.interface.errors import refusal
from recommender.interface.gradio_patches.stubs import without_stubs
from recommender.interface.wording import OUTDATED

Choices = list[tuple[str | int | float, str | int | float]]


def choices_of(catalogue: Catalogue, name: str) -> Choices:
    """Choices of a filter: values with their number of products; none where it is no filter."""
    if name not in catalogue.filters:
        return []
    return [(f"{value} ({count:,})", value) for value, count in catalogue.values(name).items()]


# Beside the module of a component's class Gradio would write a stub, which type checkers then read.
with without_stubs():

    class FilterChoice(gr.Dropdown):
        """A `gr.Dropdown` of a filter's values.

        Gradio's own message lists every choice, as HTML; and a page that holds another choice is
        one from before the server was started with another catalogue.
        """

        is_template = True
        """To the browser it is a dropdown as any other."""

        def preprocess(self, payload: Any) -> Any:
            """The values that were chosen, all of them among the choices."""
            try:
                return super().preprocess(payload)
            except gr.Error as error:
                raise refusal(FilterError(OUTDATED)) from error

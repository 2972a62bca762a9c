"""Filter dropdowns: the commonest values are listed, and every value is found by typing."""

from typing import Any

import gradio as gr

from recommender.errors import FilterError
from recommender.index.catalogue import Catalogue
from recommender.index.filters import MAX_FILTER_VALUES
from recommender.interface.errors import on_page, refusal
from recommender.interface.gradio_patches.stubs import without_stubs
from recommender.interface.page_events import PageEvent
from recommender.interface.wording import OUTDATED

# Values that are listed while somebody types: more than fit on a screen.
LISTED = 50

# Beside the module of a component's class Gradio would write a stub, which type checkers then read.
with without_stubs():

    class FilterChoice(gr.Dropdown):
        """A `gr.Dropdown` of the values of a filter.

        A page that sends a value which no product has is one from before the server was started
        with another catalogue. Gradio's own message would list every choice, as HTML.
        """

        is_template = True
        """To the browser it is a dropdown as any other."""

        catalogue: Catalogue
        attribute: str

        def preprocess(self, payload: Any) -> Any:
            """The values that were chosen, all of them the catalogue's."""
            is_filter = self.attribute in self.catalogue.filters
            for value in payload or []:
                if not is_filter or not self.catalogue.has_value(self.attribute, value):
                    raise refusal(FilterError(OUTDATED))
            return payload

        def connect(self) -> None:
            """List other values while somebody types, where there are too many to list all.

            Another index may have more values than this one, but then lists the commonest.
            """
            if len(self.catalogue.values(self.attribute)) > MAX_FILTER_VALUES:
                self.key_up(
                    on_page(self.typed),
                    self,
                    self,
                    api_visibility="private",
                    show_progress="hidden",
                    queue=False,
                    trigger_mode="always_last",
                )

        def typed(self, chosen: list[str] | None, event: PageEvent) -> Any:
            """The values that contain what was typed; those that are chosen stay."""
            if self.attribute not in self.catalogue.filters:  # of another index since
                return gr.skip()
            found = self.catalogue.matching(self.attribute, event.typed, LISTED)
            kept = {
                value: self.catalogue.values(self.attribute)[value]
                for value in chosen or []
                if value not in found
            }
            return gr.update(choices=_labelled({**found, **kept}))


def listed_values(catalogue: Catalogue, attribute: str) -> list[tuple[Any, ...]]:
    """The commonest values of a filter, labelled; none where it is no filter (any more)."""
    if attribute not in catalogue.filters:
        return []
    return [*_labelled(catalogue.matching(attribute, "", MAX_FILTER_VALUES))]


def filter_choice(catalogue: Catalogue, attribute: str, **options: Any) -> FilterChoice:
    """The dropdown of an attribute, with its commonest values.

    Args:
        catalogue: has the values.
        attribute: one of its filters.
        options: of `gr.Dropdown`.
    """
    listed = catalogue.matching(attribute, "", MAX_FILTER_VALUES)
    more = len(catalogue.values(attribute)) > len(listed)
    choice = FilterChoice(
        _labelled(listed),
        multiselect=True,
        info="The commonest are listed: type to find others." if more else None,
        **options,
    )
    choice.catalogue, choice.attribute = catalogue, attribute
    return choice


def _labelled(values: dict[str, int]) -> list[tuple[str, str]]:
    return [(f"{value} ({count:,})", value) for value, count in values.items()]

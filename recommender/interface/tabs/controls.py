"""Control panel: weight of colour, filters, ranges and the other controls beside the picture."""

from typing import Any

import gradio as gr

from recommender.answers.arguments import MAX_K
from recommender.index.catalogue import Catalogue
from recommender.index.filters import Wanted
from recommender.index.offer import AVAILABILITY, IN_STOCK, PRICE
from recommender.interface.choices import FilterChoice, filter_choice, listed_values
from recommender.interface.range_choice import RangeChoice, bounds_of
from recommender.interface.state.actions import SearchActions
from recommender.interface.state.controls import PAGE_K, Controls
from recommender.interface.wording import (
    IN_STOCK_ONLY,
    attribute_title,
    listed_filters,
)


class ControlPanel:
    """Lays out the controls inside the Blocks being built.

    Args:
        actions: knows the catalogue.
    """

    def __init__(self, actions: SearchActions) -> None:
        catalogue = actions.catalogue
        self._actions = actions
        weight = gr.Slider(
            0,
            1,
            actions.default_weight,
            step=0.05,
            label="Colour matters: less … more",
            visible=actions.recommender.index.manifest.colour_dimensions > 0,
            buttons=[],
            elem_id="colour",
        )
        with gr.Accordion("Filters", open=False, elem_id="filters"):
            self._ranges = _ranges(catalogue)
            stock = gr.Checkbox(label=IN_STOCK_ONLY, visible=_says_stock(catalogue))
            self._choices: dict[str, FilterChoice] = {
                name: filter_choice(
                    catalogue, name, label=attribute_title(name), elem_id=f"filter-{name}"
                )
                for name in listed_filters(catalogue)
            }
            least = gr.Slider(
                0, 1, 0, step=0.05, label="Least similarity", buttons=[], elem_id="least"
            )
            k = gr.Slider(1, MAX_K, PAGE_K, step=1, label="Number of results", buttons=[])
            same = gr.Checkbox(label="Also show the very same picture")
        self._weight, self._stock = weight, stock
        chosen = [*self._ranges.values(), *self._choices.values()]
        self.components: list[Any] = [k, weight, same, least, stock, *chosen]

    def refresh(self) -> None:
        """Show the current index to whoever opens the page from now on."""
        self._weight.value = self._actions.default_weight
        self._weight.visible = self._actions.recommender.index.manifest.colour_dimensions > 0
        catalogue = self._actions.catalogue
        self._stock.visible = _says_stock(catalogue)
        for name, choice in self._choices.items():
            choice.choices = listed_values(catalogue, name)

    def connect(self) -> None:
        """Attach the listeners of what is typed into the filters."""
        for choice in self._choices.values():
            choice.connect()

    def read(self, values: tuple[Any, ...]) -> Controls:
        """The components' values."""
        k, weight, same, least, stock, *chosen = values
        names = (*self._ranges, *self._choices)
        filters: dict[str, Wanted] = {
            name: wanted if isinstance(wanted, dict) else tuple(wanted)
            for name, wanted in zip(names, chosen, strict=True)
            if wanted
        }
        if stock:
            filters[AVAILABILITY] = (IN_STOCK,)
        return Controls(int(k), float(weight), bool(same), filters, float(least))

    def write(self, controls: Controls) -> tuple[Any, ...]:
        """What the components are to show; the reverse of `read`."""
        filters = controls.filters
        return (
            controls.k,
            controls.weight,
            controls.include_same,
            controls.min_similarity,
            IN_STOCK in filters.get(AVAILABILITY, ()),
            *(filters.get(name) for name in self._ranges),
            *(list(filters.get(name, ())) for name in self._choices),
        )


def _ranges(catalogue: Catalogue) -> dict[str, RangeChoice]:
    """Sliders by number, of those numbers that differ between products."""
    bounds = {name: bounds_of(numbers) for name, numbers in catalogue.numbers.items()}
    return {
        name: RangeChoice(
            attribute_title(name),
            within,
            catalogue.offers.currency if name == PRICE else None,
            elem_id=f"range-{name}",
        )
        for name, within in bounds.items()
        if within is not None
    }


def _says_stock(catalogue: Catalogue) -> bool:
    """Whether some products are known to be in stock, and others known not to be."""
    values = catalogue.values(AVAILABILITY) if AVAILABILITY in catalogue.filters else {}
    return IN_STOCK in values and len(values) > 1

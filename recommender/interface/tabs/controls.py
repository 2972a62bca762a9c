"""Control panel: weight of colour, filters, ranges and the other controls beside the picture."""

from typing import Any

import gradio as gr

from recommender.answers.arguments import MAX_K
from recommender.index.filters import Wanted
from recommender.interface.choices import FilterChoice, filter_choice
from recommender.interface.state.actions import Visit
from recommender.interface.state.controls import PAGE_K, Controls
from recommender.interface.wording import attribute_title, ordered_filters


class ControlPanel:
    """Lays out the controls inside the Blocks being built.

    Args:
        visit: knows the catalogue.
    """

    def __init__(self, visit: Visit) -> None:
        catalogue = visit.catalogue
        self._names = ordered_filters(catalogue.filters)
        weight = gr.Slider(
            0,
            1,
            visit.default_weight,
            step=0.05,
            label="Colour matters: less … more",
            visible=visit.recommender.index.manifest.colour_dimensions > 0,
            buttons=[],
            elem_id="colour",
        )
        with gr.Accordion("Filters", open=False, elem_id="filters"):
            self._choices: list[FilterChoice] = [
                filter_choice(
                    catalogue, name, label=attribute_title(name), elem_id=f"filter-{name}"
                )
                for name in self._names
            ]
            least = gr.Slider(
                0, 1, 0, step=0.05, label="Least similarity", buttons=[], elem_id="least"
            )
            k = gr.Slider(1, MAX_K, PAGE_K, step=1, label="Number of results", buttons=[])
            same = gr.Checkbox(label="Also show the very same picture")
        self.components: list[Any] = [k, weight, same, least, *self._choices]

    def connect(self) -> None:
        """Attach the listeners of what is typed into the filters."""
        for choice in self._choices:
            choice.connect()

    def read(self, values: tuple[Any, ...]) -> Controls:
        """The components' values."""
        k, weight, same, least, *chosen = values
        filters: dict[str, Wanted] = {
            name: tuple(wanted) for name, wanted in zip(self._names, chosen, strict=True) if wanted
        }
        return Controls(int(k), float(weight), bool(same), filters, float(least))

    def write(self, controls: Controls) -> tuple[Any, ...]:
        """What the components are to show; the reverse of `read`."""
        chosen = [list(controls.filters.get(name, ())) for name in self._names]
        return controls.k, controls.weight, controls.include_same, controls.min_similarity, *chosen

"""Browse tab: the catalogue by attribute, page by page."""

import functools
from typing import Any

import gradio as gr

from recommender.interface.api.catalogue import PAGE_SIZE, matching
from recommender.interface.assets import script
from recommender.interface.cards import Cards
from recommender.interface.choices import filter_choice, listed_values
from recommender.interface.errors import on_page
from recommender.interface.state.actions import SearchActions
from recommender.interface.tabs.listeners import PAGE_EVENT
from recommender.interface.templates import render
from recommender.interface.wording import (
    NOTHING_PASSES,
    attribute_title,
    counted,
    listed_filters,
)

# The first four fit a line; the others are on the search tab.
_FILTERS = 4


class BrowseTab:
    """Lays out the tab inside the Blocks being built.

    Args:
        actions: knows the catalogue.
        cards: renders its products.
    """

    def __init__(self, actions: SearchActions, cards: Cards) -> None:
        self._actions, self._cards = actions, cards
        catalogue = actions.catalogue
        self._names = listed_filters(catalogue)[:_FILTERS]
        with gr.Row():
            self._filters = [
                filter_choice(catalogue, name, label=attribute_title(name), min_width=140)
                for name in self._names
            ]
        self._page = gr.Number(1, precision=0, visible=False)
        self._version = gr.Textbox(self._current, visible=False)
        words, cards_html, _ = self.shown(1, *([] for _ in self._names))
        self._words = gr.HTML(words, apply_default_css=False, js_on_load=None)
        self.grid = gr.HTML(
            cards_html, apply_default_css=False, js_on_load=script("cards"), elem_id="browse"
        )
        with gr.Row(elem_classes="paging"):
            self._before = gr.Button("Previous page", size="md")
            self._after = gr.Button("Next page", size="md")

    @property
    def _current(self) -> str:
        return self._actions.recommender.index.manifest.version

    def refresh(self) -> None:
        """Show the current index to whoever opens the page from now on."""
        words, grid, _ = self.shown(1, *([] for _ in self._names))
        self._words.value, self.grid.value, self._version.value = words, grid, self._current
        for dropdown, name in zip(self._filters, self._names, strict=True):
            dropdown.choices = listed_values(self._actions.catalogue, name)

    def connect(self, opened: gr.Tab) -> None:
        """Attach the tab's listeners."""
        outputs = [self._words, self.grid, self._page]
        opened.select(
            on_page(self.opened),
            [self._version, self._page, *self._filters],
            [self._version, *outputs, *self._filters],
            **PAGE_EVENT,
        )
        for dropdown in self._filters:
            dropdown.connect()
            dropdown.input(on_page(self.first), self._filters, outputs, **PAGE_EVENT)
        for button, step in ((self._before, -1), (self._after, 1)):
            button.click(
                on_page(functools.partial(self.turn, step)),
                [self._page, *self._filters],
                outputs,
                **PAGE_EVENT,
            ).then(
                None,
                js="() => document.getElementById('browse').scrollIntoView({block: 'nearest'})",
            )

    def opened(self, version: str, page: int, *chosen: list[str]) -> tuple[Any, ...]:
        """The tab is opened: where the page shows an earlier index, it shows the current one."""
        if version == self._current:
            return tuple(gr.skip() for _ in range(4 + len(chosen)))
        choices = [
            gr.update(choices=listed_values(self._actions.catalogue, name)) for name in self._names
        ]
        return self._current, *self.shown(page, *chosen), *choices

    def first(self, *chosen: list[str]) -> tuple[str, str, int]:
        """The first page of another choice."""
        return self.shown(1, *chosen)

    def turn(self, step: int, page: int, *chosen: list[str]) -> tuple[str, str, int]:
        """The page before or after."""
        return self.shown(page + step, *chosen)

    def shown(self, page: int, *chosen: list[str]) -> tuple[str, str, int]:
        """Words, cards and number of a page; past either end, of the nearest there is."""
        filters: dict[str, Any] = {
            name: values for name, values in zip(self._names, chosen, strict=True) if values
        }
        passing = matching(self._actions.recommender, filters)
        if not len(passing):
            return render("words", text=NOTHING_PASSES, important=True), "", 1
        pages = -(-len(passing) // PAGE_SIZE)
        page = min(max(page, 1), pages)
        positions = passing[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
        words = f"{counted(len(passing), 'product')} · page {page:,} of {pages:,}"
        return (
            render("words", text=words, important=False),
            self._cards.products([int(p) for p in positions]),
            page,
        )

"""Search view: what the search tab shows of a session, as values of its components."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import gradio as gr

from recommender.answers.recommendation import Answer
from recommender.answers.text_filters import filters_of_mention
from recommender.interface.cards import Cards, Chip
from recommender.interface.errors import warn
from recommender.interface.state.actions import SearchActions
from recommender.interface.state.controls import Controls
from recommender.interface.state.history import Session
from recommender.interface.state.links import Links
from recommender.interface.tabs.search import SearchTab
from recommender.interface.visitors import Visitors
from recommender.interface.wording import (
    GONE,
    LOST,
    attribute_title,
)
from recommender.schema import AVAILABILITY, PRICE
from recommender.words.understanding import Mention


class SearchView:
    """Shows searches, mixes and the beginning. The tuples are values of `SearchTab.shown`.

    Args:
        tab: its components.
        actions: turns doings into searches.
        visitors: keep the sessions.
        cards: renders what was found.
        starting: gives positions of the products that stand where the results will be.
    """

    def __init__(
        self,
        tab: SearchTab,
        actions: SearchActions,
        visitors: Visitors,
        cards: Cards,
        starting: Callable[[], Sequence[int]],
    ) -> None:
        self.tab, self.actions, self.visitors, self.cards = tab, actions, visitors, cards
        self._starting, self._links = starting, Links(actions)

    def refresh(self) -> None:
        """Show the current index to whoever opens the page from now on."""
        self.tab.session.value = self.visitors.keep(Session())
        self.tab.results.value = self.start()
        self.tab.words.visible = self.actions.recommender.words.available
        self.tab.panel.refresh()

    def found(
        self, session: Session, values: tuple[Any, ...], *, again: bool = False
    ) -> tuple[Any, ...]:
        """A search, or the beginning where its picture is lost.

        Args:
            session: its last entry is searched with.
            values: of the controls.
            again: whether the picture that the page shows stays as it is.
        """
        entry = session.entry
        if entry is None:
            return self.begin_again(session, lost=True)
        if session.lost_entries or session.lost_mix_items:
            warn(LOST, GONE)
        results = self.rendered(session, self.tab.panel.read(values))
        tray = self.mix(session) if session.lost_mix_items else gr.skip()
        session = replace(session, lost_entries=0, lost_mix_items=0)
        if again:
            return session, gr.skip(), gr.skip(), results, tray
        shown = self.cards.query(
            entry,
            words=self.actions.recommender.words.available,
            suggestions=self.actions.suggestions(entry),
        )
        query = gr.update(value=shown, visible=True)
        return session, gr.update(value=None, visible=False), query, results, tray

    def begin_again(self, session: Session, *, lost: bool = False) -> tuple[Any, ...]:
        """The tab before there is a search; `lost` says why, where the picture is."""
        start = self.start(LOST if lost else None)
        session = replace(session, history=(), lost_entries=0, lost_mix_items=0)
        intake = gr.update(value=None, visible=True)
        return session, intake, gr.update(visible=False), start, self.mix(session)

    def with_mix(self, session: Session) -> tuple[Any, ...]:
        """Another mix, and all else as it is."""
        session = replace(session, lost_mix_items=0)
        return session, gr.skip(), gr.skip(), gr.skip(), self.mix(session)

    def mix(self, session: Session) -> Any:
        """The tray, which shows only while something is in it."""
        return gr.update(value=self.cards.mix(session.mix), visible=bool(session.mix))

    def start(self, notice: str | None = None) -> str:
        """What stands in the place of results before there is a search."""
        return self.cards.start(self._starting(), notice)

    def rendered(self, session: Session, controls: Controls) -> str:
        """Search, and render what was found."""
        assert session.entry is not None
        answer = self.actions.search(session.entry, controls)
        link = self._links.write(session.entry, controls)
        return self.cards.results(session, answer, link, self._chips(answer, controls))

    def unchanged(self) -> tuple[Any, ...]:
        """All as it is."""
        return tuple(gr.skip() for _ in self.tab.shown)

    def filters_of(self, mention: Mention) -> dict[str, Any]:
        """Values to filter by that a mention names, by attribute."""
        columns = self.actions.recommender.words.embedder.lexicon.columns
        found = filters_of_mention(mention, columns, self.actions.catalogue)
        return {name: wanted for name, wanted in found.items() if isinstance(wanted, list)}

    def _chips(self, answer: Answer, controls: Controls) -> list[Chip]:
        understood = answer.query.understood
        chips = []
        for mention in () if understood is None else understood.mentions:
            own = self.filters_of(mention)
            chosen = {name: set(controls.filters.get(name, ())) for name in own}
            is_chosen = bool(own) and chosen == {name: set(own[name]) for name in own}
            chips.append(Chip(_chip_title(mention), bool(own), is_chosen))
        return chips


def _chip_title(mention: Mention) -> str:
    """What a chip says: "Colour: Red", "not Black", "under 50 EUR"."""
    if mention.negated:
        return f"not {mention.label}"
    if mention.role in (PRICE, AVAILABILITY):
        return mention.label
    return f"{attribute_title(mention.role)}: {mention.label}"

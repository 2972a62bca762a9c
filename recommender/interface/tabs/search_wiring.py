"""Search wiring: what the search tab does when something happens on it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import gradio as gr

from recommender.answers.arguments import MAX_K, MAX_RANK
from recommender.answers.recommendation import Answer
from recommender.answers.text_filters import filters_of_mention
from recommender.errors import PictureError, SettingsError, TextError
from recommender.interface.cards import Cards, Chip
from recommender.interface.errors import warn
from recommender.interface.page_events import PageEvent
from recommender.interface.state.actions import Visit
from recommender.interface.state.controls import Controls
from recommender.interface.state.history import Session, data_url, jpeg
from recommender.interface.state.links import Links
from recommender.interface.tabs.listeners import LATEST, PAGE_EVENT
from recommender.interface.tabs.search import SearchTab
from recommender.interface.visitors import Visitors
from recommender.interface.wording import (
    GONE,
    LOST,
    NOT_AS_SIMILAR,
    NOT_THE_PAGE,
    NOTHING_PASSES,
    PICTURE_REFUSED,
    WORDS_REFUSED,
    attribute_title,
)
from recommender.schema import AVAILABILITY, PRICE
from recommender.words.understanding import Mention

# The browser saves what the server made, under a name of ours.
SAVE = """(url) => {
  const link = document.createElement("a");
  [link.href, link.download] = [url, "similar-products.jpg"];
  link.click();
}"""
# What a chip does besides going away.
ONLY = "only"
# While the first search with a picture runs, the place of the results says so.
WAIT = """() => document.getElementById("results").classList.add("waiting")"""
WAIT_NO_MORE = """() => document.getElementById("results").classList.remove("waiting")"""


class SearchWiring:
    """What the tab does when something happens on it.

    Args:
        tab: its components.
        visit: turns doings into searches.
        visitors: keep the sessions.
        cards: renders what was found.
        starting: gives positions of the products that stand where the results will be.
    """

    def __init__(
        self,
        tab: SearchTab,
        visit: Visit,
        visitors: Visitors,
        cards: Cards,
        starting: Callable[[], Sequence[int]],
    ) -> None:
        self.tab, self.visit, self.visitors, self.cards = tab, visit, visitors, cards
        self._starting, self._links = starting, Links(visit)

    def refresh(self) -> None:
        """Show the current index to whoever opens the page from now on."""
        self.tab.session.value = self.visitors.keep(Session())
        self.tab.results.value = self.start()
        self.tab.words.visible = self.visit.recommender.words.available
        self.tab.panel.refresh()

    def connect(self) -> None:
        """Attach every listener of the tab."""
        tab, listener = self.tab, self.visitors.listener
        given = [tab.session, *tab.controls]
        marking = listener(self.mark), [tab.session], tab.marks
        for picture, options in ((tab.intake, PAGE_EVENT), (tab.dropped, LATEST)):
            pictured = [tab.session, picture, *tab.controls]
            picture.input(None, js=WAIT, **PAGE_EVENT)
            picture.input(listener(self.take), pictured, tab.shown, **options).then(
                lambda: None, None, tab.dropped, js=WAIT_NO_MORE, **PAGE_EVENT
            ).then(*marking, **PAGE_EVENT)
        tab.arrivals.item(listener(self.take_item), given, tab.shown, **LATEST)
        tab.asked.crop(listener(self.crop), given, tab.shown, **LATEST)
        tab.words.ask(listener(self.ask), given, tab.shown, **LATEST)
        tab.asked.say(listener(self.say), given, tab.shown, **LATEST).then(*marking, **PAGE_EVENT)
        chosen = [*tab.shown, *tab.controls]
        tab.results.chip(listener(self.chip), given, chosen, **PAGE_EVENT)
        tab.asked.act(listener(self.act_on_query), [tab.session], tab.shown, **PAGE_EVENT)
        tab.results.back(listener(self.back), given, tab.shown, **PAGE_EVENT).then(
            *marking, **PAGE_EVENT
        )
        for control in tab.controls:
            control.input(listener(self.refine), given, tab.shown, **LATEST)
        tab.panel.connect()
        tab.mix.blend(listener(self.blend), given, tab.shown, **LATEST)
        tab.mix.remove(listener(self.remove), tab.session, tab.shown, **PAGE_EVENT)
        tab.mix.empty(listener(self.empty), tab.session, tab.shown, **PAGE_EVENT)
        tab.results.more(listener(self.more), given, tab.more, **PAGE_EVENT)
        tab.results.sheet(listener(self.sheet), given, tab.sheet, **PAGE_EVENT).success(
            None, tab.sheet, js=SAVE
        )

    # Each listener below returns the values of `SearchTab.shown`, if nothing else is said.

    def take(self, session: Session, picture: bytes | str | None, *values: Any) -> tuple[Any, ...]:
        """A picture arrived: search with it."""
        if picture is None:
            return self._unchanged()
        try:
            session = self.visit.with_picture(session, picture)
        except PictureError as error:
            warn(str(error), PICTURE_REFUSED)
            if session.step is not None:
                return self._unchanged()
            refused = self.start(f"{PICTURE_REFUSED} {error}")
            return gr.skip(), gr.update(value=None), gr.skip(), refused, gr.skip()
        return self.found(session, values)

    def mark(self, session: Session) -> str:
        """The results stand: mark the garments of a picture that shows several."""
        return self.cards.regions(self.visit.regions(session))

    def take_item(self, session: Session, event: PageEvent, *values: Any) -> tuple[Any, ...]:
        """A product was dropped on the picture: search with it."""
        return self.found(self.visit.with_item(session, event.id, onward=True), values)

    def ask(self, session: Session, event: PageEvent, *values: Any) -> tuple[Any, ...]:
        """Words arrived: search with them."""
        try:
            return self.found(self.visit.with_words(session, event.text), values)
        except TextError as error:
            warn(str(error), WORDS_REFUSED)
            return self._unchanged()

    def say(self, session: Session, event: PageEvent, *values: Any) -> tuple[Any, ...]:
        """Words refine what is searched with, or change the words."""
        try:
            refined = self.visit.refined(session, event.text)
        except TextError as error:
            warn(str(error), WORDS_REFUSED)
            return self._unchanged()
        lost = session.step is None
        return self.found(refined, values) if refined.trail or lost else self.begin_again(refined)

    def chip(self, session: Session, event: PageEvent, *values: Any) -> tuple[Any, ...]:
        """A chip was taken away, or became a filter: values of `SearchTab.shown` and controls."""
        step = session.step
        understood = None if step is None else step.query.understood
        if understood is None or not 0 <= event.number < len(understood.mentions):
            return *self._unchanged(), *(gr.skip() for _ in values)
        controls = self.tab.panel.read(values)
        if event.act == ONLY:
            further = self._filters(understood.mentions[event.number])
            controls = replace(controls, filters={**controls.filters, **further})
        else:
            left = understood.without(event.number)
            try:
                session = self.visit.refined(session, left)
            except TextError as error:
                warn(str(error), WORDS_REFUSED)
                return *self._unchanged(), *(gr.skip() for _ in values)
            if session.step is None:
                return *self.begin_again(session), *values
        written = self.tab.panel.write(controls)
        return *self.found(session, written), *written

    def _filters(self, mention: Mention) -> dict[str, Any]:
        columns = self.visit.recommender.words.embedder.lexicon.columns
        found = filters_of_mention(mention, columns, self.visit.catalogue)
        return {name: wanted for name, wanted in found.items() if isinstance(wanted, list)}

    def _chips(self, answer: Answer) -> list[Chip]:
        understood = answer.query.understood
        return [
            Chip(_chip_title(mention), bool(self._filters(mention)))
            for mention in (() if understood is None else understood.mentions)
        ]

    def crop(self, session: Session, event: PageEvent, *values: Any) -> tuple[Any, ...]:
        """The picture was cut: search with the part, and leave the cut as it stands."""
        return self.found(self.visit.with_crop(session, event.box), values, again=True)

    def refine(self, session: Session, *values: Any) -> tuple[Any, ...]:
        """A filter or a slider moved: search again without the network."""
        if session.step is None and not session.lost_steps:
            return self._unchanged()
        return self.found(session, values, again=True)

    def back(self, session: Session, event: PageEvent, *values: Any) -> tuple[Any, ...]:
        """A step of the trail was chosen, or the browser's way back to one."""
        before_all = event.step < 0
        session = session.back_to(event.step)
        return self.begin_again(session) if before_all else self.found(session, values)

    def act_on_query(self, session: Session, event: PageEvent) -> tuple[Any, ...]:
        """A button below the picture was pressed."""
        if event.act == "mix" and session.step is not None:
            return self.with_mix(self.visit.add_to_mix(session, None))
        return self.begin_again(session, lost=event.act == "mix")

    def blend(self, session: Session, event: PageEvent, *values: Any) -> tuple[Any, ...]:
        """The mix is searched with."""
        if session.lost_shares:
            warn(LOST, GONE)
            return self.with_mix(session)
        session = self.visit.reweighed(session, event.shares)
        return self.found(self.visit.with_mix(session), values)

    def remove(self, session: Session, event: PageEvent) -> tuple[Any, ...]:
        """A picture leaves the mix."""
        if not session.lost_shares:
            session = self.visit.without(session, event.number)
        return self.with_mix(session)

    def empty(self, session: Session) -> tuple[Any, ...]:
        """All pictures leave the mix."""
        return self.with_mix(replace(session, mix=()))

    def more(self, session: Session, event: PageEvent, *values: Any) -> str:
        """Further results were asked for: those after the ones that the page shows."""
        if session.step is None:
            raise SettingsError(LOST if session.lost_steps else NOT_THE_PAGE)
        offset, controls = event.number, self.tab.panel.read(values)
        left = replace(controls, k=max(1, min(controls.k, MAX_RANK - offset)))
        return self.cards.more(self.visit.search(session.step, left, offset), offset)

    def sheet(self, session: Session, event: PageEvent, *values: Any) -> str:
        """The results that the page shows as one picture, as an address that needs no file.

        More than `MAX_K` would be a picture that few programs open: it has the first of them.
        """
        if session.step is None:
            raise SettingsError(
                LOST
                if session.lost_steps
                else "There is no search to save yet. Show a garment first."
            )
        controls = replace(self.tab.panel.read(values), k=max(1, min(event.number, MAX_K)))
        answer = self.visit.search(session.step, controls)
        return data_url(jpeg(self.visit.sheet(session.step, answer)))

    def found(
        self, session: Session, values: tuple[Any, ...], *, again: bool = False
    ) -> tuple[Any, ...]:
        """A search, or the beginning where its picture is lost.

        Args:
            session: its last step is searched with.
            values: of the controls.
            again: whether the picture that the page shows stays as it is.
        """
        step = session.step
        if step is None:
            return self.begin_again(session, lost=True)
        if session.lost_steps or session.lost_shares:
            warn(LOST, GONE)
        results = self.rendered(session, self.tab.panel.read(values))
        tray = self.mix(session) if session.lost_shares else gr.skip()
        session = replace(session, lost_steps=0, lost_shares=0)
        if again:
            return session, gr.skip(), gr.skip(), results, tray
        shown = self.cards.query(
            step,
            words=self.visit.recommender.words.available,
            suggestions=self.visit.suggestions(step),
        )
        query = gr.update(value=shown, visible=True)
        return session, gr.update(value=None, visible=False), query, results, tray

    def begin_again(self, session: Session, *, lost: bool = False) -> tuple[Any, ...]:
        """The tab before there is a search; `lost` says why, where the picture is."""
        start = self.start(LOST if lost else None)
        session = replace(session, trail=(), lost_steps=0, lost_shares=0)
        intake = gr.update(value=None, visible=True)
        return session, intake, gr.update(visible=False), start, self.mix(session)

    def with_mix(self, session: Session) -> tuple[Any, ...]:
        """Another mix, and all else as it is."""
        session = replace(session, lost_shares=0)
        return session, gr.skip(), gr.skip(), gr.skip(), self.mix(session)

    def mix(self, session: Session) -> Any:
        """The tray, which shows only while something is in it."""
        return gr.update(value=self.cards.mix(session.mix), visible=bool(session.mix))

    def start(self, notice: str | None = None) -> str:
        """What stands in the place of results before there is a search."""
        return self.cards.start(self._starting(), notice)

    def rendered(self, session: Session, controls: Controls) -> str:
        """Search, and render what was found."""
        assert session.step is not None
        answer = self.visit.search(session.step, controls)
        link = self._links.write(session.step, controls)
        nothing = NOT_AS_SIMILAR if controls.min_similarity else NOTHING_PASSES
        return self.cards.results(session, answer, link, nothing, self._chips(answer))

    def _unchanged(self) -> tuple[Any, ...]:
        return tuple(gr.skip() for _ in self.tab.shown)


def _chip_title(mention: Mention) -> str:
    """What a chip says: "Colour: Red", "not Black", "under 50 EUR"."""
    if mention.negated:
        return f"not {mention.label}"
    if mention.role in (PRICE, AVAILABILITY):
        return mention.label
    return f"{attribute_title(mention.role)}: {mention.label}"

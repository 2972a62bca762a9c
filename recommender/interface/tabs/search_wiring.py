"""Listeners of the search tab: what it does when something happens on it."""

from dataclasses import replace
from typing import Any

import gradio as gr

from recommender.answers.arguments import MAX_K, MAX_RANK
from recommender.errors import PictureError, SettingsError, TextError
from recommender.interface.errors import warn
from recommender.interface.page_events import PageEvent
from recommender.interface.state.history import Session, data_url, jpeg
from recommender.interface.tabs.listeners import LATEST, PAGE_EVENT
from recommender.interface.tabs.search_view import SearchView
from recommender.interface.wording import (
    GONE,
    LOST,
    NOT_THE_PAGE,
    PICTURE_REFUSED,
    WORDS_REFUSED,
)

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
        view: shows what comes of it.
    """

    def __init__(self, view: SearchView) -> None:
        self.view, self.tab, self.actions = view, view.tab, view.actions
        self.visitors, self.cards = view.visitors, view.cards

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
            return self.view.unchanged()
        try:
            session = self.actions.with_picture(session, picture)
        except PictureError as error:
            warn(str(error), PICTURE_REFUSED)
            if session.entry is not None:
                return self.view.unchanged()
            refused = self.view.start(f"{PICTURE_REFUSED} {error}")
            return gr.skip(), gr.update(value=None), gr.skip(), refused, gr.skip()
        return self.view.found(session, values)

    def mark(self, session: Session) -> str:
        """The results stand: mark the garments of a picture that shows several."""
        return self.cards.regions(self.actions.regions(session))

    def take_item(self, session: Session, event: PageEvent, *values: Any) -> tuple[Any, ...]:
        """A product was dropped on the picture: search with it."""
        return self.view.found(self.actions.with_item(session, event.id, onward=True), values)

    def ask(self, session: Session, event: PageEvent, *values: Any) -> tuple[Any, ...]:
        """Words arrived: search with them."""
        try:
            return self.view.found(self.actions.with_words(session, event.text), values)
        except TextError as error:
            warn(str(error), WORDS_REFUSED)
            return self.view.unchanged()

    def say(self, session: Session, event: PageEvent, *values: Any) -> tuple[Any, ...]:
        """Words refine what is searched with, or change the words."""
        try:
            refined = self.actions.refined(session, event.text)
        except TextError as error:
            warn(str(error), WORDS_REFUSED)
            return self.view.unchanged()
        if session.entry is not None and not refined.history:
            return self.view.begin_again(refined)
        return self.view.found(refined, values)

    def chip(self, session: Session, event: PageEvent, *values: Any) -> tuple[Any, ...]:
        """A chip was taken away, or became a filter: values of `SearchTab.shown` and controls."""
        entry = session.entry
        understood = None if entry is None else entry.query.understood
        if understood is None or not 0 <= event.number < len(understood.mentions):
            return *self.view.unchanged(), *(gr.skip() for _ in values)
        controls = self.tab.panel.read(values)
        if event.act == ONLY:
            further = self.view.filters_of(understood.mentions[event.number])
            controls = replace(controls, filters={**controls.filters, **further})
        else:
            left = understood.without(event.number)
            try:
                session = self.actions.refined(session, left)
            except TextError as error:
                warn(str(error), WORDS_REFUSED)
                return *self.view.unchanged(), *(gr.skip() for _ in values)
            if session.entry is None:
                return *self.view.begin_again(session), *values
        written = self.tab.panel.write(controls)
        return *self.view.found(session, written), *written

    def crop(self, session: Session, event: PageEvent, *values: Any) -> tuple[Any, ...]:
        """The picture was cut: search with the part, and leave the cut as it stands."""
        return self.view.found(self.actions.with_crop(session, event.box), values, again=True)

    def refine(self, session: Session, *values: Any) -> tuple[Any, ...]:
        """A filter or a slider moved: search again without the network."""
        if session.entry is None and not session.lost_entries:
            return self.view.unchanged()
        return self.view.found(session, values, again=True)

    def back(self, session: Session, event: PageEvent, *values: Any) -> tuple[Any, ...]:
        """An entry of the history was chosen, or the browser's way back to one."""
        before_all = event.entry < 0
        session = session.back_to(event.entry)
        return self.view.begin_again(session) if before_all else self.view.found(session, values)

    def act_on_query(self, session: Session, event: PageEvent) -> tuple[Any, ...]:
        """A button below the picture was pressed."""
        if event.act == "mix" and session.entry is not None:
            return self.view.with_mix(self.actions.add_to_mix(session, None))
        return self.view.begin_again(session, lost=event.act == "mix")

    def blend(self, session: Session, event: PageEvent, *values: Any) -> tuple[Any, ...]:
        """The mix is searched with."""
        if session.lost_mix_items:
            warn(LOST, GONE)
            return self.view.with_mix(session)
        session = self.actions.reweighed(session, event.weights)
        return self.view.found(self.actions.with_mix(session), values)

    def remove(self, session: Session, event: PageEvent) -> tuple[Any, ...]:
        """A picture leaves the mix."""
        if not session.lost_mix_items:
            session = self.actions.without(session, event.number)
        return self.view.with_mix(session)

    def empty(self, session: Session) -> tuple[Any, ...]:
        """All pictures leave the mix."""
        return self.view.with_mix(replace(session, mix=()))

    def more(self, session: Session, event: PageEvent, *values: Any) -> str:
        """Further results were asked for: those after the ones that the page shows."""
        if session.entry is None:
            raise SettingsError(LOST if session.lost_entries else NOT_THE_PAGE)
        offset, controls = event.number, self.tab.panel.read(values)
        left = replace(controls, k=max(1, min(controls.k, MAX_RANK - offset)))
        return self.cards.more(self.actions.search(session.entry, left, offset), offset)

    def sheet(self, session: Session, event: PageEvent, *values: Any) -> str:
        """The results that the page shows as one picture, as an address that needs no file.

        More than `MAX_K` would be a picture that few programs open: it has the first of them.
        """
        if session.entry is None:
            raise SettingsError(
                LOST
                if session.lost_entries
                else "There is no search to save yet. Show a garment first."
            )
        controls = replace(self.tab.panel.read(values), k=max(1, min(event.number, MAX_K)))
        answer = self.actions.search(session.entry, controls)
        return data_url(jpeg(self.actions.sheet(session.entry, answer)))

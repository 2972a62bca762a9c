"""The first tab: show a garment, see what is most like it, and go on from there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr
from gradio.components.base import FormComponent

from recommender.answers.recommender import MAX_K
from recommender.errors import PictureError, SettingsError
from recommender.interface.api.registration import SEARCH
from recommender.interface.assets import script
from recommender.interface.cards import Cards
from recommender.interface.choices import FilterChoice
from recommender.interface.errors import warn
from recommender.interface.page_events import PageEvent
from recommender.interface.state.actions import PAGE_K, Controls, Visit
from recommender.interface.state.history import Session, data_url, jpeg
from recommender.interface.templates import render
from recommender.interface.uploads import QueryPicture
from recommender.interface.visitors import Visitors
from recommender.interface.wording import (
    GONE,
    LOST,
    NO_CAMERA,
    PICTURE_REFUSED,
    PRIVACY,
    attribute_title,
    ordered_filters,
)

# A rear camera shows clothes better than a visitor's face; and mirrored pixels are other pixels.
CAMERA = gr.WebcamOptions(
    mirror=False, constraints={"video": {"facingMode": {"ideal": "environment"}}}
)
# The browser saves what the server made, under a name of ours.
SAVE = """(url) => {
  const link = document.createElement("a");
  [link.href, link.download] = [url, "similar-products.jpg"];
  link.click();
}"""
# While the first search with a picture runs, the place of the results says so.
WAIT = """() => document.getElementById("results").classList.add("waiting")"""
WAIT_NO_MORE = """() => document.getElementById("results").classList.remove("waiting")"""
PAGE_EVENT: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", **SEARCH}
# Dragging a slider asks again and again: while one search runs, only the last request waits.
LATEST: dict[str, Any] = {**PAGE_EVENT, "trigger_mode": "always_last"}


@dataclass(frozen=True)
class SearchTab:
    """The parts of the tab that other tabs and the wiring need."""

    session: gr.Textbox
    """What the page carries of the visitor's session; see `Visitors`."""
    intake: gr.Image
    asked: gr.HTML
    marks: gr.HTML
    """The regions of the picture."""
    mix: gr.HTML
    results: gr.HTML
    dropped: gr.Image
    arrivals: gr.HTML
    sheet: gr.Textbox
    controls: list[FormComponent]
    filters: list[str]

    @property
    def shown(self) -> list[Any]:
        """What a new search changes."""
        return [self.session, self.intake, self.asked, self.results, self.mix]


def lay_out(visit: Visit, visitors: Visitors, start: str) -> SearchTab:
    """Place the components.

    Args:
        visit: knows the catalogue.
        visitors: keep the sessions.
        start: HTML that stands where the results will be.
    """
    catalogue = visit.catalogue
    names = ordered_filters(catalogue.filters)
    session = gr.Textbox(visitors.keep(Session()), visible=False)
    with gr.Row(equal_height=False, elem_classes="search"):
        with gr.Column(scale=4, min_width=300, elem_classes="asking"):
            intake = QueryPicture(
                type="filepath",
                sources=["upload", "webcam", "clipboard"],
                webcam_options=CAMERA,
                label="Show a garment",
                show_label=False,
                height=270,
                placeholder="Drop a picture of a garment here,\nor tap to choose one",
                elem_id="intake",
            )
            asked = gr.HTML(
                visible=False,
                apply_default_css=False,
                js_on_load=script("cropper"),
                elem_id="asked",
            )
            marks = gr.HTML(
                "", apply_default_css=False, js_on_load=script("regions"), elem_id="marks"
            )
            gr.HTML(
                render("privacy", text=PRIVACY, no_camera=NO_CAMERA),
                apply_default_css=False,
                js_on_load=script("camera"),
            )
            # What is dropped on the picture arrives here: the intake is not there meanwhile.
            dropped = QueryPicture(
                type="filepath", sources=["upload"], visible="hidden", elem_id="dropped"
            )
            arrivals = gr.HTML("", js_on_load=script("drop"), elem_id="arrivals")
            mix = gr.HTML(
                visible=False, apply_default_css=False, js_on_load=script("mix"), elem_id="mix"
            )
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
                dropdowns = [
                    FilterChoice(
                        [(f"{value} ({count:,})", value) for value, count in values.items()],
                        multiselect=True,
                        label=attribute_title(name),
                        elem_id=f"filter-{name}",
                    )
                    for name, values in ((name, catalogue.values(name)) for name in names)
                ]
                k = gr.Slider(1, MAX_K, PAGE_K, step=1, label="Number of results", buttons=[])
                same = gr.Checkbox(label="Also show the very same picture")
        with gr.Column(scale=9, min_width=320):
            results = gr.HTML(
                start, apply_default_css=False, js_on_load=script("cards"), elem_id="results"
            )
            sheet = gr.Textbox(visible=False)
    controls = [k, weight, same, *dropdowns]
    return SearchTab(
        session, intake, asked, marks, mix, results, dropped, arrivals, sheet, controls, names
    )


class SearchWiring:
    """What the tab does when something happens on it.

    Args:
        tab: its components.
        visit: turns doings into searches.
        visitors: keep the sessions.
        cards: renders what was found.
        starting: positions of the products that stand where the results will be.
    """

    def __init__(
        self,
        tab: SearchTab,
        visit: Visit,
        visitors: Visitors,
        cards: Cards,
        starting: Sequence[int],
    ) -> None:
        self.tab, self.visit, self.visitors, self.cards = tab, visit, visitors, cards
        self._starting = starting

    def connect(self) -> None:
        """Attach every listener of the tab."""
        tab, listener = self.tab, self.visitors.listener
        given = [tab.session, *tab.controls]
        for picture, options in ((tab.intake, PAGE_EVENT), (tab.dropped, LATEST)):
            pictured = [tab.session, picture, *tab.controls]
            picture.input(None, js=WAIT, **PAGE_EVENT)
            picture.input(listener(self.take), pictured, tab.shown, **options).then(
                lambda: None, None, tab.dropped, js=WAIT_NO_MORE, **PAGE_EVENT
            ).then(listener(self.mark), [tab.session], tab.marks, **PAGE_EVENT)
        tab.arrivals.item(listener(self.take_item), given, tab.shown, **LATEST)
        tab.asked.crop(listener(self.crop), given, tab.shown, **LATEST)
        tab.asked.act(listener(self.act_on_query), [tab.session], tab.shown, **PAGE_EVENT)
        tab.results.back(listener(self.back), given, tab.shown, **PAGE_EVENT)
        for control in tab.controls:
            control.input(  # type: ignore[attr-defined]
                listener(self.refine), given, tab.shown, **LATEST
            )
        tab.mix.blend(listener(self.blend), given, tab.shown, **LATEST)
        tab.mix.remove(listener(self.remove), tab.session, tab.shown, **PAGE_EVENT)
        tab.mix.empty(listener(self.empty), tab.session, tab.shown, **PAGE_EVENT)
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

    def sheet(self, session: Session, *values: Any) -> str:
        """The results as one picture, as an address that needs no file."""
        if session.step is None:
            raise SettingsError(
                LOST
                if session.lost_steps
                else "There is no search to save yet. Show a garment first."
            )
        answer = self.visit.search(session.step, self.read(values))
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
        results = self.rendered(session, self.read(values))
        tray = self.mix(session) if session.lost_shares else gr.skip()
        session = replace(session, lost_steps=0, lost_shares=0)
        if again:
            return session, gr.skip(), gr.skip(), results, tray
        query = gr.update(value=self.cards.query(step), visible=True)
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
        return self.cards.start(self._starting, notice)

    def rendered(self, session: Session, controls: Controls) -> str:
        """Search, and render what was found."""
        assert session.step is not None
        answer = self.visit.search(session.step, controls)
        link = self.visit.link(session.step, controls)
        return self.cards.results(session, answer.results, link, answer.query.notice)

    def read(self, values: tuple[Any, ...]) -> Controls:
        """The controls' values."""
        k, weight, same, *chosen = values
        filters = {
            name: tuple(wanted)
            for name, wanted in zip(self.tab.filters, chosen, strict=True)
            if wanted
        }
        return Controls(int(k), float(weight), bool(same), filters)

    def write(self, controls: Controls) -> tuple[Any, ...]:
        """What the controls are to show; the reverse of `read`."""
        chosen = [list(controls.filters.get(name, ())) for name in self.tab.filters]
        return controls.k, controls.weight, controls.include_same, *chosen

    def _unchanged(self) -> tuple[Any, ...]:
        return tuple(gr.skip() for _ in self.tab.shown)

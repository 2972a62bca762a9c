"""The first tab: show a garment, see what is most like it, and go on from there."""

from dataclasses import dataclass, replace
from typing import Any

import gradio as gr
from gradio.components.base import FormComponent

from recommender.answers.recommender import MAX_K
from recommender.errors import PictureError, SettingsError
from recommender.interface.api.registration import SEARCH
from recommender.interface.assets import script
from recommender.interface.cards import Cards
from recommender.interface.errors import in_sentences
from recommender.interface.state.actions import PAGE_K, Controls, Visit
from recommender.interface.state.history import Session, data_url, jpeg
from recommender.interface.uploads import QueryPicture, delete_soon
from recommender.interface.wording import PICTURE_REFUSED, PRIVACY, attribute_title, ordered_filters

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

    session: gr.State
    intake: gr.Image
    asked: gr.HTML
    mix: gr.HTML
    results: gr.HTML
    sheet: gr.Textbox
    controls: list[FormComponent]
    filters: list[str]

    @property
    def shown(self) -> list[Any]:
        """What a new search changes."""
        return [self.session, self.intake, self.asked, self.results]


def lay_out(visit: Visit, start: str) -> SearchTab:
    """Place the components.

    Args:
        visit: knows the catalogue.
        start: HTML that stands where the results will be.
    """
    catalogue = visit.catalogue
    names = ordered_filters(catalogue.filters)
    session = gr.State(Session(), time_to_live=3600)
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
            gr.HTML(f"<p class='hint'>{PRIVACY}</p>", apply_default_css=False, js_on_load=None)
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
                    gr.Dropdown(
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
    return SearchTab(session, intake, asked, mix, results, sheet, controls, names)


class SearchWiring:
    """What the tab does when something happens on it.

    Args:
        tab: its components.
        visit: turns doings into searches.
        cards: renders what was found.
        start: HTML that stands where the results will be.
    """

    def __init__(self, tab: SearchTab, visit: Visit, cards: Cards, start: str) -> None:
        self.tab, self.visit, self.cards, self.start = tab, visit, cards, start

    def connect(self) -> None:
        """Attach every listener of the tab."""
        tab = self.tab
        given = [tab.session, *tab.controls]
        tab.intake.input(None, js=WAIT, **PAGE_EVENT)
        tab.intake.input(
            in_sentences(self.take), [tab.intake, *given], tab.shown, **PAGE_EVENT
        ).then(None, js=WAIT_NO_MORE, **PAGE_EVENT)
        tab.asked.crop(in_sentences(self.crop), given, [tab.session, tab.results], **LATEST)
        tab.asked.act(
            in_sentences(self.act_on_query), [tab.session], [*tab.shown, tab.mix], **PAGE_EVENT
        )
        tab.results.back(in_sentences(self.back), given, tab.shown, **PAGE_EVENT)
        for control in tab.controls:
            control.input(  # type: ignore[attr-defined]
                in_sentences(self.refine), given, tab.results, **LATEST
            )
        reweigh = in_sentences(self.blend)
        tab.mix.blend(reweigh, given, tab.shown, **LATEST)
        tab.mix.remove(in_sentences(self.remove), tab.session, [tab.session, tab.mix], **PAGE_EVENT)
        tab.mix.empty(in_sentences(self.empty), tab.session, [tab.session, tab.mix], **PAGE_EVENT)
        tab.results.sheet(in_sentences(self.sheet), given, tab.sheet, **PAGE_EVENT).success(
            None, tab.sheet, js=SAVE
        )

    def take(self, path: str | None, session: Session, *values: Any) -> tuple[Any, ...]:
        """A picture arrived: search with it, and keep no file of it."""
        if not path:
            return tuple(gr.skip() for _ in self.tab.shown)
        try:
            session = self.visit.with_picture(session, path)
        except PictureError as error:
            gr.Warning(str(error), title=PICTURE_REFUSED)
            refused = f'<p class="notice" role="alert">{PICTURE_REFUSED} {error}</p>{self.start}'
            return session, gr.update(value=None), gr.skip(), refused
        finally:
            delete_soon(path)
        return self.found(session, values)

    def crop(self, session: Session, event: gr.EventData, *values: Any) -> tuple[Any, ...]:
        """The picture was cut: search with the part, and leave the cut as it stands."""
        session = self.visit.with_crop(session, event.box)
        return session, self.rendered(session, self.read(values))

    def refine(self, session: Session, *values: Any) -> Any:
        """A filter or a slider moved: search again without the network."""
        if session.step is None:
            return gr.skip()
        return self.rendered(session, self.read(values))

    def back(self, session: Session, event: gr.EventData, *values: Any) -> tuple[Any, ...]:
        """A step of the trail was chosen, or the browser's way back to one."""
        session = session.back_to(event.step)
        if session.step is None:
            return self.begin_again(session)
        return self.found(session, values)

    def act_on_query(self, session: Session, event: gr.EventData) -> tuple[Any, ...]:
        """A button below the picture was pressed."""
        if event.act == "mix":
            session = self.visit.add_to_mix(session, None)
            return session, *(gr.skip() for _ in self.tab.shown[1:]), self.mix(session)
        return *self.begin_again(replace(session, trail=())), gr.skip()

    def begin_again(self, session: Session) -> tuple[Any, ...]:
        """The values of `SearchTab.shown` before there is a search."""
        intake = gr.update(value=None, visible=True)
        return session, intake, gr.update(visible=False), self.start

    def blend(self, session: Session, event: gr.EventData, *values: Any) -> tuple[Any, ...]:
        """The mix is searched with."""
        session = self.visit.reweighed(session, event.shares)
        return self.found(self.visit.with_mix(session), values)

    def remove(self, session: Session, event: gr.EventData) -> tuple[Session, Any]:
        """A picture leaves the mix."""
        session = self.visit.without(session, event.number)
        return session, self.mix(session)

    def empty(self, session: Session) -> tuple[Session, Any]:
        """All pictures leave the mix."""
        session = replace(session, mix=())
        return session, self.mix(session)

    def mix(self, session: Session) -> Any:
        """The tray, which shows only while something is in it."""
        return gr.update(value=self.cards.mix(session.mix), visible=bool(session.mix))

    def sheet(self, session: Session, *values: Any) -> str:
        """The results as one picture, as an address that needs no file."""
        if session.step is None:
            raise SettingsError("There is no search to save yet. Show a garment first.")
        answer = self.visit.search(session.step, self.read(values))
        return data_url(jpeg(self.visit.sheet(session.step, answer)))

    def found(self, session: Session, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """The values of `SearchTab.shown` for a new search."""
        assert session.step is not None
        return (
            session,
            gr.update(value=None, visible=False),
            gr.update(value=self.cards.query(session.step), visible=True),
            self.rendered(session, self.read(values)),
        )

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

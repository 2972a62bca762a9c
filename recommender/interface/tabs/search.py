"""Search tab: the picture to search with, the controls, and what was found."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from recommender.features.text_encoder import MOST_CHARACTERS
from recommender.interface.assets import script
from recommender.interface.state.actions import SearchActions
from recommender.interface.state.history import Session
from recommender.interface.tabs.controls import ControlPanel
from recommender.interface.templates import render
from recommender.interface.uploads import QueryPicture
from recommender.interface.visitors import Visitors
from recommender.interface.wording import NO_CAMERA, PRIVACY, SAY, SAY_EMPTY, SAY_EXAMPLE

# A rear camera shows clothes better than a visitor's face; and mirrored pixels are other pixels.
CAMERA = gr.WebcamOptions(
    mirror=False, constraints={"video": {"facingMode": {"ideal": "environment"}}}
)


@dataclass(frozen=True)
class SearchTab:
    """The parts of the tab that other tabs and the wiring need."""

    session: gr.Textbox
    """What the page carries of the visitor's session; see `Visitors`."""
    words: gr.HTML
    """Field for words to search with."""
    intake: gr.Image
    asked: gr.HTML
    marks: gr.HTML
    """The regions of the picture."""
    mix: gr.HTML
    results: gr.HTML
    more: gr.HTML
    """Further results, which the page's script appends to those shown."""
    dropped: gr.Image
    arrivals: gr.HTML
    sheet: gr.Textbox
    panel: ControlPanel

    @property
    def controls(self) -> list[Any]:
        """The components of the control panel."""
        return self.panel.components

    @property
    def shown(self) -> list[Any]:
        """What a new search changes."""
        return [self.session, self.intake, self.asked, self.results, self.mix]


def lay_out(actions: SearchActions, visitors: Visitors, start: str) -> SearchTab:
    """Place the components.

    Args:
        actions: knows the catalogue.
        visitors: keep the sessions.
        start: HTML that stands where the results will be.
    """
    session = gr.Textbox(visitors.keep(Session()), visible=False)
    with gr.Row(equal_height=False, elem_classes="search"):
        with gr.Column(scale=4, min_width=300, elem_classes="asking"):
            words = gr.HTML(
                render(
                    "words_field",
                    longest=MOST_CHARACTERS,
                    title=SAY,
                    example=SAY_EXAMPLE,
                    empty=SAY_EMPTY,
                ),
                apply_default_css=False,
                js_on_load=script("words"),
                visible=actions.recommender.words.available,
                elem_id="words",
            )
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
            panel = ControlPanel(actions)
        with gr.Column(scale=9, min_width=320):
            results = gr.HTML(
                start, apply_default_css=False, js_on_load=script("cards"), elem_id="results"
            )
            more = gr.HTML(
                apply_default_css=False,
                html_template="",
                js_on_load=script("more"),
                elem_id="more",
            )
            sheet = gr.Textbox(visible=False)
    return SearchTab(
        session, words, intake, asked, marks, mix, results, more, dropped, arrivals, sheet, panel
    )

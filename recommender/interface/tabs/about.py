"""About tab: how the search works, in a minute's reading, and the report card of the index."""

from typing import Any

import gradio as gr
from markupsafe import Markup

from recommender.features.segmenter import LICENCE, NAME
from recommender.index.files import TEXT_FILE, has_segmenter
from recommender.index.manifest import CLASSIC, Manifest
from recommender.index.text_part import KEPT, TEXT_TOWER
from recommender.interface.templates import render
from recommender.interface.uploads import KEPT_SECONDS
from recommender.interface.wording import attribute_title, counted
from recommender.startup import Source


class AboutTab:
    """Lays out the tab inside the Blocks being built.

    Args:
        source: the index, and what a visitor should know of it.
    """

    def __init__(self, source: Source) -> None:
        with gr.Row(elem_classes="about"):
            with gr.Column(scale=3, min_width=320):
                self._words = gr.HTML(_how_it_works(source), js_on_load=None)
            with gr.Column(scale=2, min_width=320):
                self._card = gr.HTML(_report_card(source), js_on_load=None)

    def refresh(self, source: Source) -> None:
        """Show another index to whoever opens the page from now on."""
        self._words.value, self._card.value = _how_it_works(source), _report_card(source)


def _how_it_works(source: Source) -> Markup:
    index = source.index
    return render(
        "how_it_works",
        backbone=index.backbone,
        two_vectors=bool(index.manifest.colour_dimensions),
        products=counted(len(index.catalogue), "product"),
        kept_seconds=KEPT_SECONDS,
    )


def _report_card(source: Source) -> Markup:
    index, manifest = source.index, source.index.manifest
    revision = manifest.dataset_revision
    rows = [
        ("Catalogue", manifest.title, ""),
        ("Products", f"{manifest.items:,}", ""),
        (
            "Data set",
            f"{manifest.dataset} at" if revision else manifest.dataset,
            revision[:12] if revision else "",
        ),
        ("Licence of the data", manifest.data_licence, ""),
        ("Backbone", index.backbone.title, ""),
        ("Its weights", f"{index.backbone.weights} ({index.backbone.weights_licence})", ""),
        ("Pictures", index.pictures.describe() or "not measured", ""),
        ("Photographs cut out by", _cut_out_by(manifest), ""),
        ("Vectors", _vectors(manifest.style_dimensions, manifest.colour_dimensions), ""),
        ("Words", _words(manifest), ""),
        ("Built", manifest.built, ""),
        ("Fingerprint", "", manifest.fingerprint[:12]),
    ]
    if manifest.duplicates:
        rows.insert(2, ("Copies shown once", f"{manifest.duplicates:,}", ""))
    agreement = manifest.quality.get("precision_at_5", {})
    return render(
        "report_card",
        rows=rows,
        quality=manifest.quality,
        agreement=[(attribute_title(label), values) for label, values in agreement.items()],
        notices=source.notices,
    )


def _cut_out_by(manifest: Manifest) -> str:
    if manifest.head == CLASSIC:
        return "nothing: they are searched for whole"
    return f"{NAME} ({LICENCE})" if has_segmenter(manifest) else "GrabCut, by their colours"


def _words(manifest: Manifest) -> str:
    """Whether the index can be searched with words, and how well names find their products."""
    if TEXT_FILE not in manifest.files:
        return "none: searched with pictures only"
    measured: Any = manifest.quality.get("words")
    by_tower = isinstance(measured, dict) and measured.get(KEPT) == TEXT_TOWER
    how = "read by the network's own text tower" if by_tower else "learned"
    try:
        share, names = float(measured["own_among_ten"]), int(measured["names"])
    except (KeyError, TypeError, ValueError):
        return f"{how}, not measured"
    found = f"{share:.0%} of {names:,} names find their own product among the first ten"
    return f"{how}: {found}" if by_tower else found


def _vectors(style: int, colour: int) -> str:
    return f"{style:,} numbers for style, {colour:,} for colour" if colour else f"{style:,} numbers"

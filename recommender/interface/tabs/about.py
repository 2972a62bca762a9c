"""How it works, in a minute's reading, and the report card of the index that is served."""

from typing import Any

import gradio as gr

from recommender.interface.uploads import KEPT_SECONDS
from recommender.interface.wording import attribute_title, counted
from recommender.startup import Source


def lay_out(source: Source) -> None:
    """Place the tab's text inside the Blocks being built."""
    with gr.Row(elem_classes="about"):
        with gr.Column(scale=3, min_width=320):
            gr.Markdown(_how_it_works(source))
        with gr.Column(scale=2, min_width=320):
            gr.Markdown(_report_card(source))


def _how_it_works(source: Source) -> str:
    index = source.index
    manifest, backbone = index.manifest, index.backbone
    if manifest.colour_dimensions:
        compared = (
            "From these features come two vectors: one of **style** and one of **colour**, "
            "learned from the catalogue's own labels. The slider says how much each counts."
        )
    else:
        compared = "These features, scaled to length one, are the picture's **embedding**."
    return f"""
## How it works

1. Your picture is turned upright, laid on white where it is transparent, and brought to
   {backbone.side} by {backbone.side} pixels.
2. **{backbone.title}**, a neural network trained on ImageNet, turns it into {backbone.channels:,}
   features. {compared}
3. The {counted(len(index.catalogue), "product")} were embedded in the same way beforehand. Those
   nearest to your picture are what you see: every one of them is compared, none is guessed.
4. The percentage is calibrated on products that were held out: of results with 75%, about three
   in four are of the kind and the colour of what was searched for.
5. *Why similar?* is answered by leaving parts of the picture out and looking how much of the
   similarity goes with them.

## Better results

- **Cut to the garment**: in a picture of a room, the room is searched for too.
- One garment, seen from the front, on a plain ground works best.
- Filters narrow the search *before* it runs, so you always get as many results as there are.

## Your picture

It is deleted from the disk {KEPT_SECONDS} seconds after the search at the latest. While you stay
on the page, a small copy is kept in memory so that you can cut it; it goes when you leave.
"""


def _report_card(source: Source) -> str:
    index, manifest = source.index, source.index.manifest
    revision = f" at `{manifest.dataset_revision[:12]}`" if manifest.dataset_revision else ""
    rows: list[tuple[str, Any]] = [
        ("Catalogue", manifest.title),
        ("Products", f"{manifest.items:,}"),
        ("Data set", f"{manifest.dataset}{revision}"),
        ("Licence of the data", manifest.data_licence),
        ("Backbone", index.backbone.title),
        ("Its weights", f"{index.backbone.weights} ({index.backbone.weights_licence})"),
        ("Vectors", _vectors(manifest.style_dimensions, manifest.colour_dimensions)),
        ("Built", manifest.built),
        ("Fingerprint", f"`{manifest.fingerprint[:12]}`"),
    ]
    if manifest.duplicates:
        rows.insert(2, ("Copies shown once", f"{manifest.duplicates:,}"))
    table = "\n".join(f"| {name} | {_cell(value)} |" for name, value in rows)
    notices = "".join(f"\n> {notice}\n" for notice in source.notices)
    return f"""
## Report card

| | |
|---|---|
{table}

{_quality(manifest.quality)}
{notices}
"""


def _quality(quality: dict[str, Any]) -> str:
    if not quality:
        return "Quality was not measured: the catalogue has no labels, or too few products."
    rows = "\n".join(
        f"| {attribute_title(label)} | {values['index']:.0%} | {values['classic']:.0%} "
        f"| {values['chance']:.0%} |"
        for label, values in quality["precision_at_5"].items()
    )
    return f"""
### How often the first five agree

Of the first five results, the share with the query's own label, for {quality["queries"]:,}
products that the index had never seen.

| Label | This index | Classic recipe | Chance |
|---|---|---|---|
{rows}
"""


def _vectors(style: int, colour: int) -> str:
    return f"{style:,} numbers for style, {colour:,} for colour" if colour else f"{style:,} numbers"


def _cell(value: Any) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")

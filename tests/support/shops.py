"""Exports of drawn shops, with several pictures of a product and with variants, beside pictures."""

import csv
import io
import sys
from pathlib import Path

import pytest
from PIL import Image

from recommender.commands import build_index
from recommender.index.folder import Index, open_index
from tests.faults import begun
from tests.support import tiny_graph
from tests.support.drawn_products import COLOURS, KINDS, draw_product

STYLES = 8
"""Products of the Shopify export, and groups of the feed."""
FRONT, BACK = 0, 500


def view(style: int, colour: str, side: int) -> Image.Image:
    """A picture of a style in a colour, from the front or from the back."""
    return draw_product(KINDS[style % len(KINDS)], colour, 10 * style + side)


def png(picture: Image.Image) -> bytes:
    """A picture's file."""
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def write_shopify_shop(folder: Path) -> Path:
    """A Shopify export: a product has a row for each colour and one more for its last picture.

    All but the last style are there in two colours.
    """
    header = [
        *("Handle", "Title", "Body (HTML)", "Vendor", "Type", "Published", "Option1 Name"),
        *("Option1 Value", "Variant Price", "Image Src", "Image Position", "Status"),
    ]
    rows = []
    for style in range(STYLES):
        handle, kind = f"style-{style}", KINDS[style % len(KINDS)]
        for place, colour in enumerate(("Red", "Blue") if style < STYLES - 1 else ("Red",)):
            name = _write(folder, style, colour, FRONT)
            said = [f"Style {style}", "<p>Soft.</p>", "Acme", kind, "true", "Color"]
            own = said if place == 0 else [""] * 6
            status = "active" if place == 0 else ""
            rows.append([handle, *own, colour, f"{20 + style}.00", name, f"{place + 1}", status])
        name = _write(folder, style, "Red", BACK)
        rows.append([handle, *[""] * 8, name, "3", ""])
    path = folder / "products_export.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def write_feed(folder: Path) -> Path:
    """A product feed in XML: an item for each colour, tied by its group, with a picture more."""
    items = ""
    for style in range(STYLES):
        for colour in COLOURS:
            front, back = (_write(folder, style, colour, side) for side in (FRONT, BACK))
            fields = {
                "id": f"{style}-{colour}",
                "item_group_id": f"style-{style}",
                "title": f"Style {style} in {colour}",
                "link": f"https://shop.example/{style}?colour={colour}",
                "image_link": front,
                "additional_image_link": back,
                "price": f"{20 + style}.00 EUR",
                "availability": "in_stock",
                "brand": "Acme",
                "color": colour,
                "product_type": KINDS[style % len(KINDS)],
            }
            cells = "".join(f"<g:{name}>{value}</g:{name}>" for name, value in fields.items())
            items += f"<item>{cells}</item>"
    path = folder / "feed.xml"
    path.write_text(
        '<?xml version="1.0"?><rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">'
        f"<channel><title>Shop</title>{items}</channel></rss>"
    )
    return path


def _write(folder: Path, style: int, colour: str, side: int) -> str:
    """Name of a picture, which is written."""
    name = f"{style}-{colour}-{'front' if side == FRONT else 'back'}.png"
    folder.mkdir(exist_ok=True)
    view(style, colour, side).save(folder / name)
    return name


def build_export(export: Path, out: Path, *options: str) -> Index:
    """An index of an export, built by the command with a tiny network in place of the real one.

    Args:
        export: the file.
        out: folder of the index.
        options: of the command.
    """
    words = ["--dataset", str(export), "--out", str(out), "--head", "none", *options]
    words += ["--backbone", begun.TINY.name, "--engine", "openvino"]
    arguments = build_index.parser().parse_args(words)
    products = build_index.open_products(arguments, out)
    tiny_graph.begin(products, out, build_index.config(arguments, products), begun.encoder_folder())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["build_index.py", *words])
        build_index.main()
    return open_index(out)

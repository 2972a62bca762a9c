"""Demo catalogue as a folder of pictures with `products.csv`, or as one contact sheet."""

import argparse
import csv
import sys
from dataclasses import asdict
from pathlib import Path

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from demo import DemoProduct, draw, products

COLUMNS = (
    "id", "name", "gender", "masterCategory", "subCategory", "articleType", "baseColour", "season",
    "usage",
)  # fmt: skip
SHEET_COLUMNS = 24
CELL = (120, 160)  # pixels of one picture on the contact sheet


def write_folder(items: list[DemoProduct], folder: Path) -> None:
    """Writes images/<id>.png for each product, and products.csv with a `filename` column."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    with (folder / "products.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(file, [*COLUMNS, "filename"], extrasaction="ignore")
        rows.writeheader()
        for product in items:
            name = f"images/{product.id}.png"
            draw(product).save(folder / name)
            rows.writerow({**asdict(product), "filename": name})


def contact_sheet(items: list[DemoProduct]) -> Image.Image:
    """All pictures in one, SHEET_COLUMNS a row."""
    rows = -(-len(items) // SHEET_COLUMNS)
    sheet = Image.new("RGB", (SHEET_COLUMNS * CELL[0], rows * CELL[1]), "white")
    for i, product in enumerate(items):
        small = draw(product).resize(CELL, Image.Resampling.LANCZOS)
        sheet.paste(small, (i % SHEET_COLUMNS * CELL[0], i // SHEET_COLUMNS * CELL[1]))
    return sheet


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="folder for the pictures and products.csv")
    parser.add_argument("--sheet", type=Path, help="file for one contact sheet, such as sheet.png")
    parser.add_argument("--type", help="only this article type, such as Tshirts")
    options = parser.parse_args()
    if not options.out and not options.sheet:
        parser.error("nothing to do: give --out FOLDER, --sheet FILE or both")
    items = [p for p in products() if options.type in (None, p.articleType)]
    if not items:
        known = ", ".join(sorted({p.articleType for p in products()}))
        parser.error(f"no article type {options.type!r}; there are {known}")
    if options.out:
        write_folder(items, options.out)
    if options.sheet:
        contact_sheet(items).save(options.sheet)
    print(f"{len(items)} products drawn", file=sys.stderr)


if __name__ == "__main__":
    main()

"""Small catalogue of the soak test: drawn products, some with names that nobody expects."""

import csv
from dataclasses import asdict
from pathlib import Path

from demo import draw, products

# Every step-th product of the demo catalogue: about fifty, of nearly every kind.
STEP = 14
ATTRIBUTES = ("gender", "masterCategory", "subCategory", "articleType", "baseColour", "season")
HOSTILE_NAMES = (
    "<img src=x onerror=alert(1)><script>alert(1)</script>",
    "A name without end " + "word " * 200,
    "x" * 1_000,
    "\u202eright to left\u202c",
    "=cmd|' /C calc'!A0",
    "",
)


def write_shop(folder: Path) -> None:
    """Write a folder of pictures with a CSV that describes them."""
    (folder / "images").mkdir(parents=True)
    chosen = products()[::STEP]
    with (folder / "products.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(file, ["id", "name", *ATTRIBUTES, "filename"], extrasaction="ignore")
        rows.writeheader()
        for number, product in enumerate(chosen):
            name = HOSTILE_NAMES[number] if number < len(HOSTILE_NAMES) else product.name
            filename = f"images/{product.id}.png"
            draw(product).save(folder / filename)
            rows.writerow({**asdict(product), "name": name, "filename": filename})

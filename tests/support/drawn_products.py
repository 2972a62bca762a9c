"""Catalogues and datasets for tests, made in code."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from recommender.building.catalogue_writer import write_catalogue
from recommender.building.chunks import write_rows
from recommender.building.encoded_catalogue import EncodedCatalogue
from recommender.features.table import FeatureTable

COLOURS = {"Red": "#c62828", "Blue": "#1e4fa3", "Green": "#2e7d32", "Black": "#1c1c1c"}
KINDS = ("Tshirts", "Trousers", "Handbags")
GENDERS = ("Men", "Women")


def write_catalogue_of(
    path: Path,
    n: int,
    attributes: Mapping[str, Sequence[str | None]],
    optional: Mapping[str, Sequence[str | float | None]] | None = None,
) -> None:
    """A `catalogue.parquet` of n products without pictures worth looking at."""
    import pyarrow as pa

    chunk = path.with_name("chunk.arrow")
    optional = optional or {}
    write_rows(chunk, pa.table({"thumbnail": [b""] * n, **optional}))
    products = EncodedCatalogue(
        [str(i) for i in range(n)],
        [f"Product {i}" for i in range(n)],
        {name: list(values) for name, values in attributes.items()},
        [str(i) for i in range(n)],
        FeatureTable.empty(1),
        [(chunk, i) for i in range(n)],
        [],
        optional=tuple(optional),
    )
    write_catalogue(products, np.full((n, 2), 0.5, np.float32), path)


def write_pictures_of(path: Path, counts: Sequence[int]) -> None:
    """A `pictures.parquet` without thumbnails, given the number of pictures of each product."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    numbers = np.concatenate([np.arange(count) for count in counts]).astype(np.int16)
    table = pa.table(
        {
            "product": np.repeat(np.arange(len(counts), dtype=np.int32), counts),
            "number": numbers,
            "digest": [str(row) for row in range(len(numbers))],
            "image": pa.nulls(len(numbers), pa.struct([("bytes", pa.binary())])),
        }
    )
    pq.write_table(table, path, row_group_size=32)


def draw_product(kind: str, colour: str, seed: int) -> Image.Image:
    """A simple garment on white, 90x120, a little different for every seed."""
    rng = np.random.default_rng(seed)
    picture = Image.new("RGB", (90, 120), "white")
    draw = ImageDraw.Draw(picture)
    x, y = (int(v) for v in rng.integers(-6, 7, 2))
    fill = COLOURS[colour]
    if kind == "Tshirts":
        shape = [
            (25, 20),
            (65, 20),
            (85, 45),
            (70, 55),
            (64, 45),
            (64, 100),
            (26, 100),
            (26, 45),
            (20, 55),
            (5, 45),
        ]
    elif kind == "Trousers":
        shape = [(28, 10), (62, 10), (68, 112), (50, 112), (45, 40), (40, 112), (22, 112)]
    else:
        shape = [(15, 50), (75, 50), (82, 100), (8, 100)]
        draw.arc((30 + x, 20 + y, 60 + x, 75 + y), 180, 360, fill=fill, width=5)
    draw.polygon([(a + x, b + y) for a, b in shape], fill=fill)
    for _ in range(3):
        at = int(rng.integers(40, 95))
        draw.line((30 + x, at + y, 60 + x, at + y), fill="#d8d8d8", width=int(rng.integers(1, 3)))
    return picture


def write_picture_folder(
    folder: Path, n: int, *, broken: Sequence[int] = (), copies: bool = False
) -> Path:
    """A folder of n pictures and the CSV that describes them; some broken, the last a copy."""
    (folder / "images").mkdir(parents=True)
    rows = []
    for i in range(n):
        kind, colour = KINDS[i % len(KINDS)], list(COLOURS)[i // len(KINDS) % len(COLOURS)]
        gender = GENDERS[i % 2]
        path = folder / "images" / f"{1000 + i}.png"
        if copies and i == n - 1:
            draw_product(KINDS[0], next(iter(COLOURS)), 0).save(path)
        else:
            draw_product(kind, colour, i).save(path)
        if i in broken:
            path.write_bytes(b"this is not a picture")
        rows.append(
            {
                "id": 1000 + i,
                "gender": gender,
                "articleType": kind,
                "baseColour": colour,
                "season": "NA" if i % 5 == 0 else "Summer",
                "productDisplayName": f"{gender} {colour} {kind} {i}",
            }
        )
    with (folder / "products.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return folder

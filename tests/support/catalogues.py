"""Small catalogues of the shapes that people have, made in code."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from recommender.reading.product import Product
from recommender.reading.products import Products


def picture_bytes(seed: int = 0, form: str = "PNG") -> bytes:
    """A small picture of one colour."""
    buffer = io.BytesIO()
    colour = (40 * seed % 256, 255 - 40 * seed % 256, 90)
    Image.new("RGB", (30, 40), colour).save(buffer, form)
    return buffer.getvalue()


def write_picture(path: Path, seed: int = 0) -> Path:
    """A picture's file; its folders are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(picture_bytes(seed))
    return path


def write_csv(
    path: Path,
    header: Sequence[str],
    rows: Sequence[Sequence[object]],
    separator: str = ",",
    encoding: str = "utf-8",
) -> Path:
    """A table with a header; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def write_parquet(
    folder: Path,
    columns: Mapping[str, list[Any]],
    types: Mapping[str, Any] | None = None,
    split: str = "train",
) -> Path:
    """A folder as the Hub has it: one Parquet file of one split."""
    data = datasets.Dataset.from_dict(dict(columns))
    features = data.features.copy()
    for column, feature in (types or {}).items():
        features[column] = feature
    (folder / "data").mkdir(parents=True, exist_ok=True)
    # Written by Arrow: `datasets` would put files into the table that cells only name.
    table = pa.table(data.cast(features).with_format("arrow")[:].to_pydict(), features.arrow_schema)
    pq.write_table(table, folder / "data" / f"{split}-00000-of-00001.parquet")
    return folder


def pictures(n: int) -> list[dict[str, Any]]:
    """Cells of an image column."""
    return [{"bytes": picture_bytes(i), "path": None} for i in range(n)]


def read_all(source: Products) -> list[Product]:
    """All products."""
    products = list(source.read(0, source.count()))
    source.close()
    return products

"""Assembly of encoded chunks: unique products, their feature table, and the catalogue file."""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from recommender.errors import DatasetError
from recommender.features.table import NAMES, FeatureTable, FeatureWriter
from recommender.index.catalogue import ROW_GROUP
from recommender.index.filters import MAX_FILTER_VALUES


@dataclass(frozen=True)
class EncodedCatalogue:
    """Encoded catalogue: the n products whose pictures could be read, in the dataset's order."""

    ids: list[str]
    names: list[str]
    attributes: dict[str, list[str | None]]
    digests: list[str]
    features: FeatureTable
    rows: list[tuple[Path, int]]
    """Chunk file and row of each product's thumbnail."""
    skipped: list[tuple[str, str]]
    """Id and reason of each product that was left out."""

    def take(self, rows: np.ndarray) -> "EncodedCatalogue":
        """Products at positions, (m,) int ascending."""
        if len(rows) == len(self.ids):
            return self
        return EncodedCatalogue(
            [self.ids[row] for row in rows],
            [self.names[row] for row in rows],
            {name: [values[row] for row in rows] for name, values in self.attributes.items()},
            [self.digests[row] for row in rows],
            self.features.take(rows),
            [self.rows[row] for row in rows],
            self.skipped,
        )

    def duplicate_of(self) -> list[str | None]:
        """Id of the earliest product with an identical picture, by product; None if itself."""
        first: dict[str, str] = {}
        originals = [first.setdefault(d, i) for d, i in zip(self.digests, self.ids, strict=True)]
        return [o if o != i else None for o, i in zip(originals, self.ids, strict=True)]

    def filters(self) -> tuple[str, ...]:
        """Attributes to filter by: those of 2 to `MAX_FILTER_VALUES` values."""
        counts = {name: len(set(values) - {None}) for name, values in self.attributes.items()}
        return tuple(name for name, count in counts.items() if 2 <= count <= MAX_FILTER_VALUES)


def collect(chunks: Sequence[Path], folder: Path) -> EncodedCatalogue:
    """Encoded catalogue from chunks in order; their features go into one table on disk.

    A product is skipped if an earlier product has its id, because ids must be unique.

    Args:
        chunks: `.parquet` files, their `.npz` files beside them.
        folder: where the feature table is written.

    Raises:
        DatasetError: no product is left.
    """
    ids: dict[str, None] = {}
    names, digests, rows, skipped = [], [], [], []
    attributes: dict[str, list[str | None]] | None = None
    # Each distinct value is kept once: a million rows repeat a few thousand values.
    values: dict[str | None, str | None] = {}
    features = FeatureWriter(folder)
    for chunk in chunks:
        table = pq.read_table(chunk, columns=["id", "name", "attributes", "digest", "reason"])
        kept: list[int] = []
        encoded = -1
        for row, product in enumerate(table.to_pylist()):
            reason = product["reason"]
            encoded += reason is None
            if reason is None and product["id"] in ids:
                reason = "An earlier product has the same id."
            if reason is not None:
                skipped.append((product["id"], reason))
                continue
            ids[product["id"]] = None
            names.append(product["name"])
            digests.append(product["digest"])
            own = json.loads(product["attributes"])
            if attributes is None:
                attributes = {name: [] for name in own}
            for name, column in attributes.items():
                column.append(values.setdefault(own.get(name), own.get(name)))
            rows.append((chunk, row))
            kept.append(encoded)
        if kept:
            with np.load(chunk.with_suffix(".npz"), allow_pickle=False) as arrays:
                features.append(FeatureTable(*(arrays[name][kept] for name in NAMES)))
    if attributes is None:
        raise DatasetError("Not one picture of the dataset could be read; nothing was indexed.")
    return EncodedCatalogue(
        list(ids),
        names,
        # A column without values, or with one value for all products, is left out.
        {name: column for name, column in attributes.items() if len(set(column)) > 1},
        digests,
        features.close(),
        rows,
        skipped,
    )


def write_catalogue(products: EncodedCatalogue, coordinates: np.ndarray, path: Path) -> None:
    """Writing of `catalogue.parquet` (columns: `recommender.index.catalogue`), by row groups.

    Args:
        products: in the order of the vectors.
        coordinates: (n, 2) float32, 0-1, on the map.
        path: of the file.
    """
    text = pa.string()
    schema = pa.schema(
        [
            ("id", text),
            ("name", text),
            *((name, text) for name in products.attributes),
            ("duplicate_of", text),
            ("map_x", pa.float32()),
            ("map_y", pa.float32()),
            ("image", pa.struct([("bytes", pa.binary()), ("path", text)])),
        ]
    )
    # Metadata by which `datasets` and the Hub's viewer show the column as pictures.
    features = {
        name: {"dtype": str(schema.field(name).type), "_type": "Value"} for name in schema.names
    }
    features["map_x"] = features["map_y"] = {"dtype": "float32", "_type": "Value"}
    features["image"] = {"_type": "Image"}
    metadata = {"huggingface": json.dumps({"info": {"features": features}})}
    duplicates = products.duplicate_of()
    open_chunk: tuple[Path, pa.ChunkedArray] | None = None
    # Thumbnails are compressed files: compressing them again costs time and saves nothing.
    compression = {name: "zstd" for name in schema.names if name != "image"}
    with pq.ParquetWriter(path, schema.with_metadata(metadata), compression=compression) as writer:
        for start in range(0, len(products.ids), ROW_GROUP):
            group = range(start, min(start + ROW_GROUP, len(products.ids)))
            thumbnails = []
            for i in group:
                chunk, row = products.rows[i]
                if open_chunk is None or open_chunk[0] != chunk:
                    open_chunk = (chunk, pq.read_table(chunk, columns=["thumbnail"])["thumbnail"])
                thumbnails.append(open_chunk[1][row].as_py())
            table = {
                "id": [products.ids[i] for i in group],
                "name": [products.names[i] for i in group],
                **{n: [values[i] for i in group] for n, values in products.attributes.items()},
                "duplicate_of": [duplicates[i] for i in group],
                "map_x": coordinates[group.start : group.stop, 0],
                "map_y": coordinates[group.start : group.stop, 1],
                "image": [
                    {"bytes": b, "path": products.ids[i]}
                    for b, i in zip(thumbnails, group, strict=True)
                ],
            }
            writer.write_table(pa.table(table, schema), row_group_size=ROW_GROUP)


def write_skipped(products: EncodedCatalogue, path: Path) -> None:
    """Writing of a CSV of the skipped products: id and reason."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "reason"])
        writer.writerows(products.skipped)

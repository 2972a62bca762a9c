"""Catalogue files of a build: the catalogue as Parquet, and the skipped products as CSV."""

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from recommender.building.chunks import ChunkReader, position_blocks
from recommender.building.encoded_catalogue import EncodedCatalogue
from recommender.index.catalogue_file import OPTIONAL_COLUMNS, ROW_GROUP


def write_catalogue(products: EncodedCatalogue, coordinates: np.ndarray, path: Path) -> None:
    """Writing of `catalogue.parquet` (columns: `recommender.index.catalogue_file`), by row groups.

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
            *((name, OPTIONAL_COLUMNS[name]) for name in products.optional),
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
    chunks = ChunkReader(products.rows, ["thumbnail", *products.optional])
    # Thumbnails are compressed files: compressing them again costs time and saves nothing.
    compression = {name: "zstd" for name in schema.names if name != "image"}
    # Statistics of a row group's few rows would take longer to write than the rows.
    with pq.ParquetWriter(
        path,
        schema.with_metadata(metadata),
        compression=compression,
        use_dictionary=False,
        write_statistics=False,
    ) as writer:
        for group in position_blocks(len(products.ids)):
            kept, own = chunks.table(group), slice(group.start, group.stop)
            thumbnails = kept["thumbnail"].combine_chunks()
            ids = pa.array(products.ids[own], text)
            table = {
                "id": ids,
                "name": products.names[own],
                **{name: values[own] for name, values in products.attributes.items()},
                **{name: kept[name] for name in products.optional},
                "duplicate_of": duplicates[own],
                "map_x": coordinates[own, 0],
                "map_y": coordinates[own, 1],
                "image": pa.StructArray.from_arrays([thumbnails, ids], ["bytes", "path"]),
            }
            writer.write_table(pa.table(table, schema), row_group_size=ROW_GROUP)


def write_skipped(products: EncodedCatalogue, path: Path) -> None:
    """Writing of a CSV of the skipped products: id and reason."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "reason"])
        writer.writerows(products.skipped)

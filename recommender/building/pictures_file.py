"""Pictures file of an index: the product, number, digest and thumbnail of each vector."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from recommender.building.assemble import EncodedCatalogue
from recommender.building.chunks import ChunkReader
from recommender.index.product_pictures import ROW_GROUP

# Pictures whose rows are written at once, in row groups.
_WRITTEN_AT_ONCE = 32 * ROW_GROUP
_SCHEMA = pa.schema(
    [
        ("product", pa.int32()),
        ("number", pa.int16()),
        ("digest", pa.string()),
        ("content", pa.string()),
        ("place", pa.string()),
        ("fitted", pa.bool_()),
        ("image", pa.struct([("bytes", pa.binary()), ("path", pa.string())])),
    ]
)


def write_pictures(
    products: EncodedCatalogue, path: Path, fitted: np.ndarray | None = None
) -> None:
    """Writing of `pictures.parquet` (columns: `recommender.index.product_pictures`).

    Args:
        products: in the order of the vectors.
        path: of the file.
        fitted: (p,) bool: whether the index's head was fitted on the picture's catalogue; None:
            on all of them.
    """
    # Thumbnails are compressed files: compressing them again costs time and saves nothing.
    compression = {name: "zstd" for name in _SCHEMA.names if name != "image"}
    pictures = _pictures(products, fitted)
    # Statistics of each row group would double the file, and nobody asks for them.
    with pq.ParquetWriter(path, _SCHEMA, compression=compression, write_statistics=False) as writer:
        while group := list(itertools.islice(pictures, _WRITTEN_AT_ONCE)):
            writer.write_table(pa.Table.from_pylist(group, _SCHEMA), row_group_size=ROW_GROUP)


def _pictures(products: EncodedCatalogue, fitted: np.ndarray | None) -> Iterator[dict[str, Any]]:
    keys = ["digest", "content", "place"]
    columns = keys if products.counts is None else [*keys, "further"]
    chunks = ChunkReader(products.rows, columns)
    rows = itertools.count()
    for position in range(len(products.ids)):
        row: dict[str, Any] = chunks.row(position)
        pictures: list[dict[str, Any]] = [row, *row.get("further", ())]
        for number, picture in enumerate(pictures):
            image = None
            if number:
                path = f"{products.ids[position]}/{number}"
                image = {"bytes": picture["thumbnail"], "path": path}
            at = next(rows)
            yield {
                "product": position,
                "number": number,
                **{name: picture[name] for name in keys},
                "fitted": fitted is None or bool(fitted[at]),
                "image": image,
            }

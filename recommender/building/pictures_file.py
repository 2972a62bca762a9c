"""Pictures file of an index: the product, number, digest and thumbnail of each vector."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from recommender.building.assemble import EncodedCatalogue
from recommender.building.chunks import ChunkReader
from recommender.index.product_pictures import ROW_GROUP

_SCHEMA = pa.schema(
    [
        ("product", pa.int32()),
        ("number", pa.int16()),
        ("digest", pa.string()),
        ("image", pa.struct([("bytes", pa.binary()), ("path", pa.string())])),
    ]
)


def write_pictures(products: EncodedCatalogue, path: Path) -> None:
    """Writing of `pictures.parquet` (columns: `recommender.index.product_pictures`).

    Args:
        products: in the order of the vectors.
        path: of the file.
    """
    # Thumbnails are compressed files: compressing them again costs time and saves nothing.
    compression = {name: "zstd" for name in _SCHEMA.names if name != "image"}
    pictures = _pictures(products)
    with pq.ParquetWriter(path, _SCHEMA, compression=compression) as writer:
        while group := list(itertools.islice(pictures, ROW_GROUP)):
            writer.write_table(pa.Table.from_pylist(group, _SCHEMA), row_group_size=ROW_GROUP)


def _pictures(products: EncodedCatalogue) -> Iterator[dict[str, Any]]:
    columns = ["digest"] if products.counts is None else ["digest", "further"]
    chunks = ChunkReader(products.rows, columns)
    for position, row in enumerate(chunks):
        yield {"product": position, "number": 0, "digest": row["digest"], "image": None}
        for number, picture in enumerate(row.get("further", ()), 1):
            image = {"bytes": picture["thumbnail"], "path": f"{products.ids[position]}/{number}"}
            yield {
                "product": position,
                "number": number,
                "digest": picture["digest"],
                "image": image,
            }

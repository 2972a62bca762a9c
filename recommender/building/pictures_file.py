"""Pictures file of an index: the product, number, digest and thumbnail of each vector."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from recommender.building.chunks import KEYS, ChunkReader, position_blocks
from recommender.building.encoded_catalogue import EncodedCatalogue
from recommender.index.product_pictures import ROW_GROUP

# Products whose pictures are written at once.
_WRITTEN_AT_ONCE = 8 * ROW_GROUP
_IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
_SCHEMA = pa.schema(
    [
        ("product", pa.int32()),
        ("number", pa.int16()),
        ("digest", pa.string()),
        ("content", pa.string()),
        ("place", pa.string()),
        ("fitted", pa.bool_()),
        ("image", _IMAGE),
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
    # Statistics of each row group would double the file, and nobody asks for them.
    with pq.ParquetWriter(
        path, _SCHEMA, compression=compression, use_dictionary=False, write_statistics=False
    ) as writer:
        rest = _SCHEMA.empty_table()
        for pictures in _pictures(products, fitted):
            rest = pa.concat_tables([rest, pictures])
            whole = len(rest) // ROW_GROUP * ROW_GROUP  # the last row group alone may be smaller
            if whole:
                writer.write_table(rest.slice(0, whole), row_group_size=ROW_GROUP)
                rest = rest.slice(whole)
        if len(rest):
            writer.write_table(rest, row_group_size=ROW_GROUP)


def digests_of(products: EncodedCatalogue) -> pa.Array:
    """Digests of all p pictures of a build, in the order of the vectors."""
    if products.counts is None:
        return pa.array(products.digests, pa.string())
    chunks = ChunkReader(products.rows, ["further"])
    further = [
        part.flatten().field("digest")
        for group in position_blocks(len(products.ids))
        for part in chunks.table(group)["further"].chunks
    ]
    owners, numbers = _numbered(products.counts)
    every = pa.concat_arrays([pa.array(products.digests, pa.string()), *further])
    return every.take(pa.array(_order(owners, numbers)))


def _numbered(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Products, and numbers among those of their product, of all pictures; (p,) int64 each."""
    owners = np.repeat(np.arange(len(counts)), counts)
    return owners, np.arange(len(owners)) - (np.cumsum(counts) - counts)[owners]


def _order(owners: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """(p,) int64: places of all pictures among the main ones, and the further ones behind them."""
    return np.where(numbers == 0, owners, owners.max() + np.cumsum(numbers > 0))


def _pictures(products: EncodedCatalogue, fitted: np.ndarray | None) -> Iterator[pa.Table]:
    columns = KEYS if products.counts is None else (*KEYS, "further")
    chunks = ChunkReader(products.rows, columns)
    done = 0
    for group in position_blocks(len(products.ids), _WRITTEN_AT_ONCE):
        owners, numbers = _numbered(products.picture_counts[group.start : group.stop])
        total = len(owners)
        table, images = chunks.table(group), pa.nulls(total, _IMAGE)
        keys = {name: table[name].combine_chunks() for name in KEYS}
        if total > len(group):
            order = _order(owners, numbers)
            further = table["further"].combine_chunks().flatten()
            keys = {
                name: pa.concat_arrays([own, further.field(name)]).take(pa.array(order))
                for name, own in keys.items()
            }
            places = [
                f"{products.ids[group[owner]]}/{number}" if number else None
                for owner, number in zip(owners.tolist(), numbers.tolist(), strict=True)
            ]
            none = pa.nulls(len(group), pa.binary())
            thumbnails = pa.concat_arrays([none, further.field("thumbnail")])
            images = pa.StructArray.from_arrays(
                [thumbnails.take(pa.array(order)), pa.array(places, pa.string())],
                fields=list(_IMAGE),
                mask=pa.array(numbers == 0),
            )
        own = np.ones(total, bool) if fitted is None else fitted[done : done + total]
        done += total
        yield pa.table(
            {
                "product": pa.array(group.start + owners, pa.int32()),
                "number": pa.array(numbers, pa.int16()),
                **keys,
                "fitted": pa.array(own, pa.bool_()),
                "image": images,
            },
            _SCHEMA,
        )

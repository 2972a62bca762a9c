"""Assembly of encoded chunks: unique products, their feature table, and the catalogue file."""

import csv
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from recommender.building.chunks import ChunkReader, ChunkRow, read_light
from recommender.errors import DatasetError
from recommender.features.table import NAMES, FeatureTable, FeatureWriter
from recommender.index.catalogue_file import OPTIONAL_COLUMNS, ROW_GROUP, SEVERAL_COLUMN
from recommender.index.filters import MAX_FILTER_VALUES
from recommender.index.offer import GROUP_COLUMN

_log = logging.getLogger(__name__)


# Products whose rows are written at once, in row groups: 50 MB of thumbnails at the most.
WRITTEN_AT_ONCE = 32 * ROW_GROUP


@dataclass(frozen=True)
class EncodedCatalogue:
    """Encoded catalogue: the n products whose pictures could be read, in the dataset's order.

    What only the index needs (offers, thumbnails, further pictures) stays in the chunks: it would
    fill the memory.
    """

    ids: list[str]
    names: list[str]
    attributes: dict[str, list[str | None]]
    digests: list[str]
    """Of the main pictures."""
    features: FeatureTable
    """Of all p pictures, ordered by product, then by number; `owners` has their products."""
    rows: list[ChunkRow]
    """Chunk file and row of each product."""
    skipped: list[tuple[str, str]]
    """Id and reason of each product that was left out."""
    counts: np.ndarray | None = None
    """(n,) int64: number of pictures of each product; None: one each."""
    groups: list[str | None] | None = None
    """What variants of one product share; None where no product has it."""
    optional: tuple[str, ...] = ()
    """The columns of `recommender.index.catalogue_file.OPTIONAL_COLUMNS` that the catalogue has."""
    first_values: dict[str, list[str | None]] = field(default_factory=dict)
    """The first value of each product, by attribute with several values of one product."""
    choices: dict[str, int] | None = None
    """Number of values by attribute, several of one product counted each; None: none has several.
    """

    @property
    def picture_counts(self) -> np.ndarray:
        """(n,) int64: number of pictures of each product."""
        return np.ones(len(self.ids), np.int64) if self.counts is None else self.counts

    @property
    def first_pictures(self) -> np.ndarray:
        """(n,) int64: row of each product's main picture among the features."""
        return np.cumsum(self.picture_counts) - self.picture_counts

    @property
    def owners(self) -> np.ndarray:
        """(p,) int64, ascending: position of the product on each picture."""
        return np.repeat(np.arange(len(self.ids)), self.picture_counts)

    @property
    def main_features(self) -> FeatureTable:
        """Features of the main pictures, a row per product."""
        return self.features if self.counts is None else self.features.take(self.first_pictures)

    @property
    def labels(self) -> dict[str, list[str | None]]:
        """Labels to learn: the attributes, with the first of several values."""
        return {**self.attributes, **self.first_values}

    @property
    def descriptions(self) -> list[str | None]:
        """Descriptions of the products, read from the chunks; None where one has none."""
        reader = ChunkReader(self.rows, ["description"])
        groups = _groups(len(self.ids))
        return [text for group in groups for text in reader.table(group)[0].to_pylist()]

    def take(self, rows: np.ndarray) -> "EncodedCatalogue":
        """Products at positions, (m,) int ascending."""
        if len(rows) == len(self.ids):
            return self
        features, counts = self.features.take(rows), None
        if self.counts is not None:
            counts = self.counts[rows]
            starts = np.repeat(self.first_pictures[rows] - (np.cumsum(counts) - counts), counts)
            features = self.features.take(starts + np.arange(counts.sum()))
        return EncodedCatalogue(
            [self.ids[row] for row in rows],
            [self.names[row] for row in rows],
            _rows_of(self.attributes, rows),
            [self.digests[row] for row in rows],
            features,
            [self.rows[row] for row in rows],
            self.skipped,
            counts,
            None if self.groups is None else [self.groups[row] for row in rows],
            self.optional,
            _rows_of(self.first_values, rows),
            self.choices,
        )

    def duplicate_of(self) -> list[str | None]:
        """Id of the earliest product with an identical main picture; None if itself."""
        first: dict[str, str] = {}
        originals = [first.setdefault(d, i) for d, i in zip(self.digests, self.ids, strict=True)]
        return [o if o != i else None for o, i in zip(originals, self.ids, strict=True)]

    def filters(self) -> tuple[str, ...]:
        """Attributes to filter by: those of 2 to `MAX_FILTER_VALUES` values."""
        counts = self.choices or {
            name: len(set(values) - {None}) for name, values in self.attributes.items()
        }
        return tuple(name for name in self.attributes if 2 <= counts[name] <= MAX_FILTER_VALUES)


Columns = dict[str, list[str | None]]
Arrays = dict[str, np.ndarray]


# Columns of the chunks that are read row by row.
_READ = ("id", "name", "digest", "attributes", SEVERAL_COLUMN, GROUP_COLUMN, "unread", "reason")


def _groups(count: int) -> Iterator[range]:
    """Positions of the products that are written at once."""
    for start in range(0, count, WRITTEN_AT_ONCE):
        yield range(start, min(start + WRITTEN_AT_ONCE, count))


def _rows_of(columns: Columns, rows: np.ndarray) -> Columns:
    return {name: [values[row] for row in rows] for name, values in columns.items()}


class _Labels:
    """Attributes of the products so far, column by column."""

    def __init__(self) -> None:
        self.attributes: Columns = {}
        self.first_values: Columns = {}
        self.choices: dict[str, set[str]] = {}
        # Each distinct value is kept once: a million rows repeat a few thousand values.
        self._values: dict[str, str] = {}

    def append(self, texts: dict[str, str | None], several: dict[str, list[str]]) -> None:
        """Append the attributes of a product, and the values of those that have several."""
        if not self.choices:
            self.attributes = {name: [] for name in texts}
            self.choices = {name: set() for name in texts}
        for name, column in self.attributes.items():
            if name not in several and name not in self.first_values:
                value = self._once(texts.get(name))
                column.append(value)
                if value is not None and len(self.choices[name]) <= MAX_FILTER_VALUES:
                    self.choices[name].add(value)
                continue
            values: Sequence[str | None] = several.get(name) or [texts.get(name)]
            if name in several:
                self.first_values.setdefault(name, list(column))
            if name in self.first_values:
                self.first_values[name].append(self._once(values[0]))
            column.append(self._once(texts.get(name)))
            if len(self.choices[name]) <= MAX_FILTER_VALUES:  # more are too many in any case
                self.choices[name].update(value for value in values if value is not None)

    def _once(self, value: str | None) -> str | None:
        return None if value is None else self._values.setdefault(value, value)


def collect(chunks: Sequence[Path], folder: Path) -> EncodedCatalogue:
    """Encoded catalogue from chunks in order; their features go into one table on disk.

    Args:
        chunks: `.parquet` files, their `.npz` files beside them.
        folder: where the feature table is written.

    Raises:
        DatasetError: no product is left.
    """
    features = FeatureWriter(folder)

    def append(arrays: Arrays) -> None:
        features.append(FeatureTable(*(arrays[name] for name in NAMES)))

    products = collect_products(chunks, append)
    return replace(products, features=features.close())


def collect_products(chunks: Sequence[Path], append: Callable[[Arrays], None]) -> EncodedCatalogue:
    """Encoded catalogue from chunks in order, without features.

    A product is skipped if an earlier product has its id, because ids must be unique.

    Args:
        chunks: `.parquet` files, their `.npz` files beside them.
        append: is given the rows of each chunk's arrays, those of skipped products left out.

    Raises:
        DatasetError: no product is left.
    """
    ids: dict[str, None] = {}
    names, digests, rows, skipped, counts = [], [], [], [], []
    groups: dict[str | None, str | None] = {}
    group_of: list[str | None] = []
    labels = _Labels()
    optional: set[str] = set()
    unread: list[tuple[str, str]] = []
    for chunk in chunks:
        kept: list[int] = []
        rows_kept: list[int] = []
        table, picture_counts = read_light(chunk)
        ends = np.cumsum(picture_counts).tolist()
        columns = (table[name].to_pylist() for name in _READ)
        for row, (id_, name, digest, texts, several, group, unread_of, reason) in enumerate(
            zip(*columns, strict=True)
        ):
            if reason is None and unread_of:
                unread.append((id_, unread_of[0]))
            if reason is None and id_ in ids:
                reason = "An earlier product has the same id."
            if reason is not None:
                skipped.append((id_, reason))
                continue
            ids[id_] = None
            names.append(name)
            digests.append(digest)
            labels.append(json.loads(texts), json.loads(several) if several else {})
            group_of.append(groups.setdefault(group, group))
            rows.append((chunk, row))
            rows_kept.append(row)
            counts.append(picture_counts[row])
            kept.extend(range(ends[row] - picture_counts[row], ends[row]))
        own = table.take(pa.array(rows_kept, pa.int64()))
        optional.update(n for n in OPTIONAL_COLUMNS if own[n].null_count < len(own))
        if kept:
            with np.load(chunk.with_suffix(".npz"), allow_pickle=False) as arrays:
                append({name: arrays[name][kept] for name in arrays.files})
    if not ids:
        raise DatasetError("Not one picture of the dataset could be read; nothing was indexed.")
    if unread:
        id_, reason = unread[0]
        _log.info(
            f"{len(unread):,} products lack some of their pictures, the first of them {id_}: "
            f"{reason}"
        )
    # A column without values, or with one value for all products, is left out.
    shown = {name: values for name, values in labels.attributes.items() if len(set(values)) > 1}
    return EncodedCatalogue(
        list(ids),
        names,
        shown,
        digests,
        FeatureTable.empty(0),
        rows,
        skipped,
        np.array(counts) if set(counts) != {1} else None,
        group_of if set(group_of) != {None} else None,
        tuple(name for name in OPTIONAL_COLUMNS if name in optional),
        {name: values for name, values in labels.first_values.items() if name in shown},
        {name: len(labels.choices[name]) for name in shown},
    )


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
        path, schema.with_metadata(metadata), compression=compression, write_statistics=False
    ) as writer:
        for group in _groups(len(products.ids)):
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

"""Catalogue of an index: ids, names, attributes and thumbnails of its products, and filters.

`catalogue.parquet` has one row per product, in the order of the vectors:

    id            string, unique
    name          string
    duplicate_of  string or null: id of the first item with an identical picture
    map_x, map_y  float32: coordinates on the map of the catalogue, 0-1
    image         struct of bytes (JPEG, PNG or WebP) and path: the thumbnail, as in Hub datasets
    ...           string or null (unknown): one column for each attribute of the dataset
"""

import io
import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from PIL import Image

from recommender.errors import FilterError, IndexFormatError, UnknownItemError

CATALOGUE_FILE = "catalogue.parquet"
OWN_COLUMNS = ("id", "name", "duplicate_of", "map_x", "map_y", "image")

# Rows of a row group: small, because one thumbnail takes reading its whole group.
ROW_GROUP = 32
CACHED_ROW_GROUPS = 256
CACHED_MASKS = 32

# Most values of a filter; an attribute with more is too long to choose from.
MAX_FILTER_VALUES = 200

Filters = Mapping[str, str | Sequence[str]]


def is_reserved(name: str) -> bool:
    """Whether a name is reserved for the index's own columns.

    Compared without case, because some readers of Parquet confuse `Map_X` and `map_x`.
    """
    return name.casefold() in OWN_COLUMNS


class Catalogue:
    """Products by position (row) or id. Thumbnails are read from the file on demand.

    Args:
        path: a `catalogue.parquet`.
        attributes: columns that results show.
        filters: attributes that can be filtered by.

    Raises:
        IndexFormatError: the file is missing or damaged, lacks a column, or has a column of the
            wrong type.
    """

    def __init__(self, path: Path, attributes: Sequence[str], filters: Sequence[str]) -> None:
        self.attributes, self.filters = tuple(attributes), tuple(filters)
        taken = sorted(set(self.attributes) & set(OWN_COLUMNS))
        if taken:
            raise IndexFormatError(
                f"The index has an attribute called {taken[0]}, which is a column of its own. "
                "Build it again."
            )
        wanted = [c for c in OWN_COLUMNS if c != "image"] + list(attributes)
        try:
            self._file = pq.ParquetFile(path, memory_map=False)
            table = self._file.read(columns=wanted)
            metadata = self._file.metadata
            sizes = [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)]
            self._row_group = sizes[0]
        except FileNotFoundError:
            raise IndexFormatError(
                f"The index lacks {path.name}. Download or build it again."
            ) from None
        except (pa.ArrowException, OSError, IndexError) as error:
            raise IndexFormatError(
                f"{path.name} of the index is damaged. Download or build it again."
            ) from error
        missing = sorted(set(wanted) - set(table.column_names))
        if missing:
            raise IndexFormatError(
                f"{path.name} of the index lacks the columns {', '.join(missing)}."
            )
        if set(sizes[:-1]) - {self._row_group} or not 0 < sizes[-1] <= self._row_group:
            raise IndexFormatError(
                f"The row groups of {path.name} differ in size, so that a picture cannot be found "
                "by its row. Download or build the index again."
            )
        try:
            self._take(table)
        except (pa.ArrowException, KeyError, TypeError, ValueError) as error:
            raise IndexFormatError(
                f"{path.name} of the index does not hold what its columns should: "
                "download or build it again."
            ) from error

    def _take(self, table: pa.Table) -> None:
        for name in ("id", "name", "duplicate_of", *self.attributes):
            if table.schema.field(name).type not in (pa.string(), pa.large_string()):
                raise TypeError(f"{name} is not text")
        self.ids: list[str] = table["id"].to_pylist()
        if None in self.ids or len(set(self.ids)) < len(self.ids):
            raise ValueError("an id is missing or not unique")
        self._positions = {id_: position for position, id_ in enumerate(self.ids)}
        self._names = table["name"].combine_chunks()
        self.map = np.column_stack([table["map_x"].to_numpy(), table["map_y"].to_numpy()])
        self.original = np.arange(len(self.ids))
        """(n,) int64: position of the first item with the same picture; itself included."""
        for position, first in enumerate(table["duplicate_of"].to_pylist()):
            if first is not None:
                self.original[position] = self._positions[first]
        self._columns = {
            name: table[name].combine_chunks().dictionary_encode() for name in self.attributes
        }
        self._codes = {
            name: self._columns[name].indices.fill_null(-1).to_numpy() for name in self.filters
        }
        self._codes_of = {
            name: {
                value: code for code, value in enumerate(self._columns[name].dictionary.to_pylist())
            }
            for name in self.filters
        }
        self._reading = threading.Lock()
        # Visitors filter by few values, and a mask takes one byte per product.
        self._passing = lru_cache(maxsize=CACHED_MASKS)(self._compute_passing)
        self._thumbnails = lru_cache(maxsize=CACHED_ROW_GROUPS)(self._read_row_group)

    def __len__(self) -> int:
        return len(self.ids)

    def __contains__(self, item_id: str) -> bool:
        return item_id in self._positions

    def position(self, item_id: str) -> int:
        """Row of an item.

        Raises:
            UnknownItemError: no item has this id.
        """
        try:
            return self._positions[str(item_id)]
        except KeyError:
            raise UnknownItemError(
                f"The catalogue has no item with the id {str(item_id)[:80]!r}."
            ) from None

    def positions_of(self, ids: Iterable[str]) -> np.ndarray:
        """(m,) int32: rows of products by id; -1 where the catalogue has no such product."""
        return np.array([self._positions.get(id_, -1) for id_ in ids], np.int32)

    def close(self) -> None:
        """Closing of the file, after which no thumbnail can be read."""
        with self._reading:
            self._file.close()

    def name(self, position: int) -> str:
        """Name of the product in a row; its id where it has no name."""
        return self._names[position].as_py() or self.ids[position]

    def attributes_of(self, position: int) -> dict[str, str]:
        """Known attributes of the product in a row."""
        values = {name: self._columns[name][position].as_py() for name in self.attributes}
        return {name: value for name, value in values.items() if value is not None}

    def labels(self, attribute: str) -> list[str | None]:
        """Values of an attribute, one per row; None where unknown."""
        return self._columns[attribute].to_pylist()

    def values(self, attribute: str) -> dict[str, int]:
        """Values of an attribute with their number of products, commonest first."""
        counts = pc.value_counts(self._columns[attribute].drop_null().dictionary_decode())
        pairs = ((entry["values"].as_py(), entry["counts"].as_py()) for entry in counts)
        return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))

    def allowed(self, filters: Filters) -> np.ndarray | None:
        """Mask of the products that pass all filters.

        Args:
            filters: by attribute, a value or several values. A product passes a filter if it has
                one of the values.

        Returns:
            (n,) bool, or None without filters.

        Raises:
            FilterError: unknown attribute or value.
        """
        chosen = self.check_filters(filters)
        mask: np.ndarray | None = None
        for attribute, values in chosen.items():
            passing = self._passing(attribute, values)
            mask = passing if mask is None else mask & passing
        return mask

    def check_filters(self, filters: Filters) -> dict[str, tuple[str, ...]]:
        """Checked filters: known values by attribute, without attributes that have none.

        Raises:
            FilterError: unknown attribute or value.
        """
        if not isinstance(filters, Mapping):
            raise FilterError('Filters are an object such as {"gender": "Women"}.')
        chosen: dict[str, tuple[str, ...]] = {}
        for attribute, wanted in filters.items():
            if attribute not in self.filters:
                known = ", ".join(self.filters) or "none: this catalogue has no attributes"
                raise FilterError(
                    f"There is no filter {str(attribute)[:80]!r}. Filters are: {known}."
                )
            values = [wanted] if isinstance(wanted, str) else wanted
            if not isinstance(values, Iterable):
                raise FilterError(f"The filter {attribute} takes a value or a list of values.")
            values = tuple(str(value) for value in values)
            for value in values:
                if value not in self._codes_of[attribute]:
                    known = ", ".join(list(self.values(attribute))[:12])
                    raise FilterError(
                        f"No product has {attribute} {value[:80]!r}. The commonest are: {known}."
                    )
            if values:
                chosen[attribute] = values
        return chosen

    def thumbnail(self, position: int) -> Image.Image:
        """Thumbnail of the product in a row, RGB."""
        return Image.open(io.BytesIO(self.thumbnail_bytes(position))).convert("RGB")

    def thumbnail_bytes(self, position: int) -> bytes:
        """File of the thumbnail in a row: JPEG, PNG or WebP."""
        group, row = divmod(position, self._row_group)
        return self._thumbnails(group)[row].as_py()

    def _compute_passing(self, attribute: str, values: tuple[str, ...]) -> np.ndarray:
        codes = [self._codes_of[attribute][value] for value in values]
        return np.isin(self._codes[attribute], codes)

    def _read_row_group(self, group: int) -> pa.BinaryArray:
        with self._reading:  # Arrow does not document reading one file from several threads.
            table = self._file.read_row_group(group, columns=["image.bytes"], use_threads=False)
        return table["image"].combine_chunks().field("bytes")

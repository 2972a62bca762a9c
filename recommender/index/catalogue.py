"""Catalogue of an index: ids, names, attributes and thumbnails of its products.

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
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from recommender.errors import IndexFormatError, UnknownItemError
from recommender.index.filters import CheckedFilters, FilterColumns, Filters, is_found_by_typing

CATALOGUE_FILE = "catalogue.parquet"
OWN_COLUMNS = ("id", "name", "duplicate_of", "map_x", "map_y", "image")

# Rows of a row group: small, because one thumbnail takes reading its whole group.
ROW_GROUP = 32
CACHED_ROW_GROUPS = 256


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
        filters: attributes that can be filtered by, whose values are few. Those with many values
            that products share become filters, too.

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
        typed = [n for n, c in self._columns.items() if is_found_by_typing(c)]
        self.filters += tuple(name for name in typed if name not in self.filters)
        self._filters = FilterColumns({name: self._columns[name] for name in self.filters}, {})
        self._reading = threading.Lock()
        self._thumbnails = lru_cache(maxsize=CACHED_ROW_GROUPS)(self._read_row_group)

    def __len__(self) -> int:
        return len(self.ids)

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

    @property
    def numbers(self) -> dict[str, np.ndarray]:
        """Numbers to filter by, (n,) float64 each; NaN where unknown."""
        return self._filters.numbers

    def values(self, attribute: str) -> dict[str, int]:
        """Values of an attribute with their number of products, commonest first."""
        return self._filters.values(attribute)

    def has_value(self, attribute: str, value: str) -> bool:
        """Whether any product has a value of a filter's attribute."""
        return self._filters.has(attribute, value)

    def matching(self, attribute: str, typed: str, most: int) -> dict[str, int]:
        """Values of an attribute that contain a typed text (`FilterColumns.matching`)."""
        return self._filters.matching(attribute, typed, most)

    def allowed(self, filters: Filters) -> np.ndarray | None:
        """Mask of the products that pass all filters (`FilterColumns.allowed`)."""
        return self._filters.allowed(filters)

    def check_filters(self, filters: Filters) -> CheckedFilters:
        """Checked filters (`FilterColumns.check`)."""
        return self._filters.check(filters)

    def thumbnail(self, position: int) -> Image.Image:
        """Thumbnail of the product in a row, RGB."""
        return Image.open(io.BytesIO(self.thumbnail_bytes(position))).convert("RGB")

    def thumbnail_bytes(self, position: int) -> bytes:
        """File of the thumbnail in a row: JPEG, PNG or WebP."""
        group, row = divmod(position, self._row_group)
        return self._thumbnails(group)[row].as_py()

    def _read_row_group(self, group: int) -> pa.BinaryArray:
        with self._reading:  # Arrow does not document reading one file from several threads.
            table = self._file.read_row_group(group, columns=["image.bytes"], use_threads=False)
        return table["image"].combine_chunks().field("bytes")

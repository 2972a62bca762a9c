"""The products of an index: ids, names, attributes, thumbnails, and filters over them.

`catalogue.parquet` has one row a product, in the order of the vectors:

    id            string, unique
    name          string
    duplicate_of  string, null: id of the first item with the very same picture
    map_x, map_y  float32: place on the map of the catalogue, 0-1
    image         struct of bytes (JPEG, PNG or WebP) and path: the thumbnail, as in Hub datasets
    ...           every attribute of the dataset, string, null where it is not known
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

# A thumbnail costs reading its whole row group, so groups are small.
ROW_GROUP = 32
CACHED_ROW_GROUPS = 256
CACHED_MASKS = 32

# An attribute is a filter only while a person can choose from its values.
MAX_FILTER_VALUES = 200

Filters = Mapping[str, str | Sequence[str]]


class Catalogue:
    """Products by position (row) or id. Thumbnails stay in the file until asked for.

    Args:
        path: a `catalogue.parquet`.
        attributes: the columns that results show.
        filters: those among them that can be filtered by.

    Raises:
        IndexFormatError: the file is missing or damaged, or lacks a column.
    """

    def __init__(self, path: Path, attributes: Sequence[str], filters: Sequence[str]) -> None:
        self.attributes, self.filters = tuple(attributes), tuple(filters)
        wanted = [c for c in OWN_COLUMNS if c != "image"] + list(attributes)
        try:
            self._file = pq.ParquetFile(path, memory_map=False)
            table = self._file.read(columns=wanted)
            self._row_group = max(self._file.metadata.row_group(0).num_rows, 1)
        except FileNotFoundError:
            raise IndexFormatError(
                f"The index lacks {path.name}. Download or build it again."
            ) from None
        except (pa.ArrowException, OSError) as error:
            raise IndexFormatError(
                f"{path.name} of the index is damaged. Download or build it again."
            ) from error
        missing = sorted(set(wanted) - set(table.column_names))
        if missing:
            raise IndexFormatError(
                f"{path.name} of the index lacks the columns {', '.join(missing)}."
            )
        self.ids: list[str] = table["id"].to_pylist()
        self._positions = {id_: position for position, id_ in enumerate(self.ids)}
        self._names = table["name"].combine_chunks()
        self.map = np.column_stack([table["map_x"].to_numpy(), table["map_y"].to_numpy()])
        self.original = np.arange(len(self.ids))
        """(n,) int64: position of the first item with the same picture; mostly the item itself."""
        for position, first in enumerate(table["duplicate_of"].to_pylist()):
            if first is not None:
                self.original[position] = self._positions[first]
        self._columns = {
            name: table[name].combine_chunks().dictionary_encode() for name in attributes
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
        # Visitors filter by the same few values, and a mask is a byte a product.
        self._passing = lru_cache(maxsize=CACHED_MASKS)(self._compute_passing)
        self._thumbnails = lru_cache(maxsize=CACHED_ROW_GROUPS)(self._read_row_group)

    def __len__(self) -> int:
        return len(self.ids)

    def position(self, item_id: str) -> int:
        """Row of an item.

        Raises:
            UnknownItemError: there is no such item.
        """
        try:
            return self._positions[str(item_id)]
        except KeyError:
            raise UnknownItemError(
                f"The catalogue has no item with the id {str(item_id)[:80]!r}."
            ) from None

    def name(self, position: int) -> str:
        """Name of the product in a row."""
        return self._names[position].as_py() or self.ids[position]

    def attributes_of(self, position: int) -> dict[str, str]:
        """The attributes of the product in a row that are known."""
        values = {name: self._columns[name][position].as_py() for name in self.attributes}
        return {name: value for name, value in values.items() if value is not None}

    def labels(self, attribute: str) -> list[str | None]:
        """An attribute of every product, in order."""
        return self._columns[attribute].to_pylist()

    def values(self, attribute: str) -> dict[str, int]:
        """Values of an attribute and how many products have each, commonest first."""
        counts = pc.value_counts(self._columns[attribute].drop_null().dictionary_decode())
        pairs = ((entry["values"].as_py(), entry["counts"].as_py()) for entry in counts)
        return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))

    def allowed(self, filters: Filters) -> np.ndarray | None:
        """Which products pass.

        Args:
            filters: value, or several of which any will do, by attribute; attributes add up.

        Returns:
            (n,) bool, or None where nothing is filtered.

        Raises:
            FilterError: no such attribute or value.
        """
        chosen = self.check_filters(filters)
        mask: np.ndarray | None = None
        for attribute, values in chosen.items():
            passing = self._passing(attribute, values)
            mask = passing if mask is None else mask & passing
        return mask

    def check_filters(self, filters: Filters) -> dict[str, tuple[str, ...]]:
        """The filters as lists of values that exist, without the empty ones.

        Raises:
            FilterError: no such attribute or value.
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
        """Picture of the product in a row, RGB."""
        return Image.open(io.BytesIO(self.thumbnail_bytes(position))).convert("RGB")

    def thumbnail_bytes(self, position: int) -> bytes:
        """The thumbnail's file: JPEG, PNG or WebP."""
        group, row = divmod(position, self._row_group)
        return self._thumbnails(group)[row].as_py()

    def _compute_passing(self, attribute: str, values: tuple[str, ...]) -> np.ndarray:
        codes = [self._codes_of[attribute][value] for value in values]
        return np.isin(self._codes[attribute], codes)

    def _read_row_group(self, group: int) -> pa.BinaryArray:
        with self._reading:  # Arrow does not promise that several threads may read one file.
            table = self._file.read_row_group(group, columns=["image.bytes"], use_threads=False)
        return table["image"].combine_chunks().field("bytes")

"""Catalogue of an index: ids, names, attributes and thumbnails of its products.

The files are described in `recommender.index.catalogue_file` and `recommender.index.offer`; further
pictures in `recommender.index.product_pictures`.
"""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from PIL import Image

from recommender.errors import IndexFormatError, UnknownItemError
from recommender.index.attribute_values import AttributeValues
from recommender.index.catalogue_file import SEVERAL_COLUMN, CatalogueFile, several_values
from recommender.index.filters import (
    MAX_FILTER_VALUES,
    CheckedFilters,
    FilterColumns,
    Filters,
    is_found_by_typing,
)
from recommender.index.offer import Offer, Offers
from recommender.index.product_pictures import ProductPictures
from recommender.index.variants import Variants


class Catalogue:
    """Products by position (row) or id. Thumbnails are read from the file on demand.

    Args:
        path: a `catalogue.parquet`.
        attributes: columns that results show.
        filters: attributes that can be filtered by, whose values are few. Those with many values
            that products share become filters, too, and so do the offers' brand and availability.
        pictures: a `pictures.parquet`; None: one picture of each product.

    Raises:
        IndexFormatError: a file is missing or damaged, lacks a column, or has a column of the
            wrong type.
    """

    def __init__(
        self,
        path: Path,
        attributes: Sequence[str],
        filters: Sequence[str],
        pictures: Path | None = None,
    ) -> None:
        self.attributes, self.filters = tuple(attributes), tuple(filters)
        self._file = CatalogueFile(path, self.attributes)
        try:
            table = self._file.take_table()
            self._take(table)
            self._several = several_values(table) if SEVERAL_COLUMN in self._file.optional else {}
            self.offers = Offers(table, self._file.optional)
            self._filters = self._filter_columns()
        except (pa.ArrowException, KeyError, TypeError, ValueError) as error:
            raise IndexFormatError(
                f"{path.name} of the index does not hold what its columns should: "
                "download or build it again."
            ) from error
        self.pictures = ProductPictures(len(self.ids), pictures)
        self.variants = Variants(self.offers.groups)

    @property
    def numbers(self) -> dict[str, np.ndarray]:
        """(n,) float64 by name, NaN where unknown: "price", the reduced one where there is one."""
        return self.offers.numbers

    def offer(self, position: int) -> Offer:
        """Offer of the product in a row."""
        return self.offers.of(position)

    def group_of(self, position: int) -> str | None:
        """Variant group of the product in a row; None where it has none."""
        return self.offers.group_of(position)

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
        if not np.isfinite(self.map).all():
            raise ValueError("a place on the map is no number")
        self.original = np.arange(len(self.ids))
        """(n,) int64: position of the first item with the same picture; itself included."""
        for position, first in enumerate(table["duplicate_of"].to_pylist()):
            if first is not None:
                self.original[position] = self._positions[first]
        self._columns = {
            name: table[name].combine_chunks().dictionary_encode() for name in self.attributes
        }

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

    def own_columns(self) -> dict[str, pa.Array]:
        """(n,) values by column, as a build writes them; those that follow from other products, and
        thumbnails, left out."""
        columns = {"name": self._names, **self.offers.values}
        columns |= {name: column.dictionary_decode() for name, column in self._columns.items()}
        if self._several:
            texts = map(self._several.get, range(len(self)))
            written = [json.dumps(own, ensure_ascii=False) if own else None for own in texts]
            columns[SEVERAL_COLUMN] = pa.array(written, pa.string())
        return columns

    def close(self) -> None:
        """Closing of the files, after which no thumbnail can be read."""
        self._file.close()
        self.pictures.close()

    def name(self, position: int) -> str:
        """Name of the product in a row; its id where it has no name."""
        return self._names[position].as_py() or self.ids[position]

    def attributes_of(self, position: int) -> dict[str, str]:
        """Known attributes of the product in a row."""
        values = {name: self._columns[name][position].as_py() for name in self.attributes}
        return {name: value for name, value in values.items() if value is not None}

    def labels_of(self, position: int) -> dict[str, str]:
        """Known attributes of the product in a row as labels: the first value where it has several.

        The label prior of the product's vectors is of these labels.
        """
        several = self._several.get(position, {})
        texts = self.attributes_of(position)
        return texts | {name: v[0] for name, v in several.items() if name in texts}

    def all_values(self, attribute: str) -> list[list[str]]:
        """All values of an attribute by row; empty where unknown."""
        values = [[] if text is None else [text] for text in self._columns[attribute].to_pylist()]
        for position, several in self._several.items():
            if attribute in several:
                values[position] = list(several[attribute])
        return values

    def has_several(self, attribute: str) -> bool:
        """Whether a product has several values of a filter's attribute."""
        if attribute in self.offers.labels:
            return False
        return any(attribute in several for several in self._several.values())

    def several_of(self, position: int) -> dict[str, list[str]]:
        """Values of the attributes of which the product in a row has several."""
        return self._several.get(position, {})

    def labels(self, attribute: str) -> list[str | None]:
        """Values of an attribute, one per row: the first of several; None where unknown."""
        if attribute in self.offers.labels:
            return _texts(self.offers.labels[attribute])
        texts = _texts(self._columns[attribute])
        for position, several in self._several.items():
            if attribute in several:
                texts[position] = several[attribute][0]
        return texts

    def values(self, attribute: str) -> dict[str, int]:
        """Values of an attribute with their number of products, commonest first."""
        known = attribute in self.filters
        return self._filters.values(attribute) if known else self._values_of(attribute).counts

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

    def thumbnail(self, position: int, picture: int = 0) -> Image.Image:
        """Thumbnail of a picture of the product in a row, RGB; see `thumbnail_bytes`."""
        return Image.open(io.BytesIO(self.thumbnail_bytes(position, picture))).convert("RGB")

    def thumbnail_bytes(self, position: int, picture: int = 0) -> bytes:
        """File of a thumbnail: JPEG, PNG or WebP.

        Args:
            position: row of the product.
            picture: its number among the product's pictures; 0 is the main one.

        Raises:
            IndexError: the product has no such picture.
        """
        if picture != 0:
            return self.pictures.thumbnail_bytes(position, picture)
        return self._file.thumbnail_bytes(position)

    def _filter_columns(self) -> FilterColumns:
        columns = {name: self._values_of(name) for name in self.filters}
        for name, column in self._columns.items():
            if name not in columns and is_found_by_typing(column):
                columns[name] = self._values_of(name)
        for name, column in self.offers.labels.items():
            if len(column.dictionary) <= MAX_FILTER_VALUES or is_found_by_typing(column):
                columns[name] = AttributeValues(column, {})
        self.filters = tuple(columns)
        return FilterColumns(columns, self.offers.numbers)

    def _values_of(self, attribute: str) -> AttributeValues:
        several: Mapping[int, list[str]] = {
            row: values[attribute] for row, values in self._several.items() if attribute in values
        }
        return AttributeValues(self._columns[attribute], several)


def _texts(column: pa.DictionaryArray) -> list[str | None]:
    """Texts of a column, None where unknown; ten times as fast as `to_pylist`."""
    # The last for unknown values, whose code becomes -1.
    values = np.array([*column.dictionary.to_pylist(), None], object)
    texts: list[str | None] = values[column.indices.fill_null(-1).to_numpy()].tolist()
    return texts

"""Catalogue of an index: ids, names, attributes and thumbnails of its products, and filters.

The files are described in `recommender.index.catalogue_file` and `recommender.index.offer`; further
pictures in `recommender.index.product_pictures`.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
from PIL import Image

from recommender.errors import FilterError, IndexFormatError, UnknownItemError
from recommender.index.attribute_values import AttributeValues
from recommender.index.catalogue_file import SEVERAL_COLUMN, CatalogueFile, several_values
from recommender.index.offer import Offer, Offers
from recommender.index.product_pictures import ProductPictures

CACHED_MASKS = 32

# Most values of a filter; an attribute with more is too long to choose from.
MAX_FILTER_VALUES = 200

Filters = Mapping[str, str | Sequence[str]]


class Catalogue:
    """Products by position (row) or id. Thumbnails are read from the file on demand.

    Args:
        path: a `catalogue.parquet`.
        attributes: columns that results show.
        filters: attributes that can be filtered by.
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
            self._values = {name: self._values_of(name) for name in self.filters}
            self.offers = Offers(table, self._file.optional)
        except (pa.ArrowException, KeyError, TypeError, ValueError) as error:
            raise IndexFormatError(
                f"{path.name} of the index does not hold what its columns should: "
                "download or build it again."
            ) from error
        self.pictures = ProductPictures(len(self.ids), pictures)
        # Visitors filter by few values, and a mask takes one byte per product.
        self._passing = lru_cache(maxsize=CACHED_MASKS)(self._compute_passing)

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

    def several_of(self, position: int) -> dict[str, list[str]]:
        """Values of the attributes of which the product in a row has several."""
        return self._several.get(position, {})

    def labels(self, attribute: str) -> list[str | None]:
        """Values of an attribute, one per row; None where unknown."""
        return self._columns[attribute].to_pylist()

    def values(self, attribute: str) -> dict[str, int]:
        """Values of an attribute with their number of products, commonest first."""
        values = self._values.get(attribute) or self._values_of(attribute)
        return dict(values.counts)

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
                if value not in self._values[attribute]:
                    known = ", ".join(list(self.values(attribute))[:12])
                    raise FilterError(
                        f"No product has {attribute} {value[:80]!r}. The commonest are: {known}."
                    )
            if values:
                chosen[attribute] = values
        return chosen

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

    def _compute_passing(self, attribute: str, values: tuple[str, ...]) -> np.ndarray:
        return self._values[attribute].passing(values)

    def _values_of(self, attribute: str) -> AttributeValues:
        several = {row: v[attribute] for row, v in self._several.items() if attribute in v}
        return AttributeValues(self._columns[attribute], several)

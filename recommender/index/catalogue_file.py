"""Catalogue file of an index: its columns, and reading them and the thumbnails.

`catalogue.parquet` has one row per product, in the order of the vectors:

    id            string, unique
    name          string
    duplicate_of  string or null: id of the first item with an identical picture
    map_x, map_y  float32: coordinates on the map of the catalogue, 0-1
    image         struct of bytes (JPEG, PNG or WebP) and path: the thumbnail, as in Hub datasets
    ...           string or null (unknown): one column for each attribute of the dataset

Where the catalogue has them, it has these columns, too:

    offer_..., variant_group    `recommender.index.offer`
    several_values              string or null: JSON, the values of the product's attributes that
                                have several, by attribute; their column joins them by ", "
"""

import threading
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import Field, TypeAdapter

from recommender.errors import IndexFormatError
from recommender.index.offer import COLUMNS as OFFER_AND_GROUP

CATALOGUE_FILE = "catalogue.parquet"
OWN_COLUMNS = ("id", "name", "duplicate_of", "map_x", "map_y", "image")
SEVERAL_COLUMN = "several_values"
OPTIONAL_COLUMNS = {**OFFER_AND_GROUP, SEVERAL_COLUMN: pa.string()}
"""Type of each column that a catalogue may lack."""

# Rows of a row group: small, because one thumbnail takes reading its whole group.
ROW_GROUP = 32
CACHED_ROW_GROUPS = 256


def is_reserved(name: str) -> bool:
    """Whether a name is reserved for the index's own columns.

    Compared without case, because some readers of Parquet confuse `Map_X` and `map_x`.
    """
    return name.casefold() in (*OWN_COLUMNS, *OPTIONAL_COLUMNS)


class CatalogueFile:
    """Catalogue file: all columns but the thumbnails, which are read when they are asked for.

    Args:
        path: a `catalogue.parquet`.
        attributes: the columns of attributes.

    Raises:
        IndexFormatError: the file is missing or damaged, or lacks a column.
    """

    def __init__(self, path: Path, attributes: Sequence[str]) -> None:
        taken = sorted(set(attributes) & set(OWN_COLUMNS))
        if taken:
            raise IndexFormatError(
                f"The index has an attribute called {taken[0]}, which is a column of its own. "
                "Build it again."
            )
        wanted = [c for c in OWN_COLUMNS if c != "image"] + list(attributes)
        try:
            self._file = pq.ParquetFile(path, memory_map=False)
            # Indexes built before offers were kept may have an attribute of such a name.
            present = set(self._file.schema_arrow.names) - set(attributes)
            self.optional = [name for name in OPTIONAL_COLUMNS if name in present]
            """The columns that the catalogue might lack and has."""
            table = self._file.read(columns=wanted + self.optional)
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
        if not _holds_pictures(self._file.schema_arrow):
            raise IndexFormatError(
                f"The column image of {path.name} of the index is missing, or holds no pictures. "
                "Download or build the index again."
            )
        if set(sizes[:-1]) - {self._row_group} or not 0 < sizes[-1] <= self._row_group:
            raise IndexFormatError(
                f"The row groups of {path.name} differ in size, so that a picture cannot be found "
                "by its row. Download or build the index again."
            )
        self._table: pa.Table | None = table
        self._reading = threading.Lock()
        self._thumbnails = lru_cache(maxsize=CACHED_ROW_GROUPS)(self._read_row_group)

    def take_table(self) -> pa.Table:
        """Columns but the thumbnails, n rows; let go, as the caller keeps what it needs of them."""
        table, self._table = self._table, None
        return table

    def thumbnail_bytes(self, position: int) -> bytes:
        """File of the thumbnail in a row."""
        group, row = divmod(position, self._row_group)
        content: bytes = self._thumbnails(group)[row].as_py()
        return content

    def close(self) -> None:
        """Closing of the file, after which no thumbnail can be read."""
        with self._reading:
            self._file.close()

    def _read_row_group(self, group: int) -> pa.BinaryArray:
        with self._reading:  # Arrow does not document reading one file from several threads.
            table = self._file.read_row_group(group, columns=["image.bytes"], use_threads=False)
        return table["image"].combine_chunks().field("bytes")


def _holds_pictures(schema: pa.Schema) -> bool:
    """Whether the column of thumbnails has the type that Hub datasets give it."""
    if "image" not in schema.names:
        return False
    stored = schema.field("image").type
    if not pa.types.is_struct(stored) or stored.get_field_index("bytes") < 0:
        return False
    return stored.field("bytes").type in (pa.binary(), pa.large_binary())


def several_values(table: pa.Table) -> dict[int, dict[str, list[str]]]:
    """Attributes with several values of a product, by position, from `SEVERAL_COLUMN`.

    Raises:
        ValueError: they are not of that form.
    """
    texts = enumerate(table[SEVERAL_COLUMN].to_pylist())
    return {row: _several_reader().validate_json(text) for row, text in texts if text}


# Compiled by pydantic once, when first needed.
@cache
def _several_reader() -> TypeAdapter[dict[str, list[str]]]:
    return TypeAdapter(dict[str, Annotated[list[str], Field(min_length=1)]])

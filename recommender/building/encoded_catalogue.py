"""Encoded catalogue of a build: its products with their labels and features."""

from dataclasses import dataclass, field

import numpy as np

from recommender.building.chunks import ChunkReader, ChunkRow, position_blocks
from recommender.features.table import FeatureTable
from recommender.index.filters import MAX_FILTER_VALUES

Columns = dict[str, list[str | None]]
"""Values of the products, by name of the attribute."""


@dataclass(frozen=True)
class EncodedCatalogue:
    """Encoded catalogue: the n products whose pictures could be read, in the dataset's order.

    What only the index needs (offers, thumbnails, further pictures) stays in the chunks: it would
    fill the memory.
    """

    ids: list[str]
    names: list[str]
    attributes: Columns
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
    first_values: Columns = field(default_factory=dict)
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
    def labels(self) -> Columns:
        """Labels to learn: the attributes, with the first of several values."""
        return {**self.attributes, **self.first_values}

    @property
    def descriptions(self) -> list[str | None]:
        """Descriptions of the products, read from the chunks; None where one has none."""
        reader = ChunkReader(self.rows, ["description"])
        groups = position_blocks(len(self.ids))
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


def _rows_of(columns: Columns, rows: np.ndarray) -> Columns:
    return {name: [values[row] for row in rows] for name, values in columns.items()}

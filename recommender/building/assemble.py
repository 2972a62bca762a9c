"""Assembly of encoded chunks: unique products, their labels, and their feature table."""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from recommender.building.chunks import read_light
from recommender.building.encoded_catalogue import Columns, EncodedCatalogue
from recommender.errors import DatasetError
from recommender.features.table import NAMES, FeatureTable, FeatureWriter
from recommender.index.catalogue_file import OPTIONAL_COLUMNS, SEVERAL_COLUMN
from recommender.index.filters import MAX_FILTER_VALUES
from recommender.index.offer import GROUP_COLUMN

_log = logging.getLogger(__name__)

Arrays = dict[str, np.ndarray]
"""Rows of the pictures of a chunk, by name."""

# Columns of the chunks that are read row by row.
_READ = ("id", "name", "digest", "attributes", SEVERAL_COLUMN, GROUP_COLUMN, "unread", "reason")


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
        chunks: `.arrow` files, their `.npz` files beside them.
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
        chunks: `.arrow` files, their `.npz` files beside them.
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

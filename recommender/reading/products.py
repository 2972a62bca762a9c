"""Products of any catalogue: rows, roles of columns and pictures put together."""

import collections
import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from recommender import schema
from recommender.errors import DatasetError
from recommender.pictures.decoding import PictureSource
from recommender.reading.attributes import Attributes, described
from recommender.reading.column_roles import Overrides, assign
from recommender.reading.fetch import Fetched, Limits, PictureFetcher
from recommender.reading.grouping import Spans, names_views, spans_of, stems_of_several, view_group
from recommender.reading.kept_pictures import address_key, address_of_kept
from recommender.reading.offers import Offers
from recommender.reading.picture_cells import PictureCells, RowPictures
from recommender.reading.product import Columns, KnownPicture, Product
from recommender.reading.source import open_source
from recommender.reading.values import is_address, text

# Rows by which columns are judged.
SAMPLE = 1_000
# Products whose pictures are fetched ahead of the one that is handed over.
FETCHED_AHEAD = 128
# Name of the split where a catalogue has none.
WHOLE = "all"


@dataclass(frozen=True)
class _Draft:
    """Product whose pictures may not have been fetched yet."""

    product: Product
    pictures: RowPictures
    fetched: "Future[Fetched] | None" = None


class Products:
    """The products of a catalogue, read one after the other and never held in memory together.

    Args:
        source: a data set of the Hub (`owner/name`), a folder of pictures, Parquet files or
            tables, a CSV, TSV, JSON or Parquet file, a Shopify or WooCommerce export, or a
            product feed in text or XML; the content tells which.
        config, split, revision: of a data set of the Hub; None takes the only one or the default.
        columns: column by role of `recommender.schema`, where a guess is wrong.
        fetch_into: folder that keeps pictures which are given by their addresses.
        pictures_each: how many pictures of a product to give; None for all.
        limits: of fetching.
        known: tells by an address's `address_key` whether its picture is known: a known picture is
            not fetched, and a `KnownPicture` stands for it.

    Raises:
        DatasetError: it is not there or cannot be read, or no column has pictures.
        SettingsError: `columns` names an unknown role.
    """

    def __init__(
        self,
        source: str,
        *,
        config: str | None = None,
        split: str | None = None,
        revision: str | None = None,
        columns: Overrides | None = None,
        fetch_into: Path | None = None,
        pictures_each: int | None = None,
        limits: Limits | None = None,
        known: Callable[[str], bool] | None = None,
    ) -> None:
        self.source = source
        self._source = open_source(source, config, split, revision)
        rows = self._source.rows
        self.split = str(getattr(rows, "split", WHOLE))
        self.licence, self.revision, self.kind = rows.licence, rows.revision, rows.kind
        self.sample = rows.sample(SAMPLE)
        self.assignment = assign(
            rows.columns, self.sample, self._source.picture_columns, columns, self._names_picture
        )
        found = self.assignment
        self._attributes = Attributes(rows.columns, found, self.sample)
        self._offers = Offers(found, self.sample)
        origin = f"hf://datasets/{source}@" if hasattr(rows, "split") else None
        self._cells = PictureCells(found.pictures, self._source.files, origin)
        self._fetch_into, self._limits, self._known = fetch_into, limits, known
        self._most = pictures_each
        self._fetcher: PictureFetcher | None = None
        self._spans: Spans | None = None
        self._telling_columns = self._columns_telling_views()
        # Of the first rows, until all are read.
        sampled = ([row.get(c) for row in self.sample] for c in self._telling_columns)
        self._several = stems_of_several(*sampled)
        self.columns = Columns(
            found.pictures[0],
            found.roles.get(schema.ID),
            found.roles.get(schema.NAME),
            self._attributes.names,
            self._attributes.renamed,
            dict(found.roles),
        )

    @property
    def notes(self) -> list[str]:
        """What was chosen, joined or left out while reading, as sentences."""
        return list(self._source.rows.notes)

    @property
    def row_columns(self) -> list[str]:
        """All columns of the catalogue, in order."""
        return self._source.rows.columns

    @property
    def has_addresses(self) -> bool:
        """Whether pictures have to be fetched."""
        cells = (row.get(column) for row in self.sample for column in self.assignment.pictures)
        words = (cell[0] if isinstance(cell, list) and cell else cell for cell in cells)
        return any(is_address(word) for word in words)

    def row_count(self) -> int:
        """Number of rows; several may be one product."""
        return self._source.rows.count()

    def count(self) -> int:
        """Number of products."""
        spans = self._products()
        return self._source.rows.count() if spans.starts is None else len(spans.starts) - 1

    def read(self, start: int, stop: int) -> Iterator[Product]:
        """Products from a position up to, not including, another.

        Raises:
            DatasetError: a row cannot be read, or most of the first addresses cannot be fetched.
        """
        drafts = self._drafts(start, stop)
        ahead: collections.deque[_Draft] = collections.deque()
        try:
            for draft in drafts:
                ahead.append(self._begin(draft))
                if len(ahead) > (FETCHED_AHEAD if self._fetcher else 0):
                    yield self._finish(ahead.popleft())
            while ahead:
                yield self._finish(ahead.popleft())
        finally:
            for draft in ahead:
                if draft.fetched is not None:
                    draft.fetched.cancel()

    def first(self, number: int) -> list[tuple[Product, list[str]]]:
        """The first products with the addresses of their pictures, which are not fetched."""
        rows = self._source.rows.read(0, number)
        drafts = (self._draft(place, [row]) for place, row in enumerate(rows))
        return [
            (self._with_pictures(d.product, d.pictures, Fetched()), d.pictures.addresses)
            for d in drafts
        ]

    def close(self) -> None:
        """End what fetches pictures; reading starts it anew."""
        if self._fetcher is not None:
            self._fetcher.close()
            self._fetcher = None

    def _products(self) -> Spans:
        if self._spans is None:
            column, rows = self.columns.id, self._source.rows
            if column is None:
                self._spans = Spans(None)
            else:
                reorder = getattr(rows, "in_order", None)
                self._several = stems_of_several(*map(rows.values, self._telling_columns))
                ids = rows.values(column)
                self._spans = spans_of(ids, column, may_reorder=reorder is not None)
                if self._spans.order is not None and reorder is not None:
                    self._source.rows = reorder(self._spans.order)
        return self._spans

    def _drafts(self, start: int, stop: int) -> Iterator[_Draft]:
        if start >= stop:
            return
        spans = self._products()
        first, end = spans.rows_of(start, stop)
        rows = self._source.rows.read(first, end)
        at = first
        for position in range(start, stop):
            own = list(itertools.islice(rows, spans.end(position) - at))
            at = spans.end(position)
            if not own:
                return
            yield self._draft(position, own, (spans.again or {}).get(position))

    def _draft(self, position: int, rows: list[dict[str, Any]], again: int | None = None) -> _Draft:
        roles = self.assignment.roles
        pictures = self._cells.of(rows)
        attributes, values = self._attributes.of(rows)
        own = self._first(rows, roles.get(schema.ID))
        id_ = own or _stem(pictures) or str(position)
        group = self._first(rows, roles.get(schema.GROUP))
        if again is not None:
            id_, group = f"{id_} ({again})", group or id_
        elif group is None and self._telling_columns and own is not None:
            stem = view_group(own)
            group = None if stem in self._several else stem
        name = self._first(rows, roles.get(schema.NAME)) or described(attributes) or id_
        product = Product(
            position,
            id_,
            name,
            attributes,
            tuple(pictures.found[: self._most]),
            group,
            self._offers.of(rows),
            self._first(rows, roles.get(schema.DESCRIPTION)),
            values,
            tuple(pictures.reasons),
        )
        return _Draft(product, pictures)

    def _first(self, rows: list[dict[str, Any]], column: str | None) -> str | None:
        if column is None:
            return None
        if len(rows) == 1 and isinstance(only := rows[0][column], str):
            return text(only)
        cells = (row[column] for row in rows)
        parts = (part for cell in cells for part in (cell if isinstance(cell, list) else [cell]))
        return next((words for part in parts if (words := text(part))), None)

    def _begin(self, draft: _Draft) -> _Draft:
        if not draft.pictures.addresses:
            return draft
        addresses = [a for a in draft.pictures.addresses if not self._is_known(a)]
        if not addresses or (self._most is not None and len(draft.pictures.found) >= self._most):
            return draft
        if self._fetch_into is None:
            raise DatasetError(
                f"The column {self.columns.image!r} holds addresses, and no folder was given to "
                "keep pictures in. Give one as fetch_into."
            )
        if self._fetcher is None:
            self._fetcher = PictureFetcher(self._fetch_into, self._limits)
        return replace(draft, fetched=self._fetcher.submit(addresses, self._most))

    def _finish(self, draft: _Draft) -> Product:
        if not draft.pictures.addresses:
            return draft.product
        fetched = Fetched() if draft.fetched is None else draft.fetched.result()
        return self._with_pictures(draft.product, draft.pictures, fetched)

    def _with_pictures(self, product: Product, read: RowPictures, fetched: Fetched) -> Product:
        had: dict[str | None, PictureSource | KnownPicture]
        had = {address_of_kept(path): path for path in fetched.paths}
        keys = [address_key(address) for address in read.addresses]
        had |= {key: KnownPicture(key) for key in keys if self._known and self._known(key)}
        of_addresses = (had[key] for key in keys if key in had)
        pictures = (*read.found, *of_addresses)[: self._most]
        return replace(product, pictures=pictures, unread=(*read.reasons, *fetched.reasons))

    def _is_known(self, address: str) -> bool:
        return self._known is not None and self._known(address_key(address))

    def _names_picture(self, words: str) -> bool:
        files = self._source.files()
        return files is not None and files.find_all(words)[0].path is not None

    def _columns_telling_views(self) -> list[str]:
        """Columns with ids such as `17_2`, and with what tells which of them are views of one
        product; none where no ids are."""
        roles = self.assignment.roles
        id_, says = roles.get(schema.ID), (schema.NAME, schema.DESCRIPTION)
        columns = [roles[role] for role in says if role in roles]
        if id_ is None or schema.GROUP in roles or not names_views(self.sample, id_, columns):
            return []
        return [id_, *columns]


def _stem(pictures: RowPictures) -> str | None:
    """An id from the file that a row's first picture is; addresses and texts are none."""
    name = next(iter(pictures.names), None)
    if name is None or is_address(name):
        return None
    inside = PurePosixPath(name.replace("\\", "/").rpartition("@")[2])
    return str(PurePosixPath(*inside.parts[1:]).with_suffix("")) if "://" in name else inside.stem

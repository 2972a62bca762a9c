"""Offers of an index: link, prices, availability, brand and variant group of its products.

`catalogue.parquet` has these columns where the catalogue says them:

    offer_link              string: the product's page
    offer_price             float64: the regular price, in units of the currency
    offer_sale_price        float64: the reduced price
    offer_currency          string: ISO 4217 code
    offer_availability      string: `in_stock`, `out_of_stock`, `preorder` or `backorder`
    offer_brand             string
    variant_group           string: what variants of one product share
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from operator import attrgetter
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pyarrow as pa

GROUP_COLUMN = "variant_group"
PRICE = "price"
"""Name of the price among `Catalogue.numbers`."""
AVAILABILITY, BRAND = "availability", "brand"
"""Names of the filters by what offers say, in place of attributes of these names."""
IN_STOCK = "in_stock"

_TEXTS = (pa.string(), pa.large_string())
# An index may come from a stranger; other links, such as `javascript:`, would run in the shop page.
_LINK_BEGINS = ("http://", "https://")
# Browsers and shops take links of some 2,000 characters; an answer has up to a hundred of them.
_LONGEST_LINK = 2_048


@dataclass(frozen=True)
class Offer:
    """What a shop asks for a product; every field is None where the catalogue does not say it."""

    link: str | None = None
    """The product's page: an http or https address."""
    price: float | None = None
    """The regular price, in units of the currency."""
    sale_price: float | None = None
    """The reduced price, where there is one."""
    currency: str | None = None
    """ISO 4217 code."""
    availability: str | None = None
    """`in_stock`, `out_of_stock`, `preorder` or `backorder`, as in Google Merchant Center."""
    brand: str | None = None


OFFER_COLUMNS = {
    f"offer_{field.name}": pa.float64() if "price" in field.name else pa.string()
    for field in fields(Offer)
}
"""Type of each column of an offer; the name is `offer_` and the field of `Offer`."""

COLUMNS = {**OFFER_COLUMNS, GROUP_COLUMN: pa.string()}
"""Type of each column of offers and groups."""


def offer_column(offers: Iterable[Offer], name: str) -> list[str | float | None]:
    """Values of offers in a column."""
    return [*map(attrgetter(name.removeprefix("offer_")), offers)]


class Offers:
    """Offers and variant groups by position.

    Args:
        table: n rows; columns beside `COLUMNS` are ignored.
        own: the columns that may be taken.

    Raises:
        TypeError: a column is of another type.
    """

    def __init__(self, table: pa.Table, own: Collection[str] = tuple(COLUMNS)) -> None:
        self.columns = tuple(n for n in COLUMNS if n in own and n in table.column_names)
        """The columns that the catalogue has."""
        for name in self.columns:
            wanted = _TEXTS if COLUMNS[name] == pa.string() else (pa.float64(),)
            if table.schema.field(name).type not in wanted:
                raise TypeError(f"{name} is not of type {wanted[0]}")
        self.values = {name: table[name].combine_chunks() for name in self.columns}
        """(n,) values by column."""
        self.numbers = self._numbers(len(table))
        """(n,) float64 by name, NaN where unknown; see `Catalogue.numbers`."""

    def of(self, position: int) -> Offer:
        """Offer of the product in a row."""
        values = {name: self._value(name, position) for name in OFFER_COLUMNS}
        offer = Offer(**{name.removeprefix("offer_"): value for name, value in values.items()})
        return replace(
            offer,
            link=_web_link(offer.link),
            price=_amount(offer.price),
            sale_price=_amount(offer.sale_price),
        )

    def group_of(self, position: int) -> str | None:
        """Variant group of the product in a row."""
        group: str | None = self._value(GROUP_COLUMN, position)
        return group

    @cached_property
    def labels(self) -> dict[str, pa.DictionaryArray]:
        """(n,) texts by the name of a filter: availability and brand, where products differ in them
        or it is known of some alone."""
        found = {name: self.values.get(f"offer_{name}") for name in (AVAILABILITY, BRAND)}
        return {
            name: column.dictionary_encode()
            for name, column in found.items()
            if column is not None and len(column.unique()) > 1
        }

    @property
    def currency(self) -> str | None:
        """The currency of all prices; None where there are several, or none."""
        column = self.values.get("offer_currency")
        known = [] if column is None else column.unique().drop_null().to_pylist()
        return known[0] if len(known) == 1 else None

    @property
    def groups(self) -> Sequence[str | None] | None:
        """(n,) variant groups; None where the catalogue has none."""
        column = self.values.get(GROUP_COLUMN)
        return None if column is None else column.to_pylist()

    def _value(self, name: str, position: int) -> Any:
        column = self.values.get(name)
        return None if column is None else column[position].as_py()

    def _numbers(self, count: int) -> dict[str, np.ndarray]:
        prices = np.full(count, np.nan)
        for name in ("offer_price", "offer_sale_price"):
            if name in self.values:
                own = self.values[name].to_numpy(zero_copy_only=False)
                prices = np.where(np.isfinite(own), own, prices)
        return {PRICE: prices} if np.isfinite(prices).any() else {}


def _web_link(link: str | None) -> str | None:
    """The link, where a browser may open it and an answer has room for it."""
    if link is None or len(link) > _LONGEST_LINK or not link.lower().startswith(_LINK_BEGINS):
        return None
    try:
        return link if urlsplit(link).hostname else None
    except ValueError:
        return None


def _amount(price: float | None) -> float | None:
    """The price, where it is a number that JSON has and a shop can ask."""
    return price if price is not None and 0 <= price < math.inf else None

"""Offers: link, prices, currency, availability and brand of a row, as numbers and fixed words."""

from collections.abc import Mapping, Sequence
from typing import Any

from recommender import schema
from recommender.index.offer import Offer
from recommender.reading.column_roles import Assignment, Sample
from recommender.reading.prices import currency_code, currency_in_name, decimal_separator, price
from recommender.reading.values import availability, text, texts, web_address


class Offers:
    """Reads the offers of rows.

    Args:
        assignment: which column is what.
        sample: the first rows, which show how prices are written.
    """

    def __init__(self, assignment: Assignment, sample: Sample) -> None:
        self._columns = assignment.roles
        prices = [c for r in (schema.PRICE, schema.SALE_PRICE) if (c := self._columns.get(r))]
        self._separator = decimal_separator(row[c] for c in prices for row in sample if c in row)
        self._named = next((code for c in prices if (code := currency_in_name(c))), None)

    def of(self, rows: Sequence[Mapping[str, Any]]) -> Offer:
        """The offer of the rows of one product: the first value of each column."""
        regular, first = price(self._first(rows, schema.PRICE), self._separator)
        sale, second = price(self._first(rows, schema.SALE_PRICE), self._separator)
        if regular is None:
            regular, sale = sale, None
        # Some shops write a reduced price of 0 where there is none.
        if sale is not None and regular is not None and (sale >= regular or sale == 0):
            sale = None
        column = currency_code(text(self._first(rows, schema.CURRENCY)))
        priced = regular is not None
        return Offer(
            web_address(self._first(rows, schema.LINK)),
            regular,
            sale,
            (first or second or column or self._named) if priced else None,
            availability(self._first(rows, schema.AVAILABILITY)),
            text(self._first(rows, schema.BRAND)),
        )

    def _first(self, rows: Sequence[Mapping[str, Any]], role: str) -> Any:
        column = self._columns.get(role)
        if column is None:
            return None
        if len(rows) == 1 and isinstance(only := rows[0][column], str):
            return only if text(only) is not None else None
        values = (row[column] for row in rows)
        cells = (c for v in values for c in (texts(v) if isinstance(v, list) else [v]))
        return next((cell for cell in cells if text(cell) is not None), None)

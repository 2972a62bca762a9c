"""Prices: numbers with a currency, however a shop writes them."""

import math
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from price_parser import Price
from price_parser.parser import CURRENCY_CODES

from recommender.reading.values import text
from recommender.schema import plain

_ISO_CODES = frozenset(CURRENCY_CODES)
# Signs and short forms that mean one currency; "$" and "kr" mean several, and stay unknown unless a
# column says which.
_SIGNS = {"€": "EUR", "£": "GBP", "₹": "INR", "zł": "PLN", "₺": "TRY", "TL": "TRY", "US$": "USD"}
_SIGNS |= {"Rs": "INR", "₽": "RUB", "₩": "KRW", "₫": "VND", "₴": "UAH", "R$": "BRL", "CA$": "CAD"}
# Prices that are kept beside what they mean: a catalogue's prices repeat.
_REPEATED = 16_384
# As spreadsheets write large numbers.
_SCIENTIFIC = re.compile(r"\d+([.,]\d+)?e[+-]?\d+", re.IGNORECASE)
_DECIMALS = re.compile(r"([.,])\d{1,2}(?!\d)\D*$")


def decimal_separator(values: Iterable[Any]) -> str | None:
    """What separates decimals in a column of prices; None where no value shows it.

    Without it `12.999` would be read as twelve thousand beside `12.50`.
    """
    found = [m[1] for value in values if isinstance(value, str) and (m := _DECIMALS.search(value))]
    return max(set(found), key=found.count) if found else None


def price(value: Any, separator: str | None = None) -> tuple[float | None, str | None]:
    """Amount and ISO 4217 code of a price.

    Args:
        value: a number or a text, such as `15.00 USD`, `12,90` or `1.299,00 €`.
        separator: of decimals, where the column shows it.

    Returns:
        None for an amount that is not there, negative or infinite, and for an unknown currency.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (float(value), None) if math.isfinite(value) and value >= 0 else (None, None)
    words = text(value)
    if words is None or words.startswith("-") or not any(c.isdigit() for c in words):
        return None, None
    return _price_of(words, separator)


@lru_cache(maxsize=_REPEATED)
def _price_of(words: str, separator: str | None) -> tuple[float | None, str | None]:
    if _SCIENTIFIC.fullmatch(words):
        number = float(words.replace(",", "."))
        return (number if math.isfinite(number) else None), None
    # A text with decimals of its own, such as 1,299.00, is not read by the column's habit.
    own = None if _DECIMALS.search(words) else separator
    found = Price.fromstring(words, decimal_separator=own)
    amount = None if found.amount is None else float(found.amount)
    return amount, currency_code(found.currency)


def currency_code(words: str | None) -> str | None:
    """ISO 4217 code of a currency's code or sign; None where it is unknown or ambiguous."""
    if not words:
        return None
    code = words.strip().upper()
    return code if code in _ISO_CODES else _SIGNS.get(words.strip())


def currency_in_name(column: str) -> str | None:
    """The currency that a column's name ends with, such as `price_eur` and `Price (USD)`."""
    code = plain(column)[-3:].upper()
    return code if code in _ISO_CODES and len(plain(column)) > len(code) else None


def without_currency(column: str) -> str:
    """A column's name without the currency it ends with."""
    return plain(column)[:-3] if currency_in_name(column) else column

"""Prices and availability in words: "under 50 euros", "zwischen 20 und 40 €", "in stock"."""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from recommender.words.concepts import LANGUAGES, Phrase, languages
from recommender.words.tokens import Token, tokens_of, words_of

# Currencies as people write them, before or behind a number.
_CURRENCIES = {
    "EUR": ("€", "euro", "euros", "eur"),
    "USD": ("$", "usd", "dollar", "dollars", "dólares", "dollari", "美元"),
    "GBP": ("£", "gbp", "pound", "pounds", "pfund"),
    "PLN": ("zł", "zl", "pln", "złotych", "zlotych"),
    "JPY": ("¥", "円", "yen", "jpy"),
    "CNY": ("元", "块", "rmb", "cny", "yuan"),
    "INR": ("₹", "rs", "inr", "rupees", "rupien"),
    "BRL": ("r$", "reais", "brl"),
}
_CODES = {word: code for code, words in _CURRENCIES.items() for word in words}
_MONEY = "|".join(re.escape(word) for word in sorted(_CODES, key=len, reverse=True))
# A number with at most two decimals and separators of thousands.
_NUMBER = r"\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?"
_AMOUNT = re.compile(
    rf"(?:(?P<before>{_MONEY})\s?)?(?P<number>{_NUMBER})(?!\d)(?:\s?(?P<after>{_MONEY})(?![a-zà-ž]))?",
    re.IGNORECASE,
)
# Digits behind a separator that make it one of thousands.
_THOUSAND = 3


@dataclass(frozen=True)
class PriceRange:
    """Price range in words: bounds, currency as an ISO code, and its place in the text."""

    least: float | None
    most: float | None
    currency: str | None
    start: int
    stop: int


@dataclass(frozen=True)
class _Amount:
    value: float
    currency: str | None
    start: int
    stop: int


def price_range(text: str) -> PriceRange | None:
    """Price range that a text names; None where no bound is said.

    A number counts with a word such as "under" before it, or "以下" behind it, or as one of two
    numbers of which at least one has a currency. A number alone is a size, a year or a pack.
    """
    amounts = [_amount(match) for match in _AMOUNT.finditer(text)]
    for one, other in itertools.pairwise(amounts):
        between = text[one.stop : other.start].strip()
        joined = between in ("-", "\u2013", "\u2014", "~") or len(words_of(between)) == 1
        if joined and (one.currency or other.currency):
            currency = one.currency or other.currency
            low, high = sorted((one.value, other.value))
            start = _start_of_last(tokens_of(text[: one.start]), _BETWEEN)
            start = one.start if start is None else start
            return PriceRange(low, high, currency, start, other.stop)
    for amount in amounts:
        bound = _bound(text, amount)
        if bound is not None:
            return bound
    return None


def stock_words(tokens: Sequence[Token]) -> tuple[int, int] | None:
    """Place of the words that ask for what is in stock; None where there are none."""
    for i, token in enumerate(tokens):
        for phrase in _stock_phrases().get(token.word, ()):
            if tuple(t.word for t in tokens[i : i + len(phrase)]) == phrase:
                return token.start, tokens[i + len(phrase) - 1].stop
    return None


_BETWEEN = tuple(
    words_of(word)
    for word in (
        "between",
        "zwischen",
        "entre",
        "tra",
        "fra",
        "tussen",
        "miedzy",
        "de",
        "od",
        "von",
    )
)


def _amount(match: re.Match[str]) -> _Amount:
    written = match["before"] or match["after"]
    currency = _CODES[written.lower()] if written else None
    return _Amount(_number(match["number"]), currency, match.start(), match.end())


def _number(written: str) -> float:
    digits = re.split(r"[.,' ]", written)
    decimals = digits.pop() if len(digits) > 1 and len(digits[-1]) < _THOUSAND else ""
    return float("".join(digits) + (f".{decimals}" if decimals else ""))


def _bound(text: str, amount: _Amount) -> PriceRange | None:
    before, after = tokens_of(text[: amount.start]), tokens_of(text[amount.stop :])
    for name in LANGUAGES:
        language = languages()[name]
        for phrases, upper in ((language.at_most, True), (language.at_least, False)):
            # Without a currency, "do" of Polish and "to" of other languages mean anything.
            long = [p for p in phrases if amount.currency or len("".join(p)) >= _THOUSAND]
            start = _start_of_last(before, long)
            if start is not None:
                return _range(amount, upper, start, amount.stop)
        for phrases, upper in ((language.at_most_after, True), (language.at_least_after, False)):
            for phrase in _by_length([phrases]):
                first = after[: len(phrase)]
                if tuple(token.word for token in first) == phrase:
                    return _range(amount, upper, amount.start, amount.stop + first[-1].stop)
    return None


def _range(amount: _Amount, upper: bool, start: int, stop: int) -> PriceRange:
    least, most = (None, amount.value) if upper else (amount.value, None)
    return PriceRange(least, most, amount.currency, start, stop)


def _start_of_last(tokens: Sequence[Token], phrases: Iterable[Phrase]) -> int | None:
    """Where the longest phrase begins that tokens end with; None where they end otherwise."""
    for phrase in _by_length([phrases]):
        last = tokens[-len(phrase) :]
        if tuple(token.word for token in last) == phrase:
            return last[0].start
    return None


@cache
def _stock_phrases() -> dict[str, tuple[Phrase, ...]]:
    """Phrases that ask for what is in stock, longest first, by their first word."""
    found: dict[str, tuple[Phrase, ...]] = {}
    for phrase in _by_length(language.stock for language in languages().values()):
        found[phrase[0]] = (*found.get(phrase[0], ()), phrase)
    return found


def _by_length(groups: Iterable[Iterable[Phrase]]) -> list[Phrase]:
    return sorted({p for group in groups for p in group}, key=lambda p: (-len(p), p))

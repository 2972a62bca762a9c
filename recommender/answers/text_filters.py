"""Filters from words: prices and availability that a text names, and suggestions of words."""

from collections.abc import Mapping
from typing import Any

from recommender.index.catalogue import Catalogue
from recommender.index.filters import MAX, MIN, Filters
from recommender.index.offer import AVAILABILITY, IN_STOCK
from recommender.index.offer import PRICE as PRICE_NUMBER
from recommender.schema import AVAILABILITY as AVAILABILITY_ROLE
from recommender.schema import PRICE
from recommender.words.understanding import Mention, Understanding


def filters_of(understood: Understanding | None, filters: Filters, catalogue: Catalogue) -> Filters:
    """Filters with the price range and the availability that a text names.

    Named article types, genders and colours weigh in the query, and are no filters.

    Args:
        understood: of the query's words; None without words.
        filters: what the caller asked for, which goes before what the words say.
        catalogue: without prices or availability, words about them change nothing.
    """
    further: dict[str, Any] = {}
    for mention in () if understood is None else understood.mentions:
        if mention.role == PRICE and mention.prices is not None:
            ends = {MIN: mention.prices.least, MAX: mention.prices.most}
            if PRICE_NUMBER in catalogue.numbers:
                further[PRICE_NUMBER] = {end: n for end, n in ends.items() if n is not None}
        if mention.role == AVAILABILITY_ROLE and _has_stock(catalogue):
            further[AVAILABILITY] = IN_STOCK
    return {**further, **filters}


def filters_of_mention(
    mention: Mention, columns: Mapping[str, str], catalogue: Catalogue
) -> dict[str, Any]:
    """Filters that ask for what a mention names alone; empty where the catalogue has none.

    Args:
        mention: of a text.
        columns: of the catalogue's lexicon, by role.
        catalogue: with its filters.
    """
    if mention.negated:
        return {}
    if mention.role in (PRICE, AVAILABILITY_ROLE):
        understood = Understanding("", "", (mention,), (), (), 0, 0)
        return dict(filters_of(understood, {}, catalogue))
    column = columns.get(mention.role)
    if column is None or column not in catalogue.filters:
        return {}
    values = [value for value, _ in mention.values if catalogue.has_value(column, value)]
    return {column: values} if values else {}


def unused(understood: Understanding, catalogue: Catalogue) -> str | None:
    """Sentence about prices or stock that a text names and the catalogue does not know."""
    mentioned = {mention.role for mention in understood.mentions}
    if PRICE in mentioned and PRICE_NUMBER not in catalogue.numbers:
        return "This catalogue has no prices."
    if AVAILABILITY_ROLE in mentioned and not _has_stock(catalogue):
        return "This catalogue does not say what is in stock."
    for mention in understood.of(PRICE):
        named = None if mention.prices is None else mention.prices.currency
        own = catalogue.offers.currency
        if named is not None and own is not None and named != own:
            return f"Prices of this catalogue are in {own}: the number is taken as {own}."
    return None


def _has_stock(catalogue: Catalogue) -> bool:
    return AVAILABILITY in catalogue.filters and catalogue.has_value(AVAILABILITY, IN_STOCK)

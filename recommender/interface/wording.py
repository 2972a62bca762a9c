"""Wording of the page: names of attributes, similarities and situations."""

import re
from collections.abc import Mapping, Sequence

from recommender.answers.arguments import MAX_K
from recommender.index.catalogue import Catalogue
from recommender.index.offer import Offer
from recommender.schema import (
    ARTICLE_TYPE,
    AVAILABILITY,
    BRAND,
    COLOUR,
    CURRENCY,
    FIRST_FILTERS,
    LABEL_ROLES,
    LINK,
    PRICE,
    SALE_PRICE,
    SUB_CATEGORY,
    role_of,
    roles,
)

TITLE = "Find clothes by picture"
TAGLINE = "Show a garment. See what the shop has that looks most like it."
START = "Or start from one of these"
VARIANTS = "Other variants"
SAY = "Say what you look for"
SAY_EXAMPLE = "e.g. red summer dress"
SAY_EMPTY = "Write what you look for first."
WHY = "Why similar?"
WHY_WORDS = "Outlined and in colour: the parts of both pictures that the match rests on."
LOOK = "Complete the look"
LOOK_WORDS = (
    "For the same person, occasion and season: neutral colours and denim go with everything, other "
    "colours with their shades, neighbours and opposites on the painters' wheel."
)
NO_LINK = "A search with your own picture has no link: nobody else has the picture."
PRIVACY = "Your picture is only searched with: its file is deleted seconds later."
BROKEN = "Something went wrong on our side, and is in the log. Please try again."
NOTHING_PASSES = (
    "No product passes all of these filters. Remove one of them, or choose more values in it."
)
NOT_AS_SIMILAR = (
    "No product that passes the filters is as similar as that. Lower the least similarity."
)
SHEET_WORDS = f"The query and the products shown, at most the first {MAX_K} of them."
TO_SHOP = "Open in the shop"
IN_STOCK_ONLY = "In stock only"
# Words of Google Merchant Center, as indexes have them.
AVAILABILITY_WORDS = {
    "in_stock": "In stock",
    "out_of_stock": "Out of stock",
    "preorder": "Pre-order",
    "backorder": "On back-order",
}
IN_CATALOGUE = "This is in the catalogue:"
LOST = (
    "The server was restarted, or an hour went by: your own pictures, and products that have left "
    "the catalogue, are no longer here. Show your pictures again to search with them; all else on "
    "this page goes on."
)
GONE = "Pictures gone"
OUTDATED = "This page is older than the catalogue that the server has now. Reload the page."
NOT_THE_PAGE = (
    "What arrived is nothing that this page sends. Reload the page in your browser, and try again."
)
NO_CAMERA = "The camera works only at an address with https, or on the very machine that serves it."
PICTURE_REFUSED = "This picture cannot be used."
WORDS_REFUSED = "These words cannot be searched with."

# What roles are called on the page, where that is not the role's own name.
_TITLES = {ARTICLE_TYPE: "Type", SUB_CATEGORY: "Subcategory"}
# What a card says of a product besides its name, where the catalogue knows it.
_CARD_FACTS = (ARTICLE_TYPE, COLOUR)


def attribute_title(name: str) -> str:
    """What an attribute is called on the page: "baseColour" becomes "Colour"."""
    role = role_of(name)
    if role in LABEL_ROLES:
        return _TITLES.get(role, role.capitalize())
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ")
    return words[:1].upper() + words[1:].lower()


def listed_filters(catalogue: Catalogue) -> list[str]:
    """A catalogue's filters that are lists of values, those first that people reach for first.

    What the offers say has controls of its own.
    """
    said = {LINK}
    if catalogue.numbers:
        said |= {PRICE, SALE_PRICE, CURRENCY}
    if AVAILABILITY in catalogue.offers.labels:
        said.add(AVAILABILITY)
    if BRAND in catalogue.filters and BRAND in catalogue.offers.labels:
        said.add(BRAND)
    left = (n for n in catalogue.filters if n == BRAND or role_of(n) not in said)
    return ordered_filters(tuple(left))


def ordered_filters(filters: tuple[str, ...]) -> list[str]:
    """Filters, those first that people reach for first."""
    first = list(roles(filters, FIRST_FILTERS).values())
    return first + [name for name in filters if name not in first]


def card_facts(attributes: Mapping[str, str]) -> str:
    """What a card says below a product's name: its type and its colour."""
    return " · ".join(attributes[column] for column in roles(attributes, _CARD_FACTS).values())


def without_offer(attributes: Mapping[str, str], offer: Offer) -> dict[str, str]:
    """Attributes without the columns that an offer was read from, which it says better."""
    said = set()
    if offer.price is not None:
        said |= {PRICE, SALE_PRICE, CURRENCY}
    if offer.availability is not None:
        said.add(AVAILABILITY)
    if offer.link is not None:
        said.add(LINK)
    if offer.brand is not None:
        said.add(BRAND)
    return {name: value for name, value in attributes.items() if role_of(name) not in said}


def variants_words(variants: int, differs: Mapping[str, Sequence[str]]) -> str:
    """What a card says of a product's variants: "4 variants: colour, size"."""
    if variants < 2:
        return ""
    titles = ", ".join(attribute_title(name).lower() for name in differs)
    return f"{variants:,} variants: {titles}" if titles else f"{variants:,} variants"


def more_shown(number: int, total: int) -> str:
    """What a screen reader says when further results are shown."""
    return f"{counted(number, 'more product')}: {total:,} are shown."


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 product", "1,234 products"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

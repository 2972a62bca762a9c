"""The words of the page: what attributes, similarities and situations are called."""

import re

TITLE = "Find clothes by picture"
TAGLINE = "Show a garment. See what the shop has that looks most like it."
START = "Or start from one of these"
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
LOST = (
    "The server was restarted, or an hour went by: your own pictures are no longer here. Show them "
    "again to search with them; all else on this page goes on."
)
GONE = "Pictures gone"
OUTDATED = "This page is older than the catalogue that the server has now. Reload the page."
NO_CAMERA = "The camera works only at an address with https, or on the very machine that serves it."
PICTURE_REFUSED = "This picture cannot be used."

# Data sets write column names for programs. The names that need more than splitting at capitals.
_TITLES = {
    "masterCategory": "Category",
    "subCategory": "Subcategory",
    "articleType": "Type",
    "baseColour": "Colour",
}
# The filters people reach for first, in that order; any others follow as the catalogue has them.
_FIRST_FILTERS = (
    "gender",
    "masterCategory",
    "articleType",
    "baseColour",
    "season",
    "usage",
)
# What a card says of a product besides its name, where the catalogue knows it.
CARD_FACTS = ("articleType", "baseColour")


def attribute_title(name: str) -> str:
    """What an attribute is called on the page: "baseColour" becomes "Colour"."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ")
    return _TITLES.get(name, words[:1].upper() + words[1:].lower())


def ordered_filters(filters: tuple[str, ...]) -> list[str]:
    """A catalogue's filters, those first that people reach for first."""
    first = [name for name in _FIRST_FILTERS if name in filters]
    return first + [name for name in filters if name not in first]


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 product", "1,234 products"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

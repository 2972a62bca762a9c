"""Values of cells: text, several values, category paths, availability, web addresses."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from recommender.schema import COLOUR, MATERIAL, SEASON, SIZE

UNKNOWN = frozenset({"", "na", "n/a", "nan", "none", "null", "unknown"})
"""What catalogues write where a value is not known."""
_LONGEST_UNKNOWN = max(map(len, UNKNOWN))

# Roles whose cells hold several values, by what separates them. Types of article do not: H&M has
# "Leggings/Tights".
_SEPARATORS = {COLOUR: "/,;|", MATERIAL: "/,;|", SEASON: "/,;|", SIZE: ",;|"}
# A JSON value nested deeper than this is no list of values.
_MAX_DEPTH = 3
# Characters that no catalogue means: C0 controls but tab and line ends, and DEL.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

_ADDRESS = re.compile(r"(https?:)?//[^/\s]", re.IGNORECASE)
_QUOTED_ADDRESS = re.compile(r"(?:https?:)?//[^\s\"'\[\]]+", re.IGNORECASE)
_BETWEEN_ADDRESSES = re.compile(r"[,;|\s]+(?=(?:https?:)?//)", re.IGNORECASE)

_AVAILABILITY = {
    "in_stock": ("instock", "available", "yes", "true", "limitedavailability"),
    "out_of_stock": ("outofstock", "soldout", "unavailable", "no", "false", "discontinued"),
    "preorder": ("preorder", "presale"),
    "backorder": ("backorder", "onbackorder"),
}
# Values that are kept beside what they mean.
_REPEATED = 16_384
_AVAILABILITY_OF = {word: name for name, words in _AVAILABILITY.items() for word in words}


def text(value: Any) -> str | None:
    """A value as text; None for everything that means "not known"."""
    if value is None:
        return None
    if isinstance(value, str):
        return _words(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # years arrive as floats because some are missing
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return _words(str(value))


def _words(written: str) -> str | None:
    # What is printable has no control characters: a catalogue has a million cells.
    words = (written if written.isprintable() else _CONTROLS.sub("", written)).strip()
    return None if len(words) <= _LONGEST_UNKNOWN and words.lower() in UNKNOWN else words


def texts(value: Any, depth: int = 0) -> list[str]:
    """All values of a cell that may hold a list, as text, each once, in order."""
    if isinstance(value, list | tuple | set):
        if depth >= _MAX_DEPTH:
            return []
        return unique(words for part in value for words in texts(part, depth + 1))
    words = text(value)
    return [] if words is None else [words]


def several(value: Any, role: str | None) -> tuple[str, ...]:
    """The values of a cell: those of a list, or of a text that the role's separators part."""
    return _several_of(value, role) if isinstance(value, str) else _parts(value, role)


@lru_cache(maxsize=_REPEATED)
def _several_of(words: str, role: str | None) -> tuple[str, ...]:
    return _parts(words, role)


def _parts(value: Any, role: str | None) -> tuple[str, ...]:
    found = texts(value)
    separators = _SEPARATORS.get(role or "")
    if separators is None:
        return tuple(found)
    parts = (part.strip() for words in found for part in re.split(f"[{separators}]", words))
    return tuple(unique(part for part in parts if part.lower() not in UNKNOWN))


def path_levels(value: Any) -> list[str]:
    """The levels of a category path such as `Clothing > Shirts`, the coarsest first.

    Of several paths, as WooCommerce separates them by commas, the deepest counts.
    """
    paths = [path for words in texts(value) for path in re.split(r",(?=[^,>]*(?:>|$))", words)]
    levels = [[level.strip() for level in path.split(">") if level.strip()] for path in paths]
    return max(levels, key=len, default=[])


def availability(value: Any) -> str | None:
    """Availability in the words of Google Merchant Center; a number is what is in stock."""
    words = text(value)
    if words is None:
        return None
    try:
        return "in_stock" if float(words) > 0 else "out_of_stock"
    except ValueError:
        plain = re.sub(r"[^a-z]", "", words.rpartition("/")[2].lower())  # schema.org's addresses
        return _AVAILABILITY_OF.get(plain)


def is_address(value: Any) -> bool:
    """Whether a value begins with a web address: http, https, or without a scheme (`//host/...`).

    A list written as a text, such as `["https://...", ...]`, begins with one, too.
    """
    return isinstance(value, str) and bool(_ADDRESS.match(value.lstrip("[\"' \t\r\n")))


def addresses_in(words: str) -> list[str]:
    """The addresses of a cell: one, or several with commas, spaces or the like between them."""
    if words.lstrip().startswith("["):
        return unique(part.rstrip(",") for part in _QUOTED_ADDRESS.findall(words))
    return unique(part.strip() for part in _BETWEEN_ADDRESSES.split(words) if part.strip())


def web_address(value: Any) -> str | None:
    """A value as an http or https address; None where it is none."""
    words = text(value)
    if words is None or not is_address(words):
        return None
    words = f"https:{words}" if words.startswith("//") else words
    try:
        return words if urlsplit(words).hostname else None
    except ValueError:
        return None


def unique(values: Iterable[str]) -> list[str]:
    """Values in their order, each once."""
    return list(dict.fromkeys(values))


def composed(words: str) -> str:
    """Text with composed accents (NFC): file systems and tables write them differently."""
    return unicodedata.normalize("NFC", words)

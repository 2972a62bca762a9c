"""Product feeds in XML: Google Merchant Center's in RSS 2.0 or Atom, and feeds of the same shape.

The names and their meaning: https://support.google.com/merchants/answer/7052112
A feed in text is a delimited table whose columns have the same names.
"""

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from recommender.errors import DatasetError
from recommender.reading.table import Cell, Table, table_of
from recommender.reading.values import unique

# RSS, Atom, and the feeds of price comparison sites.
ITEMS = frozenset({"item", "entry", "offer", "product"})
# Children of an item; Merchant Center knows about a hundred names.
_MAX_FIELDS = 1_000


def read_feed(path: Path) -> Table:
    """A table of a feed's items; a field that comes several times is a list.

    Raises:
        DatasetError: it is not well-formed XML, declares entities, or has no items.
    """
    rows: list[dict[str, Cell]] = []
    try:
        with path.open("rb") as file:
            rows += (_fields(item) for item in _items(file))
    except DefusedXmlException as error:
        raise DatasetError(
            f"{path.name} declares entities of its own, which can fill the memory or read files "
            "of this machine, so that it is not read. Export the feed without a DOCTYPE."
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise DatasetError(
            f"{path.name} is not well-formed XML: {error}. Export the feed again."
        ) from error
    rows = [row for row in rows if row]
    if not rows:
        raise DatasetError(
            f"{path.name} is XML without <item> (RSS) or <entry> (Atom) elements. "
            "Give a product feed, or save the products as a CSV."
        )
    columns = list(dict.fromkeys(column for row in rows for column in row))
    cells = ([row.get(column) for column in columns] for row in rows)
    return table_of(path.name, columns, cells, "product feed in XML")


def _items(file: object) -> Iterator[Element]:
    """Each item once it is whole; what was read before it is dropped from memory."""
    ancestors: list[Element] = []
    for event, element in iterparse(file, events=("start", "end"), forbid_dtd=False):
        if event == "start":
            ancestors.append(element)
            continue
        ancestors.pop()
        if _local(element) in ITEMS and not any(_local(a) in ITEMS for a in ancestors):
            yield element
            element.clear()
            if ancestors:
                ancestors[-1].remove(element)


def _fields(item: Element) -> dict[str, Cell]:
    found: dict[str, list[str]] = {name: [value] for name, value in item.attrib.items()}
    for child in list(item)[:_MAX_FIELDS]:
        if len(child):
            continue  # Shipping, tax and the like: not a property of the product.
        words = (child.text or child.get("href") or "").strip()
        if words:
            found.setdefault(_local(child), []).append(words)
    return {
        name: values[0] if len(values := unique(words)) == 1 else values
        for name, words in found.items()
    }


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()

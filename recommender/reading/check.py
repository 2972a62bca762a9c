"""Check of a catalogue before it is built: which column is what and why, and sample products."""

import json
from collections.abc import Iterator
from dataclasses import asdict

from recommender import schema
from recommender.pictures.reading import length_of
from recommender.reading.product import Product
from recommender.reading.products import Products
from recommender.reading.values import texts

SAMPLE_PRODUCTS = 3
# Characters of a value that a line shows, and values of a column.
_SHOWN, _EXAMPLES = 60, 3


def check_lines(products: Products, most_filter_values: int) -> Iterator[str]:
    """What a build would make of a catalogue, line by line; reads its first rows only.

    Args:
        products: of the catalogue.
        most_filter_values: an attribute with more values is no filter.
    """
    rows = products.row_count()
    yield f"{products.source}: {products.kind}, {rows:,} rows"
    if products.split != "all":
        yield f"Split: {products.split}"
    yield from products.notes
    yield ""
    yield f"Columns, judged by the first {len(products.sample):,} rows:"
    width = max(len(column) for column in products.row_columns) + 2
    for column in products.row_columns:
        yield f"  {column:{width}}{products.assignment.reasons[column]}"
        examples = _examples(products, column)
        if examples:
            yield f"  {'':{width}}  {examples}"
    yield from _further_attributes(products, most_filter_values)
    left_out = products.assignment.left_out
    yield ""
    yield f"Left out: {', '.join(left_out) or 'nothing'}"
    yield "A wrong guess is put right with --column role=name; the roles are:"
    yield f"  {', '.join((*schema.ROLES, 'attribute', 'nothing'))}"
    yield ""
    yield "The first rows as products:"
    for product, addresses in products.first(SAMPLE_PRODUCTS):
        yield from _product_lines(product, addresses)


def _examples(products: Products, column: str) -> str:
    values = dict.fromkeys(
        words for row in products.sample if column in row for words in texts(row[column])
    )
    shown = [_short(words) for words in list(values)[:_EXAMPLES]]
    more = f", ... ({len(values):,} values)" if len(values) > _EXAMPLES else ""
    return ", ".join(shown) + more


def _further_attributes(products: Products, most: int) -> Iterator[str]:
    for attribute, column in products.columns.renamed.items():
        yield f"  The column {column!r} becomes the attribute {attribute!r}."
    made = [
        name
        for name in products.columns.attributes
        if name not in products.row_columns and name not in products.columns.renamed
    ]
    if made:
        yield f"  Levels of category paths become: {', '.join(made)}"
    for column in products.assignment.attributes:
        count = len({words for row in products.sample for words in texts(row.get(column))})
        if count > most:
            yield f"  {column!r} has over {most} values: a filter only where products share them."


def _product_lines(product: Product, addresses: list[str]) -> Iterator[str]:
    yield f"  id {product.id}: {_short(product.name)}"
    if product.group is not None:
        yield f"    group: {product.group}"
    attributes = {name: value for name, value in product.attributes.items() if value}
    yield f"    attributes: {json.dumps(attributes, ensure_ascii=False)[:500]}"
    offer = {name: value for name, value in asdict(product.offer).items() if value is not None}
    if offer:
        yield f"    offer: {json.dumps(offer, ensure_ascii=False)[:500]}"
    if product.description:
        yield f"    description: {_short(product.description)}"
    pictures = [_picture(picture) for picture in product.pictures] + addresses
    yield f"    pictures: {', '.join(pictures) or 'none'}"
    for reason in product.unread:
        yield f"    {reason}"


def _picture(picture: object) -> str:
    if isinstance(picture, bytes):
        return f"{len(picture):,} bytes"
    if isinstance(picture, str):
        return f"{_short(picture)} ({length_of(picture):,} bytes)"
    return "a picture"


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 3]}..."

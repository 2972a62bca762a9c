"""Shopify's product export: the rows that share a handle become one row for each product.

The columns: https://help.shopify.com/en/manual/products/import-export/using-csv
The first row of a product has its title; further rows hold a variant, a picture, or both.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from recommender.reading.export_columns import (
    ExportColumns,
    Row,
    cheapest,
    plain_text,
    products_table,
    split_list,
)
from recommender.reading.table import Cell, Table
from recommender.reading.values import text, unique
from recommender.schema import plain

_NAMES = {
    "handle": ("handle", "urlhandle"),
    "title": ("title",),
    "description": ("bodyhtml", "description"),
    "vendor": ("vendor",),
    "type": ("type", "customproducttype"),
    "category": ("productcategory", "standardproducttype"),
    "tags": ("tags",),
    "status": ("status",),
    "published": ("published", "publishedononlinestore"),
    "gender": ("googleshoppinggender",),
    "age group": ("googleshoppingagegroup",),
    "price": ("variantprice", "price"),
    "compare": ("variantcompareatprice", "compareatprice"),
    "quantity": ("variantinventoryqty", "inventoryquantity"),
    "policy": ("variantinventorypolicy", "continuesellingwhenoutofstock"),
    "tracker": ("variantinventorytracker", "inventorytracker"),
    "image": ("imagesrc", "productimageurl"),
    "position": ("imageposition",),
    "variant image": ("variantimage", "variantimageurl"),
    **{f"option{n}": (f"option{n}name",) for n in (1, 2, 3)},
    **{f"value{n}": (f"option{n}value",) for n in (1, 2, 3)},
}
# The option of a product that has no options.
_NO_OPTION = "Default Title"
_METAFIELD = " (product.metafields."


@dataclass
class _Gathered:
    """Values from all rows of one handle."""

    first: Row
    options: dict[str, str] = field(default_factory=dict)
    values: dict[str, list[str]] = field(default_factory=dict)
    pictures: list[tuple[float, str]] = field(default_factory=list)
    prices: list[tuple[str | None, str | None]] = field(default_factory=list)
    in_stock: list[bool] = field(default_factory=list)


def is_shopify(columns: Iterable[str]) -> bool:
    """Whether columns are those of Shopify's export."""
    known = ExportColumns(columns, _NAMES)
    return all(name in known for name in ("handle", "title")) and any(
        name in known for name in ("image", "option1", "variant image")
    )


def shopify_products(export: Table) -> Table:
    """One row for each product: options as columns, all pictures, price of the cheapest variant."""
    columns = ExportColumns(export.columns, _NAMES)
    extra = {c: c.partition(_METAFIELD)[0] for c in export.columns if _METAFIELD in c}
    products: dict[str, _Gathered] = {}
    for row in export.read(0, export.count()):
        handle = columns.get(row, "handle")
        if handle is not None:
            product = products.setdefault(handle, _Gathered(row))
            _gather(product, row, columns)
    hidden = [h for h, product in products.items() if _hidden(product.first, columns)]
    rows = [
        _row(handle, product, columns, extra)
        for handle, product in products.items()
        if handle not in set(hidden)
    ]
    table = products_table(export, rows, "Shopify export")
    if not hidden:
        return table
    note = (
        f"{len(hidden):,} products are drafts, archived or not published and left out: "
        f"{', '.join(hidden[:5])}{', ...' if len(hidden) > 5 else ''}."
    )
    return Table(table.name, table.data, (*table.notes, note), table.kind)


def _hidden(row: Row, columns: ExportColumns) -> bool:
    status = (columns.get(row, "status") or "active").lower()
    return status != "active" or (columns.get(row, "published") or "true").lower() == "false"


def _gather(product: _Gathered, row: Row, columns: ExportColumns) -> None:
    for n in (1, 2, 3):
        if name := columns.get(row, f"option{n}"):
            product.options[f"option{n}"] = name
        value = columns.get(row, f"value{n}")
        option = product.options.get(f"option{n}")
        if value and option and value != _NO_OPTION:
            product.values.setdefault(option, []).append(value)
    if image := columns.get(row, "image"):
        position = columns.get(row, "position") or ""
        place = float(position) if position.isdecimal() else float(len(product.pictures) + 1)
        product.pictures.append((place, image))
    if image := columns.get(row, "variant image"):
        product.pictures.append((float("inf"), image))
    paid, compare = columns.get(row, "price"), columns.get(row, "compare")
    if paid:
        product.prices.append((compare, paid) if compare else (paid, None))
    if (quantity := columns.get(row, "quantity")) is not None:
        sells_on = (columns.get(row, "policy") or "").lower() in ("continue", "true")
        untracked = "tracker" in columns and columns.get(row, "tracker") is None
        product.in_stock.append(sells_on or untracked or not quantity.startswith(("0", "-")))


def _row(
    handle: str, product: _Gathered, columns: ExportColumns, extra: dict[str, str]
) -> dict[str, Cell]:
    first = product.first
    regular, sale = cheapest(product.prices)
    row: dict[str, Cell] = {
        "Handle": handle,
        "Title": columns.get(first, "title"),
        "Description": plain_text(columns.get(first, "description")),
        "Vendor": columns.get(first, "vendor"),
        "Type": columns.get(first, "type"),
        "Product Category": columns.get(first, "category"),
        "Tags": split_list(columns.get(first, "tags")),
        "Gender": columns.get(first, "gender"),
        "Age Group": columns.get(first, "age group"),
        "Images": unique(image for _, image in sorted(product.pictures, key=lambda p: p[0])),
        "Regular Price": regular,
        "Sale Price": sale,
    }
    if product.in_stock:
        row["Availability"] = "in_stock" if any(product.in_stock) else "out_of_stock"
    for column, name in extra.items():
        if not any(plain(name) == plain(option) for option in product.values):
            row[name] = split_list(text(first[column]), ";")
    taken = {plain(name): name for name in row}
    for option, values in product.values.items():
        row[taken.get(plain(option), option)] = unique(values)
    return row

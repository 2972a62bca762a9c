"""WooCommerce's product export as one row a product; the names of its columns may be translated.

The columns: https://github.com/woocommerce/woocommerce/wiki/Product-CSV-Import-Schema
A variable product and its variations are rows of their own. A variation with a picture of its own
becomes a product of the parent's group; the others are told by the parent.
"""

import re
from collections.abc import Iterable, Sequence

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

TYPES = frozenset(
    {"simple", "variable", "variation", "grouped", "external", "virtual", "downloadable"}
)
# As WooCommerce writes them in English, German, French, Spanish, Italian, Dutch and Portuguese.
_NAMES = {
    "id": ("id",),
    "type": ("type", "typ", "tipo"),
    "sku": ("sku", "artikelnummer", "ugs", "cod", "ref"),
    "name": ("name", "nom", "nombre", "nome", "naam"),
    "published": (
        *("published", "veröffentlicht", "publié", "publicado", "pubblicato"),
        "gepubliceerd",
    ),
    "description": (
        *("description", "beschreibung", "descripción", "descrizione", "beschrijving"),
        "descrição",
    ),
    "short": (
        *("shortdescription", "kurzbeschreibung", "descriptioncourte", "descripcióncorta"),
        *("brevedescrizione", "kortebeschrijving", "descriçãocurta"),
    ),
    "stock": (
        *("instock", "vorrätig", "enstock", "existencias", "eninventario", "opvoorraad"),
        *("emstock", "emestoque"),
    ),
    "regular": (
        *("regularprice", "regulärerpreis", "tarifrégulier", "precionormal", "prezzodilistino"),
        *("reguliereprijs", "preçonormal"),
    ),
    "sale": (
        *("saleprice", "angebotspreis", "tarifpromo", "preciorebajado", "prezzoinofferta"),
        *("actieprijs", "aanbiedingsprijs", "preçopromocional", "preçodesaldo"),
    ),
    "categories": (
        *("categories", "kategorien", "catégories", "categorías", "categorie", "categorieën"),
        "categorias",
    ),
    "tags": ("tags", "tag", "schlagwörter", "étiquettes", "etiquetas"),
    "images": ("images", "bilder", "imágenes", "immagini", "afbeeldingen", "imagens"),
    "parent": (
        *("parent", "übergeordnetesprodukt", "superior", "principal", "genitore", "hoofd"),
        *("ascendente", "pai"),
    ),
    "brands": ("brands", "marken", "marques", "marcas", "marchi", "merken", "brand"),
    "url": (
        *("externalurl", "externeurl", "urlexterne", "urlexterna", "urlesterno"),
        "externeurl",
    ),
}
_WORDS_OF_NAME = ("name", "nom", "nombre", "nome", "naam")
_ATTRIBUTE = re.compile(r"attr?ibut", re.IGNORECASE)


def is_woocommerce(export: Table) -> bool:
    """Whether a table is WooCommerce's export: by the kinds of its rows, which stay English."""
    column = ExportColumns(export.columns, _NAMES).known["type"]
    if column is None:
        return False
    kinds = [text(row[column]) for row in export.sample(50)]
    found = [{part.strip() for part in kind.split(",")} for kind in kinds if kind]
    return bool(found) and all(kind <= TYPES for kind in found)


def woocommerce_products(export: Table) -> Table:
    """A row a product, or a variation that looks different."""
    columns = ExportColumns(export.columns, _NAMES)
    attributes = _attribute_columns(export.columns)
    rows = [row for row in export.read(0, export.count()) if any(row.values())]
    shown = [row for row in rows if (columns.get(row, "published") or "1") in ("1", "true")]
    parents, variations = _families(shown, columns)
    products: list[dict[str, Cell]] = []
    orphans = 0
    for key, own in variations.items():
        orphans += 0 if key in parents else len(own)
    for key, parent in parents.items():
        products += _family(parent, variations.get(key, []), columns, attributes)
    table = products_table(export, products, "WooCommerce export")
    notes = list(table.notes)
    if len(shown) < len(rows):
        notes.append(f"{len(rows) - len(shown):,} rows are not published and left out.")
    if orphans:
        notes.append(f"{orphans:,} variations name a parent that is not there, and are left out.")
    return Table(table.name, table.data, tuple(notes), table.kind)


def _attribute_columns(columns: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of columns: an attribute's name and its values, such as `Attribute 1 name`."""
    pairs: dict[str, dict[bool, str]] = {}
    for column in columns:
        number = re.search(r"\d+", column)
        if number and _ATTRIBUTE.search(column):
            words = re.split(r"[\W\d_]+", column.lower())
            is_name = any(word in words for word in _WORDS_OF_NAME)
            # After name and value come `visible` and `global`, which are neither.
            pairs.setdefault(number[0], {}).setdefault(is_name, column)
    return [(pair[True], pair[False]) for pair in pairs.values() if len(pair) == 2]


def _families(
    rows: Sequence[Row], columns: ExportColumns
) -> tuple[dict[str, Row], dict[str, list[Row]]]:
    parents: dict[str, Row] = {}
    variations: dict[str, list[Row]] = {}
    key_of_sku: dict[str, str] = {}
    for number, row in enumerate(rows):
        if "variation" not in (columns.get(row, "type") or ""):
            id_, sku = columns.get(row, "id"), columns.get(row, "sku")
            key = id_ or sku or f"row {number}"
            parents[key] = row
            if sku:
                key_of_sku[sku] = key
    for row in rows:
        if "variation" in (columns.get(row, "type") or ""):
            named = columns.get(row, "parent") or ""
            id_ = named.removeprefix("id:").strip()
            variations.setdefault(key_of_sku.get(named, id_), []).append(row)
    return parents, variations


def _family(
    parent: Row, variations: list[Row], columns: ExportColumns, attributes: list[tuple[str, str]]
) -> list[dict[str, Cell]]:
    product = _row(parent, columns, attributes)
    pictures = product["Images"] or []
    different = [
        v
        for v in variations
        if (images := split_list(columns.get(v, "images"))) and images[0] not in pictures[:1]
    ]
    told = [v for v in variations if v not in different] if pictures else []
    different = different if pictures else variations
    if variations:
        product["Parent"] = product["ID"]
    if told or not different:
        prices = [(columns.get(v, "regular"), columns.get(v, "sale")) for v in (parent, *told)]
        product["Regular price"], product["Sale price"] = cheapest(prices)
        stock = [columns.get(v, "stock") for v in told]
        if any(stock):
            product["In stock?"] = "1" if any((s or "0")[0] not in "0-" for s in stock) else "0"
    rows = [product] if pictures or not different else []
    for variation in different:
        own = {k: v for k, v in _row(variation, columns, attributes).items() if v}
        rows.append({**product, "Sale price": None, **own, "Parent": product["ID"]})
    return rows


def _row(row: Row, columns: ExportColumns, attributes: list[tuple[str, str]]) -> dict[str, Cell]:
    described = columns.get(row, "description") or columns.get(row, "short")
    sku, id_ = columns.get(row, "sku"), columns.get(row, "id")
    found: dict[str, Cell] = {
        "ID": id_ or sku,
        "SKU": sku,
        "Name": columns.get(row, "name"),
        "Description": plain_text(described),
        "In stock?": columns.get(row, "stock"),
        "Regular price": columns.get(row, "regular"),
        "Sale price": columns.get(row, "sale"),
        "Categories": columns.get(row, "categories"),
        "Tags": split_list(columns.get(row, "tags")),
        "Images": split_list(columns.get(row, "images")),
        "Brand": columns.get(row, "brands"),
        "Link": columns.get(row, "url"),
    }
    taken = {plain(name) for name in found}
    for name_column, values_column in attributes:
        name, values = text(row[name_column]), split_list(text(row[values_column]))
        if name and values:
            found[name if plain(name) not in taken else f"{name} (attribute)"] = unique(values)
    return found

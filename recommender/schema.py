"""Catalogue schema: the role of each column (article type, colour, price, ...), known by its name.

Data sets and shop exports name the same thing differently: `articleType`, `product_type_name`,
`category3`, `g:product_type`. This is the only table of such names; reading, training, metrics,
outfits, cards, map and filters all ask it.
"""

from collections.abc import Iterable, Sequence

# Identity and pictures.
ID, GROUP, NAME, DESCRIPTION, PICTURE = "id", "group", "name", "description", "picture"
# Offer: where a product is sold, for how much, by which brand.
LINK, PRICE, SALE_PRICE, CURRENCY = "link", "price", "sale price", "currency"
AVAILABILITY, BRAND = "availability", "brand"
# Labels: what a product is and looks like.
ARTICLE_TYPE, SUB_CATEGORY, CATEGORY = "article type", "sub-category", "category"
GENDER, AGE_GROUP, COLOUR, SEASON, USAGE = "gender", "age group", "colour", "season", "usage"
SIZE, MATERIAL, PATTERN = "size", "material", "pattern"

LABEL_ROLES = (
    ARTICLE_TYPE,
    SUB_CATEGORY,
    CATEGORY,
    GENDER,
    AGE_GROUP,
    COLOUR,
    SEASON,
    USAGE,
    MATERIAL,
    PATTERN,
)
"""Roles whose values a head can learn and retrieval can be measured by."""

TYPE_ROLES = (ARTICLE_TYPE, SUB_CATEGORY, CATEGORY)
"""Roles that name the kind of product, the finest first."""

FIRST_FILTERS = (GENDER, CATEGORY, ARTICLE_TYPE, COLOUR, SEASON, USAGE)
"""Roles of the first filters, in the order shown."""

# Names by role, the best first, as `plain` writes them. Sources: Fashion Product Images, the Marqo
# fashion data sets, iMaterialist, Farfetch, H&M's articles.csv, and the product exports of
# Shopify, WooCommerce and Google Merchant Center.
_NAMES: dict[str, tuple[str, ...]] = {
    ID: (
        *("id", "itemid", "productid", "articleid", "productcode", "imageid"),
        *("sku", "variantsku", "asin", "uid", "handle"),
    ),
    GROUP: ("itemgroupid", "groupid", "parent", "parentid", "parentsku"),
    NAME: (
        *("productdisplayname", "displayname", "productname", "prodname"),
        *("name", "title", "producttitle", "caption"),
    ),
    DESCRIPTION: ("description", "detaildesc", "bodyhtml", "body", "shortdescription", "text"),
    PICTURE: (
        *("image", "img", "picture", "photo", "images", "pictures", "photos"),
        *(
            "imagepath",
            "imagefile",
            "imagelink",
            "imagesrc",
            "imageurl",
            "filename",
            "file",
            "path",
        ),
    ),
    LINK: ("link", "producturl", "itemurl", "url", "productlink"),
    PRICE: ("price", "regularprice", "fullprice", "variantprice", "variantcompareatprice"),
    SALE_PRICE: ("saleprice", "discountedprice"),
    CURRENCY: ("currency", "currencycode", "pricecurrency"),
    AVAILABILITY: ("availability", "instock", "stockstatus", "variantinventoryqty"),
    BRAND: ("brand", "brandname", "vendor", "manufacturer", "designer"),
    ARTICLE_TYPE: (
        *("articletype", "producttype", "producttypename", "itemtype", "type", "label"),
        *("category3", "category3code"),
    ),
    SUB_CATEGORY: (
        *("subcategory", "productgroup", "productgroupname", "subclass"),
        *("category2", "category2code"),
    ),
    CATEGORY: (
        *("mastercategory", "category", "department", "class"),
        *("category1", "category1code", "categories", "productcategory", "googleproductcategory"),
    ),
    GENDER: ("gender", "sex", "targetgender", "googleshoppinggender", "indexgroupname"),
    AGE_GROUP: ("agegroup", "googleshoppingagegroup"),
    COLOUR: ("basecolour", "basecolor", "colour", "color", "colourgroupname", "colorgroupname"),
    SEASON: ("season",),
    USAGE: ("usage", "occasion"),
    SIZE: ("size", "sizes"),
    MATERIAL: ("material", "fabric"),
    PATTERN: ("pattern", "graphicalappearancename", "print"),
}


def roles(columns: Iterable[str], wanted: Sequence[str] = LABEL_ROLES) -> dict[str, str]:
    """The columns whose role is known by their name, each in one role.

    Names are compared without case, spaces, dashes, underscores and the prefix `g:` of a product
    feed. Of several columns for a role the better name of the table wins; of equal names, the
    first column.

    Args:
        columns: names of columns.
        wanted: the roles to look for; `LABEL_ROLES` by default.

    Returns:
        Column by role, in the order of `wanted`.
    """
    by_name = {plain(column): column for column in reversed(list(columns))}
    found = {
        role: next((by_name[name] for name in _NAMES[role] if name in by_name), None)
        for role in wanted
    }
    return {role: column for role, column in found.items() if column is not None}


def role_of(column: str) -> str | None:
    """Role of a column by its name alone; None where the name is unknown."""
    name = plain(column)
    return next((role for role, names in _NAMES.items() if name in names), None)


def type_column(columns: Iterable[str]) -> str | None:
    """The column with the finest kind of product; None where no column has one."""
    return next(iter(roles(columns, TYPE_ROLES).values()), None)


def plain(column: str) -> str:
    """Column name for comparison: small letters and digits, without the prefix `g:`."""
    return "".join(c for c in column.lower().removeprefix("g:") if c.isalnum())


def names_colours(column: str) -> bool:
    """Whether a column's values are names of colours, by the column's name."""
    return any(word in column.lower() for word in ("colour", "color"))

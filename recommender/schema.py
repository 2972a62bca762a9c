"""Catalogue schema: the role of each column (article type, colour, price, ...), known by its name.

Data sets and shop exports name the same thing differently: `articleType`, `product_type_name`,
`category3`, `g:product_type`. This is the only table of such names; reading, training, metrics,
outfits, cards, map and filters all ask it.
"""

import re
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

FIRST_FILTERS = (GENDER, CATEGORY, ARTICLE_TYPE, COLOUR, BRAND, SEASON, USAGE)
"""Roles of the first filters, in the order shown."""

# Names by role, the best first, as `plain` writes them. Sources: Fashion Product Images, the Marqo
# fashion data sets, iMaterialist, Farfetch, H&M's articles.csv, Google Merchant Center, and the
# product exports of Shopify, WooCommerce, Etsy, BigCommerce, PrestaShop, Magento, Wix, Squarespace,
# Amazon and eBay. A name may stand in several roles: a column takes
# the first that is free, so that `price` is the sale price beside `full_price`.
_NAMES: dict[str, tuple[str, ...]] = {
    ID: (
        *("id", "itemid", "productid", "articleid", "productcode", "imageid"),
        *("sku", "variantsku", "asin", "uid", "uniqid", "offerid", "itemsku"),
        *("customlabel", "handle", "handleid"),
    ),
    GROUP: (
        *("itemgroupid", "groupid", "productgroupid", "parent", "parentid", "parentsku"),
        *("parentasin", "variantgroup", "stylecode", "productcode", "productid", "handle"),
        "handleid",
    ),
    NAME: (
        *("productdisplayname", "displayname", "productname", "prodname", "itemname"),
        *("name", "title", "producttitle", "caption"),
    ),
    DESCRIPTION: (
        *("description", "productdescription", "detaildesc", "bodyhtml", "body"),
        *("longdescription", "shortdescription", "text"),
    ),
    PICTURE: (
        *("image", "img", "picture", "photo", "images", "pictures", "photos", "imagelink"),
        *("imageurl", "imageurls", "imgurl", "imagesrc", "pictureurl", "photourl"),
        *("productimage", "productimageurl", "mainimage", "thumbnail", "thumbnailurl"),
        *("imagepath", "imagefile", "imagename", "filename", "file", "path", "additionalimagelink"),
    ),
    LINK: ("link", "producturl", "itemurl", "productlink", "url", "permalink"),
    PRICE: (
        *("regularprice", "fullprice", "originalprice", "listprice", "variantcompareatprice"),
        *("compareatprice", "msrp", "price", "variantprice", "priceamount", "pricevalue"),
        *("actualprice", "finalprice", "standardprice", "startprice"),
        *("pricetaxincluded", "pricetaxexcluded"),
    ),
    SALE_PRICE: (
        *("saleprice", "discountedprice", "discountprice", "specialprice", "currentprice"),
        *("price", "variantprice"),
    ),
    CURRENCY: ("currency", "currencycode", "pricecurrency", "currencyiso"),
    AVAILABILITY: (
        *("availability", "instock", "isinstock", "stockstatus", "variantinventoryqty"),
        *("inventory", "stock", "stockquantity", "quantity", "qty"),
    ),
    BRAND: ("brand", "brandname", "vendor", "manufacturer", "designer"),
    ARTICLE_TYPE: (
        *("articletype", "producttype", "producttypename", "itemtype", "type", "label"),
        *("category3", "category3code", "feedproducttype"),
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
    COLOUR: (
        *("basecolour", "basecolor", "colour", "color", "colourgroupname", "colorgroupname"),
        *("colours", "colors", "colourname", "colorname"),
    ),
    SEASON: ("season", "seasons"),
    USAGE: ("usage", "occasion"),
    SIZE: ("size", "sizes", "sizename"),
    MATERIAL: ("material", "materials", "fabric", "materialtype", "outermaterialtype"),
    PATTERN: ("pattern", "graphicalappearancename", "print"),
}

_PREFIX = re.compile(r"^\W*[a-z]:")
_NOTE = re.compile(r"\[[^\]]*\]|\([^)]*[^\w\s)][^)]*\)")

ROLES = tuple(_NAMES)
"""Every role, in the order in which columns are given away."""


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
    free = {plain(column): column for column in reversed(list(columns))}
    found = {}
    for role in wanted:
        name = next((name for name in _NAMES[role] if name in free), None)
        if name is not None:
            found[role] = free.pop(name)
    return found


def stands_for(column: str, role: str) -> bool:
    """Whether a column's name is one of a role's."""
    return plain(column) in _NAMES[role]


def rank_of_picture(column: str) -> int:
    """How well a column's name says that it holds pictures; 0 is best."""
    return _NAMES[PICTURE].index(plain(column))


def role_of(column: str) -> str | None:
    """Role of a column by its name alone; None where the name is unknown."""
    name = plain(column)
    return next((role for role, names in _NAMES.items() if name in names), None)


def type_column(columns: Iterable[str]) -> str | None:
    """The column with the finest kind of product; None where no column has one."""
    return next(iter(roles(columns, TYPE_ROLES).values()), None)


def plain(column: str) -> str:
    """Column name for comparison: small letters and digits, without what is no part of the name.

    That is a prefix such as `g:` or `*C:`, and a note on what to fill in, such as `(x,y,z...)`,
    `(0/1)` or `[Non Editable]`; a word alone in round brackets, such as `(USD)`, stays.
    """
    named = _NOTE.sub("", _PREFIX.sub("", column.lower(), count=1))
    return "".join(c for c in named if c.isalnum())


def names_colours(column: str) -> bool:
    """Whether a column's values are names of colours, by the column's name."""
    return any(word in column.lower() for word in ("colour", "color"))

"""Products of the demo catalogue: names and attributes, without pictures."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from demo.drawing.patterns import TILED_PATTERNS
from demo.product_style import COLOURS
from demo.seeds import seed_of

# One model per row. Its variants, separated by semicolons, are colour|accent|accent|accent|pattern;
# all except the colour are optional. The row's genders alternate over the variants.
RANGES = Path(__file__).with_name("ranges.csv")
PATTERNS = ("plain", *TILED_PATTERNS, "graphic", "melange", "colour block")
BRANDS = (  # invented
    "Brindlewick", "Fennory", "Halvane", "Kestrow", "Lumarey", "Mossgate Lane", "Orrisdale",
    "Quillmoor", "Sablewick", "Thornfolly", "Umberlea", "Wrenhallow",
)  # fmt: skip
_SPOKEN = {
    "plain": "", "stripes": "Striped", "bold stripes": "Broad Striped",
    "colour block": "Colourblock",
    "multi stripes": "Multi Striped", "pinstripes": "Pinstriped", "candy stripes": "Striped",
    "gingham": "Gingham", "plaid": "Plaid", "tartan": "Tartan", "windowpane": "Windowpane Check",
    "dots": "Polka Dot", "small dots": "Pin Dot", "floral": "Floral", "ditsy": "Ditsy Floral",
    "tropical": "Tropical Print", "camouflage": "Camouflage", "tie dye": "Tie Dye",
    "leopard": "Leopard Print", "chevron": "Chevron", "argyle": "Argyle", "fair isle": "Fair Isle",
    "houndstooth": "Houndstooth", "graphic": "Printed", "melange": "",
}  # fmt: skip
_APPAREL = {
    "Topwear": "Tshirts, Shirts, Tops, Sweaters, Sweatshirts, Jackets, Rain Jacket, Blazers, "
    "Waistcoat",
    "Bottomwear": "Jeans, Trousers, Track Pants, Leggings, Capris, Shorts, Skirts",
    "Dress": "Dresses",
}
_FOOTWEAR = {
    "Shoes": "Casual Shoes, Sports Shoes, Formal Shoes, Boots, Heels, Flats",
    "Sandal": "Sandals",
    "Flip Flops": "Flip Flops",
}
_ACCESSORIES = {
    "Bags": "Handbags, Clutches, Backpacks", "Wallets": "Wallets", "Headwear": "Caps, Hat",
    "Watches": "Watches", "Eyewear": "Sunglasses", "Belts": "Belts", "Ties": "Ties",
    "Scarves": "Scarves", "Socks": "Socks",
}  # fmt: skip
_CATEGORIES = {
    article: (master, sub)
    for master, subs in (
        ("Apparel", _APPAREL), ("Footwear", _FOOTWEAR), ("Accessories", _ACCESSORIES)
    )
    for sub, articles in subs.items()
    for article in articles.split(", ")
}  # fmt: skip


@dataclass(frozen=True)
class DemoProduct:
    """Product of the demo catalogue; attributes have the column names of Fashion Product Images.

    `style`, `pattern` and `accents` (names of colours) determine the drawing.
    """

    id: str
    name: str
    gender: str
    masterCategory: str  # noqa: N815 - the data set's column name
    subCategory: str  # noqa: N815
    articleType: str  # noqa: N815
    baseColour: str  # noqa: N815
    season: str
    usage: str
    style: str
    pattern: str
    accents: tuple[str, ...]


def _slug(*words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", " ".join(words).lower()).strip("-")


def _product(model: dict[str, str], gender: str, variant: str) -> DemoProduct:
    colour, *rest = variant.split("|")
    pattern = rest.pop() if rest and rest[-1] in PATTERNS else "plain"
    for name in (colour, *rest):
        if name not in COLOURS:
            raise ValueError(f"{model['style']}: no colour {name!r}")
    identity = _slug(gender, *variant.split("|"), model["style"])
    brand = BRANDS[seed_of(identity) % len(BRANDS)]
    spoken = _SPOKEN[pattern] if _SPOKEN[pattern].split(" ")[0] not in model["noun"] else ""
    master, sub = _CATEGORIES[model["article_type"]]
    return DemoProduct(
        id=identity,
        name=" ".join(f"{brand} {gender} {colour} {spoken} {model['noun']}".split()),
        gender=gender,
        masterCategory=master,
        subCategory=sub,
        articleType=model["article_type"],
        baseColour=colour,
        season=model["season"],
        usage=model["usage"],
        style=model["style"],
        pattern=pattern,
        accents=tuple(rest),
    )


@cache
def _all_products() -> tuple[DemoProduct, ...]:
    found = []
    with RANGES.open(newline="", encoding="utf-8") as rows:
        for model in csv.DictReader(rows):
            genders = model["genders"].split()
            for i, variant in enumerate(model["variants"].split("; ")):
                found.append(_product(model, genders[i % len(genders)], variant))
    return tuple(found)


def products() -> list[DemoProduct]:
    """All products of the demo catalogue, in a fixed order; ids are unique and stable."""
    return list(_all_products())

"""What is worn together: kinds, occasions and colours, as tables, and the rule that reads them.

The names are those of Fashion Product Images
(https://www.kaggle.com/datasets/paramaggarwal/fashion-product-images-dataset), in small letters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image

# What one wears where, by occasion and group; kinds after the bar only where none before it fits.
_OUTFITS = {
    "casual": {
        "top": "tshirts, shirts, tops, sweaters, sweatshirts, tunics | jackets, rain jacket",
        "bottom": "jeans, trousers, skirts, jeggings | shorts, capris, leggings",
        "dress": "dresses, jumpsuit",
        "shoes": "casual shoes, heels, flats, boots | sandals, flip flops",
        "bag": "handbags, clutches | backpacks, messenger bag, rucksacks",
        "jewellery": "earrings, necklace and chains, pendant, bracelet, jewellery set",
        "watch": "watches",
        "belt": "belts",
        "sunglasses": "sunglasses",
        "scarf": "scarves, stoles, mufflers",
        "headwear": "caps, hat",
    },
    "formal": {
        "top": "shirts, tops | blazers, waistcoat, jackets",
        "bottom": "trousers | skirts",
        "dress": "dresses",
        "shoes": "formal shoes, heels | flats",
        "bag": "handbags, laptop bag, clutches",
        "jewellery": "earrings, pendant",
        "tie": "ties",
        "watch": "watches",
        "belt": "belts",
    },
    "sports": {
        "top": "tshirts, tops | sweatshirts, jackets",
        "bottom": "track pants, shorts, capris, tights, leggings",
        "shoes": "sports shoes | sports sandals",
        "bag": "backpacks, duffel bag, rucksacks",
        "watch": "watches",
        "sunglasses": "sunglasses",
        "headwear": "caps, headband",
    },
    "ethnic": {
        "top": "kurtas, kurtis, tunics",
        "bottom": "churidar, leggings, patiala, salwar",
        "dress": "sarees, kurta sets, lehenga choli",
        "shoes": "heels, flats, sandals",
        "bag": "clutches, handbags",
        "jewellery": "earrings, bangle, necklace and chains, jewellery set, pendant",
        "scarf": "dupatta, stoles",
        "watch": "watches",
    },
}
_OCCASIONS = {"smart casual": "casual", "party": "casual", "travel": "casual"}
# Almost every one of these is labelled casual, and worn to anything its occasion's table lists.
_ADAPTABLE = ("bag", "jewellery", "watch", "belt", "sunglasses", "headwear", "tie")
_ADAPTABLE_KINDS = ("heels", "flats", "sandals", "leggings", "churidar")

# In the order in which a look is put together: clothes first, so that the rest follows them.
_WITH_DRESS = ("dress", "shoes", "bag", "jewellery", "scarf", "watch", "sunglasses")
_FEMALE = ("top", "bottom", "shoes", "bag", "jewellery", "scarf", "watch", "sunglasses", "headwear")
_OTHERS = ("top", "bottom", "shoes", "belt", "tie", "watch", "sunglasses", "headwear", "bag")
_FEMALE_GENDERS = ("women", "girls", "female", "womens", "ladies")
_ASKS_FOR_DRESS = ("clutches", "heels")

_CLOTHES = {"top", "bottom", "dress", "scarf"}
_ANYBODY = "unisex"
_HALF_YEARS = {"spring": 0, "summer": 0, "fall": 1, "autumn": 1, "winter": 1}

_COLOURLESS = frozenset(
    ("black", "white", "off white", "grey", "grey melange", "charcoal", "silver", "steel")
)
_NEUTRAL = _COLOURLESS | {
    *("navy blue", "brown", "coffee brown", "mushroom brown", "tan", "taupe", "khaki", "beige"),
    *("cream", "skin", "nude", "gold", "bronze", "copper", "metallic"),
}
_DENIM_KINDS = ("jeans", "jeggings")

# Greatest minus least of R, G and B of a strong colour. Clothes are worn by models, and skin has
# up to 90; pastels begin at 60.
_STRONG_BESIDE_SKIN, _STRONG = 100, 60
# Share of what is darker than the background.
_MOST_STRONG, _BACKGROUND = 0.15, 235

# Places on the painters' wheel of twelve hues (Itten, The Art of Color, 1961), red being 0.
_HUES = 12
_WHEEL = {
    name: hue
    for hue, names in {
        0: "red, maroon, burgundy",
        1: "rust",
        2: "orange, peach",
        3: "mustard",
        4: "yellow",
        5: "lime green, fluorescent green, olive",
        6: "green, sea green",
        7: "teal, turquoise blue",
        8: "blue",
        10: "purple, lavender, mauve",
        11: "pink, magenta, rose",
    }.items()
    for name in names.split(", ")
}
_RELATIONS = {0: "are shades of one colour", 1: "are neighbours on the colour wheel"}
_OPPOSITE = "are opposite on the colour wheel"

_KINDS = {
    occasion: {
        kind: (group, tier)
        for group, tiers in groups.items()
        for tier, kinds in enumerate(tiers.split(" | "))
        for kind in kinds.split(", ")
    }
    for occasion, groups in _OUTFITS.items()
}


@dataclass(frozen=True)
class Garment:
    """What a look knows of a product, in small letters; many products are the same to it."""

    group: str
    """What it is in a look: "top", "bottom", "dress", "shoes", "bag" and so on."""
    kind: str
    gender: str
    occasion: str
    half_year: int | None
    colour: str

    @property
    def denim(self) -> bool:
        """Whether it is of blue denim."""
        return self.kind in _DENIM_KINDS and self.colour == "blue"

    @property
    def neutral(self) -> bool:
        """Whether its colour goes with everything."""
        return self.denim or self.colour in _NEUTRAL


@cache
def garment(gender: str, kind: str, colour: str, occasion: str, season: str) -> Garment | None:
    """A product as a look sees it; None for kinds and occasions that are not in the tables."""
    gender, kind, colour, occasion = (
        text.strip().lower() for text in (gender, kind, colour, occasion)
    )
    occasion = _OCCASIONS.get(occasion, occasion)
    if not gender or not colour or kind not in _KINDS.get(occasion, {}):
        return None
    group, _ = _KINDS[occasion][kind]
    half_year = _HALF_YEARS.get(season.strip().lower())
    return Garment(group, kind, gender, occasion, half_year, colour)


def is_footwear(kind: str | None) -> bool:
    """Whether a kind of product is worn on the feet, and so comes in pairs."""
    return _is_worn_as("shoes", kind)


def is_headwear(kind: str | None) -> bool:
    """Whether a kind of product is worn on the head."""
    return _is_worn_as("headwear", kind)


def _is_worn_as(group: str, kind: str | None) -> bool:
    kind = (kind or "").strip().lower()
    return any(kinds[kind][0] == group for kinds in _KINDS.values() if kind in kinds)


def groups_beside(first: Garment) -> list[str]:
    """The groups that a look may add to a product, in the order in which they are chosen."""
    female = first.gender in _FEMALE_GENDERS
    dressed = first.group == "dress" or (female and first.kind in _ASKS_FOR_DRESS)
    groups = _WITH_DRESS if dressed else _FEMALE if female else _OTHERS
    return [group for group in groups if group != first.group]


def choice(item: Garment, occasion: str) -> int | None:
    """Whether a product is a first (0) or second (1) choice for an occasion, or None."""
    if item.kind not in _KINDS[occasion]:
        return None
    adaptable = item.group in _ADAPTABLE or item.kind in _ADAPTABLE_KINDS
    if item.occasion != occasion and not (adaptable and item.occasion == "casual"):
        return None
    return _KINDS[occasion][item.kind][1]


def go_together(one: Garment, other: Garment) -> bool:
    """Whether two products are for one person, one half of the year, and of matching colours."""
    if _ANYBODY not in (one.gender, other.gender) and one.gender != other.gender:
        return False
    groups = {one.group, other.group}
    half_years = {one.half_year, other.half_year}
    if groups <= _CLOTHES and half_years == {0, 1}:
        return False
    if groups == {"belt", "shoes"}:
        return one.colour == other.colour
    denim = one.denim or other.denim
    if groups == {"top", "bottom"} and one.colour == other.colour and not denim:
        return False
    return one.neutral or other.neutral or _relation(one, other) is not None


def looks_as_labelled(item: Garment, picture: Image.Image) -> bool:
    """Whether a product that is called black, white or grey has no large part in a strong colour.

    Labels name one colour: a white shoe may be full of flowers.

    Args:
        item: any product; other colours are taken at their word.
        picture: RGB, on a light background.
    """
    if item.colour not in _COLOURLESS:
        return True
    pixels = np.asarray(picture.resize((64, 64)), np.int16).reshape(-1, 3)
    shown = pixels[pixels.min(axis=1) < _BACKGROUND]
    limit = _STRONG_BESIDE_SKIN if item.group in _CLOTHES else _STRONG
    strong = np.ptp(shown, axis=1) > limit
    return len(shown) == 0 or bool(strong.mean() < _MOST_STRONG)


def reason(item: Garment, chosen: Sequence[Garment]) -> str:
    """Why the colour of a product goes with those chosen before it, a sentence."""
    if item.group == "belt" and any(other.group == "shoes" for other in chosen):
        return "A belt has the colour of the shoes."
    if item.denim:
        return "Blue denim goes with everything."
    colour = item.colour.capitalize()
    if item.neutral:
        return f"{colour} goes with everything."
    partner = next((other for other in chosen if not other.neutral), None)
    if partner is None:
        return f"{colour} is the one colour among neutral ones."
    if partner.colour == item.colour:
        return f"{colour} takes up the {partner.colour} of the {partner.group}."
    return f"{colour} and {partner.colour} {_relation(item, partner)}."


def _relation(one: Garment, other: Garment) -> str | None:
    """How two colours of the wheel are related; None where they are not, or not on it."""
    if one.colour not in _WHEEL or other.colour not in _WHEEL:
        return None
    apart = abs(_WHEEL[one.colour] - _WHEEL[other.colour])
    apart = min(apart, _HUES - apart)
    return _OPPOSITE if apart == _HUES // 2 else _RELATIONS.get(apart)

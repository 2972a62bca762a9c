"""Outfit rules: tables of article types, occasions and colours that are worn together.

The labels are those of Fashion Product Images
(https://www.kaggle.com/datasets/paramaggarwal/fashion-product-images-dataset), in small letters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image

# Article types by occasion and group. Those after the bar are chosen only where none before fits.
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
# Nearly all products of these groups and types are labelled casual, and worn on any occasion whose
# table lists them.
_ADAPTABLE = ("bag", "jewellery", "watch", "belt", "sunglasses", "headwear", "tie")
_ADAPTABLE_KINDS = ("heels", "flats", "sandals", "leggings", "churidar")

# Groups in the order in which they are chosen: clothes first, because the rest follows them.
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

# Range (maximum minus minimum) of R, G and B, from which a colour is strong. Skin of models reaches
# 90, which matters for clothes; pastels begin at 60.
_STRONG_BESIDE_SKIN, _STRONG = 100, 60
# Largest fraction of strongly coloured pixels among those darker than the background (0-255).
_MOST_STRONG, _BACKGROUND = 0.15, 235

# Positions on the painters' wheel of twelve hues (Itten, The Art of Color, 1961); red is 0.
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
    """Labels of a product that outfits depend on, in lower case; many products share one value."""

    group: str
    """Part in an outfit: "top", "bottom", "dress", "shoes", "bag" and so on."""
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
    """Garment from a product's labels; None for article types and occasions not in the tables."""
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


def group_of(kind: str) -> str | None:
    """Group of a kind of product, such as "top" or "shoes"; None where no outfit has it."""
    kind = kind.strip().lower()
    return next((kinds[kind][0] for kinds in _KINDS.values() if kind in kinds), None)


def _is_worn_as(group: str, kind: str | None) -> bool:
    kind = (kind or "").strip().lower()
    return any(kinds[kind][0] == group for kinds in _KINDS.values() if kind in kinds)


def groups_beside(first: Garment) -> list[str]:
    """Groups that an outfit may add to a product, in the order in which they are chosen."""
    female = first.gender in _FEMALE_GENDERS
    dressed = first.group == "dress" or (female and first.kind in _ASKS_FOR_DRESS)
    groups = _WITH_DRESS if dressed else _FEMALE if female else _OTHERS
    return [group for group in groups if group != first.group]


def choice(item: Garment, occasion: str) -> int | None:
    """Preference for a product on an occasion: 0 first choice, 1 second choice, None unfit."""
    if item.kind not in _KINDS[occasion]:
        return None
    adaptable = item.group in _ADAPTABLE or item.kind in _ADAPTABLE_KINDS
    if item.occasion != occasion and not (adaptable and item.occasion == "casual"):
        return None
    return _KINDS[occasion][item.kind][1]


def go_together(one: Garment, other: Garment) -> bool:
    """Whether two products fit: same person, same half of the year, matching colours."""
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
    """Whether a picture agrees with the label black, white or grey: little of a strong colour.

    A label names one colour only: a shoe labelled white may be printed with flowers.

    Args:
        item: any product; labels of other colours are not checked.
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
    """Reason, a sentence, why a product's colour goes with those chosen before it."""
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
    """Relation of two colours on the wheel; None where they have none or are not on it."""
    if one.colour not in _WHEEL or other.colour not in _WHEEL:
        return None
    apart = abs(_WHEEL[one.colour] - _WHEEL[other.colour])
    apart = min(apart, _HUES - apart)
    return _OPPOSITE if apart == _HUES // 2 else _RELATIONS.get(apart)

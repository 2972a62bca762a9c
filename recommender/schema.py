"""Which column of a catalogue plays which part, whatever the columns are called.

Catalogues name the same thing differently: `articleType`, `product_type`, `category`. A column is
known by its name alone, compared without case, spaces, dashes and underscores; the first name of
a list that a catalogue has wins.
"""

from collections.abc import Iterable

ARTICLE_TYPE = "article type"
SUB_CATEGORY = "sub-category"
CATEGORY = "category"
GENDER = "gender"
COLOUR = "colour"
SEASON = "season"
USAGE = "usage"

# In the order in which people ask for them.
_NAMES = {
    ARTICLE_TYPE: ("articletype", "producttype", "producttypename", "itemtype", "type", "label"),
    SUB_CATEGORY: ("subcategory", "productgroup", "productgroupname", "subclass"),
    CATEGORY: ("mastercategory", "category", "department", "class"),
    GENDER: ("gender", "sex", "targetgender", "indexgroupname"),
    COLOUR: ("basecolour", "basecolor", "colour", "color", "colourgroupname", "colorgroupname"),
    SEASON: ("season",),
    USAGE: ("usage", "occasion"),
}


def roles(columns: Iterable[str]) -> dict[str, str]:
    """The columns whose part is known.

    Args:
        columns: names of a catalogue's attributes.

    Returns:
        Column by role, in the order of this module's constants.
    """
    plain = {_plain(column): column for column in reversed(list(columns))}
    found = {
        role: next((plain[name] for name in names if name in plain), None)
        for role, names in _NAMES.items()
    }
    return {role: column for role, column in found.items() if column is not None}


def type_column(columns: Iterable[str]) -> str | None:
    """The column that says most finely what kind of product it is; None where none says it."""
    known = roles(columns)
    types = (known[role] for role in (ARTICLE_TYPE, SUB_CATEGORY, CATEGORY) if role in known)
    return next(types, None)


def names_colours(column: str) -> bool:
    """Whether a column's values are names of colours, by the column's name."""
    return any(word in column.lower() for word in ("colour", "color"))


def _plain(column: str) -> str:
    return "".join(c for c in column.lower() if c.isalnum())

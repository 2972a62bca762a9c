"""Roles of columns: which column is what, by its name and by what it holds, and why."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from recommender import schema
from recommender.errors import DatasetError, SettingsError
from recommender.reading.prices import currency_in_name, price, without_currency
from recommender.reading.values import availability, is_address, path_levels, text, texts
from recommender.schema import plain, stands_for

Sample = Sequence[Mapping[str, Any]]
Overrides = Mapping[str, str | Sequence[str]]

NOT_READ, ATTRIBUTE = "nothing", "attribute"
"""What `--column` takes beside the roles: leave a column out; keep it as it is."""

# Roles whose columns are no attributes: they identify, describe, lead elsewhere or are pictures.
_HIDDEN = (schema.ID, schema.GROUP, schema.NAME, schema.DESCRIPTION, schema.PICTURE, schema.LINK)
# Numbers of the trade and of files, which nobody filters by.
_TRADE_NUMBERS = frozenset(
    {
        "gtin",
        "mpn",
        "ean",
        "ean13",
        "upc",
        "isbn",
        "barcode",
        "sku",
        "variantsku",
        "width",
        "height",
    }
)
# What shop systems call kinds of records in a column of types; no product is one of them.
_KINDS_OF_RECORD = frozenset(
    {"simple", "configurable", "variable", "variation", "grouped", "bundle", "virtual", "product"}
    | {"variant", "downloadable", "physical", "digital", "service", "p", "d"}
)
# A text of more words is a description; the longest names of products have some twenty.
_DESCRIBING_WORDS = 15
# A text column called `text` or `caption` whose median is shorter is a name.
_NAME_CHARACTERS = 100
# A column is what most of its values are.
_MOST = 0.5
# Rows from which on a column that holds nothing is taken for empty.
_MANY = 50
_PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif", ".bmp", ".tif", ".tiff")


@dataclass
class Assignment:
    """Which column is what."""

    pictures: list[str] = field(default_factory=list)
    """Columns with pictures, the main one first."""
    roles: dict[str, str] = field(default_factory=dict)
    """Column by role, pictures left out."""
    attributes: list[str] = field(default_factory=list)
    """Columns that become attributes."""
    reasons: dict[str, str] = field(default_factory=dict)
    """Why each column is what it is, or why it is left out."""
    forced: set[str] = field(default_factory=set)
    """Roles that a person named a column for."""

    def role_of(self, column: str) -> str | None:
        """The role of a column; None where it has none."""
        return next((role for role, name in self.roles.items() if name == column), None)

    @property
    def left_out(self) -> list[str]:
        """Columns that nothing is made of."""
        used = {*self.pictures, *self.roles.values(), *self.attributes}
        return [column for column in self.reasons if column not in used]


def assign(
    columns: Sequence[str],
    sample: Sample,
    picture_columns: Sequence[str] = (),
    overrides: Overrides | None = None,
    names_picture: Callable[[str], bool] = lambda word: False,
) -> Assignment:
    """Say which column is what.

    Args:
        columns: all of them, in order.
        sample: the first rows; columns of `picture_columns` may be missing.
        picture_columns: those that hold pictures by their type.
        overrides: column by role, as a person named them; a list for several pictures.
        names_picture: whether a text is the name of a picture that is there.

    Raises:
        SettingsError: an override names no role.
        DatasetError: an override names no column, or no column has pictures.
    """
    found = Assignment()
    _override(found, columns, overrides or {})
    _find_pictures(found, columns, sample, picture_columns, names_picture)
    rest = [c for c in columns if c not in found.reasons]
    _by_name(found, rest, sample)
    for column in [c for c in columns if c not in found.reasons]:
        _further(found, column, sample)
    found.reasons = {column: found.reasons[column] for column in columns}
    return found


def _override(found: Assignment, columns: Sequence[str], overrides: Overrides) -> None:
    known = {plain(role): role for role in (*schema.ROLES, ATTRIBUTE, NOT_READ)}
    for named, chosen in overrides.items():
        role = known.get(plain(named))
        if role is None:
            raise SettingsError(
                f"There is no role {named!r}. The roles are: {', '.join(known.values())}."
            )
        for name in [chosen] if isinstance(chosen, str) else chosen:
            column = _existing(name, columns)
            found.reasons[column] = f"{role}: named with --column"
            if role == schema.PICTURE:
                found.pictures.append(column)
            elif role == ATTRIBUTE:
                found.attributes.append(column)
            elif role != NOT_READ:
                found.roles[role] = column
                found.forced.add(role)
                if role not in _HIDDEN:
                    found.attributes.append(column)


def _existing(name: str, columns: Sequence[str]) -> str:
    if name in columns:
        return name
    alike = [column for column in columns if plain(column) == plain(name) != ""]
    if len(alike) == 1:
        return alike[0]
    raise DatasetError(
        f"The dataset has no column {name!r}. Its columns are: {', '.join(columns)}."
    )


def _find_pictures(
    found: Assignment,
    columns: Sequence[str],
    sample: Sample,
    picture_columns: Sequence[str],
    names_picture: Callable[[str], bool],
) -> None:
    if found.pictures:
        return
    free = [column for column in columns if column not in found.reasons]
    natural = [column for column in free if column in picture_columns]
    named = [c for c in free if stands_for(c, schema.PICTURE)]

    def add(chosen: Sequence[str], why: str) -> None:
        by_rank = sorted(chosen, key=lambda c: named.index(c) if c in named else len(named))
        for column in by_rank:
            found.pictures.append(column)
            found.reasons[column] = f"{schema.PICTURE}: {why}"

    named.sort(key=schema.rank_of_picture)
    if natural:
        add(natural, "it holds pictures")
        return
    addresses = [c for c in free if _holds(sample, c, is_address)]
    pages = [c for c in addresses if c not in named and not _holds(sample, c, ends_as_picture)]
    addresses = [c for c in addresses if c not in pages]
    if addresses:
        add(addresses, "its values are addresses of pictures")
        return
    files = [
        c
        for c in free
        if _holds(sample, c, names_picture)
        or (c in named and any(map(names_picture, _values(sample, c))))
    ]
    # Ids name pictures, too; a column that is called a file's says it better.
    files = [c for c in files if c in named] or files[:1]
    if files:
        add(files, "its values name pictures of the folder")
        return
    held = [c for c in named if _values(sample, c)]
    if held:
        example = _values(sample, held[0])[0]
        raise DatasetError(
            f"The column {held[0]!r} holds names such as {example[:60]!r} and no pictures, and no "
            "file of that name is there. Put the pictures into a folder with a table that names "
            "them, or name another column with --column picture=NAME."
        )
    raise DatasetError(
        f"None of the columns {', '.join(columns)} looks like a picture. "
        "Name the one that is with --column picture=NAME."
    )


def _by_name(found: Assignment, rest: Sequence[str], sample: Sample) -> None:
    wanted = [r for r in schema.ROLES if r not in found.roles and r != schema.PICTURE]
    known = schema.roles(rest, wanted)
    if schema.PRICE in wanted and schema.PRICE not in known and schema.SALE_PRICE not in known:
        for column in rest:
            if currency_in_name(column) and stands_for(without_currency(column), schema.PRICE):
                known.setdefault(schema.PRICE, column)
    for role, column in known.items():
        fits = _FITS.get(role)
        if fits is None or not _values(sample, column) or fits(sample, column):
            found.roles[role] = column
            found.reasons[column] = f"{role}: by its name"
            if role not in _HIDDEN:
                found.attributes.append(column)
    described = found.roles.get(schema.DESCRIPTION)
    if schema.NAME not in found.roles and described is not None and described in rest:
        lengths = [len(words) for words in _values(sample, described)]
        if lengths and statistics.median(lengths) <= _NAME_CHARACTERS:
            del found.roles[schema.DESCRIPTION]
            found.roles[schema.NAME] = described
            found.reasons[described] = f"{schema.NAME}: its texts are short"


def _further(found: Assignment, column: str, sample: Sample) -> None:
    """Keep a column of no role as an attribute, or say why not."""
    values = [row[column] for row in sample if column in row]
    words = _values(sample, column)
    if not values or (not words and len(values) >= _MANY):
        reason = "left out: empty in the first rows"
    elif plain(column) in _TRADE_NUMBERS:
        reason = "left out: a number nobody looks for"
    elif stands_for(column, schema.PICTURE) or _holds(sample, column, ends_as_picture):
        reason = f"left out: the pictures are in {found.pictures[0]!r}"
    elif _holds(sample, column, is_address):
        reason = "left out: addresses"
    elif any(isinstance(value, list) and _numbers(value) for value in values):
        reason = "left out: lists of numbers"
    elif any(isinstance(value, dict | bytes) for value in values):
        reason = "left out: neither texts nor numbers"
    elif words and statistics.median(len(w.split()) for w in words) > _DESCRIBING_WORDS:
        if schema.DESCRIPTION not in found.roles:
            found.roles[schema.DESCRIPTION] = column
            found.reasons[column] = f"{schema.DESCRIPTION}: its texts are long"
            return
        reason = "left out: long texts"
    else:
        found.attributes.append(column)
        reason = "attribute"
    found.reasons[column] = reason


def _values(sample: Sample, column: str) -> list[str]:
    return [words for row in sample if column in row for words in texts(row[column])]


def _holds(sample: Sample, column: str, test: Callable[[str], bool]) -> bool:
    """Whether most values of a column pass a test."""
    words = _values(sample, column)
    return bool(words) and sum(map(test, words)) > _MOST * len(words)


def ends_as_picture(words: str) -> bool:
    """Whether a text ends as a picture's file name or address does."""
    return words.partition("?")[0].lower().endswith(_PICTURE_ENDINGS)


def _numbers(values: Sequence[Any]) -> bool:
    return bool(values) and all(
        (isinstance(v, int | float) and not isinstance(v, bool))
        or (isinstance(v, list) and _numbers(v))
        for v in values
    )


def _repeats(sample: Sample, column: str) -> bool:
    words = _values(sample, column)
    return len(set(words)) < len(words)


def has_paths(sample: Sample, column: str) -> bool:
    """Whether a column holds category paths, such as `Clothing > Shirts`."""
    return any(len(path_levels(words)) > 1 for words in _values(sample, column))


# What the values of a role's column must be, besides the name.
_FITS: dict[str, Callable[[Sample, str], bool]] = {
    schema.GROUP: _repeats,
    schema.ARTICLE_TYPE: lambda s, c: not _holds(s, c, lambda w: w.lower() in _KINDS_OF_RECORD),
    schema.LINK: lambda s, c: _holds(s, c, is_address) and not _holds(s, c, ends_as_picture),
    schema.PRICE: lambda s, c: _holds(s, c, lambda words: price(words)[0] is not None),
    schema.SALE_PRICE: lambda s, c: _holds(s, c, lambda words: price(words)[0] is not None),
    schema.AVAILABILITY: lambda s, c: _holds(s, c, lambda words: availability(words) is not None),
    schema.ID: lambda s, c: not any(isinstance(row.get(c), list | dict) for row in s),
    schema.NAME: lambda s, c: any(text(row.get(c)) for row in s),
}

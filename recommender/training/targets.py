"""Training targets: the columns of a catalogue that a head learns, and each product's classes."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from recommender.schema import (
    CATEGORY,
    GENDER,
    SEASON,
    names_colours,
    roles,
    type_column,
)

Columns = Mapping[str, Sequence[str | None]]
"""A catalogue's columns, n values each, by name."""

# Least items per common value of a learned column, on average, and least fraction of its items that
# have a common value: a column below is more like a name. With the rare values counted, too, the 63
# article types of 1,493 products (500 more held out) were not learned, and precision at 5 of the
# type was .612 in place of .749 (without synthetic pictures; the classic recipe has .669).
MIN_ITEMS_PER_VALUE, MIN_COMMON = 20, 0.8
# Least items of a learned value: a value below is probably a typing error.
MIN_ITEMS_OF_A_VALUE = 4
# Least labelled items of a learned column: fewer do not generalise.
MIN_LABELLED_ITEMS = 200
# Values that mean unknown, in lower case. Pandas reads some of them as missing.
UNKNOWN = ("", "na", "n/a", "nan", "none", "null", "unknown")

# Products below which networks have fewer units: they would learn so few by heart.
SMALL_CATALOGUE = 1_000

# Lengths of the label prior beside an item's vector of length one. On products held out of the
# catalogue, precision at 5 of article type, gender, colour and all three together is .832, .892,
# .556 and .425 without a prior, and .867, .904, .672 and .543 with it. Half the lengths lose 3
# points of colour; twice the lengths gain less than 1 point, and labels outweigh pictures.
TYPE_WEIGHT, GENDER_WEIGHT, COLOUR_WEIGHT = 1.0, 0.5, 1.0


def learnable(labels: Columns) -> dict[str, np.ndarray]:
    """Learnable columns: (n,) int codes of the values, -1 where unknown or rare.

    A learnable column holds categories, not names, numbers or years: at least two values are
    common, which is to have `MIN_ITEMS_OF_A_VALUE` items. `MIN_COMMON` of the items have a common
    value, `MIN_ITEMS_PER_VALUE` each on average and `MIN_LABELLED_ITEMS` in all, and the common
    values are not all numbers. Rare values do not count: the article types of a small catalogue
    have a long tail.
    """
    taken = {}
    for name, column in labels.items():
        values = _known(column)
        counts = Counter(v for v in values if v is not None)
        common = common_values(column)
        covered = sum(counts[value] for value in common)
        if (
            len(common) >= 2
            and covered >= max(MIN_LABELLED_ITEMS, MIN_ITEMS_PER_VALUE * len(common))
            and covered >= MIN_COMMON * sum(counts.values())
            and not all(v.replace(".", "", 1).isdigit() for v in common)
        ):
            codes = {v: code for code, v in enumerate(common)}
            taken[name] = np.array([codes.get(v, -1) if v else -1 for v in values])
    return taken


def common_values(column: Sequence[str | None]) -> list[str]:
    """Values with at least `MIN_ITEMS_OF_A_VALUE` items, in the order of their codes."""
    counts = Counter(value for value in _known(column) if value is not None)
    return sorted(value for value, count in counts.items() if count >= MIN_ITEMS_OF_A_VALUE)


def style_targets(labels: Columns) -> dict[str, np.ndarray]:
    """Targets of the style network: `learnable` columns without colour, season and category.

    Colours have their own part of the vector. The season is that of the shop's campaign more than
    of the garment, and the category follows from the article type: both together cost 1.5 points of
    precision at 5 on photographs. A category is kept where it is the finest type column.

    Returns:
        (n,) int codes by column.
    """
    targets = learnable(labels)
    known = roles(targets)
    left_out = {known.get(SEASON)} | ({known.get(CATEGORY)} - {type_column(targets)})
    return {
        column: codes
        for column, codes in targets.items()
        if column not in left_out and not names_colours(column)
    }


def type_by_gender(labels: Columns, columns: Iterable[str]) -> list[np.ndarray]:
    """Joint target of article type and gender, (n,) int codes; empty unless there are both columns.

    Women's shirts differ from men's in other ways than women's shoes from men's: precision at 5 of
    the article type rose by .9 points with this target, and of the gender by 1.0.
    """
    columns = list(columns)
    article_type, gender = type_column(columns), roles(columns).get(GENDER)
    if article_type is None or gender is None:
        return []
    pairs = zip(_known(labels[article_type]), _known(labels[gender]), strict=True)
    both = [f"{one}, {other}" if one and other else None for one, other in pairs]
    return list(learnable({article_type: both}).values())


def colour_target(labels: Columns) -> dict[str, np.ndarray]:
    """Target of the colour network: codes of the first `learnable` column of colours, if any."""
    targets = learnable(labels)
    return {column: targets[column] for column in [*filter(names_colours, targets)][:1]}


def prior_weights(columns: Iterable[str]) -> dict[str, float]:
    """Lengths of the label prior by column: finest article type, gender, and colours."""
    columns = list(columns)
    weights = {type_column(columns): TYPE_WEIGHT, roles(columns).get(GENDER): GENDER_WEIGHT}
    weights |= {column: COLOUR_WEIGHT for column in columns if names_colours(column)}
    return {column: weight for column, weight in weights.items() if column is not None}


def _known(column: Sequence[str | None]) -> list[str | None]:
    return [None if v is None or v.strip().lower() in UNKNOWN else v.strip() for v in column]

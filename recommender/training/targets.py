"""Training targets: which columns of a catalogue a head learns, and the class of each product."""

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

# A column is learned when its values have this many items on average, and a value when it has this
# many: a column below is more like a name, and a value below like a slip.
MIN_ITEMS_PER_VALUE = 20
MIN_ITEMS_OF_A_VALUE = 4
# With fewer labelled items than this there is nothing to learn that would hold for others.
MIN_LABELLED_ITEMS = 200
# What shops write when they do not know; pandas reads some of them as missing.
UNKNOWN = ("", "na", "n/a", "nan", "none", "null", "unknown")

# Length of the label prior of each attribute beside an item's vector of length one. On products
# held out of the catalogue (their own labels unknown) precision at 5 of article type, gender,
# colour and all three is .832, .892, .556 and .425 without, .867, .904, .672 and .543 with it;
# halves of these lose 3 points of colour, twice as much wins less than 1 and hides the pictures.
TYPE_WEIGHT, GENDER_WEIGHT, COLOUR_WEIGHT = 1.0, 0.5, 1.0


def learnable(labels: Columns) -> dict[str, np.ndarray]:
    """The columns worth learning: (n,) int codes of the values, -1 where unknown or rare.

    A column is one of categories, not of names, numbers or years: at least two of its values have
    `MIN_ITEMS_OF_A_VALUE` items, its values have `MIN_ITEMS_PER_VALUE` items on average, at least
    `MIN_LABELLED_ITEMS` items have one, and not all of them are numbers.
    """
    taken = {}
    for name, column in labels.items():
        values = _known(column)
        counts = Counter(v for v in values if v is not None)
        known = sum(counts.values())
        common = common_values(column)
        if (
            len(common) >= 2
            and known >= max(MIN_LABELLED_ITEMS, MIN_ITEMS_PER_VALUE * len(counts))
            and not all(v.replace(".", "", 1).isdigit() for v in common)
        ):
            codes = {v: code for code, v in enumerate(common)}
            taken[name] = np.array([codes.get(v, -1) if v else -1 for v in values])
    return taken


def common_values(column: Sequence[str | None]) -> list[str]:
    """The values of a column that `MIN_ITEMS_OF_A_VALUE` items have, in order of their codes."""
    counts = Counter(value for value in _known(column) if value is not None)
    return sorted(value for value, count in counts.items() if count >= MIN_ITEMS_OF_A_VALUE)


def style_targets(labels: Columns) -> dict[str, np.ndarray]:
    """What style learns of the columns that are `learnable`: (n,) int codes by column.

    Not colours, which have a part of their own; nor the season, which is that of the shop's
    campaign more than of the garment; nor coarser types, which follow from the finest. The latter
    two cost 1.5 points of precision at 5 on photographs.
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
    """One more target, an article type and a gender at once, where the columns have both.

    A woman's shirt differs from a man's in other ways than their shoes do: with it precision at 5
    of the article type rose by .9 points and of gender by 1.0.
    """
    columns = list(columns)
    article_type, gender = type_column(columns), roles(columns).get(GENDER)
    if article_type is None or gender is None:
        return []
    pairs = zip(_known(labels[article_type]), _known(labels[gender]), strict=True)
    both = [f"{one}, {other}" if one and other else None for one, other in pairs]
    return list(learnable({article_type: both}).values())


def colour_target(labels: Columns) -> dict[str, np.ndarray]:
    """The first `learnable` column of colours, with its codes; empty where there is none."""
    targets = learnable(labels)
    return {column: targets[column] for column in [*filter(names_colours, targets)][:1]}


def prior_weights(columns: Iterable[str]) -> dict[str, float]:
    """Lengths of the label prior: of the finest article type, gender and colour, by column."""
    columns = list(columns)
    weights = {type_column(columns): TYPE_WEIGHT, roles(columns).get(GENDER): GENDER_WEIGHT}
    weights |= {column: COLOUR_WEIGHT for column in columns if names_colours(column)}
    return {column: weight for column, weight in weights.items() if column is not None}


def _known(column: Sequence[str | None]) -> list[str | None]:
    return [None if v is None or v.strip().lower() in UNKNOWN else v.strip() for v in column]

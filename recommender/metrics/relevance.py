"""Measured labels: the columns of a catalogue by which neighbours count as right."""

from collections.abc import Hashable, Mapping, Sequence

from recommender.index.filters import MAX_FILTER_VALUES
from recommender.metrics.precision import joint
from recommender.schema import ARTICLE_TYPE, COLOUR, GENDER, roles

# Joint labels, known where all of their members are.
TOGETHER = (
    ("article type and gender", (ARTICLE_TYPE, GENDER)),
    ("article type, gender and colour", (ARTICLE_TYPE, GENDER, COLOUR)),
)

Labels = dict[str, Sequence[Hashable | None]]


def measured_labels(attributes: Mapping[str, Sequence[str | None]]) -> Labels:
    """Measured labels of n products: schema roles, joint labels, then other columns.

    Columns with a schema role are named by it ("article type" for "articleType"), the others by
    their own name. A column of more than `MAX_FILTER_VALUES` values, as a description, is left out.

    Args:
        attributes: columns of n values.

    Returns:
        Columns of n values by label; None where the value is unknown.
    """
    by_role = roles(attributes)
    labels: Labels = {role: attributes[column] for role, column in by_role.items()}
    for name, members in TOGETHER:
        if all(member in labels for member in members):
            labels[name] = joint([labels[member] for member in members])
    for column, values in attributes.items():
        different = len(set(values) - {None})
        if column not in by_role.values() and 2 <= different <= MAX_FILTER_VALUES:
            labels[column] = values
    return labels

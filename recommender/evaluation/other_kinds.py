"""Evaluation of the notice that the first result is of another category than the picture shows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from recommender.answers.kinds import ProductKinds
from recommender.evaluation.consumer_photos import Photographs
from recommender.metrics.held_out import HeldOut


@dataclass(frozen=True)
class OtherKinds:
    """Fractions of queries whose first result is of another category, and of those told so."""

    queries: int
    other: float
    """Fraction whose first result is of another category than the query."""
    said: float
    """Fraction of those that the notice is shown for; 0 where there are none."""
    false_alarms: float
    """Fraction of the others that the notice is shown for."""


def other_kinds_json(results: Mapping[str, OtherKinds]) -> dict[str, Any]:
    """Results by source as JSON values."""
    return {source: asdict(result) for source, result in results.items()}


def measure_other_kinds(
    held_out: HeldOut,
    kinds: ProductKinds,
    labels: Mapping[str, Sequence[str | None]],
    neighbours: np.ndarray,
    photographed: Photographs | None,
    right: Mapping[str, np.ndarray],
) -> dict[str, OtherKinds]:
    """First results of another category, by source; empty for a catalogue without categories.

    Args:
        held_out: the catalogue.
        kinds: categories of its index.
        labels: columns of its n products.
        neighbours: (q, depth) int64, of the held-out products.
        photographed: photographs and their neighbours, if any.
        right: (index,) bool, right items of the index, by label of the photographs. A label's
            category is that of most of its right items.
    """
    column = kinds.category_column
    if column is None:
        return {}
    types = held_out.head.type_probabilities(held_out.learned[0][:, : held_out.parts.style])
    wanted = [labels[column][row] for row in held_out.split.queries]
    results = {"held-out products": _measured(kinds, types, wanted, neighbours[:, 0])}
    if photographed is not None:
        of_label = {
            label: Counter(kinds.categories[int(row)] for row in np.flatnonzero(mask))
            for label, mask in right.items()
        }
        results["photographs"] = _measured(
            kinds,
            photographed.types,
            [of_label[label].most_common(1)[0][0] for label in photographed.own_labels],
            photographed.neighbours[:, 0],
        )
    return results


def _measured(
    kinds: ProductKinds, types: np.ndarray, wanted: Sequence[str | None], first: np.ndarray
) -> OtherKinds:
    """Result of queries by their types' probabilities, true categories and first results."""
    known = [row for row, category in enumerate(wanted) if category and first[row] >= 0]
    nearest = [int(first[row]) for row in known]
    other = np.array(
        [kinds.categories[at] != wanted[row] for row, at in zip(known, nearest, strict=True)], bool
    )
    said = np.array(
        [
            kinds.is_improbable(kinds.probabilities(types[row]), at)
            for row, at in zip(known, nearest, strict=True)
        ],
        bool,
    )
    return OtherKinds(
        len(known),
        _fraction(other),
        _fraction(said[other]),
        _fraction(said[~other]),
    )


def _fraction(rows: np.ndarray) -> float:
    return float(rows.mean()) if len(rows) else 0.0

"""Variants in answers: one result for the variants of a product, and what they differ in."""

from collections.abc import Iterable

import numpy as np

from recommender.index.catalogue import Catalogue
from recommender.schema import COLOUR, LABEL_ROLES, MATERIAL, PATTERN, SIZE, roles

# Attributes in which variants differ, and values of each, that a result lists: what fits a card.
MOST_ATTRIBUTES, MOST_VALUES = 4, 12
# Variants that are looked at: a group of more is not one product's sizes and colours.
MOST_VARIANTS = 60

# Shops make variants of these first of all.
_FIRST = (COLOUR, SIZE, MATERIAL, PATTERN)
_TOLD = (*_FIRST, *(role for role in LABEL_ROLES if role not in _FIRST))


def collapse(
    catalogue: Catalogue, positions: Iterable[int], k: int, left_out: Iterable[int] = ()
) -> list[int]:
    """Ranks of the first k results that are no copy and no variant of an earlier one.

    Args:
        catalogue: of the results.
        positions: of the results, best first.
        k: number of results to keep.
        left_out: ranks that are not kept, and neither are their copies and variants.

    Returns:
        Ranks from 0, ascending.
    """
    ranked = np.fromiter(positions, np.int64)
    originals = catalogue.original[ranked].tolist()
    groups = catalogue.variants.groups_of(ranked).tolist()
    dropped = set(left_out)
    seen = {originals[rank] for rank in dropped}
    seen_groups = {groups[rank] for rank in dropped} - {-1}  # products without a group
    kept: list[int] = []
    # A loop over lists of numbers: a page of results takes microseconds, and a catalogue whose
    # products are all of one group, a fraction of a second.
    for rank, (original, group) in enumerate(zip(originals, groups, strict=True)):
        if original in seen or group in seen_groups:
            continue
        kept.append(rank)
        if len(kept) == k:
            break
        seen.add(original)
        if group >= 0:
            seen_groups.add(group)
    return kept


def differing(catalogue: Catalogue, variants: np.ndarray) -> dict[str, list[str]]:
    """Values that variants differ in, by attribute: colour and size first, in catalogue order.

    Args:
        catalogue: of the variants.
        variants: (m,) positions.

    Returns:
        At most `MOST_ATTRIBUTES` attributes with at most `MOST_VALUES` values each; empty where
        they are the same in all attributes that a person chooses by.
    """
    if len(variants) < 2:
        return {}
    values: dict[str, dict[str, None]] = {name: {} for name in _told(catalogue)}
    seen: dict[str, set[tuple[str, ...]]] = {name: set() for name in values}
    for position in variants[:MOST_VARIANTS].tolist():
        attributes, several = catalogue.attributes_of(position), catalogue.several_of(position)
        for name, column in values.items():
            own = several.get(name) or [attributes[name]] if name in attributes else []
            column |= dict.fromkeys(own)
            seen[name].add(tuple(own))
    told = [name for name, sets in seen.items() if len(sets) > 1 and len(values[name]) > 1]
    return {name: list(values[name])[:MOST_VALUES] for name in told[:MOST_ATTRIBUTES]}


def _told(catalogue: Catalogue) -> list[str]:
    """Attributes that a person chooses by: those of known roles, then the other filters."""
    known = list(roles(catalogue.attributes, _TOLD).values())
    return known + [name for name in catalogue.filters if name not in known]

"""Complete the look: products of other kinds that go with one of the catalogue.

The rule, as the page can state it: everything is for the same person and the same occasion, and
clothes are for the same half of the year. Neutral colours and blue denim go with everything; two
other colours go together when they are shades of one, neighbours or opposites on the painters'
colour wheel, and this holds for any two things of a look. Trousers never repeat the colour of the
top; a belt has the colour of the shoes. Of what remains, the product nearest in style is taken,
unless its picture belies its colour.

The rule itself and its tables are in `recommender.answers.outfit_rules`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from recommender.answers.outfit_rules import (
    Garment,
    choice,
    garment,
    go_together,
    groups_beside,
    looks_as_labelled,
    reason,
)
from recommender.answers.recommender import Recommender
from recommender.embedding.vectors import normalised
from recommender.schema import ARTICLE_TYPE, COLOUR, GENDER, SEASON, USAGE, roles, type_column

# What a look is chosen by. A catalogue without seasons has looks all the same.
_PARTS = (GENDER, ARTICLE_TYPE, COLOUR, USAGE, SEASON)
_OPTIONAL = SEASON

# An outfit, not a shop.
MOST_ITEMS = 5

# Thumbnails opened for a place in the look: each costs milliseconds, and one in a few is at fault.
_LOOKED_AT = 12


@dataclass(frozen=True)
class LookItem:
    """One product of a look."""

    group: str
    """What it is in the look: "top", "bottom", "dress", "shoes", "bag" and so on."""
    id: str
    name: str
    reason: str
    """Why its colour goes with the look, a sentence."""
    attributes: dict[str, str]


@dataclass(frozen=True)
class Look:
    """What goes with a product."""

    items: list[LookItem]
    notice: str | None = None
    """Why there is no look, a sentence, where there is none."""


class Wardrobe:
    """The products of a catalogue, sorted by what they are in a look. Safe to share by threads.

    Args:
        recommender: over an opened index; its vectors say whose styles are near.
    """

    def __init__(self, recommender: Recommender) -> None:
        self._recommender = recommender
        self._catalogue = recommender.catalogue
        columns = columns_of(self._catalogue.attributes)
        self.missing = [part for part in _PARTS if part not in columns and part != _OPTIONAL]
        """What the catalogue would have to say for looks to be had; empty where it says it all."""
        self._garments: dict[int, Garment] = {}
        self._positions: dict[Garment, list[int]] = defaultdict(list)
        if not self.missing:
            self._sort(columns)

    def complete_look(self, item_id: str) -> Look:
        """Products of other kinds that go with one of the catalogue, at most one of each group.

        Raises:
            UnknownItemError: there is no such product.
        """
        position = self._catalogue.position(item_id)
        if self.missing:
            parts = ", ".join(self.missing)
            return Look([], f"No looks here: the catalogue lacks a column for {parts}.")
        first = self._garments.get(position)
        if first is None:
            return Look([], "No look: this kind of product is not worn with others.")
        style = self._recommender.embedding_of(position).style
        chosen = [first]
        items: list[LookItem] = []
        for group in groups_beside(first):
            if len(items) == MOST_ITEMS:
                break
            best = self._best(group, chosen, style)
            if best is not None:
                item = self._garments[best]
                items.append(self._item(best, reason(item, chosen)))
                chosen.append(item)
        return Look(items, None if items else "Nothing in the catalogue goes with this product.")

    def _sort(self, columns: dict[str, str]) -> None:
        """Find the products whose kind has a place in a look."""
        nothing: list[str | None] = [None] * len(self._catalogue)
        labels = [
            self._catalogue.labels(columns[part]) if part in columns else nothing for part in _PARTS
        ]
        for position, values in enumerate(zip(*labels, strict=True)):
            item = garment(*(value or "" for value in values))
            if item is not None:
                self._garments[position] = item
                if self._catalogue.original[position] == position:
                    self._positions[item].append(position)

    def _best(self, group: str, chosen: list[Garment], style: np.ndarray) -> int | None:
        """Of a group, what goes with all chosen so far and is nearest in style: its position."""
        fitting: tuple[list[int], list[int]] = ([], [])
        for item, positions in self._positions.items():
            if item.group != group:
                continue
            tier = choice(item, chosen[0].occasion)
            if tier is not None and all(go_together(item, other) for other in chosen):
                fitting[tier].extend(positions)
        for positions in fitting:
            for position in self._nearest(positions, style):
                picture = self._catalogue.thumbnail(position)
                if looks_as_labelled(self._garments[position], picture):
                    return position
        return None

    def _nearest(self, positions: list[int], style: np.ndarray) -> list[int]:
        """The first few of some products, nearest first; of equals, the catalogue's first."""
        if not positions:
            return []
        rows = np.sort(positions)
        styles = self._recommender.index.search.vectors(rows)[:, : len(style)]
        # Seen from another kind of product, all these lie on one side, and the same few would
        # always be nearest: what counts is the direction in which they differ from each other.
        differences = normalised(styles - styles.mean(axis=0))
        similarities = differences @ style
        return rows[np.argsort(-similarities, kind="stable")[:_LOOKED_AT]].tolist()

    def _item(self, position: int, why: str) -> LookItem:
        return LookItem(
            self._garments[position].group,
            self._catalogue.ids[position],
            self._catalogue.name(position),
            why,
            self._catalogue.attributes_of(position),
        )


def columns_of(attributes: Iterable[str]) -> dict[str, str]:
    """Attribute of a catalogue by what a look is chosen by, as far as the catalogue has it.

    Returns:
        Attribute by gender, article type (the finest type that there is), colour, usage, season.
    """
    attributes = list(attributes)
    found = roles(attributes, _PARTS)
    if (finest := type_column(attributes)) is not None:
        found[ARTICLE_TYPE] = finest
    return found

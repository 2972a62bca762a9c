"""Outfits: for a product of the catalogue, products of other article types that go with it.

All products of an outfit are for the same person and occasion, and its clothes for the same half
of the year. Neutral colours and blue denim go with everything. Any two other colours of an outfit
are shades of one colour, or neighbours or opposites on the painters' colour wheel. Trousers never
repeat the colour of the top; a belt has the colour of the shoes. The products that fit are tried
from the nearest in style on, until the picture of one agrees with the colour in its label.

Rules and tables: `recommender.answers.outfit_rules`.
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

# Schema roles that an outfit is chosen by. A catalogue without seasons has outfits all the same.
_PARTS = (GENDER, ARTICLE_TYPE, COLOUR, USAGE, SEASON)
_OPTIONAL = SEASON

# Products beside the first: what fits one row of the page.
MOST_ITEMS = 5

# Thumbnails checked for one group: each takes milliseconds, and one in a few contradicts its label.
_CHECKED = 12


@dataclass(frozen=True)
class OutfitItem:
    """One product of an outfit."""

    group: str
    """Its part in the outfit: "top", "bottom", "dress", "shoes", "bag" and so on."""
    id: str
    name: str
    reason: str
    """Why its colour goes with the outfit, a sentence."""
    attributes: dict[str, str]


@dataclass(frozen=True)
class Outfit:
    """Products that go with one product."""

    items: list[OutfitItem]
    notice: str | None = None
    """Why `items` is empty, a sentence; None where it is not."""


class Wardrobe:
    """Outfits from a catalogue, whose products are grouped once. Safe to share between threads.

    Args:
        recommender: has the catalogue, and the vectors that styles are compared by.
    """

    def __init__(self, recommender: Recommender) -> None:
        self._recommender = recommender
        self._catalogue = recommender.catalogue
        columns = columns_of(self._catalogue.attributes)
        self.missing = [part for part in _PARTS if part not in columns and part != _OPTIONAL]
        """Roles that outfits need and the catalogue has no column for; empty where it has all."""
        self._garments: dict[int, Garment] = {}
        self._positions: dict[Garment, list[int]] = defaultdict(list)
        if not self.missing:
            self._sort(columns)

    def outfit_for(self, item_id: str) -> Outfit:
        """Outfit around a product: at most `MOST_ITEMS` others, one of each group.

        Raises:
            UnknownItemError: there is no such product.
        """
        position = self._catalogue.position(item_id)
        if self.missing:
            parts = ", ".join(self.missing)
            return Outfit([], f"No outfits here: the catalogue lacks a column for {parts}.")
        first = self._garments.get(position)
        if first is None:
            return Outfit([], "No outfit: this kind of product is not worn with others.")
        style = self._recommender.embedding_of(position).style
        chosen = [first]
        items: list[OutfitItem] = []
        for group in groups_beside(first):
            if len(items) == MOST_ITEMS:
                break
            best = self._best(group, chosen, style)
            if best is not None:
                item = self._garments[best]
                items.append(self._item(best, reason(item, chosen)))
                chosen.append(item)
        return Outfit(items, None if items else "Nothing in the catalogue goes with this product.")

    def _sort(self, columns: dict[str, str]) -> None:
        """Group the products whose article type is part of any outfit."""
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
        """Position of a group's product that goes with all chosen and is nearest in style."""
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
        """The `_CHECKED` nearest of some positions; equals stay in the catalogue's order."""
        if not positions:
            return []
        rows = np.sort(positions)
        styles = self._recommender.index.search.vectors(rows)[:, : len(style)]
        # Products of one article type share a direction, so that the same few would be nearest to
        # any product of another type. Without their mean, their differences decide.
        differences = normalised(styles - styles.mean(axis=0))
        similarities = differences @ style
        return rows[np.argsort(-similarities, kind="stable")[:_CHECKED]].tolist()

    def _item(self, position: int, why: str) -> OutfitItem:
        return OutfitItem(
            self._garments[position].group,
            self._catalogue.ids[position],
            self._catalogue.name(position),
            why,
            self._catalogue.attributes_of(position),
        )


def columns_of(attributes: Iterable[str]) -> dict[str, str]:
    """Columns that outfits are chosen by: those of the roles that a catalogue has.

    Returns:
        Column by role: gender, article type (the finest type column), colour, usage, season.
    """
    attributes = list(attributes)
    found = roles(attributes, _PARTS)
    if (finest := type_column(attributes)) is not None:
        found[ARTICLE_TYPE] = finest
    return found

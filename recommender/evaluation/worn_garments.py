"""Evaluation of regions on people: garments marked on pictures of dressed people.

A shop's picture of trousers on a person shows a top and shoes as well, which have no labels. A mark
is right where what is found by it is worn in the same place: five tops by the mark on the top.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from PIL import Image

from recommender.answers.outfit_rules import group_of
from recommender.answers.regions import GROUP_NAMES, Region

# Garments of these groups are shown on people.
WORN_GROUPS = ("top", "bottom", "dress")
# Held-out products whose pictures are looked at, at most.
MOST_PICTURES = 1_000


@dataclass(frozen=True)
class WornGarments:
    """Marks of one group of garments on pictures of dressed people."""

    marks: int
    right_place: float
    """Mean fraction of the nearest products that are of the mark's group."""

    def to_json(self) -> dict[str, Any]:
        """Fields as JSON values."""
        return asdict(self)


def worn_products(types: Sequence[str], rows: Iterable[int]) -> list[int]:
    """The first `MOST_PICTURES` of the products at these positions that people wear.

    Args:
        types: article types of all products.
        rows: positions.
    """
    return [int(row) for row in rows if group_of(types[row]) in WORN_GROUPS][:MOST_PICTURES]


def judge_worn_garments(
    pictures: Iterable[Image.Image],
    regions: Callable[[Image.Image], Sequence[Region]],
    nearest_types: Callable[[Image.Image], Sequence[str]],
) -> dict[str, WornGarments]:
    """Marks on pictures of dressed people, by the name of the group.

    Args:
        pictures: RGB, of products that people wear.
        regions: finds the garments of a picture.
        nearest_types: article types of the nearest products of a mark's picture.
    """
    names = {name: group for group, name in GROUP_NAMES.items()}
    fractions: dict[str, list[float]] = defaultdict(list)
    for picture in pictures:
        for region in regions(picture):
            group = names.get(region.name)
            if group is None:
                continue
            found = [group_of(value) == group for value in nearest_types(region.cropped(picture))]
            fractions[region.name].append(float(np.mean(found)))
    return {
        name: WornGarments(len(own), float(np.mean(own))) for name, own in sorted(fractions.items())
    }

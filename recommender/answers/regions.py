"""Regions: the garments of a picture that shows several, each with a box and a name.

Candidates (`recommender.pictures.region_candidates`) are judged by the head's own probabilities of
the article types, a few in a call of the network. Article types of one place on a person, such as
shirts and jackets, count together. A picture of one garment has no regions.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PIL import Image

from recommender.answers.outfit_rules import group_of
from recommender.embedding.head import Head
from recommender.errors import SettingsError
from recommender.features.extractor import FeatureExtractor
from recommender.pictures.foreground_mask import Box
from recommender.pictures.region_candidates import Candidate, candidates

# Least probability of a group for a candidate to be a region.
LEAST_CONFIDENCE = 0.5
# Width around a region's box, as a fraction of its sides, that is searched with it.
MARGIN = 0.06
# What the groups are called on the page.
GROUP_NAMES = {
    "top": "Top",
    "bottom": "Trousers or skirt",
    "dress": "Dress",
    "shoes": "Shoes",
    "bag": "Bag",
    "jewellery": "Jewellery",
    "watch": "Watch",
    "belt": "Belt",
    "sunglasses": "Sunglasses",
    "scarf": "Scarf",
    "headwear": "Hat",
    "tie": "Tie",
}
# Which groups may be where on a person.
_WORN = {"upper": {"top", "dress"}, "lower": {"bottom"}, "feet": {"shoes"}}


@dataclass(frozen=True)
class Region:
    """Part of a picture that shows one garment."""

    box: Box
    """Left, top, right and bottom, 0-1."""
    name: str
    """Group, such as "Shoes", or article type."""
    confidence: float
    """Probability of the name, 0-1."""

    def to_json(self, number: int) -> dict[str, Any]:
        """Fields as JSON types, with the region's number."""
        return {
            "region": number,
            "box": [round(side, 4) for side in self.box],
            "name": self.name,
            "confidence": round(self.confidence, 4),
        }

    def cropped(self, picture: Image.Image) -> Image.Image:
        """The region of a picture with a margin."""
        left, top, right, bottom = self.box
        across, down = MARGIN * (right - left), MARGIN * (bottom - top)
        width, height = picture.size
        return picture.crop(
            (
                int(max(0, left - across) * width),
                int(max(0, top - down) * height),
                round(min(1, right + across) * width),
                round(min(1, bottom + down) * height),
            )
        )


def find_regions(picture: Image.Image, extractor: FeatureExtractor, head: Head) -> list[Region]:
    """Regions of a picture, the largest first; empty where it shows one garment, or none.

    Args:
        picture: RGB, any size.
        extractor: of an index.
        head: of that index; a head that knows no article types finds no regions.
    """
    names = head.article_types
    if not names:
        return []
    found = candidates(picture, extractor.segmenter)
    if len(found) < 2:
        return []
    crops = [Region(c.box, "", 0).cropped(picture) for c in found]
    features = extractor.maps(crops)
    probabilities = head.type_probabilities(head.style(features.max_pooled, features.avg_pooled))
    return choose(found, probabilities, names)


def choose_region(picture: Image.Image, found: Sequence[Region], number: Any) -> Image.Image:
    """Part of a picture that a region's number means, with a margin.

    Args:
        picture: RGB.
        found: the picture's regions.
        number: of a caller, from 1.

    Raises:
        SettingsError: there is no such region.
    """
    if isinstance(number, bool) or number not in range(1, len(found) + 1):
        known = f"has the regions 1 to {len(found)}" if found else "has no regions"
        raise SettingsError(
            f"The picture {known}; got {str(number)[:80]}. Leave region out to search with the "
            "whole picture."
        )
    return found[number - 1].cropped(picture)


def choose(
    found: Sequence[Candidate], probabilities: np.ndarray, names: Sequence[str]
) -> list[Region]:
    """Regions among judged candidates.

    Parts of the foreground are regions of their own; parts of one group, such as two shoes, are one
    region. Places on a person count where no two parts do.

    Args:
        found: candidates, the whole foreground first.
        probabilities: (n, types) float32 of the candidates.
        names: of the types.
    """
    groups = [group_of(name) or name for name in names]
    kinds = sorted(set(groups))
    members = np.array([[group == kind for group in groups] for kind in kinds], np.float32)
    by_group = probabilities @ members.T
    best = by_group.argmax(axis=1)
    confidence = by_group.max(axis=1)

    parts = [i for i, c in enumerate(found) if c.place == "part" and _sure(confidence[i])]
    regions: dict[str, Region] = {}
    for i in parts:
        kind = kinds[best[i]]
        region = Region(found[i].box, GROUP_NAMES.get(kind, kind), float(confidence[i]))
        regions[kind] = _joined(regions[kind], region) if kind in regions else region
    if len(regions) < 2:
        for i, candidate in enumerate(found):
            allowed = _WORN.get(candidate.place, set())
            kind = kinds[best[i]]
            if kind in allowed and _sure(confidence[i]) and kind not in regions:
                name = GROUP_NAMES.get(kind, kind)
                regions[kind] = Region(candidate.box, name, float(confidence[i]))
        regions = _meeting(regions)
    if len(regions) < 2:
        return []
    return sorted(regions.values(), key=lambda region: -_area(region.box))


def _meeting(regions: dict[str, Region]) -> dict[str, Region]:
    """Regions on a person, the upper garment as long as down to where the lower one begins."""
    if "top" in regions and "bottom" in regions:
        left, top, right, bottom = regions["top"].box
        box = left, top, right, max(bottom, regions["bottom"].box[1])
        regions = {**regions, "top": replace(regions["top"], box=box)}
    return regions


def _sure(confidence: float) -> bool:
    return confidence >= LEAST_CONFIDENCE


def _joined(one: Region, other: Region) -> Region:
    """One region of two of the same name."""
    boxes = np.array([one.box, other.box])
    left, top = boxes[:, :2].min(axis=0)
    right, bottom = boxes[:, 2:].max(axis=0)
    box = float(left), float(top), float(right), float(bottom)
    return Region(box, one.name, max(one.confidence, other.confidence))


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])

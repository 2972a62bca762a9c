"""Evaluation of regions: collages of held-out products with known boxes, and single garments.

A collage is two to four products of different groups, cut out of their studio shots and laid on a
drawn or plain ground without touching. Single products on the same grounds must not be split.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import cv2
import numpy as np
from PIL import Image

from recommender.answers.outfit_rules import group_of
from recommender.answers.regions import GROUP_NAMES, Region, find_regions
from recommender.building.thumbnails import Thumbnails
from recommender.embedding.head import Head
from recommender.evaluation.feature_cache import FeatureCache
from recommender.evaluation.worn_garments import (
    WornGarments,
    judge_worn_garments,
    worn_products,
)
from recommender.features.extractor import QUERY_BATCH, FeatureExtractor
from recommender.metrics.splits import nearest
from recommender.pictures.foreground_mask import Box
from recommender.pictures.studio_shots import unlike_border
from recommender.schema import type_column
from recommender.training.synthetic_photos import backdrop

# Collages, and single garments, that are drawn.
PICTURES = 100
# Width and height of a collage, pixels.
SIZE = (480, 640)
# Fraction of the collages on a plain ground.
PLAIN_FRACTION = 0.5
# Range of a product's size, as a fraction of its cell.
_FILLS = (0.7, 0.9)
# Least intersection over union of a region and the garment that it finds.
LEAST_OVERLAP = 0.5
# Neighbours that are judged.
DEPTH = 5


@dataclass(frozen=True)
class Collage:
    """Picture of several products, with what is where."""

    picture: Image.Image
    boxes: list[Box]
    products: list[int]
    """Positions in the catalogue."""


@dataclass(frozen=True)
class RegionResult:
    """Fractions of garments and pictures."""

    garments: int
    """Garments on all collages."""
    found: float
    """Fraction of the garments that a region finds."""
    named: float
    """Fraction of the found garments whose region has their group's name."""
    right_kind: float
    """Mean fraction of the five nearest products with the garment's article type, by region."""
    right_kind_alone: float
    """The same for the same garments alone, in their own pictures."""
    single_split: float
    """Fraction of single garments that are split."""
    worn: dict[str, WornGarments] = field(default_factory=dict)
    """Marks on pictures of dressed people, by name."""

    def to_json(self) -> dict[str, Any]:
        """Fields as JSON values."""
        return asdict(self)


def measure_regions(
    cache: FeatureCache,
    queries: np.ndarray,
    index: np.ndarray,
    items: np.ndarray,
    head: Head,
    seed: int = 0,
    pictures: int = PICTURES,
) -> RegionResult | None:
    """Regions on collages of held-out products.

    Args:
        cache: of the catalogue.
        queries: (q,) int, positions of the held-out products.
        index: (n,) int, positions of the other products.
        items: (n, style dimensions) float32, their styles.
        head: fitted on them.
        seed: of the collages.
        pictures: collages, and single garments.

    Returns:
        None where the catalogue has no article types, or fewer than two groups.
    """
    column = type_column(cache.products.attributes)
    if column is None or not head.article_types:
        return None
    types = [value or "" for value in cache.products.labels[column]]
    groups = {int(row): group_of(types[row]) for row in queries}
    known = [row for row, group in groups.items() if group is not None]
    if len({groups[row] for row in known}) < 2:
        return None
    thumbnails, random = Thumbnails(cache.products.rows), np.random.default_rng(seed)
    extractor = cache.with_segmenter(
        FeatureExtractor.for_queries(cache.encoder, cache.backbone, cache.query_precision)
    )
    kinds = np.array(types)[index]

    def right_kinds(crops: Sequence[Image.Image], rows: Sequence[int]) -> list[float]:
        scores = []
        for start in range(0, len(crops), QUERY_BATCH):  # some hundred maps would take memory
            features = extractor.maps(crops[start : start + QUERY_BATCH])
            found = nearest(head.style(features.max_pooled, features.avg_pooled), items, DEPTH)
            own = rows[start : start + QUERY_BATCH]
            scores += [
                float((kinds[near] == types[row]).mean())
                for near, row in zip(found, own, strict=True)
            ]
        return scores

    named: list[bool] = []
    crops: list[Image.Image] = []
    rows: list[int] = []
    garments = split = 0
    for _ in range(pictures):
        collage = draw_collage(known, groups, thumbnails, random, int(random.integers(2, 5)))
        regions = find_regions(collage.picture, extractor, head)
        garments += len(collage.products)
        for row, region in _matches(collage, regions):
            group = groups[row]
            named.append(region.name == GROUP_NAMES.get(str(group), group))
            crops.append(region.cropped(collage.picture))
            rows.append(row)
        alone = draw_collage(known, groups, thumbnails, random, 1)
        split += bool(find_regions(alone.picture, extractor, head))
    own = [thumbnails.picture(row) for row in rows]

    def nearest_types(picture: Image.Image) -> Sequence[str]:
        features = extractor.maps([picture])
        return list(
            kinds[nearest(head.style(features.max_pooled, features.avg_pooled), items, DEPTH)[0]]
        )

    worn = judge_worn_garments(
        (thumbnails.picture(row) for row in worn_products(types, queries)),
        lambda picture: find_regions(picture, extractor, head),
        nearest_types,
    )
    return RegionResult(
        garments,
        len(rows) / max(1, garments),
        float(np.mean(named)) if named else 0.0,
        float(np.mean(right_kinds(crops, rows))) if rows else 0.0,
        float(np.mean(right_kinds(own, rows))) if rows else 0.0,
        split / pictures,
        worn,
    )


def draw_collage(
    rows: Sequence[int],
    groups: dict[int, str | None],
    thumbnails: Thumbnails,
    random: np.random.Generator,
    count: int,
) -> Collage:
    """Collage of products of different groups, as many as there are up to `count`.

    Args:
        rows: positions to choose from.
        groups: by position.
        thumbnails: of the products.
        random: decides products, ground, places and sizes.
        count: 1 to 4.
    """
    chosen: list[int] = []
    for row in random.permutation(np.asarray(rows)):
        if groups[int(row)] not in {groups[other] for other in chosen}:
            chosen.append(int(row))
        if len(chosen) == count:
            break
    width, height = SIZE
    if random.random() < PLAIN_FRACTION:
        ground = np.full((height, width, 3), random.integers(60, 240, 3), np.uint8)
    else:
        ground = backdrop(random, SIZE)
    across = 1 if len(chosen) == 1 else 2
    down = -(-len(chosen) // across)
    cells = random.permutation(across * down)[: len(chosen)]
    boxes = []
    for row, cell in zip(chosen, cells, strict=True):
        place = np.array([cell % across, cell // across])
        boxes.append(_lay(ground, thumbnails.picture(row), place, np.array([across, down]), random))
    return Collage(Image.fromarray(ground), boxes, chosen)


def _lay(
    ground: np.ndarray,
    picture: Image.Image,
    place: np.ndarray,
    cells: np.ndarray,
    random: np.random.Generator,
) -> Box:
    """Lay a studio shot's product into a cell of the ground, which is changed; its box there."""
    pixels = np.asarray(picture)
    mask = unlike_border(pixels)
    if not mask.any():
        mask = np.ones_like(mask)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    part = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    product = pixels[part]
    cover: np.ndarray = mask[part].astype(np.float32)
    cell = np.array(SIZE) / cells
    fill = random.uniform(*_FILLS)
    size = np.array(cover.shape[::-1])
    wide, tall = np.maximum(1, np.rint(size * fill * (cell / size).min()).astype(int))
    free = cell - (wide, tall)
    left, top = np.rint(place * cell + random.uniform(0.2, 0.8, 2) * free).astype(int)
    product = cv2.resize(product, (wide, tall), interpolation=cv2.INTER_CUBIC)
    cover = cv2.resize(cover, (wide, tall), interpolation=cv2.INTER_LINEAR)[:, :, None]
    below = ground[top : top + tall, left : left + wide]
    below[:] = np.rint(below * (1 - cover) + product * cover).astype(np.uint8)
    width, height = SIZE
    return left / width, top / height, (left + wide) / width, (top + tall) / height


def _matches(collage: Collage, regions: Sequence[Region]) -> list[tuple[int, Region]]:
    """Products of a collage with the regions that find them."""
    matches = []
    for row, box in zip(collage.products, collage.boxes, strict=True):
        best = max(regions, key=lambda region: overlap(region.box, box), default=None)
        if best is not None and overlap(best.box, box) >= LEAST_OVERLAP:
            matches.append((row, best))
    return matches


def overlap(one: Box, other: Box) -> float:
    """Intersection over union of two boxes."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    shared = max(0.0, width) * max(0.0, height)
    areas = ((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return shared / (sum(areas) - shared)

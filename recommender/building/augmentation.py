"""Further pictures of a catalogue's products, for style and colour to learn from.

A catalogue shows its products upright, evenly lit and mostly worn. What people send is turned,
squeezed, and lies flat on a floor or a bed, shoes in pairs. Every view here is a product's own
thumbnail, changed in such a way; its labels are the product's. Everything follows from the seed.
"""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from recommender.answers.outfit_rules import is_footwear, is_headwear
from recommender.building.assemble import EncodedCatalogue
from recommender.building.thumbnails import Thumbnails
from recommender.features.colour import DIMENSIONS
from recommender.features.extractor import FeatureExtractor
from recommender.features.table import AugmentedFeatures, FeatureTable, FeatureWriter
from recommender.pictures.catalogue_pictures import CataloguePictures
from recommender.pictures.segmentation import find_product
from recommender.schema import type_column
from recommender.training.model_removal import somebody_wears, without_wearer
from recommender.training.pairs import pair
from recommender.training.synthetic_photos import product_on_backdrop, turned_or_squeezed
from recommender.training.targets import learnable

# Views of products without their wearer, photographed, and turned or squeezed; and products to look
# at for the kinds that are worn in their pictures.
MOST_WORN, MOST_PHOTOGRAPHED, MOST_TURNED = 12_000, 20_000, 8_000
MOST_LOOKED_AT = 8_000
# Turned views count so often each: from as many views of further products style learned no more,
# and they cost a minute of encoding.
TURNED_COUNT = 2
# A kind is one that is worn if so many of its products (share) are seen to be: a tan handbag has
# the colour of skin, too, but most handbags have another.
WORN_SHARE = 0.5
# Least long side, pixels, of the photographs; and the share of those of shoes that show a pair.
PHOTOGRAPH_SIDE = 240
PAIRED_SHARE = 0.6
# Clothes, shoes and hats are what people photograph: other kinds are this much rarer among the
# views.
OTHERS_SHARE = 0.3
SEED = 0

Kinds = Sequence[str | None]
Shown = Iterator[tuple[int, Image.Image]]
"""Positions of products, and pictures of them."""


def training_views(
    products: EncodedCatalogue,
    extractor: FeatureExtractor,
    catalogue: CataloguePictures,
    folder: Path,
) -> AugmentedFeatures | None:
    """Features of products without their wearers, of products photographed, turned and squeezed.

    They go to the disk batch by batch; no picture and no feature map outlives its batch.

    Args:
        products: labels, and where the thumbnails are.
        extractor: the one that made the products' features.
        catalogue: what the products' pictures are like.
        folder: where the table of features goes.

    Returns:
        None where the catalogue has no labels to learn from.
    """
    if not learnable(products.attributes):
        return None
    thumbnails = Thumbnails(products.rows)
    column = type_column(products.attributes)
    kinds = products.attributes[column] if column else [None] * len(products.ids)
    worn = _worn_kinds(kinds, thumbnails, catalogue)
    shown = itertools.chain(
        _taken_off(kinds, worn, thumbnails, catalogue),
        _photographed(kinds, worn, thumbnails, catalogue),
    )
    rows: list[int] = []

    def pictures(of: Shown) -> Iterator[Image.Image]:
        for row, picture in of:
            rows.append(row)
            yield picture

    writer = FeatureWriter(folder)
    writer.append(FeatureTable.empty(extractor.backbone.channels, DIMENSIONS))
    for table in extractor.blocks(pictures(shown)):
        writer.append(table)
    first_turned = len(rows)
    for table in extractor.blocks(pictures(_turned(len(products.ids), thumbnails))):
        writer.append(table)
    own, turned = np.arange(first_turned), np.arange(first_turned, len(rows))
    order = np.concatenate([own, *[turned] * TURNED_COUNT])
    return AugmentedFeatures(writer.close().take(order), np.array(rows, np.int64)[order])


def _turned(count: int, thumbnails: Thumbnails) -> Shown:
    random = np.random.default_rng(SEED)
    for row in np.sort(random.permutation(count)[:MOST_TURNED]):
        own = np.random.default_rng((SEED, int(row)))
        yield int(row), turned_or_squeezed(thumbnails.picture(int(row)), own)


def _taken_off(
    kinds: Kinds, worn: set[str], thumbnails: Thumbnails, catalogue: CataloguePictures
) -> Shown:
    """Products of worn kinds without their wearers."""
    of_worn_kinds = {row: 1.0 for row, kind in enumerate(kinds) if kind in worn}
    for row, random in _sample(kinds, of_worn_kinds, MOST_WORN):
        view = without_wearer(thumbnails.picture(row), random, catalogue)
        if view is not None:
            yield row, view


def _photographed(
    kinds: Kinds, worn: set[str], thumbnails: Thumbnails, catalogue: CataloguePictures
) -> Shown:
    """Products found on photographs of them, and cut out, as a query's are."""
    shares = {
        row: 1.0 if kind in worn or is_footwear(kind) or is_headwear(kind) else OTHERS_SHARE
        for row, kind in enumerate(kinds)
    }
    size = catalogue.scaled(max(PHOTOGRAPH_SIDE, *catalogue.size))
    for row, random in _sample(kinds, shares, MOST_PHOTOGRAPHED):
        picture = thumbnails.picture(row)
        if kinds[row] in worn and somebody_wears(picture, catalogue):
            flat = without_wearer(picture, random, catalogue)
            if flat is None:
                continue
            picture = flat
        elif is_footwear(kinds[row]) and random.random() < PAIRED_SHARE:
            picture = pair(picture, random)
        photograph = product_on_backdrop(picture, random, size)
        found = find_product(Image.fromarray(photograph), catalogue)
        if found is not None:
            yield row, found.cut_out.picture


def _worn_kinds(kinds: Kinds, thumbnails: Thumbnails, catalogue: CataloguePictures) -> set[str]:
    """The kinds most of whose products are worn by somebody in their pictures."""
    rows = range(0, len(kinds), max(1, len(kinds) // MOST_LOOKED_AT))
    looked_at = Counter(kinds[row] for row in rows)
    worn = Counter(kinds[row] for row in rows if somebody_wears(thumbnails.picture(row), catalogue))
    return {
        kind
        for kind, count in looked_at.items()
        if kind is not None and worn[kind] >= WORN_SHARE * count
    }


def _sample(
    kinds: Kinds, shares: Mapping[int, float], most: int
) -> Iterator[tuple[int, np.random.Generator]]:
    """So many rows at most, ascending, with what decides their views.

    Of few rows, each is there once. Of many, as many are drawn as are wanted, by their shares, and
    of a rare kind more: some come several times, and each time as another view.
    """
    rows = list(shares)
    if len(rows) > most:
        counts = Counter(kinds[row] for row in rows)
        chances = np.array([shares[row] * counts[kinds[row]] ** -0.5 for row in rows])
        chosen = np.random.default_rng(SEED).choice(rows, most, p=chances / chances.sum())
        rows = sorted(int(row) for row in chosen)
    for number, row in enumerate(rows):
        yield row, np.random.default_rng((SEED, number))

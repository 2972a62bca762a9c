"""Augmented features: features of synthetic pictures of a catalogue's products, for fitting.

A catalogue shows products upright, evenly lit and mostly on models. People's pictures are turned or
compressed, or show products flat on a floor or a bed, and shoes in pairs. A synthetic picture is a
product's thumbnail, changed accordingly, with the product's labels. The same seed gives the same
pictures.
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
from recommender.features.extractor import FeatureExtractor
from recommender.features.table import AugmentedFeatures, FeatureWriter
from recommender.pictures.catalogue_pictures import CataloguePictures
from recommender.pictures.segmentation import find_product
from recommender.schema import type_column
from recommender.training.model_removal import remove_model, shows_model
from recommender.training.pairs import pair
from recommender.training.synthetic_photos import product_on_backdrop, turned_or_compressed
from recommender.training.targets import learnable

# Pictures of each sort at most.
MOST_MODELS_REMOVED, MOST_PHOTOGRAPHED, MOST_TURNED = 12_000, 20_000, 8_000
# Products checked at most for the article types that are worn in their pictures.
MOST_CHECKED = 8_000
# Weight of a turned or compressed picture. Style learned no more from 16,000 of them, whose
# encoding takes a minute longer, than from 8,000 that count twice.
TURNED_REPEATS = 2
# Fraction of a type's checked pictures that show a model from which on it counts as worn. A tan
# handbag has the colour of skin, but most handbags have another colour.
WORN_FRACTION = 0.5
# Least long side of a synthetic photo, pixels.
PHOTOGRAPH_SIDE = 240
# Fraction of the photos of shoes that show a pair.
PAIRED_FRACTION = 0.6
# Weight of other article types beside clothes, shoes and hats, which people photograph most.
OTHERS_FRACTION = 0.3
SEED = 0

ArticleTypes = Sequence[str | None]
Shown = Iterator[tuple[int, Image.Image]]
"""Positions of products, and synthetic pictures of them, RGB."""


def augmented_features(
    products: EncodedCatalogue,
    extractor: FeatureExtractor,
    catalogue: CataloguePictures,
    folder: Path,
) -> AugmentedFeatures | None:
    """Augmented features of a catalogue: models removed, photographed, turned or compressed.

    Pictures and features are in memory for one batch only; features are written to the disk.

    Args:
        products: labels and thumbnails.
        extractor: of the products' features.
        catalogue: measurements of the products' pictures.
        folder: where the feature table is written.

    Returns:
        None where the catalogue has no labels to learn.
    """
    if not learnable(products.labels):
        return None
    thumbnails = Thumbnails(products.rows)
    column = type_column(products.attributes)
    article_types = products.labels[column] if column else [None] * len(products.ids)
    worn = _worn_types(article_types, thumbnails, catalogue)
    shown = itertools.chain(
        _models_removed(article_types, worn, thumbnails, catalogue),
        _photographed(article_types, worn, thumbnails, catalogue),
    )
    rows: list[int] = []

    def pictures(of: Shown) -> Iterator[Image.Image]:
        for row, picture in of:
            rows.append(row)
            yield picture

    writer = FeatureWriter(folder)
    writer.append(extractor.nothing())
    for table in extractor.blocks(pictures(shown)):
        writer.append(table)
    first_turned = len(rows)
    for table in extractor.blocks(pictures(_turned(len(products.ids), thumbnails))):
        writer.append(table)
    own, turned = np.arange(first_turned), np.arange(first_turned, len(rows))
    order = np.concatenate([own, *[turned] * TURNED_REPEATS])
    return AugmentedFeatures(writer.close().take(order), np.array(rows, np.int64)[order])


def _turned(count: int, thumbnails: Thumbnails) -> Shown:
    random = np.random.default_rng(SEED)
    for row in np.sort(random.permutation(count)[:MOST_TURNED]):
        own = np.random.default_rng((SEED, int(row)))
        yield int(row), turned_or_compressed(thumbnails.picture(int(row)), own)


def _models_removed(
    article_types: ArticleTypes,
    worn: set[str],
    thumbnails: Thumbnails,
    catalogue: CataloguePictures,
) -> Shown:
    """Products of worn article types, their models removed."""
    of_worn_types = {
        row: 1.0 for row, article_type in enumerate(article_types) if article_type in worn
    }
    for row, random in _sample(article_types, of_worn_types, MOST_MODELS_REMOVED):
        garment = remove_model(thumbnails.picture(row), random, catalogue)
        if garment is not None:
            yield row, garment


def _photographed(
    article_types: ArticleTypes,
    worn: set[str],
    thumbnails: Thumbnails,
    catalogue: CataloguePictures,
) -> Shown:
    """Products on synthetic photos, found and cut out as in a query."""
    fractions = {
        row: 1.0
        if article_type in worn or is_footwear(article_type) or is_headwear(article_type)
        else OTHERS_FRACTION
        for row, article_type in enumerate(article_types)
    }
    size = catalogue.scaled(max(PHOTOGRAPH_SIDE, *catalogue.size))
    for row, random in _sample(article_types, fractions, MOST_PHOTOGRAPHED):
        picture = thumbnails.picture(row)
        if article_types[row] in worn and shows_model(picture, catalogue):
            flat = remove_model(picture, random, catalogue)
            if flat is None:
                continue
            picture = flat
        elif is_footwear(article_types[row]) and random.random() < PAIRED_FRACTION:
            picture = pair(picture, random)
        photograph = product_on_backdrop(picture, random, size)
        found = find_product(Image.fromarray(photograph), catalogue)
        if found is not None:
            yield row, found.cut_out.picture


def _worn_types(
    article_types: ArticleTypes, thumbnails: Thumbnails, catalogue: CataloguePictures
) -> set[str]:
    """Article types that are worn: models in `WORN_FRACTION` of the checked pictures or more."""
    rows = range(0, len(article_types), max(1, len(article_types) // MOST_CHECKED))
    checked = Counter(article_types[row] for row in rows)
    worn = Counter(
        article_types[row] for row in rows if shows_model(thumbnails.picture(row), catalogue)
    )
    return {
        article_type
        for article_type, count in checked.items()
        if article_type is not None and worn[article_type] >= WORN_FRACTION * count
    }


def _sample(
    article_types: ArticleTypes, fractions: Mapping[int, float], most: int
) -> Iterator[tuple[int, np.random.Generator]]:
    """Sampled positions in ascending order, each with the generator that decides its picture.

    Up to `most` rows are taken once each. From more rows, `most` are drawn with replacement, with
    a probability proportional to fraction / sqrt(products of the article type): rare types come
    more often. Each repetition has its own generator, and so becomes another picture.
    """
    rows = list(fractions)
    if len(rows) > most:
        counts = Counter(article_types[row] for row in rows)
        chances = np.array([fractions[row] * counts[article_types[row]] ** -0.5 for row in rows])
        chosen = np.random.default_rng(SEED).choice(rows, most, p=chances / chances.sum())
        rows = sorted(int(row) for row in chosen)
    for number, row in enumerate(rows):
        yield row, np.random.default_rng((SEED, number))

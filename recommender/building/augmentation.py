"""Augmented features: features of synthetic pictures of a catalogue's products, for fitting.

A catalogue shows products upright, evenly lit and mostly on models. People's pictures are turned or
compressed, or show products flat on a floor or a bed, and shoes in pairs. A synthetic picture is a
product's thumbnail, changed accordingly, with the product's labels. The same seed gives the same
pictures.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from recommender.answers.outfit_rules import is_footwear, is_headwear
from recommender.building.encoded_catalogue import EncodedCatalogue
from recommender.building.processes import ordered_map
from recommender.building.synthetic_pictures import (
    MODEL_REMOVED,
    PHOTOGRAPHED,
    TURNED,
    Job,
    ModelCheck,
    Studio,
)
from recommender.building.thumbnails import Thumbnails
from recommender.features.encoder import supports_bfloat16
from recommender.features.extractor import FeatureExtractor
from recommender.features.table import AugmentedFeatures, FeatureWriter
from recommender.pictures.catalogue_pictures import CataloguePictures
from recommender.schema import type_column
from recommender.training.targets import learnable

# Pictures of each sort at most. To make and encode them takes longer than all else in a build but
# the encoding of the catalogue. Precision at 5 of the article type on 4,000 held-out products of
# Fashion Product Images, and on 685 photographs (standard error of a difference: .002 and .012):
#
#     share of 12,000, 20,000 and 8,000    none   1/8    1/4    1/2    all
#     products                             .856   .850   .852   .846   .850
#     photographs                          .675   .712   .687   .732   .730
#
# (One half was fitted in 1,500 steps instead of 2,000; all of them in 1,500 give .845 and .742.)
MOST_MODELS_REMOVED, MOST_PHOTOGRAPHED, MOST_TURNED = 6_000, 10_000, 4_000
# Products checked at most for the article types that are worn in their pictures.
MOST_CHECKED = 8_000
# Weight of a turned or compressed picture, and of the other sorts in a catalogue of more products
# than they have pictures: else the catalogue's own pictures would outweigh them. A quarter of the
# pictures, each four times, gives .848 and .690: it takes different pictures.
REPEATS = 2
# Fraction of a type's checked pictures that show a model from which on it counts as worn. A tan
# handbag has the colour of skin, but most handbags have another colour.
WORN_FRACTION = 0.5
# Weight of other article types beside clothes, shoes and hats, which people photograph most.
OTHERS_FRACTION = 0.3
SEED = 0

ArticleTypes = Sequence[str | None]


def augmented_features(
    products: EncodedCatalogue,
    extractor: FeatureExtractor,
    catalogue: CataloguePictures,
    folder: Path,
) -> AugmentedFeatures | None:
    """Augmented features of a catalogue: models removed, photographed, turned or compressed.

    Pictures are made in processes, while the network computes. Pictures and features are in memory
    for a few batches only; features are written to the disk.

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
    article_types = types_of(products)
    worn = worn_types(article_types, products, catalogue)
    jobs = _jobs(article_types, worn)
    studio = studio_of(products, sorted({job.row for job in jobs}), worn, catalogue)
    made: list[Job] = []

    def pictures() -> Iterator[Image.Image]:
        for job, picture in zip(jobs, ordered_map(studio, jobs), strict=True):
            if picture is not None:
                made.append(job)
                yield picture

    writer = FeatureWriter(folder)
    writer.append(extractor.nothing())
    for table in extractor.blocks(pictures()):
        writer.append(table)
    repeated = {TURNED, *_sampled(article_types, worn)}
    again = np.flatnonzero([job.sort in repeated for job in made])
    order = np.concatenate([np.arange(len(made)), *[again] * (REPEATS - 1)])
    rows = np.array([job.row for job in made], np.int64)
    return AugmentedFeatures(writer.close().take(order), rows[order])


def quick_extractor(extractor: FeatureExtractor, encoder: Path) -> FeatureExtractor:
    """Extractor of synthetic pictures: in bfloat16 where the processor has it, else as it is.

    It takes half the time, and what is rounded is little beside what such a picture leaves open.

    Args:
        extractor: of the products' features.
        encoder: its folder.
    """
    if not supports_bfloat16():
        return extractor
    return FeatureExtractor.for_building(encoder, extractor.backbone, "bf16")


def types_of(products: EncodedCatalogue) -> ArticleTypes:
    """Finest article type of each product; None where the catalogue or the product has none."""
    column = type_column(products.attributes)
    return products.labels[column] if column else [None] * len(products.ids)


def studio_of(
    products: EncodedCatalogue,
    rows: Sequence[int],
    worn: set[str],
    catalogue: CataloguePictures,
) -> Studio:
    """Maker of synthetic pictures of some of the products.

    Args:
        products: labels and thumbnails.
        rows: positions of the products, each once.
        worn: article types that are worn.
        catalogue: measurements of the products' pictures.
    """
    article_types = types_of(products)
    return Studio(
        Thumbnails({row: products.rows[row] for row in rows}),
        catalogue,
        {row: article_types[row] in worn for row in rows},
        {row: is_footwear(article_types[row]) for row in rows},
    )


def _sampled(article_types: ArticleTypes, worn: set[str]) -> set[str]:
    """Sorts that do not show every product they could."""
    of_worn_types = sum(article_type in worn for article_type in article_types)
    counts = {
        MODEL_REMOVED: (of_worn_types, MOST_MODELS_REMOVED),
        PHOTOGRAPHED: (len(article_types), MOST_PHOTOGRAPHED),
    }
    return {sort for sort, (count, most) in counts.items() if count > most}


def _jobs(article_types: ArticleTypes, worn: set[str]) -> list[Job]:
    """Jobs of all sorts, each sort's in the order of the products."""
    of_worn_types = {
        row: 1.0 for row, article_type in enumerate(article_types) if article_type in worn
    }
    fractions = {
        row: 1.0
        if article_type in worn or is_footwear(article_type) or is_headwear(article_type)
        else OTHERS_FRACTION
        for row, article_type in enumerate(article_types)
    }
    turned = np.random.default_rng(SEED).permutation(len(article_types))[:MOST_TURNED]
    return [
        *(
            Job(MODEL_REMOVED, row, (SEED, number))
            for number, row in enumerate(_sample(article_types, of_worn_types, MOST_MODELS_REMOVED))
        ),
        *(
            Job(PHOTOGRAPHED, row, (SEED, number))
            for number, row in enumerate(_sample(article_types, fractions, MOST_PHOTOGRAPHED))
        ),
        *(Job(TURNED, int(row), (SEED, int(row))) for row in np.sort(turned)),
    ]


def worn_types(
    article_types: ArticleTypes, products: EncodedCatalogue, catalogue: CataloguePictures
) -> set[str]:
    """Article types that are worn: models in `WORN_FRACTION` of the checked pictures or more."""
    rows = range(0, len(article_types), max(1, len(article_types) // MOST_CHECKED))
    check = ModelCheck(Thumbnails({row: products.rows[row] for row in rows}), catalogue)
    checked = Counter(article_types[row] for row in rows)
    worn = Counter(
        article_types[row]
        for row, shown in zip(rows, ordered_map(check, rows), strict=True)
        if shown
    )
    return {
        article_type
        for article_type, count in checked.items()
        if article_type is not None and worn[article_type] >= WORN_FRACTION * count
    }


def _sample(article_types: ArticleTypes, fractions: Mapping[int, float], most: int) -> list[int]:
    """Sampled positions, ascending; each place in the list seeds its own picture.

    Up to `most` rows are taken once each. From more rows, `most` are drawn with replacement, with
    a probability proportional to fraction / sqrt(products of the article type): rare types come
    more often. Each repetition has its own seed, and so becomes another picture.
    """
    rows = list(fractions)
    if len(rows) <= most:
        return rows
    counts = Counter(article_types[row] for row in rows)
    chances = np.array([fractions[row] * counts[article_types[row]] ** -0.5 for row in rows])
    chosen = np.random.default_rng(SEED).choice(rows, most, p=chances / chances.sum())
    return sorted(int(row) for row in chosen)

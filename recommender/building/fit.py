"""Fit what an index needs beyond its encoder: head, vectors, calibration, map and report card."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np

from recommender.building.assemble import EncodedCatalogue
from recommender.building.augmentation import training_views
from recommender.building.measure_pictures import MOST_MEASURED, measure_pictures
from recommender.building.non_products import fit_product_detector_on
from recommender.building.plan import BuildDirectory
from recommender.building.sampling import MOST_FITTED, stratified_sample
from recommender.building.thumbnails import Thumbnails
from recommender.building.vectors import write_vectors
from recommender.embedding.head import ClassicHead, Head, LearnedHead, default_colour_weight
from recommender.embedding.vectors import weigh
from recommender.features.extractor import FeatureExtractor
from recommender.features.table import DiskArray
from recommender.index.calibration import Calibration, fit_calibration
from recommender.index.exact_search import VECTORS_FILE
from recommender.index.folder import CLASSIC
from recommender.index.product_detector import ProductDetector
from recommender.metrics.held_out import Parts
from recommender.metrics.relevance import ARTICLE_TYPE, COLOUR
from recommender.metrics.report_card import grade, hold_out_sample
from recommender.pictures.catalogue_pictures import CataloguePictures
from recommender.schema import type_column
from recommender.training.head import fit_head
from recommender.training.projection import lay_out

Stage = Callable[..., AbstractContextManager[None]]


@dataclass(frozen=True)
class Fitted:
    """Everything that was fitted for an index of n products."""

    pictures: CataloguePictures
    head: LearnedHead | None
    """None is the classic recipe."""
    vectors: DiskArray
    """(n, d) float32, in the build folder."""
    style_dimensions: int
    colour_weight: float
    places: np.ndarray
    """(n, 2) float32: the map."""
    calibration: Calibration
    product_detector: ProductDetector
    quality: dict[str, Any]


def fit(
    products: EncodedCatalogue,
    kind: str,
    directory: BuildDirectory,
    extractor: FeatureExtractor,
    stage: Stage,
) -> Fitted:
    """Fit everything on the catalogue itself, on `MOST_FITTED` of its products at most.

    Args:
        products: their features and labels.
        kind: "learned", or "none" for the classic recipe.
        directory: where features and vectors are kept.
        extractor: the one that made the products' features.
        stage: times and announces the stages.
    """
    sample = fitting_sample(products)
    catalogue = measured(products)
    fit_any: Callable[..., Head] = fit_head if kind != CLASSIC else lambda *_: ClassicHead()
    views = None
    if kind != CLASSIC:
        with stage("views", "Looking at products photographed, turned, and without their wearers."):
            views = training_views(sample, extractor, catalogue, directory.augmented)
    with stage("head", "Learning style and colour from the catalogue."):
        head = fit_any(*sample.features.arrays, sample.attributes, views)
    with stage("vectors", "Computing the vectors of all products."):
        stored = write_vectors(head, products, directory.folder / VECTORS_FILE)
    style_dimensions = Parts.of(head, products.features).style
    coloured = stored.shape[1] > style_dimensions
    weight = default_colour_weight(len(products.ids)) if coloured else 0.0
    with stage("map", "Drawing the map."):
        # Between items: each side takes the square root of a part's weight.
        share = float(np.sqrt(weight) / (np.sqrt(weight) + np.sqrt(1 - weight)))
        places = lay_out(stored, lambda rows: weigh(rows, style_dimensions, share))
    with stage("quality", "Measuring, with a tenth of the products held out."):
        held_out = hold_out_sample(
            sample.features, sample.attributes, sample.digests, fit_any, views
        )
        quality = grade(held_out, weight)
        nothing = np.zeros((0, stored.shape[1]), np.float32)
        calibration = fit_calibration(nothing, nothing, style_dimensions)
        if held_out is not None:
            calibration = fit_calibration(
                *held_out.learned,
                style_dimensions,
                held_out.labels.get(ARTICLE_TYPE),
                held_out.labels.get(COLOUR),
            )
    with stage("product detector", "Learning what is no product."):
        product_detector = fit_product_detector_on(sample, extractor, catalogue)
    return Fitted(
        catalogue,
        head if isinstance(head, LearnedHead) else None,
        stored,
        style_dimensions,
        weight,
        places,
        calibration,
        product_detector,
        quality,
    )


def fitting_sample(products: EncodedCatalogue) -> EncodedCatalogue:
    """The products that an index is fitted on: all, or a sample with every kind in it."""
    if len(products.ids) <= MOST_FITTED:
        return products
    column = type_column(products.attributes)
    kinds = products.attributes[column] if column else [None] * len(products.ids)
    return products.take(stratified_sample(kinds, MOST_FITTED))


def measured(products: EncodedCatalogue) -> CataloguePictures:
    """What the pictures of encoded products are like, by a sample of evenly spaced ones."""
    thumbnails = Thumbnails(products.rows)
    spaced = np.linspace(0, len(products.ids) - 1, min(MOST_MEASURED, len(products.ids)))
    return measure_pictures(thumbnails.picture(int(row)) for row in spaced)

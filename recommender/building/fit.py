"""Fitting of an index: head, vectors, map, report card, calibration and product detector."""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np

from recommender.building.augmentation import augmented_features, quick_extractor
from recommender.building.encoded_catalogue import EncodedCatalogue
from recommender.building.measure_pictures import MOST_MEASURED, measure_pictures
from recommender.building.non_products import fit_product_detector_on
from recommender.building.plan import BuildDirectory
from recommender.building.processes import fitting
from recommender.building.quantise import quantisation_cost
from recommender.building.sampling import MOST_FITTED, stratified_sample
from recommender.building.text_part import fit_text_part
from recommender.building.thumbnails import Thumbnails
from recommender.building.vectors import write_picture_vectors, write_vectors
from recommender.embedding.colour_weight import default_colour_weight
from recommender.embedding.head import ClassicHead, Head, LearnedHead
from recommender.embedding.vectors import weigh
from recommender.features.encoder import INT8
from recommender.features.extractor import FeatureExtractor
from recommender.features.table import DiskArray
from recommender.features.text_tower import TextTower
from recommender.index.calibration import Calibration, fit_calibration
from recommender.index.exact_search import VECTORS_FILE
from recommender.index.files import PICTURE_VECTORS_FILE
from recommender.index.manifest import CLASSIC
from recommender.index.product_detector import ProductDetector
from recommender.index.text_part import TextPart
from recommender.metrics.held_out import Parts, fit_on, measure
from recommender.metrics.relevance import ARTICLE_TYPE, COLOUR
from recommender.metrics.report_card import grade, split_sample
from recommender.pictures.catalogue_pictures import CataloguePictures
from recommender.schema import type_column
from recommender.training.head import fit_head
from recommender.training.projection import Weighed, lay_out

# Least fraction of the products, all but those that the report card holds out, on which the index's
# own head is fitted: then the card measures that very head. Of 40,000 products, 1,000 less to learn
# from cost nothing that can be measured; fitting twice would take as long again. In a smaller
# catalogue every product counts: the index's head learns from all, and the card's is another one.
ONE_HEAD = 0.95

_log = logging.getLogger(__name__)

Stage = Callable[..., AbstractContextManager[None]]


@dataclass(frozen=True)
class Fitted:
    """Fitted parts of an index of n products."""

    pictures: CataloguePictures
    head: LearnedHead | None
    """None: the classic recipe."""
    vectors: DiskArray
    """(p, d) float32, in the working folder: a row per picture."""
    style_dimensions: int
    colour_weight: float
    coordinates: np.ndarray
    """(n, 2) float32, 0-1, on the map."""
    calibration: Calibration
    product_detector: ProductDetector
    quality: dict[str, Any]
    text: TextPart | None
    """None: the catalogue has no names and no labels to learn words from."""


def fit(
    products: EncodedCatalogue,
    head: str,
    directory: BuildDirectory,
    extractor: FeatureExtractor,
    stage: Stage,
) -> Fitted:
    """Fitting of all parts on the catalogue, on at most `MOST_FITTED` of its products.

    Everything is fitted and measured on the main pictures, so that each product counts once however
    many pictures it has; further pictures, such as details, would have labels that they do not
    show. What people's pictures look like is learned from synthetic ones.

    Args:
        products: features and labels.
        head: "learned", or "none" for the classic recipe.
        directory: working folder, where features and vectors are written.
        extractor: of the products' features.
        stage: context that times a stage and logs a sentence.
    """
    sample = fitting_sample(products)
    catalogue = measured(products)
    _log.info(f"The catalogue's pictures: {catalogue.describe()}")
    learned = fitting(fit_head, len(sample.ids))
    fit_any: Callable[..., Head] = learned if head != CLASSIC else lambda *_: ClassicHead()
    augmented = None
    if head != CLASSIC:
        with stage("augmented", "Encoding synthetic photos of the products."):
            quick = quick_extractor(extractor, directory.encoder)
            augmented = augmented_features(sample, quick, catalogue, directory.augmented)
    split = split_sample(sample.digests, groups=sample.groups)
    one_head = split is not None and len(split.index) >= ONE_HEAD * len(sample.ids)
    with stage("head", "Learning style and colour from the catalogue."):
        rows = split.index if split and one_head else np.arange(len(sample.ids))
        fitted_head = fit_on(rows, fit_any, sample.main_features, sample.labels, augmented)
    with stage("vectors", "Computing the vectors of all products."):
        style_dimensions = Parts.of(fitted_head, products.features).style
        of_pictures = write_picture_vectors(
            fitted_head, products.features, directory.folder / PICTURE_VECTORS_FILE
        )
        path = directory.folder / VECTORS_FILE
        stored = write_vectors(fitted_head, products, of_pictures, style_dimensions, path)
    coloured = stored.shape[1] > style_dimensions
    weight = default_colour_weight(len(products.ids)) if coloured else 0.0
    with stage("map", "Drawing the map."):
        main = stored if products.counts is None else stored.take(products.first_pictures)
        coordinates = lay_out(main, weighed_for_map(style_dimensions, weight))
    with stage("quality", "Measuring precision on held-out products."):
        held_out = None
        if split is not None:
            measured_head = fitted_head
            if not one_head:
                measured_head = fit_on(
                    split.index, fit_any, sample.main_features, sample.labels, augmented
                )
            held_out = measure(sample.main_features, sample.labels, split, measured_head)
        quality = grade(held_out, weight)
        if quality and directory.key.precision == INT8:
            cost = quantisation_cost(sample, directory.encoder, directory.backbone)
            quality = {**quality, INT8: cost} if cost else quality
        nothing = np.zeros((0, stored.shape[1]), np.float32)
        calibration = fit_calibration(nothing, nothing, style_dimensions)
        if held_out is not None:
            calibration = fit_calibration(
                *held_out.learned,
                style_dimensions,
                held_out.labels.get(ARTICLE_TYPE),
                held_out.labels.get(COLOUR),
            )
    with stage("product detector", "Fitting the product detector."):
        product_detector = fit_product_detector_on(sample, extractor, catalogue)
    with stage("words", "Learning words from names and labels."):
        words_of = extractor.backbone.text
        text, words = fit_text_part(
            products,
            stored,
            fitted_head,
            style_dimensions,
            held_out,
            weight,
            None if words_of is None else TextTower(directory.encoder, words_of),
        )
        if words:
            # Without labels, no precision was measured.
            quality = {"queries": 0, "precision_at_5": {}, **quality, "words": words}
    return Fitted(
        catalogue,
        fitted_head if isinstance(fitted_head, LearnedHead) else None,
        stored,
        style_dimensions,
        weight,
        coordinates,
        calibration,
        product_detector,
        quality,
        text,
    )


def weighed_for_map(style_dimensions: int, colour_weight: float) -> Weighed:
    """Weighing of vectors for the map's distances.

    Both vectors of a distance are weighed, so that each takes the square root of the weight.
    """
    own, other = np.sqrt(colour_weight), np.sqrt(1 - colour_weight)
    fraction = float(own / (own + other))
    return lambda rows: weigh(rows, style_dimensions, fraction)


def fitting_sample(products: EncodedCatalogue) -> EncodedCatalogue:
    """Products that an index is fitted on: all, or a stratified sample by article type."""
    if len(products.ids) <= MOST_FITTED:
        return products
    column = type_column(products.attributes)
    article_types = products.labels[column] if column else [None] * len(products.ids)
    return products.take(stratified_sample(article_types, MOST_FITTED))


def measured(products: EncodedCatalogue) -> CataloguePictures:
    """Measurements of the pictures of encoded products, on an evenly spaced sample."""
    thumbnails = Thumbnails(products.rows)
    spaced = np.linspace(0, len(products.ids) - 1, min(MOST_MEASURED, len(products.ids)))
    return measure_pictures(thumbnails.picture(int(row)) for row in spaced)

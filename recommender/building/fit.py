"""Fit what an index needs beyond its encoder: head, vectors, calibration, map and report card."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np

from recommender.building.assemble import EncodedProducts
from recommender.building.augmentation import training_views
from recommender.building.non_products import fit_product_detector_on
from recommender.building.plan import Workspace
from recommender.building.pooled import Eye
from recommender.embedding.head import (
    ClassicHead,
    Head,
    LearnedHead,
    default_colour_weight,
    item_vectors,
)
from recommender.embedding.vectors import labels_of, weigh
from recommender.features.backbones.registry import get_backbone
from recommender.index.calibration import Calibration, fit_calibration
from recommender.index.folder import CLASSIC
from recommender.index.product_detector import ProductDetector
from recommender.metrics.relevance import ARTICLE_TYPE, COLOUR
from recommender.metrics.report_card import grade, hold_out_sample
from recommender.training.head import fit_head
from recommender.training.projection import lay_out

Stage = Callable[..., AbstractContextManager[None]]


@dataclass(frozen=True)
class Fitted:
    """What was fitted on n products."""

    head: LearnedHead | None
    """None is the classic recipe."""
    vectors: np.ndarray
    """(n, d) float32."""
    style_dimensions: int
    colour_weight: float
    places: np.ndarray
    """(n, 2) float32: the map."""
    calibration: Calibration
    product_detector: ProductDetector
    quality: dict[str, Any]


def fit(products: EncodedProducts, kind: str, workspace: Workspace, stage: Stage) -> Fitted:
    """Fit everything on the catalogue itself.

    Args:
        products: their features and labels.
        kind: "learned", or "none" for the classic recipe.
        workspace: has the encoder, through which views of the products are looked at.
        stage: times and announces the stages.
    """
    features, labels = products.features, products.attributes
    arrays = features["max_pooled"], features["avg_pooled"], features["colour"]
    plan = workspace.plan
    eye = Eye(workspace.encoder, get_backbone(plan.backbone), plan.precision)
    fit_any: Callable[..., Head] = fit_head if kind != CLASSIC else lambda *_: ClassicHead()
    views = None
    if kind != CLASSIC:
        with stage("views", "Looking at products photographed, turned, and without their wearers."):
            views = training_views(products, eye)
    with stage("head", "Learning style and colour from the catalogue."):
        head = fit_any(*arrays, labels, views)
        own_labels = labels_of(labels, range(len(products.ids)))
        stored = item_vectors(head, *arrays, own_labels)
    style_dimensions = head.style(arrays[0][:1], arrays[1][:1]).shape[1]
    coloured = stored.shape[1] > style_dimensions
    weight = default_colour_weight(len(products.ids)) if coloured else 0.0
    with stage("map", "Drawing the map."):
        # Between items: each side takes the square root of a part's weight.
        share = np.sqrt(weight) / (np.sqrt(weight) + np.sqrt(1 - weight))
        places = lay_out(weigh(stored, style_dimensions, float(share)))
    with stage("quality", "Measuring, with a tenth of the products held out."):
        held_out = hold_out_sample(features, labels, products.digests, fit_any, views)
        quality = grade(held_out, weight)
        calibration = fit_calibration(stored[:0], stored[:0], style_dimensions)
        if held_out is not None:
            calibration = fit_calibration(
                *held_out.learned,
                style_dimensions,
                held_out.labels.get(ARTICLE_TYPE),
                held_out.labels.get(COLOUR),
            )
    with stage("product detector", "Learning what is no product."):
        product_detector = fit_product_detector_on(products, eye)
    own_head = head if isinstance(head, LearnedHead) else None
    return Fitted(
        own_head, stored, style_dimensions, weight, places, calibration, product_detector, quality
    )

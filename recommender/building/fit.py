"""Fit what an index needs beyond its encoder: head, vectors, calibration, map and report card."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np

from recommender.building.assemble import EncodedProducts
from recommender.building.map import lay_out
from recommender.calibration import Calibration, fit_calibration
from recommender.embedding import ClassicHead, vectors
from recommender.embedding import Head as AnyHead
from recommender.evaluation.report_card import report_card
from recommender.head import DEFAULT_COLOUR_WEIGHT, Head, fit_head
from recommender.index import CLASSIC

Stage = Callable[..., AbstractContextManager[None]]


@dataclass(frozen=True)
class Fitted:
    """What was fitted on n products."""

    head: Head | None
    """None is the classic recipe."""
    vectors: np.ndarray
    """(n, d) float32."""
    style_dimensions: int
    colour_weight: float
    places: np.ndarray
    """(n, 2) float32: the map."""
    calibration: Calibration
    quality: dict[str, Any]


def fit(products: EncodedProducts, kind: str, stage: Stage) -> Fitted:
    """Fit everything on the catalogue itself.

    Args:
        products: their features and labels.
        kind: "learned", or "none" for the classic recipe.
        stage: times and announces the stages.
    """
    features, labels = products.features, products.attributes
    arrays = features["max_pooled"], features["avg_pooled"], features["colour"]
    fit_any: Callable[..., AnyHead] = fit_head if kind != CLASSIC else lambda *_: ClassicHead()
    with stage("head", "Learning style and colour from the catalogue."):
        head = fit_any(*arrays, labels)
        stored = vectors(head, *arrays)
    style_dimensions = head.style(arrays[0][:1], arrays[1][:1]).shape[1]
    colour_dimensions = stored.shape[1] - style_dimensions
    weight = DEFAULT_COLOUR_WEIGHT if colour_dimensions else 0.0
    with stage("map", "Drawing the map."):
        shares = np.repeat([1 - weight, weight], [style_dimensions, colour_dimensions])
        places = lay_out(stored * np.sqrt(shares, dtype=np.float32))
    with stage("quality", "Measuring, with a tenth of the products held out."):
        quality = report_card(features, labels, products.digests, fit_any, weight)
    return Fitted(
        head if isinstance(head, Head) else None,
        stored,
        style_dimensions,
        weight,
        places,
        fit_calibration(),
        quality,
    )

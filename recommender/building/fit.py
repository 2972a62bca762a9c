"""Fit what an index needs beyond its encoder: head, vectors, calibration, map and report card."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from recommender.backbones.registry import Backbone
from recommender.building.assemble import EncodedProducts
from recommender.building.map import lay_out
from recommender.calibration import Calibration, fit_calibration
from recommender.embedding import ClassicHead, split, vectors
from recommender.embedding import Head as AnyHead
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


def fit(
    products: EncodedProducts, kind: str, backbone: Backbone, encoder: Path, stage: Stage
) -> Fitted:
    """Fit everything on the catalogue itself.

    Args:
        products: their features and labels.
        kind: "learned", or "none" for the classic recipe.
        backbone: of the encoder.
        encoder: folder of the network, for what must be seen through it again.
        stage: times and announces the stages.
    """
    features = products.features
    pooled = features["max_pooled"], features["avg_pooled"]
    head: Head | None = None
    with stage("head", "Learning style and colour from the catalogue."):
        if kind != CLASSIC:
            head = fit_head(*pooled, features["colour"], products.attributes)
        any_head: AnyHead = head or ClassicHead()
        stored = vectors(any_head, *pooled, features["colour"])
    style_dimensions = any_head.style(pooled[0][:1], pooled[1][:1]).shape[1]
    weight = DEFAULT_COLOUR_WEIGHT if stored.shape[1] > style_dimensions else 0.0
    with stage("map", "Drawing the map."):
        scale = np.sqrt(
            np.repeat([1 - weight, weight], [style_dimensions, stored.shape[1] - style_dimensions])
        )
        places = lay_out(stored * scale.astype(np.float32))
    return Fitted(head, stored, style_dimensions, weight, places, fit_calibration(), {})

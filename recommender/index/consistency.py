"""Consistency of an opened index: whether its files belong together, tried with a blank picture.

Checksums tell that each file is the one that the manifest names. They do not tell that the network,
the head, the vectors and what is fitted on them are of the same sizes: an index put together by
hand, or by another program, would open, take the place of a sound one, and fail at every search.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from recommender.errors import IndexFormatError
from recommender.features.colour import DIMENSIONS
from recommender.features.text_encoder import DIMENSIONS as SENTENCE_DIMENSIONS
from recommender.index.exact_search import VECTORS_FILE
from recommender.index.text_detector import FACTS

if TYPE_CHECKING:
    from recommender.index.folder import Index

Trial = tuple[str, Callable[[], np.ndarray], int]
"""File of a part, the part's output for one blank input, and the numbers that it should have."""

_FAILURES = (RuntimeError, ValueError, IndexError, KeyError, TypeError)


def check_consistency(index: "Index") -> None:
    """Send a blank picture through all parts of an index.

    Raises:
        IndexFormatError: a part fails, or gives something of another size, or no numbers.
    """
    with np.errstate(all="ignore"):
        for name, output, size in (*_picture_trials(index), *_text_trials(index)):
            try:
                found = output()
                fits = found.shape == (1, size) and bool(np.isfinite(found).all())
            except _FAILURES:
                fits = False
            if not fits:
                raise IndexFormatError(
                    f"{name} of the index in {index.folder} does not fit its other files. "
                    "Download or build the index again."
                )


def _picture_trials(index: "Index") -> list[Trial]:
    manifest, head, side = index.manifest, index.head, index.backbone.side
    style, colour = manifest.style_dimensions, manifest.colour_dimensions
    blank = np.zeros((1, side, side, 3), np.uint8)

    def pooled() -> tuple[np.ndarray, np.ndarray]:
        features = index.extractor.network.encode(blank)
        return features.max_pooled, features.avg_pooled

    no_style, no_colour = np.zeros((1, style), np.float32), np.zeros((1, DIMENSIONS), np.float32)
    return [
        ("The encoder", lambda: pooled()[0], index.backbone.channels),
        ("head.npz", lambda: head.style(*pooled()), style),
        ("head.npz", lambda: head.colour(no_style, no_colour), colour),
        ("head.npz", lambda: head.add_class_prior(no_style), style),
        ("head.npz", lambda: head.type_probabilities(no_style), len(head.article_types)),
        ("novelty.npz", lambda: index.product_detector.score(*pooled())[:, None], 1),
        (
            "calibration.npz",
            lambda: index.calibration.similarity(np.zeros((1, 1)), manifest.colour_weight),
            1,
        ),
        (VECTORS_FILE, lambda: index.search.vectors([0]), style + colour),
    ]


def _text_trials(index: "Index") -> list[Trial]:
    text = index.text
    if text is None:
        return []
    name, weight = "text_head.npz", index.manifest.colour_weight
    return [
        (name, lambda: text.detector.weights[None], SENTENCE_DIMENSIONS + FACTS),
        (name, lambda: text.calibration.similarity(np.zeros((1, 1)), weight), 1),
        (name, lambda: text.refined.similarity(np.zeros((1, 1)), weight), 1),
    ]

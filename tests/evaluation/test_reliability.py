"""The similarity shown beside what is true, on made-up products of four kinds."""

import numpy as np
import pytest

from recommender.embedding.head import ClassicHead
from recommender.embedding.vectors import normalised
from recommender.evaluation.reliability import calibrated, of_photographs
from recommender.features.table import FeatureTable
from recommender.metrics.held_out import HeldOut, hold_out
from recommender.metrics.precision import Judged
from recommender.metrics.splits import nearest
from recommender.schema import ARTICLE_TYPE

KINDS, CHANNELS = 4, 24
CENTRES = np.random.default_rng(1).random((KINDS, CHANNELS))


def pictures(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Features in which the kinds overlap, and the kinds."""
    random = np.random.default_rng(seed)
    kinds = random.integers(KINDS, size=count)
    noise = random.normal(size=(count, CHANNELS)) * 0.9
    return (CENTRES[kinds] + noise).astype(np.float32), kinds


def shop(column: str = "articleType") -> HeldOut:
    rows, kinds = pictures(900, 0)
    features = FeatureTable(rows, rows, rows)
    labels = {column: [f"kind {kind}" for kind in kinds]}
    return hold_out(features, labels, [str(n) for n in range(900)], lambda *_: ClassicHead(), 400)


def test_what_is_shown_of_products_is_about_as_often_right() -> None:
    truth = calibrated(shop())
    assert truth is not None
    _, reliability = truth
    assert reliability.shown == pytest.approx(reliability.right, abs=0.05)
    assert 0.3 < reliability.right < 0.9
    assert sum(band.share for band in reliability.bands) == pytest.approx(1)
    shown = [band.shown for band in reliability.bands]
    assert shown == sorted(shown, reverse=True)
    mean = sum(band.share * band.right for band in reliability.bands)
    assert mean == pytest.approx(reliability.right)


def test_photographs_that_are_too_sure_of_themselves_are_seen() -> None:
    held_out = shop()
    truth = calibrated(held_out)
    assert truth is not None
    calibration, _ = truth
    items, known = held_out.learned[1], held_out.labels[ARTICLE_TYPE][1]
    asked, numbers = pictures(200, 5)
    classes = held_out.classes[ARTICLE_TYPE]
    kinds = np.array([classes.index(f"kind {number}") for number in numbers])
    # On top of the first item they lie, and it is not of their kind.
    wrong = items[[int(np.flatnonzero(known != kind)[0]) for kind in kinds]]
    for style, sure in ((normalised(asked), False), (normalised(asked * 0.05 + wrong), True)):
        found = nearest(style, items, 5)
        right = known[found] == kinds[:, None]
        rows, many = np.arange(200), np.full(200, len(items))
        judged = Judged(rows, kinds, right, many, many)
        reliability = of_photographs(calibration, style, items, found, judged)
        assert reliability.right == pytest.approx(right.mean())
        assert (reliability.shown > reliability.right + 0.1) == sure


def test_without_article_types_nothing_can_be_said() -> None:
    assert calibrated(shop("baseColour")) is None

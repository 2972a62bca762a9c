"""Drift: how far a catalogue has moved from the one that an index's head was fitted on."""

import numpy as np

from recommender.building.drift import REFIT_LOSS, Drift, Measured, measure
from recommender.embedding.head import ClassicHead

KINDS = 4


def vectors(kinds: list[int], noise: float) -> np.ndarray:
    """Vectors around one direction for each kind."""
    random = np.random.default_rng(0)
    rows = np.eye(KINDS, 8)[kinds] + noise * random.standard_normal((len(kinds), 8))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def measured(kinds: list[int], noise: float, digests: list[str] | None = None) -> Measured:
    rows = vectors(kinds, noise)
    attributes = {"articleType": [f"kind {kind}" for kind in kinds]}
    digests = digests or [str(row) for row in range(len(kinds))]
    return measure(ClassicHead(), attributes, digests, rows, rows, 8, 0.0)


def test_precision_is_measured_among_the_other_products() -> None:
    kinds = [row % KINDS for row in range(80)]
    assert measured(kinds, 0.05).precision_at_5["article type"] == 1.0
    lost = measured(kinds, 5.0).precision_at_5["article type"]
    assert 0.1 < lost < 0.5, "a quarter is chance"


def test_copies_of_a_picture_are_no_neighbours_of_it() -> None:
    # Of each kind one picture, six times: without its copies, a product has only other kinds.
    kinds = [row % KINDS for row in range(24)]
    copies = [str(kind) for kind in kinds]
    assert measured(kinds, 0.0, copies).precision_at_5["article type"] == 0.0


def test_too_few_products_are_not_measured() -> None:
    assert measured([0, 1, 2, 3], 0.1).precision_at_5 == {}


def test_measurements_are_kept_in_the_manifest() -> None:
    whole = measured([row % KINDS for row in range(80)], 0.5)
    assert Measured.from_json(whole.to_json()) == whole
    for damaged in ({}, {"products": 3}, {**whole.to_json(), "precision_at_5": [1]}):
        assert Measured.from_json(damaged) is None


def drift(then: float, now: float) -> Drift:
    before, after = (Measured(100, {"article type": p}, {}) for p in (then, now))
    return Drift(before, after, 0.25, 2.0)


def test_a_fit_is_advised_when_precision_fell() -> None:
    fell = drift(0.8, 0.8 - REFIT_LOSS - 0.001)
    assert fell.advises_refit
    said = " ".join(fell.sentences())
    assert "25% of the products are new" in said
    assert "--refit" in said
    assert "unlike those" in said
    kept = drift(0.8, 0.78)
    assert not kept.advises_refit
    assert "--refit" not in " ".join(kept.sentences())

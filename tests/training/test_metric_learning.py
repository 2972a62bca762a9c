"""Proxy-based metric learning: its loss, its seed and its steps."""

import numpy as np
import pytest

from recommender.training import metric_learning
from recommender.training.metric_learning import (
    LABEL_SMOOTHING,
    SCALE,
    entropy,
    fit_proxies,
    smoothed_cross_entropy,
)

RANDOM = np.random.default_rng(0)
CLASSES = RANDOM.integers(-1, 3, 300)
INPUTS = (
    np.eye(4)[CLASSES] @ RANDOM.normal(size=(4, 8)) + RANDOM.normal(size=(300, 8)) * 0.3
).astype(np.float32)


def fit(inputs=INPUTS, seed=0, least_steps=60):
    return fit_proxies(
        inputs, [CLASSES], hidden=32, outputs=8, dropout=0.2, least_steps=least_steps, seed=seed
    )


def test_loss_is_the_smoothed_cross_entropy_and_zero_where_the_class_is_unknown():
    cosines = np.array([[0.5, -0.2, 0.1], [0.3, 0.3, 0.9]], np.float32)
    losses = np.asarray(smoothed_cross_entropy(np.array([[0], [-1]]), cosines))
    logits = SCALE * cosines[0]
    log_shares = logits - np.log(np.exp(logits).sum())
    wanted = np.full(3, LABEL_SMOOTHING / 3)
    wanted[0] += 1 - LABEL_SMOOTHING
    assert losses == pytest.approx([-(wanted * log_shares).sum(), 0.0], abs=1e-5)


def test_vectors_come_to_lie_by_the_proxies_of_their_classes():
    fitted = fit()
    (weights, bias), (last, _) = fitted.layers
    vectors = np.maximum(INPUTS @ weights + bias, 0) @ last
    known = CLASSES >= 0
    nearest = (vectors @ fitted.proxies[0].T).argmax(axis=1)
    assert (nearest[known] == CLASSES[known]).mean() > 0.95
    assert np.linalg.norm(fitted.proxies[0], axis=1) == pytest.approx(1, abs=1e-5)


def test_same_seed_gives_the_same_weights_and_another_seed_others():
    (first, _), _ = fit().layers
    (again, _), _ = fit().layers
    (other, _), _ = fit(seed=1).layers
    assert np.array_equal(first, again)
    assert not np.allclose(first, other)


@pytest.mark.parametrize(
    ("of_an_epoch", "wanted"), [(2, 40), (47, 940), (60, 1_000), (200, 1_600), (500, 2_500)]
)
def test_a_small_catalogue_is_fitted_in_more_epochs(of_an_epoch, wanted):
    assert metric_learning._steps(of_an_epoch) == wanted


@pytest.mark.parametrize(("least", "wanted"), [(50, 50), (1, 40)])
def test_steps_are_those_of_the_epochs_or_the_least(least, wanted):
    batches = metric_learning._Batches(INPUTS, [CLASSES], least, seed=0)
    assert len(batches) == wanted
    inputs, (codes,) = batches[0]
    assert inputs.shape == (metric_learning.SMALL_BATCH, 8)
    assert codes.shape == (metric_learning.SMALL_BATCH, 1)


def test_every_item_is_seen_once_before_one_is_seen_again():
    count = 4 * metric_learning.SMALL_BATCH
    inputs = np.arange(count, dtype=np.float32)[:, None]
    batches = metric_learning._Batches(inputs, [np.zeros(count, int)], 8, seed=0)
    seen = np.concatenate([batches[step][0][:, 0] for step in range(4)])
    assert sorted(seen) == list(range(count))
    assert seen.tolist() != sorted(seen)


def test_entropy_counts_known_classes_only():
    assert entropy(np.array([0, 1, 0, 1, -1])) == pytest.approx(np.log(2))
    assert entropy(np.array([0, 0])) == 0

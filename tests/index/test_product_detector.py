import numpy as np
import pytest

from recommender.index.product_detector import ProductDetector, fit_product_detector

CHANNELS = 24


def pooled(random, count, channel):
    """Features of pictures in which one channel answers more than the others."""
    rows = random.uniform(0, 1, (2, count, CHANNELS)).astype(np.float32)
    rows[:, :, channel] += 2
    return rows[0], rows[1]


@pytest.fixture(scope="module")
def fitted():
    random = np.random.default_rng(0)
    return fit_product_detector(
        pooled(random, 400, 0), pooled(random, 200, 1), pooled(random, 200, 2)
    )


def test_products_on_white_and_on_backdrops_pass(fitted):
    random = np.random.default_rng(1)
    for channel in (0, 1):
        assert (fitted.score(*pooled(random, 500, channel)) >= 0).mean() > 0.95


def test_what_is_no_product_falls_below_zero(fitted):
    assert (fitted.score(*pooled(np.random.default_rng(2), 200, 2)) < 0).mean() > 0.95


def test_scores_do_not_depend_on_the_scale_of_features(fitted):
    highest, mean = pooled(np.random.default_rng(3), 5, 1)
    twice = fitted.score(2 * highest, 2 * mean)
    np.testing.assert_allclose(twice, fitted.score(highest, mean), rtol=1e-4, atol=1e-5)


def test_a_fit_survives_being_written_without_pickle(fitted, tmp_path):
    np.savez(tmp_path / "novelty.npz", allow_pickle=False, **fitted.to_arrays())
    with np.load(tmp_path / "novelty.npz", allow_pickle=False) as arrays:
        again = ProductDetector.from_arrays(arrays)
    features = pooled(np.random.default_rng(4), 3, 0)
    np.testing.assert_array_equal(again.score(*features), fitted.score(*features))

"""Further products that texts are told apart from."""

import numpy as np

from recommender.training.text_negatives import Negatives


def kinds() -> np.ndarray:
    """Vectors of 60 products of two kinds, the even ones and the odd ones."""
    random = np.random.default_rng(0)
    vectors = np.eye(2)[np.arange(60) % 2] + random.normal(0, 0.01, (60, 2))
    return vectors.astype(np.float32)


def test_neighbours_are_like_a_product_and_others_are_of_any_kind() -> None:
    negatives = Negatives(kinds(), np.arange(60), seed=0)
    drawn = negatives.draw(np.array([2, 4]), near=50, random=50, step=0)
    assert set(drawn[:50] % 2) == {0}
    assert set(drawn[50:] % 2) == {0, 1}


def test_a_product_is_no_neighbour_of_its_own() -> None:
    negatives = Negatives(kinds(), np.arange(60), seed=0)
    assert 2 not in negatives.draw(np.array([2]), near=200, random=0, step=0)


def test_only_products_to_fit_on_are_drawn_and_equal_steps_draw_alike() -> None:
    rows = np.arange(30)
    negatives = Negatives(kinds(), rows, seed=0)
    drawn = negatives.draw(np.array([1, 2]), near=40, random=40, step=3)
    assert drawn.max() < 30
    np.testing.assert_array_equal(drawn, negatives.draw(np.array([1, 2]), 40, 40, step=3))
    assert negatives.draw(np.array([1]), near=0, random=0, step=0).shape == (0,)

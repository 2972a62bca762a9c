"""Products that a text describes as well as its own."""

import numpy as np

from recommender.training.text_matches import Matches

RED, BLUE = 5, 6

# Three products: a red one named "a", a blue one and another red one both named "b". Texts: the
# name of product 0, the names of products 1 and 2, and "red" of product 0.
MATCHES = Matches(
    products=np.array([0, 1, 2, 0]),
    named=np.array([[-1, -1], [-1, -1], [-1, -1], [RED, -1]]),
    sentences=np.array([10, 11, 11, 12]),
    name_of=np.array([10, 11, 11]),
    codes=np.array([[RED], [BLUE], [RED]]),
    further=np.array([[False, False], [True, False], [False, False]]),
)


def test_a_name_describes_products_of_the_same_name() -> None:
    good = MATCHES.as_good(np.array([0, 1]), np.array([0, 1, 2]))
    assert good.tolist() == [[False, False, False], [False, False, True]]


def test_a_phrase_describes_all_products_of_what_it_names() -> None:
    good = MATCHES.as_good(np.array([3]), np.array([0, 1, 2]))
    assert good.tolist() == [[False, False, True]]


def test_a_text_s_own_product_at_a_further_place_is_left_out() -> None:
    good = MATCHES.as_good(np.array([0, 3]), np.array([0, 0, 0, 1]))
    assert good.tolist() == [[False, True, True, False], [True, False, True, False]]

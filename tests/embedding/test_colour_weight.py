import pytest

from recommender.embedding.colour_weight import default_colour_weight


@pytest.mark.parametrize(
    ("items", "weight"), [(0, 0.15), (682, 0.15), (1_493, 0.23), (5_000, 0.36), (10**6, 0.36)]
)
def test_colour_counts_for_more_where_there_are_more_products(items: int, weight: float) -> None:
    assert default_colour_weight(items) == weight


def test_the_weight_of_colour_never_falls() -> None:
    weights = [default_colour_weight(items) for items in range(500, 6_000, 50)]
    assert weights == sorted(weights)

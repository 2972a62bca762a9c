"""The products that an index is fitted on."""

from collections import Counter

import numpy as np

from recommender.building.sampling import stratified_sample

KINDS = ["shirt"] * 9_000 + ["shoe"] * 900 + ["scarf"] * 90 + [None] * 10


def test_a_small_catalogue_is_taken_whole() -> None:
    assert np.array_equal(stratified_sample(KINDS, len(KINDS)), np.arange(len(KINDS)))


def test_a_sample_has_the_size_asked_for_and_each_product_once() -> None:
    for most in (999, 1_000, 3_001):
        sample = stratified_sample(KINDS, most)
        assert len(sample) == most
        assert (np.diff(sample) > 0).all()


def test_rare_kinds_are_whole_in_a_sample_and_common_ones_share_the_rest() -> None:
    counts = Counter(KINDS[row] for row in stratified_sample(KINDS, 1_000))
    assert (counts["scarf"], counts[None]) == (90, 10)
    assert counts["shirt"] > counts["shoe"] > 125


def test_products_of_a_kind_are_drawn_from_all_over_the_catalogue() -> None:
    shirts = [row for row in stratified_sample(KINDS, 1_000) if row < 9_000]
    assert np.abs(np.mean(shirts) - 4_500) < 500


def test_the_sample_follows_from_the_seed() -> None:
    assert np.array_equal(stratified_sample(KINDS, 500), stratified_sample(KINDS, 500))
    assert not np.array_equal(stratified_sample(KINDS, 500), stratified_sample(KINDS, 500, seed=1))

"""Retrieval measures on neighbours whose worth is known by hand, and what is held out of what."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.embedding.head import ClassicHead
from recommender.embedding.vectors import Embedding, normalised
from recommender.errors import SettingsError
from recommender.features.table import FeatureTable
from recommender.metrics.held_out import Parts, fit_on, hold_out, measure
from recommender.metrics.precision import (
    average_precision,
    bootstrap,
    encode,
    joint,
    judge,
    macro_mean,
    retrieval,
)
from recommender.metrics.relevance import measured_labels
from recommender.metrics.report_card import grade, split_sample
from recommender.metrics.splits import (
    distinct_products,
    near_identical,
    nearest,
    split_products,
)

# An index of six: two shirts, three shoes, and one that nobody has labelled.
INDEX = np.array([0, 0, 1, 1, 1, -1])


def test_precision_is_the_share_of_right_neighbours() -> None:
    neighbours = np.array([[0, 2, 1, 3, 4, 5, -1, -1, -1, -1]])  # right, wrong, right, wrong ...
    measured = retrieval(judge(neighbours, np.array([0]), INDEX))
    assert measured.precision == {1: 1.0, 5: 2 / 5, 10: 2 / 10}


def test_hit_rate_asks_for_one_right_neighbour() -> None:
    neighbours = np.array([[2, 0, 1, 3, 4], [0, 1, 5, 5, 5]])
    measured = retrieval(judge(neighbours, np.array([0, 1]), INDEX))
    assert measured.hit_rate == {1: 0.0, 5: 0.5, 10: 0.5}


def test_average_precision_is_the_mean_of_the_precisions_at_right_places() -> None:
    right = np.array([[True, False, True, False], [False, False, False, True]])
    # 1/1 and 2/3 of two that there are; 1/4 of two that there are, one of which was not found.
    expected = [(1 + 2 / 3) / 2, (1 / 4) / 2]
    assert average_precision(right, np.array([2, 2])).tolist() == pytest.approx(expected)


def test_average_precision_expects_no_more_than_the_ranking_can_hold() -> None:
    right = np.array([[True, True]])
    assert average_precision(right, np.array([100])).tolist() == [1.0]


def test_chance_is_the_share_of_the_index_that_has_the_label() -> None:
    neighbours = np.array([[0, 1], [2, 3]])
    measured = retrieval(judge(neighbours, np.array([0, 1]), INDEX))
    assert measured.chance == pytest.approx((2 / 6 + 3 / 6) / 2)


def test_neighbours_drawn_at_random_reach_chance() -> None:
    rng = np.random.default_rng(0)
    index = rng.integers(0, 4, 3_000)
    queries = rng.integers(0, 4, 2_000)
    measured = retrieval(judge(rng.integers(0, 3_000, (2_000, 10)), queries, index))
    assert measured.precision[10] == pytest.approx(measured.chance, abs=0.01)


def test_query_without_a_label_is_no_query() -> None:
    judged = judge(np.array([[0, 1], [0, 1]]), np.array([-1, 0]), INDEX)
    assert judged.rows.tolist() == [1]
    assert retrieval(judged).queries == 1


def test_neighbour_without_a_label_is_wrong() -> None:
    assert not judge(np.array([[5]]), np.array([0]), INDEX).right.any()
    # -1 is how both an unknown label and a missing neighbour are written: neither matches.
    assert not judge(np.array([[-1]]), np.array([0]), np.array([0])).right.any()


def test_macro_average_counts_every_class_the_same() -> None:
    values, labels = np.array([1.0, 1.0, 1.0, 0.0]), np.array([7, 7, 7, 9])
    assert values.mean() == 0.75
    assert macro_mean(values, labels) == 0.5


def test_bootstrap_is_the_same_for_the_same_seed() -> None:
    values = np.random.default_rng(1).random(200)
    labels = np.arange(200) % 7
    assert bootstrap(values, labels, seed=3) == bootstrap(values, labels, seed=3)
    assert bootstrap(values, labels, seed=3) != bootstrap(values, labels, seed=4)


def test_bootstrap_interval_is_as_wide_as_statistics_says() -> None:
    values = (np.arange(400) % 2).astype(float)  # a fair coin: standard error .5 / 20
    (low, high), (macro_low, macro_high) = bootstrap(values, np.zeros(400, np.int64))
    assert low == pytest.approx(0.5 - 1.96 * 0.025, abs=0.01)
    assert high == pytest.approx(0.5 + 1.96 * 0.025, abs=0.01)
    assert (macro_low, macro_high) == pytest.approx((low, high), abs=0.01)


def test_macro_interval_lies_around_the_macro_average_however_small_the_classes() -> None:
    rng = np.random.default_rng(0)
    labels = np.concatenate([np.zeros(300, np.int64), np.arange(1, 100)])
    values = np.where(labels == 0, 0.9, 0.1) + rng.normal(0, 0.05, len(labels))
    _, (low, high) = bootstrap(values, labels)
    assert low <= macro_mean(values, labels) <= high


def test_labels_of_two_sets_agree_on_their_classes() -> None:
    queries, index = encode(["Shirt", None], ["Shoe", "Shirt"])
    assert queries[1] == -1
    assert queries[0] == index[1] != index[0]


def test_joint_label_is_known_where_all_its_parts_are() -> None:
    assert joint([["Shirt", "Shoe"], ["Men", None]]) == [("Shirt", "Men"), None]


def test_known_columns_go_by_their_role_and_are_measured_together() -> None:
    attributes = {
        "articleType": ["Shirts", "Shoes"],
        "gender": ["Men", "Women"],
        "baseColour": ["Red", "Blue"],
        "usage": ["Casual", "Sports"],
    }
    labels = measured_labels(attributes)
    assert {"article type", "gender", "colour", "usage"} <= set(labels)
    assert labels["article type, gender and colour"][0] == ("Shirts", "Men", "Red")


def test_split_is_the_same_for_the_same_seed_and_has_the_size_asked_for() -> None:
    digests = [str(i) for i in range(100)]
    one, same, other = (split_products(digests, 30, seed) for seed in (1, 1, 2))
    assert np.array_equal(one.queries, same.queries)
    assert not np.array_equal(one.queries, other.queries)
    assert (len(one.queries), len(one.index)) == (30, 70)


def test_no_picture_is_on_both_sides_of_a_split() -> None:
    digests = [str(i // 3) for i in range(90)]  # every picture belongs to three products
    split = split_products(digests, 10)
    queries = {digests[row] for row in split.queries}
    assert len(queries) == len(split.queries) == 10
    assert queries.isdisjoint(digests[row] for row in split.index)
    assert len(split.index) == 60


def test_more_queries_than_half_the_pictures_are_refused() -> None:
    with pytest.raises(SettingsError, match="at most half of them \\(2\\)"):
        split_products(["a", "b", "c", "d", "d"], 3)


def test_neighbours_come_nearest_first_and_only_as_far_as_the_index_goes() -> None:
    index = normalised(np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]))
    found = nearest(np.array([[1.0, 0.1]], np.float32), index, depth=5)
    assert found.tolist() == [[1, 2, 0, -1, -1]]


def test_copies_of_a_query_are_not_among_its_neighbours() -> None:
    index = normalised(np.array([[1.0, 0.001], [1.0, 0.5], [0.0, 1.0]]))
    queries = normalised(np.array([[1.0, 0.0], [0.0, 1.0]]))
    copies = near_identical(queries, index)
    assert copies.tolist() == [[0, 0], [1, 2]]
    assert nearest(queries, index, 3, copies).tolist() == [[1, 2, -1], [1, 0, -1]]


def test_neighbours_and_copies_are_found_across_blocks() -> None:
    rng = np.random.default_rng(0)
    queries = normalised(rng.standard_normal((1_100, 6)).astype(np.float32))
    index = normalised(rng.standard_normal((9_000, 6)).astype(np.float32))
    index[8_999] = index[4_100] = index[3] = queries[1_050]
    copies = near_identical(queries, index)
    similarities = queries @ index.T
    np.testing.assert_array_equal(copies, np.argwhere(similarities > 0.98))
    found = nearest(queries, index, 7)
    np.testing.assert_array_equal(found, np.argsort(-similarities, axis=1, kind="stable")[:, :7])
    assert found[1_050, :3].tolist() == [3, 4_100, 8_999]
    others = nearest(queries, index, 7, copies)
    assert not np.isin(others[1_050], [3, 4_100, 8_999]).any()


def test_copies_do_not_count_as_something_that_could_be_found() -> None:
    copies = np.array([[0, 0]])
    judged = judge(np.array([[1, 2]]), np.array([0]), INDEX, copies)
    assert (judged.relevant.tolist(), judged.eligible.tolist()) == ([1], [5])


def test_parts_are_weighed_as_the_app_weighs_those_of_one_query() -> None:
    style, colour = np.array([0.6, 0.8], np.float32), np.array([1.0], np.float32)
    weighed = Parts(2, 1).weighed(np.concatenate([style, colour])[None], 0.25)[0]
    assert np.allclose(weighed, Embedding(style, colour).query(0.25))


def test_style_is_everything_where_there_is_no_colour() -> None:
    rows = np.array([[0.6, 0.8]], np.float32)
    assert np.array_equal(Parts(2, 0).weighed(rows, 0.25), rows)


class OneHot:
    """A head that puts products of one label on one spot; knows the labels it was fitted on."""

    knows_photographs = False

    def __init__(self, max_pooled, avg_pooled, colour, attributes, augmented=None) -> None:
        self.seen = {name: list(values) for name, values in attributes.items()}
        self.rows = len(max_pooled)

    def style(self, max_pooled, avg_pooled):
        return normalised(avg_pooled)

    def colour(self, style, colour):
        return normalised(colour)

    def add_label_prior(self, style, colour, labels):
        return style, colour

    def add_class_prior(self, style):
        return style


class Drawing(OneHot):
    """It puts items where their label is, whatever they look like."""

    def add_label_prior(self, style, colour, labels):
        types = [int(own["articleType"].removeprefix("type ")) for own in labels]
        return np.eye(4, dtype=np.float32)[types], colour


def made_up(products: int = 400):
    """Max-pooled features are noise, average-pooled ones tell the type, and colour the colour."""
    rng = np.random.default_rng(0)
    types, colours = rng.integers(0, 4, products), rng.integers(0, 3, products)
    features = {
        "max_pooled": rng.random((products, 32), np.float32),
        "avg_pooled": np.eye(4, dtype=np.float32)[types] + rng.normal(0, 0.01, (products, 4)),
        "colour": np.eye(3, dtype=np.float32)[colours] + rng.normal(0, 0.01, (products, 3)),
    }
    attributes = {
        "articleType": [f"type {t}" for t in types],
        "gender": ["Women"] * (products - 1) + ["Men"],
        "baseColour": [f"colour {c}" for c in colours],
    }
    return FeatureTable(**{n: f.astype(np.float32) for n, f in features.items()}), attributes


def test_head_is_fitted_without_the_queries() -> None:
    features, attributes = made_up()
    digests = [str(i) for i in range(400)]
    held_out = hold_out(features, attributes, digests, OneHot, 40)
    assert held_out.head.rows == 360
    kept = [attributes["articleType"][row] for row in held_out.split.index]
    assert held_out.head.seen["articleType"] == kept


def card_of(features, attributes, digests, fit, colour_weight: float) -> dict:
    split = split_sample(digests)
    if split is None:
        return grade(None, colour_weight)
    head = fit_on(split.index, fit, features, attributes, None)
    return grade(measure(features, attributes, split, head), colour_weight)


def test_report_card_sets_the_index_beside_recipe_and_chance() -> None:
    features, attributes = made_up()
    card = card_of(features, attributes, [str(i) for i in range(400)], OneHot, 0.5)
    assert card["queries"] == 40
    measured = card["precision_at_5"]["article type"]
    assert measured["index"] == 1.0
    assert measured["classic"] < 0.5
    assert measured["chance"] == pytest.approx(0.25, abs=0.05)
    assert card["precision_at_5"]["colour"]["index"] == 1.0


def test_report_card_of_the_classic_recipe_equals_the_recipe() -> None:
    features, attributes = made_up()
    digests = [str(i) for i in range(400)]
    card = card_of(features, attributes, digests, lambda *_: ClassicHead(), 0.0)
    for values in card["precision_at_5"].values():
        assert values["index"] == values["classic"]


def test_small_or_unlabelled_catalogue_has_no_report_card() -> None:
    features, attributes = made_up()
    digests = [str(i) for i in range(400)]
    assert card_of(features, {}, digests, OneHot, 0.5) == {}
    assert card_of(features, attributes, ["same"] * 400, OneHot, 0.5) == {}


def test_items_are_drawn_to_their_own_labels_and_queries_are_not() -> None:
    features, attributes = made_up()
    rng = np.random.default_rng(1)
    noise = rng.random((400, 4)).astype(np.float32)
    features = replace(features, avg_pooled=noise)  # tells nothing any more
    held_out = hold_out(features, attributes, [str(i) for i in range(400)], Drawing, 40)
    asked, known = held_out.learned
    split = held_out.split
    types = [int(attributes["articleType"][row].removeprefix("type ")) for row in split.index]
    assert known[:, :4].argmax(axis=1).tolist() == types
    assert np.allclose(asked[:, :4], normalised(features.avg_pooled[split.queries]))
    assert np.allclose(
        held_out.without_prior()[:, :4], normalised(features.avg_pooled[split.index])
    )


def test_variants_and_copies_are_held_out_together() -> None:
    digests = [f"picture {n // 2}" for n in range(60)]  # pairs of copies
    groups = [None if n % 3 == 0 else f"group {n // 6}" for n in range(60)]
    split = split_products(digests, 5, groups=groups)
    for query in split.queries:
        for item in split.index:
            assert digests[item] != digests[query]
            assert groups[item] is None or groups[item] != groups[query]
    assert len(split.queries) == 5
    sets = distinct_products(digests, groups)
    assert len(set(sets[split.queries])) == 5, "no two queries are of one product"
    assert set(sets[split.queries]).isdisjoint(sets[split.index])
    assert len(split.index) + np.isin(sets, sets[split.queries]).sum() == 60


def test_products_are_joined_along_chains_of_copies_and_variants() -> None:
    # The second is a copy of the first and a variant of the third.
    joined = distinct_products(["a", "a", "b", "c"], [None, "g", "g", "h"])
    assert joined.tolist() == [0, 0, 0, 3]
    assert distinct_products(["a", "b", "a"]).tolist() == [0, 1, 0]

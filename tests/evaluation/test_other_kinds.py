"""First results of another category: counted, with those that the notice is shown for."""

from types import SimpleNamespace

import numpy as np
import pytest

from recommender.answers.kinds import ProductKinds
from recommender.evaluation.other_kinds import measure_other_kinds

TYPES = ("Shirts", "Heels")
LABELS = {
    "articleType": ["Shirts", "Heels", "Shirts", "Heels"],
    "masterCategory": ["Clothes", "Shoes", "Clothes", "Shoes"],
}


def kinds_of(split: SimpleNamespace, labels: dict[str, list[str]] = LABELS) -> ProductKinds:
    """Categories of products 2 and 3."""
    return ProductKinds(list(labels), lambda name: labels[name][2:], split.head)


def held_out() -> SimpleNamespace:
    """Products 0 and 1 asked for over products 2 and 3; a style is the probability of a shirt."""
    head = SimpleNamespace(
        type_column="articleType",
        article_types=TYPES,
        type_probabilities=lambda style: np.hstack([style, 1 - style]),
    )
    return SimpleNamespace(
        head=head,
        split=SimpleNamespace(queries=np.array([0, 1]), index=np.array([2, 3])),
        learned=(np.array([[0.9], [0.8]], np.float32), None),
        parts=SimpleNamespace(style=1),
    )


def test_a_first_result_of_another_category_is_counted_and_whether_it_is_doubted() -> None:
    neighbours = np.array([[0, 1], [0, 1]])  # a shirt for the shirt, a shirt for the heel
    split = held_out()
    result = measure_other_kinds(split, kinds_of(split), LABELS, neighbours, None, {})  # type: ignore[arg-type]
    assert list(result) == ["held-out products"]
    found = result["held-out products"]
    # The heel looks like a shirt, so that nobody is told.
    assert (found.queries, found.other, found.said, found.false_alarms) == (2, 0.5, 0.0, 0.0)


def test_photographs_have_the_category_of_most_right_products() -> None:
    photographs = SimpleNamespace(
        types=np.array([[0.1, 0.9], [0.9, 0.1]], np.float32),
        own_labels=["Shoe", "Shirt"],
        neighbours=np.array([[0], [0]]),
    )
    right = {"Shoe": np.array([False, True]), "Shirt": np.array([True, False])}
    split = held_out()
    result = measure_other_kinds(
        split,
        kinds_of(split),
        LABELS,
        np.array([[0], [1]]),
        photographs,
        right,  # type: ignore[arg-type]
    )["photographs"]
    assert (result.other, result.said, result.false_alarms) == (0.5, 1.0, 0.0)


@pytest.mark.parametrize("column", [None, "masterCategory"])
def test_without_categories_beside_the_types_there_is_nothing_to_measure(
    column: str | None,
) -> None:
    split = held_out()
    split.head.type_column = column
    types_alone = {"articleType": LABELS["articleType"]} if column is None else LABELS
    kinds = kinds_of(split, types_alone)
    none = measure_other_kinds(split, kinds, types_alone, np.array([[0], [0]]), None, {})  # type: ignore[arg-type]
    assert none == {}

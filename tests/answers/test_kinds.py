"""Kinds of products: a first result of an improbable category is doubted."""

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from demo import draw, products
from recommender.answers.kinds import ProductKinds
from recommender.answers.recommendation import OF_ANOTHER_KIND
from recommender.answers.recommender import Recommender
from recommender.index.folder import open_index
from recommender.startup import DEMO_INDEX

TYPES = ("Shirts", "Jeans", "Heels")
CATEGORIES = {"Shirts": "Clothes", "Jeans": "Clothes", "Heels": "Shoes"}


def kinds_of(attributes: Sequence[str]) -> ProductKinds:
    rows = [{"articleType": t, "masterCategory": c} for t, c in CATEGORIES.items()]
    head = SimpleNamespace(type_column="articleType", article_types=TYPES)
    return ProductKinds(attributes, lambda name: [row[name] for row in rows], head)  # type: ignore[arg-type]


def test_probabilities_of_the_article_types_of_a_category_add_up() -> None:
    kinds = kinds_of(["articleType", "masterCategory"])
    assert kinds.of_types is not None
    assert kinds.of_types.tolist() == [0, 0, 1]
    shown = kinds.probabilities(np.array([0.4, 0.3, 0.3], np.float32))
    assert shown == pytest.approx({"Clothes": 0.7, "Shoes": 0.3})
    assert not kinds.is_improbable(shown, 0)
    assert kinds.is_improbable(shown, 2)


def test_a_catalogue_without_coarser_categories_doubts_nothing() -> None:
    kinds = kinds_of(["articleType"])
    assert kinds.of_types is None
    assert kinds.probabilities(np.array([0.9, 0.1, 0.0], np.float32)) == {}
    assert not kinds.is_improbable({}, 2)


def test_an_answer_of_another_category_says_so_until_it_is_filtered() -> None:
    demo_recommender = Recommender(open_index(DEMO_INDEX))
    shoe = next(p for p in products() if p.masterCategory == "Footwear")
    query = demo_recommender.embed_picture(draw(shoe))
    assert query.kinds["Footwear"] > 0.5
    assert not demo_recommender.search(query, 5).of_another_kind
    elsewhere = replace(query, kinds={"Apparel": 0.9, "Footwear": 0.1}, copy=None)
    answer = demo_recommender.search(elsewhere, 5)
    assert (answer.of_another_kind, answer.notice) == (True, OF_ANOTHER_KIND)
    filtered = demo_recommender.search(elsewhere, 5, {"masterCategory": ["Footwear"]})
    assert filtered.notice is None

"""Items drawn to their labels, and back."""

import numpy as np
import pytest

from recommender.embedding.prototypes import Prototypes, draw, undraw
from recommender.embedding.vectors import normalised

RANDOM = np.random.default_rng(4)


def unit(n: int, d: int = 32) -> np.ndarray:
    return normalised(RANDOM.standard_normal((n, d)).astype(np.float32))


KINDS = Prototypes("kind", ("Caps", "Hats"), unit(2), pull=1.0)
GENDERS = Prototypes("gender", ("Men", "Women"), unit(2), pull=0.5)
LABELS = [
    {"kind": "Caps", "gender": "Men"},
    {"kind": "Hats", "gender": None},
    {"kind": "Scarves", "gender": "Women"},
    {},
]


def test_an_item_comes_nearer_to_its_own_labels() -> None:
    rows = unit(4)
    drawn = draw(rows, LABELS, [KINDS, GENDERS])
    before, after = rows @ KINDS.vectors.T, drawn @ KINDS.vectors.T
    assert after[0, 0] > before[0, 0] + 0.3
    assert after[1, 1] > before[1, 1] + 0.3
    assert np.allclose(np.linalg.norm(drawn, axis=1), 1, atol=1e-6)


def test_an_item_of_unknown_labels_stays_where_it_is() -> None:
    rows = unit(4)
    assert np.allclose(draw(rows, LABELS, [KINDS, GENDERS])[3], rows[3], atol=1e-7)


@pytest.mark.parametrize("prototypes", [[KINDS, GENDERS], [GENDERS], []])
def test_what_was_drawn_can_be_undrawn(prototypes: list[Prototypes]) -> None:
    rows = unit(4)
    again = undraw(draw(rows, LABELS, prototypes), LABELS, prototypes)
    assert np.allclose(again, rows, atol=1e-5)


def test_a_query_scores_its_kind_higher_among_equal_pictures() -> None:
    picture = unit(1)
    query = normalised(picture + 0.5 * KINDS.vectors[:1])
    items = draw(np.repeat(picture, 2, 0), [{"kind": "Caps"}, {"kind": "Hats"}], [KINDS])
    assert items[0] @ query[0] > items[1] @ query[0]


def test_the_expected_prototype_is_the_likely_one_or_between_two() -> None:
    likely, unlikely = KINDS.vectors
    query, across = unit(1), likely - unlikely
    between = normalised(query - (query @ across)[:, None] * across / (across @ across))
    sure = normalised(between + 0.5 * across)
    assert np.allclose(KINDS.expected(sure, 64.0), likely, atol=1e-3)
    assert np.allclose(KINDS.expected(between, 64.0), (likely + unlikely) / 2, atol=1e-3)


def test_arrays_say_all_of_it() -> None:
    again = Prototypes.from_arrays(KINDS.to_arrays())
    assert (again.column, again.values, again.pull) == ("kind", ("Caps", "Hats"), 1.0)
    assert np.array_equal(again.vectors, KINDS.vectors)

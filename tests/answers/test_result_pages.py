"""Pages of results, the least similarity, and a picture that is the catalogue's own."""

import io
from typing import Any

import pytest

from recommender.answers.recommendation import (
    NOTHING_SIMILAR,
    Answer,
    EmptyReason,
    Query,
)
from recommender.answers.recommender import Recommender
from recommender.errors import SettingsError
from recommender.index.folder import open_index
from tests.support.drawn_products import draw_product


@pytest.fixture(scope="module")
def recommender(request: pytest.FixtureRequest) -> Recommender:
    """48 products, the last a copy of the first."""
    return Recommender(open_index(request.getfixturevalue("small_index")))


@pytest.fixture(scope="module")
def query(recommender: Recommender) -> Query:
    return recommender.embed_picture(draw_product("Tshirts", "Red", 999))


def own_picture(recommender: Recommender, position: int, quality: int | None = None) -> Query:
    """A product's picture, saved again as JPEG where a quality is given."""
    if quality is None:
        return recommender.embed(recommender.catalogue.thumbnail_bytes(position))
    again = io.BytesIO()
    recommender.catalogue.thumbnail(position).save(again, "JPEG", quality=quality)
    return recommender.embed(again.getvalue())


@pytest.mark.parametrize("filters", [{}, {"gender": "Men"}], ids=str)
@pytest.mark.parametrize("include_same", [True, False])
def test_pages_together_are_the_whole_answer(
    recommender: Recommender, filters: dict[str, Any], include_same: bool
) -> None:
    query = own_picture(recommender, 0)  # has a copy, too
    whole = recommender.search(query, 30, filters, include_same=include_same).results
    pages = [
        recommender.search(query, 7, filters, include_same=include_same, offset=offset)
        for offset in range(0, 30, 7)
    ]
    together = [result for page in pages for result in page.results]
    assert together[: len(whole)] == whole
    assert [result.rank for result in together] == list(range(1, len(together) + 1))
    assert len({result.id for result in together}) == len(together)


def test_an_answer_says_whether_more_follows(recommender: Recommender, query: Query) -> None:
    assert recommender.search(query, 40).has_more
    last = recommender.search(query, 40, offset=40)
    assert len(last.results) == 7  # the copy takes no place
    assert not last.has_more
    assert not recommender.search(query, 47).has_more
    assert recommender.search(query, 5, offset=200).results == []


def test_no_result_is_less_similar_than_asked_for(recommender: Recommender, query: Query) -> None:
    every = recommender.search(query, 47).results
    least = every[10].similarity
    answer = recommender.search(query, 40, min_similarity=least)
    assert answer.results == [r for r in every if r.similarity >= least]
    assert not answer.has_more
    assert recommender.search(query, 5, min_similarity=1.0).results == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"offset": -1}, "The offset is a whole number from 0 to 999; got -1."),
        ({"offset": 2.5}, "The offset is a whole number from 0 to 999; got 2.5."),
        ({"offset": True}, "The offset is a whole number"),
        ({"offset": "next"}, "The offset is a whole number from 0 to 999; got next."),
        ({"offset": 990, "k": 20}, "offset and k together are at most 1,000; got 990 and 20."),
        ({"min_similarity": 1.5}, "The least similarity is a number from 0 to 1; got 1.5."),
        ({"min_similarity": float("nan")}, "The least similarity is a number from 0 to 1; got nan"),
        ({"min_similarity": "high"}, "The least similarity is a number from 0 to 1; got high."),
        ({"min_similarity": True}, "The least similarity is a number from 0 to 1; got True."),
    ],
)
def test_senseless_bounds_are_sentences(
    recommender: Recommender, query: Query, arguments: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence.replace(".", r"\.")):
        recommender.search(query, **arguments)


def in_catalogue(answer: Answer) -> set[str | None]:
    return {result.in_catalogue for result in answer.results}


@pytest.mark.parametrize("quality", [None, 75])
@pytest.mark.parametrize("filters", [{}, {"articleType": "Handbags"}], ids=str)
def test_a_picture_of_the_catalogue_is_named_and_others_are_found(
    recommender: Recommender, quality: int | None, filters: dict[str, Any]
) -> None:
    answer = recommender.search(own_picture(recommender, 7, quality), 5, filters)
    assert answer.in_catalogue == 7
    assert in_catalogue(answer) == {"p7"}
    assert len(answer.results) == 5


def test_it_is_named_whether_or_not_it_is_among_the_results(recommender: Recommender) -> None:
    query = own_picture(recommender, 7)
    for include_same in (True, False):
        answer = recommender.search(query, 5, include_same=include_same)
        assert in_catalogue(answer) == {"p7"}
        assert ("p7" in [r.id for r in answer.results]) == include_same


def test_the_first_of_several_products_with_the_picture_is_named(recommender: Recommender) -> None:
    assert in_catalogue(recommender.search(own_picture(recommender, 47), 5)) == {"p0"}


def test_another_picture_and_a_product_are_not_called_the_catalogues(
    recommender: Recommender, query: Query
) -> None:
    assert in_catalogue(recommender.search(query, 5)) == {None}
    assert in_catalogue(recommender.similar("p3")) == {None}


def test_a_picture_of_the_catalogue_is_never_said_to_be_unlike_it(recommender: Recommender) -> None:
    own = own_picture(recommender, 7)
    doubted = Query(own.embedding, NOTHING_SIMILAR, own.copy)
    assert recommender.search(doubted, 5).notice is None
    assert recommender.search(Query(own.embedding, NOTHING_SIMILAR), 5).notice == NOTHING_SIMILAR


def test_an_answer_without_results_says_why(recommender: Recommender, query: Query) -> None:
    products = len(recommender.catalogue)
    assert recommender.search(query, 5).nothing is None
    assert recommender.search(query, 5, min_similarity=1.0).nothing == EmptyReason.NOT_AS_SIMILAR
    assert recommender.search(query, 5, offset=products).nothing == EmptyReason.PASSED_OVER
    assert recommender.search(query, 5, exclude=range(products)).nothing == EmptyReason.NONE_PASSES

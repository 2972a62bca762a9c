"""Searches with words, and pictures refined with words."""

import io
from pathlib import Path

import numpy as np
import pytest

from recommender.answers.recommendation import MixComponent
from recommender.answers.recommender import Recommender
from recommender.answers.text_queries import NO_PRODUCT, NO_WORDS
from recommender.errors import TextError
from recommender.index.folder import open_index
from tests.support.drawn_products import draw_product
from tests.support.text_part import with_text_part


@pytest.fixture(scope="module")
def recommender(small_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Recommender:
    folder = tmp_path_factory.mktemp("worded") / "index"
    return Recommender(open_index(with_text_part(small_index, folder)))


@pytest.fixture(scope="module")
def picture() -> bytes:
    buffer = io.BytesIO()
    draw_product("Tshirts", "Red", 999).save(buffer, "PNG")
    return buffer.getvalue()


def test_words_alone_are_searched_with(recommender: Recommender) -> None:
    answer = recommender.recommend(None, 5, text="red handbag")
    assert len(answer.results) == 5
    assert all(0 <= result.similarity <= 1 for result in answer.results)
    assert answer.query.understood is not None
    assert [m.label for m in answer.query.understood.mentions] == ["Red", "Handbags"]


def test_words_and_filters_go_together(recommender: Recommender) -> None:
    answer = recommender.recommend(None, 5, {"gender": "Men"}, text="red handbag")
    assert {result.attributes["gender"] for result in answer.results} == {"Men"}


def test_named_values_are_no_filters(recommender: Recommender) -> None:
    found = recommender.recommend(None, 40, text="red handbag for women").results
    assert len({result.attributes["gender"] for result in found}) == 2


def test_a_text_without_a_colour_is_compared_by_style_alone(recommender: Recommender) -> None:
    query = recommender.embed_text("handbag")
    found = [recommender.search(query, 5, colour_weight=w).results for w in (0.0, 0.9)]
    assert [r.id for r in found[0]] == [r.id for r in found[1]]
    assert [r.similarity for r in found[0]] == [r.similarity for r in found[1]]


def test_words_change_the_query_of_a_picture(recommender: Recommender, picture: bytes) -> None:
    plain = recommender.embed(picture)
    refined = recommender.refine(plain, "as a handbag, in blue")
    assert not np.allclose(plain.embedding.style, refined.embedding.style)
    assert not np.allclose(plain.embedding.colour, refined.embedding.colour)
    assert refined.refined


def test_a_picture_without_words_is_searched_as_before(
    recommender: Recommender, small_index: Path, picture: bytes
) -> None:
    without = Recommender(open_index(small_index))
    assert recommender.recommend(picture).to_json() == without.recommend(picture).to_json()


def test_words_about_prices_leave_the_picture(recommender: Recommender, picture: bytes) -> None:
    plain = recommender.recommend(picture)
    answer = recommender.recommend(picture, text="under 50 euros")
    assert [r.similarity for r in answer.results] == [r.similarity for r in plain.results]
    assert answer.query.notice is not None
    assert "This catalogue has no prices." in answer.query.notice


def test_a_mix_and_a_product_are_refined(recommender: Recommender) -> None:
    mix = recommender.mix([MixComponent(recommender.embedding_of(i)) for i in (1, 2)])
    assert recommender.refine(mix, "in red").refined
    assert recommender.similar("p3", 5, text="in red").query.refined


def test_further_words_are_added_to_words(recommender: Recommender) -> None:
    query = recommender.refine(recommender.embed_text("handbag"), "in red")
    assert query.understood is not None
    assert query.understood.text == "handbag in red"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Write what you look for"),
        ("?!", "Write what you look for"),
        ("red " * 76, "at most 300 characters; this one has 304"),
        ("xqzzt wvvkq", '"xqzzt" and "wvvkq" are not known here'),
        ("tomorrow morning", NO_PRODUCT),
    ],
)
def test_what_cannot_be_searched_with_is_refused(
    recommender: Recommender, text: str, sentence: str
) -> None:
    with pytest.raises(TextError) as refused:
        recommender.embed_text(text)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    "text", ["red \ud83d dress", "red\u0000dress", "\u202ered dress 🙂", "赤いドレス" + "🙂" * 290]
)
def test_any_characters_are_searched_with(recommender: Recommender, text: str) -> None:
    assert len(recommender.recommend(None, 3, text=text).results) == 3


def test_a_wrong_letter_is_told(recommender: Recommender) -> None:
    assert recommender.embed_text("red hanbag").notice == '"hanbag" was read as "handbag".'


def test_an_index_without_a_text_head_says_so(small_index: Path, picture: bytes) -> None:
    without = Recommender(open_index(small_index))
    assert not without.words.available
    assert without.words.suggestions(without.embed(picture).embedding) == []
    for search in (
        lambda: without.embed_text("red dress"),
        lambda: without.similar("p1", text="x"),
    ):
        with pytest.raises(TextError) as refused:
            search()
        assert str(refused.value) == NO_WORDS


def test_a_lower_price_is_suggested_where_there_is_one(recommender: Recommender) -> None:
    own = recommender.embedding_of(0)
    texts = [s.text for s in recommender.words.suggestions(own, 25.0)]
    assert "under 24.99" in texts
    assert not any(
        text.startswith("under") for text in (s.text for s in recommender.words.suggestions(own))
    )

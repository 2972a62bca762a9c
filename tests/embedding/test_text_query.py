"""Vectors of texts, and of pictures refined with words."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.embedding.prototypes import Prototypes
from recommender.embedding.text_head import TextHead, from_lines, terms_of, to_lines
from recommender.embedding.text_query import NamedValues, refined_embedding, text_embedding
from recommender.embedding.vectors import Embedding, normalised

AXES = np.eye(6, dtype=np.float32)
TYPES = Prototypes("articleType", ("Dresses", "Shirts"), AXES[:2], 1.0)
GENDERS = Prototypes("gender", ("Men", "Women"), AXES[2:4], 0.5)
COLOURS = Prototypes("baseColour", ("Black", "Red"), AXES[:2], 1.0)
ALL = (TYPES, GENDERS, COLOURS)


def shirt_for_men() -> Embedding:
    """A black shirt for men, of a style of its own."""
    style = normalised((AXES[1] + AXES[2] + 0.5 * AXES[5])[None])[0]
    return Embedding(style, AXES[0].copy())


def named(column: str, value: str, *, negated: bool = False) -> NamedValues:
    return NamedValues(column, ((value, 3),), negated)


def test_a_named_type_pulls_a_text_to_its_prototype() -> None:
    text, colour = AXES[5], AXES[5]
    moved = text_embedding(text, colour, [named("articleType", "Dresses")], ALL)
    assert moved.style @ AXES[0] > 0.1
    assert np.linalg.norm(moved.style) == pytest.approx(1)


def test_a_text_without_a_colour_has_no_colour_part() -> None:
    moved = text_embedding(AXES[5], AXES[5], [named("gender", "Men")], ALL)
    assert not moved.colour.any()
    with_colour = text_embedding(AXES[5], AXES[5], [named("baseColour", "Red")], ALL)
    assert np.linalg.norm(with_colour.colour) == pytest.approx(1)


def test_a_colour_that_must_not_be_is_pushed_away_from_a_text() -> None:
    moved = text_embedding(AXES[5], AXES[5], [named("baseColour", "Black", negated=True)], ALL)
    assert moved.colour @ AXES[0] == pytest.approx(-1)


def test_a_colour_without_a_prototype_is_that_of_the_words() -> None:
    refined = refined_embedding(shirt_for_men(), [], ALL, colour=AXES[3])
    np.testing.assert_allclose(refined.colour, AXES[3])


def test_a_colour_changes_the_colour_and_keeps_type_and_gender() -> None:
    own = shirt_for_men()
    refined = refined_embedding(own, [named("baseColour", "Red")], ALL)
    assert np.argmax(refined.colour) == 1
    assert np.argmax(refined.style[:2]) == 1
    assert np.argmax(refined.style[2:4]) == 0
    assert refined.style @ own.style > 0.8


def test_a_gender_changes_the_gender_alone() -> None:
    own = shirt_for_men()
    refined = refined_embedding(own, [named("gender", "Women")], ALL)
    assert refined.style[3] > refined.style[2]
    assert np.argmax(refined.style[:2]) == 1
    np.testing.assert_allclose(refined.colour, own.colour)


def test_a_type_changes_the_type_alone() -> None:
    refined = refined_embedding(shirt_for_men(), [named("articleType", "Dresses")], ALL)
    assert refined.style[0] > refined.style[1]
    assert refined.style[2] > refined.style[3]


def test_a_negated_colour_leaves_the_picture() -> None:
    refined = refined_embedding(shirt_for_men(), [named("baseColour", "Black", negated=True)], ALL)
    assert refined.colour @ AXES[0] < 0


def test_words_that_name_nothing_of_the_vector_change_nothing() -> None:
    own = shirt_for_men()
    assert refined_embedding(own, [], ALL) is own


def head(*, layered: bool = False) -> TextHead:
    """Text head of 8 hidden units; `layered` has word vectors of 4 units, as those fitted now."""
    random = np.random.default_rng(0)

    def matrix(*shape: int) -> np.ndarray:
        return random.normal(size=shape).astype(np.float16).astype(np.float32)

    style, colour = (matrix(8, 6), matrix(6)), (matrix(8, 6), matrix(6))
    words = matrix(3, 4 if layered else 8).astype(np.float16)
    layer = matrix(4, 8) if layered else None
    vocabulary = ("red", "dress", "red dress")
    return TextHead(vocabulary, matrix(512, 8), words, matrix(8), style, colour, layer)


@pytest.mark.parametrize("layered", [False, True])
def test_a_text_head_is_the_same_when_read_again(layered: bool) -> None:
    made, sentences = head(layered=layered), np.ones((2, 512), np.float32)
    again = TextHead.from_arrays(made.to_arrays())
    for before, after in zip(
        made(["red dress", "x"], sentences), again(["red dress", "x"], sentences), strict=True
    ):
        np.testing.assert_array_equal(before, after)


@pytest.mark.parametrize("layered", [False, True])
def test_words_that_are_known_change_a_vector(layered: bool) -> None:
    style, _ = head(layered=layered)(["red", "unknown"], np.ones((2, 512), np.float32))
    assert not np.allclose(style[0], style[1])
    np.testing.assert_allclose(np.linalg.norm(style, axis=1), 1, rtol=1e-5)


def test_word_vectors_of_the_size_of_the_hidden_layer_are_added_to_it() -> None:
    plain, sentences = head(), np.ones((1, 512), np.float32)
    layered = replace(plain, words_layer=np.eye(8, dtype=np.float32))
    np.testing.assert_array_equal(
        np.hstack(plain(["red"], sentences)), np.hstack(layered(["red"], sentences))
    )


@pytest.mark.parametrize("name", ["words", "words_layer", "sentence", "style", "vocabulary"])
def test_arrays_that_do_not_fit_are_refused(name: str) -> None:
    arrays = head(layered=True).to_arrays()
    arrays[name] = arrays[name][:-1] if name == "words" else arrays[name][..., :-1]
    if name == "words_layer":
        arrays[name] = head(layered=True).to_arrays()[name][:-1]
    if name == "vocabulary":
        arrays[name] = to_lines(("red",))
    if name == "style":
        arrays[name] = head().to_arrays()["style"][:-1]
    with pytest.raises(ValueError, match="differ in size"):
        TextHead.from_arrays(arrays)


def test_terms_are_words_and_pairs() -> None:
    assert terms_of("Red dress, red!") == ["red", "dress", "red dress", "dress red"]
    assert from_lines(to_lines(["rot", "赤"])) == ("rot", "赤")
    assert from_lines(to_lines([])) == ()

"""Words on the command line."""

import json
from pathlib import Path

import pytest

from recommender.answers.text_queries import NO_WORDS
from tests.support.drawn_products import draw_product
from tests.support.programs import script_here
from tests.support.text_part import with_text_part


@pytest.fixture(scope="module")
def index(small_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_text_part(small_index, tmp_path_factory.mktemp("worded") / "index")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    draw_product("Handbags", "Green", 77).save(path)
    return path


def recommend(*arguments: object) -> tuple[int, str, str]:
    done = script_here("scripts/recommend.py", *arguments)
    return done.returncode, done.stdout, done.stderr


def test_words_are_searched_with(index: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.png"
    options = ["--index", index, "--json", "--save", sheet]
    code, out, errors = recommend("--text", "red dress for women", *options)
    assert code == 0, errors
    assert [result["rank"] for result in json.loads(out)] == [1, 2, 3, 4, 5]
    assert sheet.exists()


def test_a_picture_is_changed_by_words(index: Path, photo: Path) -> None:
    found = [
        json.loads(recommend(photo, *words, "--index", index, "--json")[1])
        for words in ([], ["--text", "in green, for men"])
    ]
    assert found[0] != found[1]


def test_without_a_picture_and_words_a_sentence_says_what_is_missing(index: Path) -> None:
    code, _, errors = recommend("--index", index)
    assert code != 0
    assert "Give a picture to search with, or words with --text." in errors


def test_an_index_without_words_asks_for_a_picture_alone(small_index: Path) -> None:
    code, _, errors = recommend("--index", small_index)
    assert code != 0
    assert "Give a picture to search with." in errors


def test_an_index_without_words_says_so(small_index: Path) -> None:
    code, _, errors = recommend("--text", "red dress", "--index", small_index)
    assert code != 0
    assert NO_WORDS in errors

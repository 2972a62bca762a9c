"""Training of the text head on names and labels."""

import numpy as np
import pytest

from recommender.embedding.vectors import normalised
from recommender.training import text_head
from recommender.training.text_head import fit_text_head
from recommender.training.texts import texts_of

TYPES, COLOURS = ("Dresses", "Shirts", "Watches"), ("Red", "Black")
COUNT = 120


@pytest.fixture(scope="module")
def columns() -> dict[str, list[str | None]]:
    return {
        "articleType": [TYPES[i % 3] for i in range(COUNT)],
        "baseColour": [COLOURS[i // 3 % 2] for i in range(COUNT)],
    }


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    """Style: a direction for each type; colour: one for each colour."""
    random = np.random.default_rng(0)
    style = np.eye(6)[np.arange(COUNT) % 3] + random.normal(0, 0.1, (COUNT, 6))
    colour = np.eye(4)[np.arange(COUNT) // 3 % 2] + random.normal(0, 0.1, (COUNT, 4))
    return np.hstack([normalised(style), normalised(colour)])


def test_texts_are_placed_with_their_products(
    columns: dict[str, list[str | None]], vectors: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_head, "LEAST_STEPS", 80)
    monkeypatch.setattr(text_head, "EPOCHS", 1)
    monkeypatch.setattr(text_head, "LEAST_PHRASES", 300)
    names = [f"{columns['baseColour'][i]} {columns['articleType'][i]} {i}" for i in range(COUNT)]
    texts = texts_of(names, [str(i) for i in range(COUNT)], columns)
    heads = [fit_text_head(texts, vectors, vectors, 6, np.arange(COUNT)) for _ in range(2)]
    assert heads[0] is not None
    assert heads[1] is not None
    asked = ["red dress", "schwarze Uhr", "camisa roja"]
    style, colour = heads[0](asked)
    assert np.argmax(style[:, :3], axis=1).tolist() == [0, 2, 1]
    assert np.argmax(colour[:, :2], axis=1).tolist() == [0, 1, 0]
    again, _ = heads[1](asked)
    np.testing.assert_array_equal(style, again)


def test_a_catalogue_without_names_and_labels_has_none(vectors: np.ndarray) -> None:
    ids = [f"{i}" for i in range(COUNT)]
    texts = texts_of([f"IMG_{i}.jpg" for i in range(COUNT)], ids, {})
    assert texts.names == [""] * COUNT
    assert fit_text_head(texts, vectors, vectors, 6, np.arange(COUNT)) is None


def test_a_name_that_is_an_id_a_number_or_a_file_is_none() -> None:
    texts = texts_of(["7", "a7", "12-34", "red.jpg", "Red dress"], ["7", "a7", "x", "y", "z"], {})
    assert texts.names == ["", "", "", "", "Red dress"]


def test_what_a_name_says_is_added_to_the_labels() -> None:
    texts = texts_of(["Striped Shirt"], ["1"], {"articleType": ["Shirts"]})
    named = {role: getattr(c, "name", c) for role, c in texts.own[0].items()}
    assert named == {"article type": "shirt", "pattern": "striped"}

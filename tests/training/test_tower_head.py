"""Words of a network's own text tower: moved to the pictures, and their colours."""

from collections.abc import Sequence

import numpy as np
import pytest

from recommender.embedding.head import ClassicHead
from recommender.embedding.tower_head import TowerHead
from recommender.embedding.vectors import normalised
from recommender.training.tower_head import fit_tower_head

SIZE = 16
KINDS, COLOURS = ("dress", "shoe", "bag"), ("red", "black")
MEANINGS = np.random.default_rng(5).normal(size=(len(KINDS) + len(COLOURS), SIZE))
# Texts lie elsewhere than pictures, and closer to each other.
AWAY_PICTURE, AWAY_TEXT = np.random.default_rng(6).normal(0, 3, (2, SIZE))


class Tower:
    """Tower that adds the meanings of words, far from where pictures are."""

    dimensions = SIZE

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        words = (*KINDS, *COLOURS)
        rows = [sum(MEANINGS[words.index(w)] for w in text.split()) for text in texts]
        return normalised(0.5 * np.array(rows) + AWAY_TEXT)


def products(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    kinds, colours = random.integers(3, size=200), random.integers(2, size=200)
    pictures = MEANINGS[kinds] + MEANINGS[3 + colours] + AWAY_PICTURE
    pictures += random.normal(0, 0.2, pictures.shape)
    hues = normalised(np.eye(2)[colours] + random.normal(0, 0.05, (200, 2)))
    return kinds, colours, pictures, hues


@pytest.fixture(scope="module")
def fitted() -> tuple[TowerHead, np.ndarray, np.ndarray, np.ndarray]:
    kinds, colours, pictures, hues = products(np.random.default_rng(0))
    style = ClassicHead().style(pictures, np.zeros((200, 0)))
    phrases = [f"{c} {k}" for c in COLOURS for k in KINDS]
    made = fit_tower_head(Tower(), ClassicHead(), pictures, np.hstack([style, hues]), SIZE, phrases)
    return made, style, kinds, colours


def test_a_text_is_placed_with_pictures_of_what_it_says(
    fitted: tuple[TowerHead, np.ndarray, np.ndarray, np.ndarray],
) -> None:
    made, style, kinds, colours = fitted
    for kind in KINDS:
        for colour in COLOURS:
            said, hue = made([f"{colour} {kind}"])
            nearest = np.argsort(-(style @ said[0]))[:5]
            assert set(kinds[nearest]) == {KINDS.index(kind)}
            assert set(colours[nearest]) == {COLOURS.index(colour)}
            assert np.argmax(hue[0]) == COLOURS.index(colour)
            assert np.linalg.norm(said[0]) == pytest.approx(1)
            assert np.linalg.norm(hue[0]) == pytest.approx(1)


def test_a_text_is_moved_to_the_mean_picture_and_to_the_spread_of_pictures(
    fitted: tuple[TowerHead, np.ndarray, np.ndarray, np.ndarray],
) -> None:
    made, style, _, _ = fitted
    said = Tower().embed([f"{c} {k}" for c in COLOURS for k in KINDS])
    moved = made.scale * said + made.offset
    assert moved.mean(axis=0) == pytest.approx(style.mean(axis=0), abs=1e-5)

    def spread(rows: np.ndarray) -> float:
        return float(((rows - rows.mean(axis=0)) ** 2).sum(axis=1).mean())

    assert spread(moved) == pytest.approx(spread(style), rel=1e-4)


def test_it_is_the_same_when_read_again(
    fitted: tuple[TowerHead, np.ndarray, np.ndarray, np.ndarray],
) -> None:
    made = fitted[0]
    again = TowerHead.from_arrays(made.to_arrays(), Tower(), ClassicHead())
    for before, after in zip(made(["red bag"]), again(["red bag"]), strict=True):
        np.testing.assert_allclose(before, after, atol=1e-6)
    assert again.dimensions == (SIZE, 2)


def test_equal_pictures_without_colour_are_no_error() -> None:
    pictures = np.ones((9, SIZE), np.float32)
    made = fit_tower_head(Tower(), ClassicHead(), pictures, pictures, SIZE, ["red bag"])
    style, colour = made(["red bag"])
    assert np.isfinite(style).all()
    assert colour.shape == (1, 0)


@pytest.mark.parametrize("name", ["tower_offset", "tower_colour", "tower_colour_bias"])
def test_arrays_that_do_not_fit_are_refused(
    fitted: tuple[TowerHead, np.ndarray, np.ndarray, np.ndarray], name: str
) -> None:
    arrays = fitted[0].to_arrays()
    arrays[name] = np.concatenate([arrays[name], arrays[name]])
    with pytest.raises(ValueError, match=r"another text tower|mismatch|broadcast"):
        TowerHead.from_arrays(arrays, Tower(), ClassicHead())

import numpy as np
import pytest

from recommender.embedding.vectors import normalised
from recommender.index.calibration import GRID, WORDS, Calibration, fit_calibration, words

KINDS = 12
STYLE, COLOUR = 16, 8


def products(random, count, spread=0.5):
    """Products whose style tells their kind, and whose colour part their colour, more or less."""
    kinds, colours = random.integers(0, KINDS, (2, count))
    centres = np.random.default_rng(99).standard_normal((2, KINDS, STYLE))
    style = centres[0][kinds] + spread * random.standard_normal((count, STYLE))
    colour = centres[1][colours][:, :COLOUR] + spread * random.standard_normal((count, COLOUR))
    return np.hstack([normalised(style), normalised(colour)]), kinds, colours


@pytest.fixture(scope="module")
def catalogue():
    random = np.random.default_rng(0)
    return products(random, 300), products(random, 2000)


@pytest.fixture(scope="module")
def fitted(catalogue):
    (queries, kinds, colours), (items, known_kinds, known_colours) = catalogue
    return fit_calibration(queries, items, STYLE, (kinds, known_kinds), (colours, known_colours))


@pytest.mark.parametrize("weight", [0, 0.1, 0.36, 0.5, 0.9, 1])
def test_a_greater_inner_product_is_a_greater_similarity(fitted, weight):
    shown = fitted.similarity(np.linspace(-1, 1, 500), weight)
    assert (np.diff(shown) > 0).all()
    assert shown[0] == 0
    assert shown[-1] == 1


@pytest.mark.parametrize("weight", [0.0, 0.4, 1.0])
def test_similarity_is_the_share_that_agrees(fitted, weight):
    random = np.random.default_rng(5)
    (queries, kinds, colours), (items, known_kinds, known_colours) = (
        products(random, 200),
        products(random, 2000),
    )
    scores = (1 - weight) * queries[:, :STYLE] @ items[:, :STYLE].T
    scores += weight * queries[:, STYLE:] @ items[:, STYLE:].T
    top = np.argsort(-scores, axis=1)[:, :20]
    agree = (1 - weight) * (kinds[:, None] == known_kinds[top])
    agree += weight * (colours[:, None] == known_colours[top])
    shown = fitted.similarity(np.take_along_axis(scores, top, 1).ravel(), weight)
    assert abs(shown.mean() - agree.mean()) < 0.05


def test_the_same_number_means_the_same_at_every_weight_of_colour(fitted, catalogue):
    # The very picture is 1 whatever the comparison weighs.
    for weight in (0, 0.2, 1):
        assert fitted.similarity(np.array([1.0]), weight)[0] == 1


def test_unknown_labels_do_not_count(catalogue):
    (queries, kinds, _), (items, known, _) = catalogue
    some = known.copy()
    some[::2] = -1
    whole = fit_calibration(queries, items, STYLE, (kinds, known))
    half = fit_calibration(queries, items, STYLE, (kinds, some))
    apart = np.abs(whole.similarity(GRID, 0) - half.similarity(GRID, 0))
    assert apart.mean() < 0.03


def test_without_labels_it_is_the_chance_of_being_shown(catalogue):
    (queries, *_), (items, *_) = catalogue
    calibration = fit_calibration(queries, items, STYLE)
    similarities = queries @ items.T / 2
    nearest, fiftieth = (np.median(np.sort(similarities, axis=1)[:, -k]) for k in (1, 50))
    near, far = calibration.similarity(np.array([nearest, fiftieth]), 0.5)
    assert near > 0.5 > 0.2 > far


def test_too_few_products_leave_the_inner_product():
    nothing = np.zeros((0, STYLE + COLOUR), np.float32)
    calibration = fit_calibration(nothing, nothing, STYLE)
    np.testing.assert_allclose(calibration.similarity(np.array([-1, 0, 1]), 0.3), [0, 0.5, 1])


def test_a_style_alone_needs_one_curve(catalogue):
    (queries, kinds, _), (items, known, _) = catalogue
    calibration = fit_calibration(queries[:, :STYLE], items[:, :STYLE], STYLE, (kinds, known))
    assert calibration.colour_weights.tolist() == [0]
    assert calibration.similarity(np.array([0.99]), 0.0)[0] > 0.8


def test_a_fit_survives_being_written_without_pickle(fitted, tmp_path):
    np.savez(tmp_path / "calibration.npz", allow_pickle=False, **fitted.to_arrays())
    with np.load(tmp_path / "calibration.npz", allow_pickle=False) as arrays:
        again = Calibration.from_arrays(arrays)
    np.testing.assert_array_equal(again.similarity(GRID, 0.3), fitted.similarity(GRID, 0.3))


def test_there_is_a_word_for_every_similarity():
    assert words(1) == "nearly identical"
    assert words(0) == "hardly similar"
    assert [words(least) for least, _ in WORDS] == [word for _, word in WORDS]

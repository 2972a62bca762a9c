import io

import numpy as np
import pytest

from recommender.embedding.head import (
    COLOUR_DIMENSIONS,
    STYLE_DIMENSIONS,
    Head,
    fit_head,
    learnable,
)
from recommender.embedding.vectors import normalised

CHANNELS, COLOURS = 48, 30
KINDS, SHADES = 6, 4


def made_catalogue(count=600, seed=0):
    """Features in which the kind and the shade hide under stronger noise."""
    random = np.random.default_rng(seed)
    of_kind = np.random.default_rng(99).normal(size=(KINDS, CHANNELS))
    of_shade = np.random.default_rng(98).normal(size=(SHADES, COLOURS))
    nuisance = np.random.default_rng(97).normal(size=(8, CHANNELS)) * 3
    kind, shade = random.integers(KINDS, size=count), random.integers(SHADES, size=count)

    def features():
        noise = random.normal(size=(count, 8)) @ nuisance + random.normal(size=(count, CHANNELS))
        return (10 + of_kind[kind] * 1.5 + noise).astype(np.float32)

    light = random.normal(size=(count, 8)) @ nuisance[:, :COLOURS]
    colour = of_shade[shade] + light + random.normal(size=(count, COLOURS))
    labels = {
        "article_type": [f"kind {k}" for k in kind],
        "baseColour": [f"shade {s}" for s in shade],
        "name": [f"product {i}" for i in range(count)],
    }
    return features(), features(), colour.astype(np.float32), labels


def precision_at_5(queries, index, query_labels, index_labels):
    order = np.argsort(-(queries @ index.T), axis=1)[:, :5]
    return (np.array(index_labels)[order] == np.array(query_labels)[:, None]).mean()


@pytest.fixture(scope="module")
def catalogue():
    return made_catalogue()


@pytest.fixture(scope="module")
def head(catalogue):
    return fit_head(*catalogue)


def test_rows_are_float32_of_length_one_and_small(head, catalogue):
    *pooled, colour, _ = catalogue
    for part, limit in (
        (head.style(*pooled), STYLE_DIMENSIONS),
        (head.colour(head.style(*pooled), colour), COLOUR_DIMENSIONS),
    ):
        assert part.dtype == np.float32
        assert part.shape[0] == len(colour)
        assert part.shape[1] <= limit
        assert np.linalg.norm(part, axis=1) == pytest.approx(1, abs=1e-5)


def test_learned_style_finds_the_kind_of_unseen_products(head, catalogue):
    *pooled, _, labels = catalogue
    *unseen, _, own = made_catalogue(200, seed=1)
    learned = precision_at_5(
        head.style(*unseen), head.style(*pooled), own["article_type"], labels["article_type"]
    )
    classic = precision_at_5(
        normalised(unseen[0]), normalised(pooled[0]), own["article_type"], labels["article_type"]
    )
    assert learned > classic + 0.2


def test_learned_colour_finds_the_colour_of_unseen_products(head, catalogue):
    *pooled, colour, labels = catalogue
    *unseen, unseen_colour, own = made_catalogue(200, seed=1)
    learned = precision_at_5(
        head.colour(head.style(*unseen), unseen_colour),
        head.colour(head.style(*pooled), colour),
        own["baseColour"],
        labels["baseColour"],
    )
    raw = precision_at_5(
        normalised(unseen_colour), normalised(colour), own["baseColour"], labels["baseColour"]
    )
    assert learned > raw + 0.2


def test_a_photograph_is_drawn_to_its_likely_kind(head, catalogue):
    *pooled, _, labels = catalogue
    style = head.style(*pooled)
    drawn = head.presumed(style)
    (kinds,) = (p for p in head.prototypes if p.column == "article_type")
    own = [kinds.values.index(label) for label in labels["article_type"]]
    rows = np.arange(len(own))
    before, after = ((part @ kinds.vectors.T)[rows, own] for part in (style, drawn))
    assert (after > before).mean() > 0.9
    assert np.linalg.norm(drawn, axis=1) == pytest.approx(1, abs=1e-5)
    assert 0.8 < (style * drawn).sum(axis=1).mean() < 0.999


def test_without_labels_a_photograph_stays_as_it_is(catalogue):
    *pooled, colour, _ = catalogue
    head = fit_head(*pooled, colour, {})
    style = head.style(*pooled)
    assert np.allclose(head.presumed(style), style, atol=1e-6)


def test_same_catalogue_gives_the_same_head_bit_for_bit(head, catalogue):
    again = fit_head(*catalogue).to_arrays()
    for name, array in head.to_arrays().items():
        assert np.array_equal(array, again[name]), name


def test_head_survives_a_file_without_pickle(head, catalogue):
    *pooled, colour, _ = catalogue
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **head.to_arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        read = Head.from_arrays(dict(arrays))
    assert np.array_equal(read.style(*pooled), head.style(*pooled))
    assert np.array_equal(
        read.colour(read.style(*pooled), colour), head.colour(head.style(*pooled), colour)
    )


def test_head_with_an_array_missing_is_refused(head):
    arrays = head.to_arrays()
    del arrays["colour_weights_0"]
    with pytest.raises(KeyError):
        Head.from_arrays(arrays)


@pytest.mark.parametrize("count", [1, 2, 7, 120])
def test_catalogue_without_labels_keeps_the_cosines_of_the_features(count):
    *pooled, colour, _ = made_catalogue(count)
    head = fit_head(*pooled, colour, {})
    style, coloured = head.style(*pooled), head.colour(head.style(*pooled), colour)
    assert np.isfinite(style).all()
    assert np.isfinite(coloured).all()
    both = normalised(np.hstack([normalised(p) for p in pooled]))
    assert style @ style.T == pytest.approx(both @ both.T, abs=1e-3)


def test_unknown_labels_do_not_stop_the_fit(catalogue):
    *pooled, colour, labels = catalogue
    holed = {
        name: [None if i % 3 else v for i, v in enumerate(values)]
        for name, values in labels.items()
    }
    assert np.isfinite(fit_head(*pooled, colour, holed).style(*pooled)).all()


def test_names_numbers_and_constants_are_not_learned_from(catalogue):
    *_, labels = catalogue
    count = len(labels["name"])
    columns = {
        **labels,
        "year": [str(2010 + i % 5) for i in range(count)],
        "shop": ["the only one"] * count,
        "empty": [None] * count,
    }
    assert set(learnable(columns)) == {"article_type", "baseColour"}


def test_rare_values_and_words_for_unknown_count_as_unknown():
    column = ["shirt"] * 200 + ["shoe"] * 197 + ["NA", "", "hat"]
    codes = learnable({"type": column})["type"]
    assert codes[:200].tolist() == [0] * 200
    assert codes[-3:].tolist() == [-1, -1, -1]


def test_few_labelled_items_teach_nothing():
    assert learnable({"type": ["shirt"] * 50 + ["shoe"] * 50}) == {}

"""Training of a head: that it learns, repeats, and reads its features from disk."""

from pathlib import Path

import numpy as np
import pytest

from recommender.embedding.head import LearnedHead
from recommender.embedding.vectors import normalised
from recommender.features.table import AugmentedFeatures, FeatureTable
from recommender.training import head as training
from recommender.training import metric_learning
from recommender.training.head import COLOUR_DIMENSIONS, STYLE_DIMENSIONS, fit_head
from tests.support.labelled_features import labelled_features

UNSEEN = labelled_features(200, seed=1)


def precision_at_5(queries, index, query_labels, index_labels):
    order = np.argsort(-(queries @ index.T), axis=1)[:, :5]
    return (np.array(index_labels)[order] == np.array(query_labels)[:, None]).mean()


@pytest.fixture(scope="module")
def catalogue():
    return labelled_features()


@pytest.fixture(scope="module")
def head(catalogue) -> LearnedHead:
    return fit_head(*catalogue)


@pytest.fixture
def few_steps(monkeypatch):
    monkeypatch.setattr(training, "STYLE_STEPS", 3)
    monkeypatch.setattr(training, "COLOUR_STEPS", 3)
    monkeypatch.setattr(training, "STYLE_HIDDEN", 64)


def test_parts_have_at_most_their_dimensions(head, catalogue):
    *pooled, colour, _ = catalogue
    style = head.style(*pooled)
    assert style.shape[1] <= STYLE_DIMENSIONS
    assert head.colour(style, colour).shape[1] <= COLOUR_DIMENSIONS


def test_learned_style_finds_the_article_type_of_unseen_products(head, catalogue):
    *pooled, _, labels = catalogue
    *unseen, _, own = UNSEEN
    learned = precision_at_5(
        head.style(*unseen), head.style(*pooled), own["article_type"], labels["article_type"]
    )
    classic = precision_at_5(
        normalised(unseen[0]), normalised(pooled[0]), own["article_type"], labels["article_type"]
    )
    assert learned > classic + 0.2


def test_learned_colour_finds_the_colour_of_unseen_products(head, catalogue):
    *pooled, colour, labels = catalogue
    *unseen, unseen_colour, own = UNSEEN
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


def test_prototypes_are_nearest_to_the_products_of_their_value(head):
    *pooled, _, labels = UNSEEN
    (kinds,) = (p for p in head.prototypes if p.column == "article_type")
    nearest = (head.style(*pooled) @ kinds.vectors.T).argmax(axis=1)
    named = np.array([kinds.values[code] for code in nearest])
    assert (named == np.array(labels["article_type"])).mean() > 0.9


@pytest.mark.usefixtures("few_steps")
def test_same_features_from_disk_give_the_same_head_bit_for_bit(catalogue, tmp_path: Path):
    *features, labels = catalogue
    mapped = []
    for number, array in enumerate(features):
        np.save(tmp_path / f"{number}.npy", array)
        mapped.append(np.load(tmp_path / f"{number}.npy", mmap_mode="r"))
    again = fit_head(*mapped, labels).to_arrays()
    for name, array in fit_head(*catalogue).to_arrays().items():
        assert np.array_equal(array, again[name]), name


@pytest.mark.usefixtures("few_steps")
def test_augmented_features_carry_the_labels_of_their_products(catalogue, monkeypatch):
    max_pooled, avg_pooled, colour, labels = catalogue
    seen = {}

    def fitted(inputs, targets, **options):
        seen.setdefault("targets", targets)
        seen.setdefault("rows", len(inputs))
        return original(inputs, targets, **options)

    original = metric_learning.fit_proxies
    monkeypatch.setattr(metric_learning, "fit_proxies", fitted)
    shown = np.array([5, 2, 5])
    augmented = AugmentedFeatures(FeatureTable(max_pooled[:3], avg_pooled[:3], colour[:3]), shown)
    fit_head(max_pooled, avg_pooled, colour, labels, augmented)
    count = len(max_pooled)
    assert seen["rows"] == count + 3
    kinds = seen["targets"][0]
    assert kinds[count:].tolist() == kinds[shown].tolist()


@pytest.mark.parametrize("count", [1, 2, 7, 120])
def test_catalogue_without_labels_keeps_the_cosines_of_the_features(count):
    *pooled, colour, _ = labelled_features(count)
    head = fit_head(*pooled, colour, {})
    style, coloured = head.style(*pooled), head.colour(head.style(*pooled), colour)
    assert np.isfinite(style).all()
    assert np.isfinite(coloured).all()
    both = normalised(np.hstack([normalised(p) for p in pooled]))
    assert style @ style.T == pytest.approx(both @ both.T, abs=1e-3)


def test_of_many_products_without_labels_a_sample_gives_the_directions(monkeypatch):
    monkeypatch.setattr(training, "MAX_SAMPLE", 150)
    *pooled, colour, _ = labelled_features(600)
    head = fit_head(*pooled, colour, {})
    both = normalised(np.hstack([normalised(p) for p in pooled]))
    style = head.style(*pooled)
    assert style @ style.T == pytest.approx(both @ both.T, abs=1e-3)


@pytest.mark.usefixtures("few_steps")
def test_unknown_labels_do_not_stop_the_fit(catalogue):
    *pooled, colour, labels = catalogue
    holed = {
        name: [None if i % 3 else v for i, v in enumerate(values)]
        for name, values in labels.items()
    }
    assert np.isfinite(fit_head(*pooled, colour, holed).style(*pooled)).all()

"""A learned head at work: its vectors, its priors and its file."""

import io

import numpy as np
import pytest

from recommender.embedding.head import ClassicHead, LearnedHead
from recommender.embedding.head_vectors import item_vectors, query_vectors
from recommender.embedding.network import Network
from recommender.embedding.prototypes import Prototypes
from recommender.embedding.vectors import normalised

CHANNELS, COLOURS = 6, 5
RANDOM = np.random.default_rng(0)


def normal(*shape):
    return RANDOM.normal(size=shape).astype(np.float32)


def network(inputs, outputs, directions=None):
    first = inputs if directions is None else directions
    layers = (normal(first, 16), normal(16)), (normal(16, outputs), np.zeros(outputs, np.float32))
    turned = None if directions is None else normal(inputs, directions)
    return Network(normal(inputs), np.abs(normal(inputs)), layers, turned)


@pytest.fixture(scope="module")
def head():
    kinds = Prototypes("articleType", ("Caps", "Shirts"), normalised(normal(2, 8)), 1.0)
    colours = Prototypes("baseColour", ("Blue", "Red"), normalised(normal(2, 4)), 0.5)
    return LearnedHead(
        network(2 * CHANNELS, 8, directions=7), network(COLOURS + 8, 4), (kinds, colours)
    )


@pytest.fixture(scope="module")
def features():
    return np.abs(normal(3, CHANNELS)), np.abs(normal(3, CHANNELS)), normal(3, COLOURS)


def test_both_parts_are_float32_of_length_one(head, features):
    vectors = query_vectors(head, *features)
    assert vectors.dtype == np.float32
    for part in np.split(vectors, [8], axis=1):
        assert np.linalg.norm(part, axis=1) == pytest.approx(1, abs=1e-6)


def test_half_precision_features_give_nearly_the_same_vectors(head, features):
    halves = [rows.astype(np.float16) for rows in features]
    assert np.allclose(query_vectors(head, *halves), query_vectors(head, *features), atol=5e-3)


def test_large_half_precision_features_do_not_overflow(head):
    rows = np.full((1, CHANNELS), 300, np.float16)  # its square is beyond float16
    assert np.isfinite(head.style(rows, rows)).all()


def test_inputs_far_from_the_catalogue_are_clipped(head, features):
    far = features[2] + 1e3, features[2] + 1e6
    style = head.style(*features[:2])
    assert np.array_equal(head.colour(style, far[0]), head.colour(style, far[1]))


def test_label_prior_moves_each_part_by_its_own_labels_and_can_be_removed(head, features):
    labels = [{"articleType": "Caps"}, {"baseColour": "Red"}, {}]
    vectors = query_vectors(head, *features)
    items = item_vectors(head, *features, labels)
    moved = np.abs(items - vectors).max(axis=1) > 1e-3
    assert moved.tolist() == [True, True, False]
    style_moved, colour_moved = (
        np.abs(part).max(axis=1) > 1e-3 for part in np.split(items - vectors, [8], axis=1)
    )
    assert (style_moved.tolist(), colour_moved.tolist()) == (
        [True, False, False],
        [False, True, False],
    )
    again = head.remove_label_prior(*np.split(items, [8], axis=1), labels)
    assert np.allclose(np.hstack(again), vectors, atol=1e-5)


def test_class_prior_moves_a_photograph_towards_its_likely_article_type(head):
    likely, unlikely = head.prototypes[0].vectors
    style = normalised((likely - unlikely)[None])
    moved = head.add_class_prior(style)
    assert (moved @ likely).item() > (style @ likely).item()
    assert np.linalg.norm(moved, axis=1) == pytest.approx(1, abs=1e-6)
    only_other = head.add_class_prior(style, np.array([[False, True]]))
    assert (only_other @ unlikely).item() > (style @ unlikely).item()


def test_without_prototypes_there_is_no_prior(head, features):
    plain = LearnedHead(head.style_network, head.colour_network)
    style = plain.style(*features[:2])
    assert np.allclose(plain.add_class_prior(style), style, atol=1e-7)
    labels = [{"articleType": "Caps"}] * 3
    assert np.array_equal(item_vectors(plain, *features, labels), query_vectors(plain, *features))


def test_classic_head_is_the_classic_recipe(features):
    head = ClassicHead()
    items = item_vectors(head, *features, [{"articleType": "Caps"}] * 3)
    assert np.array_equal(items, normalised(features[0]))


def test_head_survives_a_file_without_pickle(head, features):
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **head.to_arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as arrays:
        read = LearnedHead.from_arrays(dict(arrays))
    labels = [{"articleType": "Caps", "baseColour": "Red"}] * 3
    assert np.array_equal(
        item_vectors(read, *features, labels), item_vectors(head, *features, labels)
    )


def test_names_of_the_arrays_stay_those_of_earlier_indexes(head):
    networks = [
        f"{part}_{name}"
        for part in ("style", "colour")
        for name in ("mean", "scale", "weights_0", "bias_0", "weights_1", "bias_1")
    ]
    prototypes = [
        f"prototypes_{i}_{name}" for i in (0, 1) for name in ("column", "values", "vectors", "pull")
    ]
    assert set(head.to_arrays()) == {*networks, "style_directions", *prototypes}


@pytest.mark.parametrize("name", ["style_mean", "colour_weights_0", "prototypes_1_vectors"])
def test_head_with_an_array_missing_is_refused(head, name):
    arrays = head.to_arrays()
    del arrays[name]
    with pytest.raises(KeyError):
        LearnedHead.from_arrays(arrays)

"""Explanations mark what two pictures share, and say truly how much of the match rests on it."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recommender.answers.explanation import MARKED, OVERLAY_SIDE, Evidence, explain, overlay
from recommender.embedding.vectors import ClassicHead, normalised
from recommender.errors import BackboneError
from recommender.features.backbones.network import (
    build_network,  # now: later tests put a tiny one there
)
from recommender.features.backbones.registry import EFFICIENTNET_LITE0
from recommender.features.encoder import Encoder, Features, export_encoder
from recommender.features.preprocessing import to_pixels

SIDE = EFFICIENTNET_LITE0.side
OBJECT = 104
PLACES = [((4, 8), (112, 104)), ((110, 10), (6, 100)), ((60, 112), (100, 4))]


def features(feature_map: np.ndarray) -> Features:
    pooled = feature_map.astype(np.float32)[None]
    return Features(pooled, pooled.max(axis=(1, 2)), pooled.mean(axis=(1, 2)))


def firing_at(**places: tuple[int, int]) -> Features:
    """A 7 x 7 map of three channels, of which each fires at one place: a=(row, column), ..."""
    feature_map = np.zeros((7, 7, 3))
    for channel, (row, column) in places.items():
        feature_map[row, column, "abc".index(channel)] = 1
    return features(feature_map)


class OneChannelHead(ClassicHead):
    """Sees the second channel and, fainter, a constant: not linear in what it is given."""

    def style(self, max_pooled: np.ndarray, avg_pooled: np.ndarray) -> np.ndarray:
        return normalised(np.column_stack([max_pooled[:, 1] ** 2, np.full(len(max_pooled), 0.2)]))


def strongest(heat: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(heat.argmax(), heat.shape))


def test_heat_is_where_the_shared_channel_fired() -> None:
    explanation = explain(
        firing_at(a=(1, 2), b=(5, 5)), firing_at(a=(4, 6), c=(0, 0)), ClassicHead()
    )
    assert strongest(explanation.query.heat) == (1, 2)
    assert strongest(explanation.result.heat) == (4, 6)
    assert explanation.query.heat[5, 5] < MARKED
    assert explanation.result.heat[0, 0] < MARKED


def test_similarity_is_the_one_the_search_orders_by() -> None:
    explanation = explain(
        firing_at(a=(1, 2), b=(5, 5)), firing_at(a=(4, 6), c=(0, 0)), ClassicHead()
    )
    assert explanation.similarity == pytest.approx(0.5)


def test_without_the_marked_places_nothing_shared_is_left() -> None:
    explanation = explain(
        firing_at(a=(1, 2), b=(5, 5)), firing_at(a=(4, 6), c=(0, 0)), ClassicHead()
    )
    assert explanation.query.similarity_without == pytest.approx(0)
    assert explanation.result.similarity_without == pytest.approx(0)


def test_explains_the_head_that_is_used() -> None:
    query, result = firing_at(a=(1, 2), b=(5, 5)), firing_at(a=(4, 6), b=(0, 0))
    explanation = explain(query, result, OneChannelHead())
    assert strongest(explanation.query.heat) == (5, 5)
    assert strongest(explanation.result.heat) == (0, 0)


def test_pictures_alike_everywhere_have_nothing_marked() -> None:
    plain = features(np.ones((7, 7, 3)))
    explanation = explain(plain, plain, ClassicHead())
    assert not explanation.query.marked.any()
    assert explanation.query.similarity_without == explanation.similarity == pytest.approx(1)


def test_same_pictures_have_the_same_explanation() -> None:
    rng = np.random.default_rng(0)
    query, result = features(rng.random((7, 7, 9))), features(rng.random((7, 7, 9)))
    first, second = (explain(query, result, ClassicHead()) for _ in range(2))
    assert np.array_equal(first.query.heat, second.query.heat)


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 3, 3), (14, 10, 3)])
def test_maps_of_any_size_are_explained(shape: tuple[int, int, int]) -> None:
    rng = np.random.default_rng(0)
    explanation = explain(features(rng.random(shape)), firing_at(a=(3, 3)), ClassicHead())
    assert explanation.query.heat.shape == shape[:2]
    assert explanation.query.heat.min() >= 0
    assert explanation.query.heat.max() in (0, 1)


# The real network on pictures whose answer is known.


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    folder = tmp_path_factory.mktemp("encoder")
    try:
        export_encoder(build_network(EFFICIENTNET_LITE0), folder)
    except BackboneError as error:
        pytest.skip(f"needs the published weights: {error}")
    return Encoder(folder, threads=1)


def checked_bag(picture: Image.Image, at: tuple[int, int]) -> None:
    """Draw a handbag of red and cream checks, `OBJECT` pixels a side."""
    y, x = np.mgrid[:OBJECT, :OBJECT]
    checks = np.where(((x // 13 + y // 13) % 2)[..., None], (190, 30, 40), (250, 238, 215))
    mask = Image.new("L", (OBJECT, OBJECT))
    draw = ImageDraw.Draw(mask)
    draw.rounded_rectangle((2, 38, OBJECT - 3, OBJECT - 3), 10, fill=255)
    draw.arc((24, 4, OBJECT - 25, 76), 180, 360, fill=255, width=8)
    picture.paste(Image.fromarray(checks.astype(np.uint8)), at, mask)


def pair(places: tuple[tuple[int, int], tuple[int, int]], seed: int) -> list[Image.Image]:
    """Two pictures of one bag: on a noisy and on a plain background."""
    noise = np.random.default_rng(seed).integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    pictures = [Image.fromarray(noise), Image.new("RGB", (SIDE, SIDE), (120, 150, 130))]
    for picture, at in zip(pictures, places, strict=True):
        checked_bag(picture, at)
    return pictures


def encoded(encoder: Encoder, picture: Image.Image) -> Features:
    return encoder.encode(to_pixels(picture, EFFICIENTNET_LITE0)[None])


@pytest.mark.parametrize("places", PLACES)
def test_heat_falls_on_the_object_that_both_pictures_show(
    encoder: Encoder, places: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    query, result = (encoded(encoder, picture) for picture in pair(places, seed=1))
    explanation = explain(query, result, ClassicHead())
    for evidence, (left, top) in zip((explanation.query, explanation.result), places, strict=True):
        heat = np.asarray(Image.fromarray(evidence.heat).resize((SIDE, SIDE)))
        on_object = np.zeros((SIDE, SIDE), bool)
        on_object[top : top + OBJECT, left : left + OBJECT] = True
        marked = heat >= MARKED
        # By chance these were 1 and 0.22.
        assert heat[on_object].mean() / heat.mean() > 2
        assert on_object[marked].mean() > 0.6
        middle = np.argwhere(marked).mean(axis=0) - (top + OBJECT / 2, left + OBJECT / 2)
        assert np.abs(middle).max() < OBJECT / 4


def test_marked_places_matter_more_than_others(encoder: Encoder) -> None:
    query, result = (encoded(encoder, picture) for picture in pair(PLACES[0], seed=2))
    explanation = explain(query, result, ClassicHead())
    marked = explanation.query.marked
    other = ClassicHead().style(result.max_pooled, result.avg_pooled)[0]
    rng = np.random.default_rng(0)
    left = []
    for _ in range(20):
        kept = np.ones(marked.size, bool)
        kept[rng.choice(marked.size, marked.sum(), replace=False)] = False
        pooled = query.feature_map[0].reshape(marked.size, -1)[kept].max(axis=0)[None]
        left.append(float(ClassicHead().style(pooled, pooled)[0] @ other))
    assert explanation.query.similarity_without < min(left) < explanation.similarity


# The overlay.


def evidence_of(marked: tuple[slice, slice]) -> Evidence:
    heat = np.zeros((7, 7), np.float32)
    heat[marked] = 1
    return Evidence(heat, 0.0)


@pytest.mark.parametrize("size", [(60, 80), (4000, 1000), (224, 224)])
def test_overlay_keeps_the_proportions_of_the_picture(size: tuple[int, int]) -> None:
    drawn = overlay(Image.new("RGB", size, "red"), evidence_of(np.s_[2:5, 2:5]))
    assert max(drawn.size) == OVERLAY_SIDE
    assert drawn.width / drawn.height == pytest.approx(size[0] / size[1], rel=0.01)


def test_overlay_keeps_the_colour_of_what_matters_and_greys_the_rest() -> None:
    drawn = overlay(Image.new("RGB", (200, 400), (200, 40, 40)), evidence_of(np.s_[4:, 4:]))
    assert drawn.getpixel((drawn.width * 6 // 7, drawn.height * 6 // 7)) == (200, 40, 40)
    red, green, blue = drawn.getpixel((drawn.width // 7, drawn.height // 7))
    assert red == green == blue


def test_outline_stands_out_from_black_and_from_white() -> None:
    for paper in (0, 255):
        drawn = overlay(Image.new("RGB", (300, 300), (paper,) * 3), evidence_of(np.s_[2:5, 2:5]))
        across = np.asarray(drawn.convert("L"), int)[drawn.height // 2]
        assert np.abs(across - paper).max() > 90


def test_nothing_marked_leaves_a_grey_picture() -> None:
    nothing = Evidence(np.zeros((7, 7), np.float32), 0.0)
    drawn = np.asarray(overlay(Image.new("RGB", (50, 50), "red"), nothing))
    assert np.ptp(drawn, axis=2).max() == 0

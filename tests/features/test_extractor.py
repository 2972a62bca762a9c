"""Pictures in, features out: the same features however many pictures come together."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recommender.embedding.vectors import normalised
from recommender.features.backbones.registry import EFFICIENTNET_LITE0
from recommender.features.colour import DIMENSIONS, colour_features
from recommender.features.encoder import supports_bfloat16
from recommender.features.extractor import BATCH, QUERY_BATCH, FeatureExtractor
from tests.support.drawn_products import COLOURS, KINDS, draw_product
from tests.support.tiny_graph import write_tiny_graph

COUNT = BATCH + 3
CHANNELS = EFFICIENTNET_LITE0.channels


@pytest.fixture(scope="module")
def pictures() -> list[Image.Image]:
    colours = list(COLOURS)
    return [draw_product(KINDS[n % 3], colours[n % 4], n) for n in range(COUNT)]


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny") / "encoder"
    write_tiny_graph(folder, EFFICIENTNET_LITE0)
    return folder


@pytest.fixture
def for_building(encoder: Path) -> FeatureExtractor:
    return FeatureExtractor.for_building(encoder, EFFICIENTNET_LITE0, "f32")


@pytest.fixture
def for_queries(encoder: Path) -> FeatureExtractor:
    return FeatureExtractor.for_queries(encoder, EFFICIENTNET_LITE0, "f32")


def test_every_picture_has_a_row_in_order(
    for_building: FeatureExtractor, pictures: list[Image.Image]
) -> None:
    blocks = list(for_building.blocks(iter(pictures)))
    assert [len(block) for block in blocks] == [BATCH, COUNT - BATCH]
    table = for_building.table(pictures)
    assert table.max_pooled.shape == (COUNT, CHANNELS)
    assert np.array_equal(table.max_pooled[BATCH:], blocks[1].max_pooled)
    assert np.array_equal(table.colour[-1], colour_features(np.asarray(pictures[-1])))


def test_pictures_are_read_as_they_are_needed(
    for_building: FeatureExtractor, pictures: list[Image.Image]
) -> None:
    read = 0

    def endless() -> Iterator[Image.Image]:
        nonlocal read
        while True:
            read += 1
            yield pictures[read % COUNT]

    stream = for_building.blocks(endless(), colour=False)
    next(stream)
    assert read <= 8 * BATCH
    stream.close()


def test_of_no_pictures_there_is_a_table_without_rows(for_building: FeatureExtractor) -> None:
    table = for_building.table([])
    assert (table.max_pooled.shape, table.colour.shape) == ((0, CHANNELS), (0, DIMENSIONS))


def test_colour_is_left_out_where_nobody_asks_for_it(
    for_building: FeatureExtractor, pictures: list[Image.Image]
) -> None:
    assert for_building.table(pictures, colour=False).colour.shape == (COUNT, 0)


def test_crops_together_have_the_features_that_each_has_alone(
    for_queries: FeatureExtractor, pictures: list[Image.Image]
) -> None:
    crops = pictures[: 2 * QUERY_BATCH + 1]  # more than one call
    together = for_queries.maps(crops)
    for row, crop in enumerate(crops):
        alone = for_queries.maps([crop])
        assert alone.feature_map.shape[0] == 1
        assert np.allclose(alone.feature_map[0], together.feature_map[row], atol=1e-5)
        assert np.allclose(alone.max_pooled[0], together.max_pooled[row], atol=1e-5)


def test_crops_are_computed_in_bfloat16_where_the_processor_has_it_and_a_single_picture_is_not(
    encoder: Path, for_queries: FeatureExtractor, pictures: list[Image.Image]
) -> None:
    served = FeatureExtractor.for_queries(encoder, EFFICIENTNET_LITE0)
    alone, reference = (e.maps(pictures[:1]).max_pooled for e in (served, for_queries))
    assert np.array_equal(alone, reference)
    crops, exact = (e.maps(pictures[:QUERY_BATCH]).max_pooled for e in (served, for_queries))
    assert np.array_equal(crops, exact) == (not supports_bfloat16())
    assert (normalised(crops) * normalised(exact)).sum(axis=1).min() > 0.999


def test_a_query_has_the_features_that_building_gave_the_picture(
    for_building: FeatureExtractor, for_queries: FeatureExtractor, pictures: list[Image.Image]
) -> None:
    table = for_building.table(pictures)
    asked = for_queries.maps(pictures[:2])
    assert np.allclose(table.max_pooled[:2], asked.max_pooled, atol=1e-5)
    assert np.allclose(table.avg_pooled[:2], asked.avg_pooled, atol=1e-5)


def test_two_calls_do_not_share_their_arrays(
    for_queries: FeatureExtractor, pictures: list[Image.Image]
) -> None:
    first = for_queries.maps(pictures[:1])
    kept = first.max_pooled.copy()
    for_queries.maps(pictures[5:6])
    assert np.array_equal(first.max_pooled, kept)

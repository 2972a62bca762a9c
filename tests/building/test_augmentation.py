"""Augmented features for style and colour, over thumbnails of a made-up shop."""

import io
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pyarrow as pa
import pytest
from PIL import Image, ImageDraw

from recommender.building import augmentation as made
from recommender.building import processes
from recommender.building.chunks import write_rows
from recommender.building.encoded_catalogue import EncodedCatalogue
from recommender.building.synthetic_pictures import MODEL_REMOVED, PHOTOGRAPHED, TURNED, Job, Studio
from recommender.building.thumbnails import Thumbnails
from recommender.features.backbones.registry import EFFICIENTNET_LITE0
from recommender.features.colour import DIMENSIONS, colour_features
from recommender.features.extractor import FeatureExtractor
from recommender.features.table import AugmentedFeatures, FeatureTable
from recommender.pictures.catalogue_pictures import CataloguePictures
from recommender.pictures.pixels import margin
from recommender.training.synthetic_photos import turned_or_compressed
from tests.support.tiny_graph import write_tiny_graph

PRODUCTS = 200  # the fewest from which anything is learned
SMALL = CataloguePictures()
ARTICLE_TYPE = "articleType"


class MeanColour(FeatureExtractor):
    """Pools nothing but the mean colour; keeps what it saw."""

    def __init__(self) -> None:
        super().__init__(replace(EFFICIENTNET_LITE0, channels=3), network=None)
        object.__setattr__(self, "seen", [])

    def blocks(self, pictures, *, colour=True):
        for picture in pictures:
            self.seen.append(picture)
            row = np.asarray(picture).mean(axis=(0, 1), dtype=np.float32)[None]
            yield FeatureTable(row, row, colour_features(np.asarray(picture))[None])


def thumbnail(number: int) -> bytes:
    """Even: a shirt that somebody wears. Odd: a blue shoe."""
    picture = Image.new("RGB", (60, 80), "white")
    draw = ImageDraw.Draw(picture)
    if number % 2:
        draw.rectangle((6, 40, 54, 58), fill=(30, 60, 200))
    else:
        draw.ellipse((24, 3, 36, 18), fill=(222, 170, 140))
        draw.rectangle((16, 18, 44, 52), fill=(30, 150, 60))
        draw.rectangle((8, 24, 15, 50), fill=(222, 170, 140))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="module")
def products(tmp_path_factory: pytest.TempPathFactory) -> EncodedCatalogue:
    """As many shirts that somebody wears as shoes."""
    chunk = tmp_path_factory.mktemp("shop") / "chunk.arrow"
    write_rows(chunk, pa.table({"thumbnail": [thumbnail(n) for n in range(PRODUCTS)]}))
    article_types = ["Casual Shoes" if n % 2 else "Shirts" for n in range(PRODUCTS)]
    ids = [str(n) for n in range(PRODUCTS)]
    rows = [(chunk, n) for n in range(PRODUCTS)]
    return EncodedCatalogue(
        ids, ids, {ARTICLE_TYPE: article_types}, ids, FeatureTable.empty(3), rows, []
    )


@dataclass(frozen=True)
class Made:
    """What was made of those products."""

    augmented: AugmentedFeatures
    flat: list[Image.Image]
    """Shirts, their models removed."""
    photographed: list[Image.Image]
    turned: list[Image.Image]


@pytest.fixture(scope="module")
def shop(products: EncodedCatalogue, tmp_path_factory: pytest.TempPathFactory) -> Made:
    extractor = MeanColour()
    augmented = made.augmented_features(
        products, extractor, SMALL, tmp_path_factory.mktemp("augmented")
    )
    assert augmented is not None
    flat, turned = PRODUCTS // 2, PRODUCTS
    return Made(
        augmented, extractor.seen[:flat], extractor.seen[flat:-turned], extractor.seen[-turned:]
    )


def test_worn_products_are_taken_off_and_all_are_photographed_and_turned(shop: Made) -> None:
    shirts, count = np.arange(0, PRODUCTS, 2), len(shop.photographed)
    flat, photographed, turned, again = np.split(
        shop.augmented.products, np.cumsum([len(shirts), count, PRODUCTS])
    )
    assert flat.tolist() == shirts.tolist()
    assert turned.tolist() == list(range(PRODUCTS))
    assert count > 0.9 * PRODUCTS
    assert len(set(photographed)) == count
    assert again.tolist() == turned.tolist()
    assert shop.augmented.colour.shape == (len(shop.augmented.products), DIMENSIONS)
    assert shop.augmented.max_pooled.dtype == shop.augmented.colour.dtype == np.float32


def test_no_skin_is_left_where_models_were_removed(shop: Made) -> None:
    skin = [
        np.abs(np.asarray(picture).astype(int) - (222, 170, 140)).max(axis=2) < 25
        for picture in shop.flat
    ]
    assert np.mean(skin) < 0.005


def test_photographed_products_are_found_again_on_white(shop: Made) -> None:
    assert {picture.size for picture in shop.photographed} == {SMALL.size}
    assert np.median([margin(np.asarray(picture)).mean() for picture in shop.photographed]) == 255


def test_shoes_are_photographed_one_by_one_and_in_pairs(shop: Made) -> None:
    of_shoes = zip(
        shop.augmented.products[len(shop.flat) :].tolist(), shop.photographed, strict=False
    )
    parts = Counter(
        min(
            2,
            cv2.connectedComponents((np.asarray(picture).min(axis=2) < 150).astype(np.uint8))[0]
            - 1,
        )
        for product, picture in of_shoes
        if product % 2
    )
    assert min(parts[1], parts[2]) > 0.1 * PRODUCTS


def test_a_job_gives_the_same_picture_in_every_process(
    products: EncodedCatalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    shoe = {row: row % 2 == 1 for row in range(12)}
    studio = Studio(Thumbnails(products.rows), SMALL, {row: not shoe[row] for row in shoe}, shoe)
    jobs = [Job(s, r, (0, r)) for r in shoe for s in (MODEL_REMOVED, PHOTOGRAPHED, TURNED)]
    here = list(map(studio, jobs))
    monkeypatch.setattr(processes, "FEWEST_JOBS", 1)
    there = list(processes.ordered_map(studio, jobs))
    assert [picture and picture.tobytes() for picture in here] == [
        picture and picture.tobytes() for picture in there
    ]
    assert sum(picture is not None for picture in here) > 0.7 * len(jobs)


def test_of_a_large_catalogue_rare_kinds_are_seen_oftener_and_each_time_anew(
    products: EncodedCatalogue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rare = range(0, PRODUCTS, 24)
    article_types = [
        "Tops" if n in rare else own_type
        for n, own_type in enumerate(products.attributes[ARTICLE_TYPE])
    ]
    monkeypatch.setattr(made, "MOST_MODELS_REMOVED", PRODUCTS // 2 - 1)
    for other in ("MOST_PHOTOGRAPHED", "MOST_TURNED"):
        monkeypatch.setattr(made, other, 0)
    extractor = MeanColour()
    augmented = made.augmented_features(
        replace(products, attributes={ARTICLE_TYPE: article_types}), extractor, SMALL, tmp_path
    )
    flat = augmented.products[: PRODUCTS // 2 - 1]
    seen = Counter(flat.tolist())
    of_rare = np.mean([seen[row] for row in rare])
    assert of_rare > 1.5 * np.mean([seen[row] for row in range(0, PRODUCTS, 2) if row not in rare])
    oftenest = seen.most_common(1)[0][0]
    drawn = [extractor.seen[place].tobytes() for place in np.flatnonzero(flat == oftenest)]
    assert len(set(drawn)) > 1


def test_without_labels_there_is_nothing_to_learn_from_views(
    products: EncodedCatalogue, tmp_path: Path
) -> None:
    unlabelled = replace(products, attributes={})
    assert made.augmented_features(unlabelled, MeanColour(), SMALL, tmp_path) is None


def test_views_of_some_products_are_found_by_their_new_positions() -> None:
    rows = np.arange(5, dtype=np.float32)[:, None]
    augmented = AugmentedFeatures(FeatureTable(rows, rows, rows), np.array([7, 2, 9, 2, 4]))
    kept = augmented.of(np.array([2, 4, 8]))
    assert kept.products.tolist() == [0, 0, 1]
    assert kept.max_pooled.ravel().tolist() == [1, 3, 4]


def test_a_view_lies_on_a_side_or_stands_on_its_head_or_is_squeezed() -> None:
    picture = Image.open(io.BytesIO(thumbnail(1))).convert("RGB")
    upright = np.asarray(picture)
    quarter = {np.rot90(upright, n).tobytes() for n in (1, 2, 3)}
    found = [turned_or_compressed(picture, np.random.default_rng(n)) for n in range(60)]
    turned = {np.asarray(one).tobytes() for one in found} & quarter
    squeezed = [jpeg for jpeg in found if np.asarray(jpeg).tobytes() not in quarter]
    assert turned == quarter
    assert squeezed
    assert all(jpeg.size == picture.size for jpeg in squeezed)


def test_the_quick_extractor_computes_in_bfloat16_where_the_processor_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tiny_graph(tmp_path / "encoder", EFFICIENTNET_LITE0)
    own = FeatureExtractor(EFFICIENTNET_LITE0, network=None)
    monkeypatch.setattr(made, "supports_bfloat16", lambda: False)
    assert made.quick_extractor(own, tmp_path / "encoder") is own
    monkeypatch.setattr(made, "supports_bfloat16", lambda: True)
    quick = made.quick_extractor(own, tmp_path / "encoder")
    assert quick.network.precision == "bf16"

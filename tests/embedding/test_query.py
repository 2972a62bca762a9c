"""What becomes of a picture before it is searched for."""

from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recommender.embedding.head import ClassicHead
from recommender.embedding.query import embed_query
from recommender.embedding.vectors import normalised
from recommender.features.backbones.registry import RESNET50
from recommender.features.encoder import Features
from recommender.features.extractor import FeatureExtractor
from recommender.pictures.catalogue_pictures import CataloguePictures

RED, FLOOR = (190, 30, 40), (150, 120, 90)


class Encoder:
    """Its features are the colours of a picture, and one place of it."""

    def __init__(self) -> None:
        self.seen, self.calls, self.busy_seconds = 0, 0, 0.0

    def encode(self, pixels: np.ndarray) -> Features:
        self.seen += len(pixels)
        self.calls += 1
        places = pixels[:, 8::32, 8::32].astype(np.float32)
        return Features(places, places.max(axis=(1, 2)), places.mean(axis=(1, 2)))


class Head(ClassicHead):
    """Keeps the styles that it was asked to move, and the article types that they may have."""

    knows_photographs = True

    def __init__(self, towards: Sequence[float]) -> None:
        self.towards, self.asked = np.array([towards], np.float32), list[np.ndarray]()
        self.possible: np.ndarray | None = None

    def type_probabilities(self, style: np.ndarray) -> np.ndarray:
        return np.tile(np.array([0.4, 0.3, 0.3], np.float32), (len(style), 1))

    def add_class_prior(self, style: np.ndarray, possible: np.ndarray | None = None) -> np.ndarray:
        self.asked.append(style)
        self.possible = possible
        return normalised(style + self.towards)


def red_on(background: tuple[int, int, int]) -> Image.Image:
    picture = Image.new("RGB", (300, 400), background)
    ImageDraw.Draw(picture).rectangle((90, 100, 210, 300), fill=RED)
    return picture


def test_a_photograph_is_looked_at_three_times_and_moved_to_what_it_shows() -> None:
    head, encoder = Head((0, 0, 2)), Encoder()
    extractor = FeatureExtractor(RESNET50, encoder)
    found = embed_query(red_on(FLOOR), extractor, head, CataloguePictures())
    assert (encoder.seen, encoder.calls) == (3, 1)
    (asked,) = head.asked
    assert np.linalg.norm(asked) == pytest.approx(1, abs=1e-5)
    assert head.possible is None
    assert np.allclose(found.embedding.style, normalised(asked + head.towards)[0])


def test_a_photograph_is_moved_towards_types_of_its_most_probable_category() -> None:
    head, extractor = Head((0, 0, 2)), FeatureExtractor(RESNET50, Encoder())
    categories = np.array([0, 1, 1])  # of .4 and of .3 + .3
    found = embed_query(red_on(FLOOR), extractor, head, CataloguePictures(), categories)
    assert head.possible is not None
    assert head.possible.tolist() == [[False, True, True]]
    assert found.types == pytest.approx([0.4, 0.3, 0.3])


def test_a_studio_shot_is_looked_at_once_and_taken_as_it_is() -> None:
    head, encoder = Head((0, 0, 2)), Encoder()
    extractor = FeatureExtractor(RESNET50, encoder)
    found = embed_query(red_on((255, 255, 255)), extractor, head, CataloguePictures())
    assert encoder.seen == 1
    assert not head.asked
    assert np.allclose(found.embedding.style, normalised(found.features.max_pooled)[0])


def test_the_classic_recipe_takes_a_photograph_as_it_is() -> None:
    encoder = Encoder()
    extractor = FeatureExtractor(RESNET50, encoder)
    found = embed_query(red_on(FLOOR), extractor, ClassicHead(), CataloguePictures())
    assert encoder.seen == 1
    assert np.allclose(found.embedding.style, normalised(found.features.max_pooled)[0])

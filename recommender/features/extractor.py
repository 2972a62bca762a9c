"""Feature extractor: RGB pictures in, network and colour features out, a batch at a time."""

import itertools
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from recommender.features.backbones.registry import Backbone
from recommender.features.colour import DIMENSIONS, colour_features
from recommender.features.encoder import Encoder, Features
from recommender.features.occlusion import OccludedPicture
from recommender.features.preprocessing import seen_box, to_pixels
from recommender.features.query_encoder import QueryEncoder
from recommender.features.table import FeatureTable
from recommender.pictures.segmentation import Segmenter
from recommender.settings import AUTO

# Pictures in one call of the network while building; larger batches were no faster on 2 cores.
BATCH = 16
# Pictures of a query in one call of the network: a photograph and two crops of it.
QUERY_BATCH = 3


class Network(Protocol):
    """Network of an extractor: `Encoder` (OpenVINO), or `KerasEncoder` in a build."""

    busy_seconds: float

    def encode(self, pixels: np.ndarray) -> Features: ...
    def encode_stream(self, batches: Iterable[np.ndarray]) -> Iterator[FeatureTable]: ...


@dataclass(frozen=True)
class FeatureExtractor:
    """Feature extractor: a backbone and its loaded network, for pictures of any size."""

    backbone: Backbone
    network: Network
    segmenter: Segmenter | None = None
    """Segmentation network for photographs; None for GrabCut."""

    @classmethod
    def for_building(cls, folder: Path, backbone: Backbone, precision: str) -> "FeatureExtractor":
        """Extractor for many pictures, `BATCH` in a call.

        Args:
            folder: of the encoder.
            backbone: of the encoder.
            precision: as `Encoder` takes it.

        Raises:
            IndexFormatError: the encoder is missing or damaged.
        """
        return cls(backbone, Encoder(folder, batch=BATCH, precision=precision))

    @classmethod
    def for_queries(
        cls, folder: Path, backbone: Backbone, precision: str = AUTO, threads: int = 0
    ) -> "FeatureExtractor":
        """Extractor for queries, whose crops go through the network in one call.

        Args:
            folder: of the encoder.
            backbone: of the encoder.
            precision: as `QueryEncoder` takes it.
            threads: processor threads of a call; 0: OpenVINO decides.

        Raises:
            IndexFormatError: the encoder is missing or damaged.
        """
        network = QueryEncoder(folder, most=QUERY_BATCH, precision=precision, threads=threads)
        return cls(backbone, network)

    def maps(self, pictures: Sequence[Image.Image], gap: float | None = None) -> Features:
        """Feature maps and pooled features of RGB pictures, up to `QUERY_BATCH` in a call.

        Args:
            pictures: a few: all maps are in memory.
            gap: of `to_pixels`. The pictures of an index are resized without one.
        """
        return self.network.encode(np.stack([self.pixels(picture, gap) for picture in pictures]))

    def occludable(self, picture: Image.Image) -> Features:
        """Features of one RGB picture of which parts can be hidden (`Features.pooled_under`)."""
        pixels = self.pixels(picture)
        features = self.network.encode(pixels[None])
        if self.backbone.has_map:
            return features
        arrays = features.feature_map, features.max_pooled, features.avg_pooled
        return OccludedPicture(*arrays, pixels, self.network.encode, QUERY_BATCH)

    def blocks(
        self, pictures: Iterable[Image.Image], *, colour: bool = True
    ) -> Iterator[FeatureTable]:
        """Features of RGB pictures in tables of at most `BATCH` rows; a few batches are in memory.

        Args:
            pictures: any number, read as they are needed.
            colour: whether to compute colour features.
        """
        colours: list[np.ndarray] = []

        def batches() -> Iterator[np.ndarray]:
            rest = iter(pictures)
            with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
                while group := list(itertools.islice(rest, BATCH)):
                    if colour:
                        colours.append(np.stack(list(pool.map(_colour, group))))
                    yield np.stack(list(pool.map(self.pixels, group)))

        for table in self.network.encode_stream(batches()):
            yield replace(table, colour=colours.pop(0)) if colour else table

    def table(self, pictures: Iterable[Image.Image], *, colour: bool = True) -> FeatureTable:
        """Features of RGB pictures in one table, in memory; arguments as for `blocks`."""
        return FeatureTable.concatenate(
            [self.nothing(colour=colour), *self.blocks(pictures, colour=colour)]
        )

    def nothing(self, *, colour: bool = True) -> FeatureTable:
        """Features of no pictures."""
        dimensions = DIMENSIONS if colour else 0
        return FeatureTable.empty(
            self.backbone.channels, dimensions, averages=self.backbone.has_map
        )

    def seen(self, picture: Image.Image) -> Image.Image:
        """Part of a picture that the network sees."""
        box = seen_box(*picture.size, self.backbone)
        if box is None:
            return picture
        left, top, right, bottom = (round(edge) for edge in box)
        return picture.crop((left, top, max(right, left + 1), max(bottom, top + 1)))

    def pixels(self, picture: Image.Image, gap: float | None = None) -> np.ndarray:
        """Input of the network for a picture, (side, side, 3) uint8 RGB; `gap` of `to_pixels`."""
        return to_pixels(picture, self.backbone, gap)


def _colour(picture: Image.Image) -> np.ndarray:
    return colour_features(np.asarray(picture))

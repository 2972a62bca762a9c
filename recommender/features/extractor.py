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
from recommender.features.preprocessing import to_pixels
from recommender.features.table import FeatureTable

# Pictures a call of the network while building; more did not make it faster on 2 cores.
BATCH = 16
# Pictures that the network takes for one query at most: a photograph and three crops of it.
QUERY_BATCH = 4


class Network(Protocol):
    """The network of an extractor: OpenVINO's `Encoder`, or TensorFlow's for building."""

    busy_seconds: float

    def encode(self, pixels: np.ndarray) -> Features: ...
    def encode_stream(self, batches: Iterable[np.ndarray]) -> Iterator[FeatureTable]: ...


@dataclass(frozen=True)
class FeatureExtractor:
    """A backbone and its loaded network, behind pictures of any size."""

    backbone: Backbone
    network: Network

    @classmethod
    def for_building(cls, folder: Path, backbone: Backbone, precision: str) -> "FeatureExtractor":
        """An extractor of many pictures, `BATCH` a call.

        Args:
            folder: of the encoder.
            backbone: what it expects.
            precision: "f32" or "bf16".

        Raises:
            IndexFormatError: the folder has no encoder, or a damaged one.
        """
        return cls(backbone, Encoder(folder, batch=BATCH, precision=precision))

    @classmethod
    def for_queries(
        cls, folder: Path, backbone: Backbone, precision: str = "f32", threads: int = 0
    ) -> "FeatureExtractor":
        """An extractor of one query at a time, whose crops go through the network together.

        Args:
            folder: of the encoder.
            backbone: what it expects.
            precision: "f32" or "bf16".
            threads: processor threads of a call; 0 leaves it to the engine.

        Raises:
            IndexFormatError: the folder has no encoder, or a damaged one.
        """
        network = Encoder(
            folder, batch=QUERY_BATCH, fixed=False, precision=precision, threads=threads
        )
        return cls(backbone, network)

    def maps(self, pictures: Sequence[Image.Image]) -> Features:
        """Feature maps and pooled features of a few RGB pictures, in one call of the network.

        Args:
            pictures: at most as many as the network takes at once (`QUERY_BATCH`).
        """
        return self.network.encode(np.stack([self.pixels(picture) for picture in pictures]))

    def blocks(
        self, pictures: Iterable[Image.Image], *, colour: bool = True
    ) -> Iterator[FeatureTable]:
        """Features of RGB pictures, at most `BATCH` at a time; only a few batches are in memory.

        Args:
            pictures: any number, read as they are needed.
            colour: whether to describe their colours, too.
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
        """The same of all pictures in one table, in memory."""
        nothing = FeatureTable.empty(self.backbone.channels, DIMENSIONS if colour else 0)
        return FeatureTable.concatenate([nothing, *self.blocks(pictures, colour=colour)])

    def pixels(self, picture: Image.Image) -> np.ndarray:
        """(side, side, 3) uint8 RGB: a picture as the network takes it."""
        return to_pixels(picture, self.backbone)


def _colour(picture: Image.Image) -> np.ndarray:
    return colour_features(np.asarray(picture))

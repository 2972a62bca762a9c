"""Pictures made for building, seen through the network of the index that is being built."""

import itertools
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from recommender.building.encode import BATCH
from recommender.features.backbones.registry import Backbone
from recommender.features.encoder import Encoder
from recommender.features.preprocessing import to_pixels


class Eye:
    """The network of a workspace, for pictures that are no products of their own.

    Args:
        encoder: folder of the network.
        backbone: what it expects.
        precision: as the products were encoded.
    """

    def __init__(self, encoder: Path, backbone: Backbone, precision: str) -> None:
        self._network = Encoder(encoder, batch=BATCH, precision=precision)
        self._backbone = backbone

    def pooled(self, pictures: Iterable[Image.Image]) -> tuple[np.ndarray, np.ndarray]:
        """Max- and average-pooled features of n RGB pictures, (n, channels) float32 each."""
        features = list(self._network.encode_stream(self._batches(pictures)))
        if not features:
            nothing = np.zeros((0, self._backbone.channels), np.float32)
            return nothing, nothing
        return (
            np.concatenate([f.max_pooled for f in features]),
            np.concatenate([f.avg_pooled for f in features]),
        )

    def _batches(self, pictures: Iterable[Image.Image]) -> Iterator[np.ndarray]:
        ahead = iter(pictures)
        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
            while group := list(itertools.islice(ahead, BATCH)):
                yield np.stack(list(pool.map(self._pixels, group)))

    def _pixels(self, picture: Image.Image) -> np.ndarray:
        return to_pixels(picture, self._backbone)

"""Pictures to query vectors the way the app does it, for a head that is not an index's own."""

import itertools
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from PIL import Image

from recommender.building.encode import BATCH
from recommender.embedding.head import Head
from recommender.embedding.query import embed_query
from recommender.embedding.vectors import normalised
from recommender.evaluation.feature_cache import Encoded
from recommender.features.encoder import Encoder
from recommender.features.preprocessing import to_pixels


class QueryPath:
    """From a picture to what is searched for.

    Args:
        encoded: whose network to use.
        head: fitted on the index that will be searched.
    """

    def __init__(self, encoded: Encoded, head: Head) -> None:
        self._backbone, self._head = encoded.backbone, head
        # One picture a call as in the app, but several calls at once instead of several threads a
        # call: the figures are the same and there are thousands of them.
        self._workers = len(os.sched_getaffinity(0))
        self._encoder = Encoder(encoded.encoder, precision=encoded.precision, threads=1)
        self._in_batches = Encoder(encoded.encoder, batch=BATCH, precision=encoded.precision)

    def learned(self, pictures: Iterable[Image.Image]) -> np.ndarray:
        """(n, d) float32: style and colour (`embedding.query_vectors`)."""
        with ThreadPoolExecutor(self._workers) as pool:
            return np.stack(
                [v for group in _groups(pictures) for v in pool.map(self._embed, group)]
            )

    def classic(self, pictures: Iterable[Image.Image]) -> np.ndarray:
        """(n, channels) float32: the classic recipe, of length one."""
        return normalised(self.pooled(pictures)[0])

    def pooled(self, pictures: Iterable[Image.Image]) -> tuple[np.ndarray, np.ndarray]:
        """(n, channels) float32 twice: max-pooled and average-pooled features, untreated."""
        batches = (
            np.stack([to_pixels(picture, self._backbone) for picture in group])
            for group in _groups(pictures)
        )
        stream = self._in_batches.encode_stream(batches)
        pairs = [(features.max_pooled, features.avg_pooled) for features in stream]
        highest, mean = (np.concatenate(rows) for rows in zip(*pairs, strict=True))
        return highest, mean

    def _embed(self, picture: Image.Image) -> np.ndarray:
        embedding, _ = embed_query(picture, self._backbone, self._encoder, self._head)
        return np.concatenate([embedding.style, embedding.colour])


def _groups(pictures: Iterable[Image.Image]) -> Iterator[list[Image.Image]]:
    """A few at a time, so that they are never all in memory."""
    rest = iter(pictures)
    return iter(lambda: list(itertools.islice(rest, BATCH)), [])

"""Pictures to query vectors the way the app does it, for a head that is not an index's own."""

import itertools
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from PIL import Image

from recommender.embedding.head import Head
from recommender.embedding.query import embed_query
from recommender.embedding.vectors import normalised
from recommender.evaluation.feature_cache import Encoded
from recommender.features.extractor import BATCH, FeatureExtractor
from recommender.features.table import FeatureTable


class QueryPath:
    """From a picture to what is searched for.

    Args:
        encoded: whose network to use.
        head: fitted on the index that will be searched.
    """

    def __init__(self, encoded: Encoded, head: Head) -> None:
        self._head, self._pictures = head, encoded.pictures
        # One query a call as in the app, but several calls at once instead of several threads a
        # call: the figures are the same and there are thousands of them.
        self._workers = len(os.sched_getaffinity(0))
        self._extractor = FeatureExtractor.for_queries(
            encoded.encoder, encoded.backbone, encoded.precision, threads=1
        )
        self._in_batches = encoded.extractor()

    def learned(self, pictures: Iterable[Image.Image]) -> np.ndarray:
        """(n, d) float32: style and colour (`embedding.query_vectors`)."""
        with ThreadPoolExecutor(self._workers) as pool:
            return np.stack(
                [v for group in _groups(pictures) for v in pool.map(self._embed, group)]
            )

    def classic(self, pictures: Iterable[Image.Image]) -> np.ndarray:
        """(n, channels) float32: the classic recipe, of length one."""
        return normalised(self.features(pictures).in_memory[0])

    def features(self, pictures: Iterable[Image.Image]) -> FeatureTable:
        """Pooled features of n pictures, untreated."""
        return self._in_batches.table(pictures, colour=False)

    def _embed(self, picture: Image.Image) -> np.ndarray:
        embedding, _ = embed_query(picture, self._extractor, self._head, self._pictures)
        return np.concatenate([embedding.style, embedding.colour])


def _groups(pictures: Iterable[Image.Image]) -> Iterator[list[Image.Image]]:
    """A few at a time, so that they are never all in memory."""
    rest = iter(pictures)
    return iter(lambda: list(itertools.islice(rest, BATCH)), [])

"""Query vectors of pictures, computed as by the app, for a head fitted by the evaluation."""

import itertools
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from PIL import Image

from recommender.embedding.head import Head
from recommender.embedding.query import SeenPicture, embed_seen, see_query
from recommender.embedding.vectors import normalised
from recommender.evaluation.feature_cache import FeatureCache
from recommender.features.extractor import BATCH, FeatureExtractor
from recommender.features.table import FeatureTable

_NO_MAP = np.zeros((1, 0, 0, 0), np.float32)


class QueryPath:
    """Query vectors of pictures, by the learned head or the classic recipe.

    Args:
        cache: of the catalogue; its network is used.
        head: fitted on the index that is searched.
        categories: of the head's article types, as `embed_query` takes them.
    """

    def __init__(
        self, cache: FeatureCache, head: Head, categories: np.ndarray | None = None
    ) -> None:
        self._head, self._pictures, self._categories = head, cache.pictures, categories
        # Each call embeds one query, as in the app, so that the vectors are the same. Several calls
        # of one thread each run at once, which is faster for thousands of queries.
        self._workers = len(os.sched_getaffinity(0))
        extractor = FeatureExtractor.for_queries(
            cache.encoder, cache.backbone, cache.query_precision, threads=1
        )
        self._extractor = cache.with_segmenter(extractor, threads=1)
        self._in_batches = cache.extractor()

    def learned(self, pictures: Iterable[Image.Image]) -> np.ndarray:
        """Style and colour vectors of n queries, (n, d) float32, not weighed."""
        return embedded(self.seen(pictures), self._head, self._categories)[0]

    def seen(self, pictures: Iterable[Image.Image]) -> list[SeenPicture]:
        """Features of n queries, before any head; without feature maps, which take 250 KB each."""
        with ThreadPoolExecutor(self._workers) as pool:
            return [seen for group in _groups(pictures) for seen in pool.map(self._see, group)]

    def classic(self, pictures: Iterable[Image.Image]) -> np.ndarray:
        """Vectors of the classic recipe, (n, channels) float32, of length one."""
        return normalised(self.features(pictures).in_memory[0])

    def features(self, pictures: Iterable[Image.Image]) -> FeatureTable:
        """Pooled features of n whole pictures: no product is cut out of them."""
        return self._in_batches.table(pictures, colour=False)

    def _see(self, picture: Image.Image) -> SeenPicture:
        find = self._head.knows_photographs
        seen = see_query(picture, self._extractor, self._pictures, find=find)
        return replace(seen, whole=replace(seen.whole, feature_map=_NO_MAP))


def embedded(
    seen: Sequence[SeenPicture], head: Head, categories: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Style and colour vectors of n queries, not weighed, and probabilities of their types.

    Args:
        seen: features of the queries.
        head: fitted on the index that is searched.
        categories: of the head's article types, as `embed_query` takes them.

    Returns:
        (n, d) and (n, types) float32.
    """
    found = [embed_seen(one, head, categories) for one in seen]
    vectors = [np.concatenate([e.embedding.style, e.embedding.colour]) for e in found]
    return np.stack(vectors), np.stack([e.types for e in found])


def _groups(pictures: Iterable[Image.Image]) -> Iterator[list[Image.Image]]:
    """Groups of at most `BATCH` pictures, so that only one group is in memory."""
    rest = iter(pictures)
    return iter(lambda: list(itertools.islice(rest, BATCH)), [])

"""Query time by stage: decoding, preprocessing, network, head, search, gallery."""

import functools
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np

from benchmarks import baseline
from recommender.answers import queries
from recommender.answers.recommender import Recommender
from recommender.embedding import query as embedding_query
from recommender.features.encoder import Encoder
from recommender.features.extractor import FeatureExtractor

if TYPE_CHECKING:
    from benchmarks.querying import BaselineQuery

STAGES = ("decode", "preprocess", "network", "head and colour", "search", "gallery", "rest")


class Stopwatch:
    """Stopwatch for the stages of single queries."""

    def __init__(self) -> None:
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._queries: list[dict[str, float]] = []
        self._inside = False

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the block's time to a stage; a stage within another counts for the outer one."""
        if self._inside:
            yield
            return
        self._inside, started = True, time.perf_counter()
        yield
        self._seconds[name] += time.perf_counter() - started
        self._inside = False

    @contextmanager
    def one_query(self) -> Iterator[None]:
        """Record the block as one query; time outside of all stages counts as "rest"."""
        self._seconds.clear()
        started = time.perf_counter()
        yield
        self._seconds["rest"] = time.perf_counter() - started - sum(self._seconds.values())
        self._queries.append(dict(self._seconds))

    def watched(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Function whose time is added to a stage."""

        @functools.wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            with self.stage(name):
                return function(*args, **kwargs)

        return timed

    def milliseconds(self) -> dict[str, float]:
        """Mean milliseconds by stage; unlike medians, means add up to the total."""
        return {
            stage: float(np.mean([query.get(stage, 0.0) for query in self._queries])) * 1000
            for stage in STAGES
        }


def our_stages(recommender: Recommender, pictures: Sequence[bytes]) -> dict[str, float]:
    """Mean milliseconds by stage of `Recommender.recommend` and reading the thumbnails.

    The functions it calls are wrapped for the measurement; the program's code runs unchanged.
    """
    watch, head = Stopwatch(), type(recommender.index.head)
    watched = (
        ("decode", queries, "open_picture"),
        ("preprocess", embedding_query, "find_product"),
        ("preprocess", FeatureExtractor, "pixels"),
        ("network", Encoder, "encode"),
        ("head and colour", embedding_query, "pool_foreground"),
        ("head and colour", embedding_query, "colour_features"),
        ("head and colour", head, "style"),
        ("head and colour", head, "colour"),
        ("search", Recommender, "search"),
    )
    with ExitStack() as stack:
        for stage, owner, name in watched:
            timed = watch.watched(stage, getattr(owner, name))
            stack.enter_context(patch.object(owner, name, timed))
        for picture in pictures:
            with watch.one_query():
                results = recommender.recommend(picture).results
                with watch.stage("gallery"):
                    for result in results:
                        position = recommender.catalogue.position(result.id)
                        recommender.catalogue.thumbnail_bytes(position)
    return watch.milliseconds()


def baseline_stages(old: "BaselineQuery", pictures: Sequence[bytes]) -> dict[str, float]:
    """Mean milliseconds by stage of the baseline, whose "decode" includes resizing."""
    watch = Stopwatch()
    for picture in pictures:
        with watch.one_query():
            with watch.stage("decode"):
                array = baseline.load(picture)
            with watch.stage("preprocess"):
                batch = baseline.preprocess(array)
            with watch.stage("network"):
                features = baseline.predict(old.model, batch)
            with watch.stage("head and colour"):
                query = old.norm(features)
            with watch.stage("search"):
                found = baseline.search(old.neighbours, query)
            with watch.stage("gallery"):
                for position in found:
                    old.catalogue.thumbnail_bytes(int(position))
    return watch.milliseconds()

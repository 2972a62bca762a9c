"""Row 1, queries: time from a picture's bytes to five results with their thumbnails."""

import io
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from threadpoolctl import ThreadpoolController

from benchmarks import baseline
from benchmarks.context import SEED, Context
from benchmarks.results import Line, Section, at_least, at_most
from benchmarks.samples import alternate, each
from benchmarks.stages import baseline_stages, our_stages
from benchmarks.synthetic_vectors import queries_near
from recommender.answers.recommender import Recommender
from recommender.embedding.head import ClassicHead
from recommender.features.backbones.registry import RESNET50
from recommender.features.extractor import FeatureExtractor
from recommender.index.folder import Index
from recommender.index.manifest import CLASSIC
from recommender.settings import AUTO

_log = logging.getLogger(__name__)

GOALS = (at_most(25), at_most(40, "p95"), at_least(6, "times"))
# A phone's picture: 12 megapixels; with this noise (levels) and JPEG quality, about 4 MB.
_PHONE_SIZE, _PHONE_NOISE, _PHONE_QUALITY = (4032, 3024), 6, 90


class StandInHead(ClassicHead):
    """Baseline head that computes its vector, but returns one of the given queries instead.

    Args:
        queries: (q, d) float32, returned in turn.
    """

    def __init__(self, queries: np.ndarray) -> None:
        self._queries, self._next = queries, 0

    def style(self, max_pooled: np.ndarray, avg_pooled: np.ndarray) -> np.ndarray:
        """Style vectors, as in `ClassicHead.style`, replaced by the next query."""
        super().style(max_pooled, avg_pooled)
        self._next = (self._next + 1) % len(self._queries)
        return self._queries[self._next][None]


class BaselineQuery:
    """Baseline with a loaded model and a fitted search.

    Args:
        context: the index and the baseline's features.
        stand_ins: queries that replace the computed vectors; None: no replacement.
    """

    def __init__(self, context: Context, stand_ins: np.ndarray | None) -> None:
        self.model = baseline.load_model(context.resnet50_weights[0])
        self.neighbours = baseline.fit(context.features)
        self.catalogue = context.index.catalogue
        self._stand_ins, self._next = stand_ins, 0

    def norm(self, features: np.ndarray) -> np.ndarray:
        """Vector of the query, (d,) float32."""
        vector = baseline.norm(features)
        if self._stand_ins is None:
            return vector
        self._next = (self._next + 1) % len(self._stand_ins)
        return self._stand_ins[self._next]

    def answer(self, picture: bytes) -> list[bytes]:
        """Thumbnail files of the five nearest products."""
        features = baseline.predict(self.model, baseline.preprocess(baseline.load(picture)))
        found = baseline.search(self.neighbours, self.norm(features))
        return [self.catalogue.thumbnail_bytes(int(position)) for position in found]


def measure_queries(context: Context) -> Section:
    """Measure single queries of the baseline and of this project's indexes in turn."""
    index = context.index
    own = index.manifest.backbone == RESNET50.name and index.manifest.head == CLASSIC
    weights, trained = context.resnet50_weights
    stand_ins = None
    if not (own and trained):
        stand_ins = queries_near(context.features, min(500, len(context.features)), SEED)
    _log.info("Fitting the baseline.")
    old = BaselineQuery(context, stand_ins)
    ours = {name: Recommender(i) for name, i in _indexes(context, stand_ins).items()}
    pictures = context.pictures(context.counts.queries)
    tasks: dict[str, Callable[[bytes], list[bytes]]] = {"baseline": old.answer}
    tasks |= {name: _answering(recommender) for name, recommender in ours.items()}
    _log.info(f"Asking {len(tasks)} ways in turn, {len(pictures)} times each.")
    taken = alternate(
        {name: each(ask, pictures) for name, ask in tasks.items()},
        len(pictures),
    )
    phone = phone_picture()
    _log.info("The same with a phone's picture.")
    large = alternate(
        {name: each(ask, [phone]) for name, ask in tasks.items()},
        context.counts.large_queries,
    )
    section = Section()
    for name in ours:
        what = f"one query, {name}: picture in memory to 5 results with thumbnails"
        section.lines.append(Line(what, "ms", taken[name], taken["baseline"], GOALS))
    for name in ours:
        what = f"the same with a phone's picture of 12 megapixels, {name}"
        section.lines.append(Line(what, "ms", large[name], large["baseline"]))
    section.details["stages"] = {
        "baseline": baseline_stages(old, pictures),
        **{name: our_stages(recommender, pictures) for name, recommender in ours.items()},
    }
    section.notes += _notes(context, weights, trained, stand_ins is not None)
    return section


def phone_picture() -> bytes:
    """JPEG like a phone's: 4032 x 3024 pixels of soft shapes and sensor noise."""
    rng = np.random.default_rng(SEED)
    shapes = Image.fromarray(rng.integers(0, 256, (12, 16, 3), dtype=np.uint8))
    soft = np.asarray(shapes.resize(_PHONE_SIZE, Image.Resampling.BICUBIC), np.int16)
    noise = rng.integers(-_PHONE_NOISE, _PHONE_NOISE + 1, soft.shape, dtype=np.int16)
    file = io.BytesIO()
    pixels = np.clip(soft + noise, 0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(file, "JPEG", quality=_PHONE_QUALITY)
    return file.getvalue()


def _indexes(context: Context, stand_ins: np.ndarray | None) -> dict[str, Index]:
    """Measured indexes by name: ResNet50 with the baseline head, and the index itself.

    ResNet50 in each precision that the processor supports; the index as it is served.
    """
    resnet50, own = context.resnet50_index, context.index
    if stand_ins is not None:
        resnet50 = replace(resnet50, head=StandInHead(stand_ins))
    name = f"ResNet50, {context.features.shape[1]}-d"
    measured = [(name, resnet50, precision) for precision in context.precisions]
    if own.manifest.backbone != RESNET50.name or own.manifest.head != CLASSIC:
        name = f"{own.backbone.title} with the index's head, {context.stored.shape[1]}-d"
        measured.append((name, own, AUTO))
    return {
        f"{name}, {precision}": replace(
            index,
            extractor=FeatureExtractor.for_queries(
                context.encoder(index.manifest.backbone), index.backbone, precision
            ),
        )
        for name, index, precision in measured
    }


def _answering(recommender: Recommender) -> Callable[[bytes], list[bytes]]:
    """Answers with the threads that the server has, see `recommender.interface.server.launch`."""
    catalogue, threads = recommender.catalogue, ThreadpoolController()
    cv2.setNumThreads(1)

    def ask(picture: bytes) -> list[bytes]:
        with threads.limit(limits=1, user_api="blas"):
            results = recommender.recommend(picture).results
            return [catalogue.thumbnail_bytes(catalogue.position(result.id)) for result in results]

    return ask


def _notes(context: Context, weights: Path, trained: bool, stood_in: bool) -> list[str]:
    notes = [context.features_words]
    if trained:
        notes.append(f"ResNet50 has the trained weights of {weights.name}.")
    else:
        notes.append(
            "ResNet50 has random weights, because no trained ones were found: they take the same "
            "arithmetic."
        )
    if stood_in:
        notes.append(
            "A query through ResNet50 computes its vector, but the search uses another vector in "
            "its place, because the vectors of the index are not ResNet50's."
        )
    notes.append("Both recipes read thumbnails from the same catalogue.")
    return notes

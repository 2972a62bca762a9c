"""Row 4, encoding: pictures per second while building, and the effect of bfloat16 on results."""

import itertools
import logging
import shutil
import time
from dataclasses import replace

import numpy as np

from benchmarks import baseline
from benchmarks.context import Context
from benchmarks.results import Line, Section, at_least
from benchmarks.samples import Samples, one
from recommender.answers.recommender import Recommender
from recommender.building.encode import Timings, encode_chunks
from recommender.features.backbones.registry import RESNET50
from recommender.features.extractor import FeatureExtractor
from recommender.index.catalogue_file import CATALOGUE_FILE
from recommender.reading.products import Products

_log = logging.getLogger(__name__)

PICTURES_PER_SECOND = {"f32": 50.0, "bf16": 100.0}
BUSY_PERCENT = 90.0
SAME_PERCENT = 99.0
# Batch size of TensorFlow; larger batches were no faster on 2 cores.
TENSORFLOW_BATCH = 32
_ROUNDS = 3
_NEIGHBOURS = 5


def products_of(context: Context) -> Products:
    """Dataset of the index's catalogue, a Parquet file with pictures."""
    folder = context.work / "dataset"
    if not folder.exists():
        folder.mkdir()
        (folder / CATALOGUE_FILE).symlink_to((context.folder / CATALOGUE_FILE).resolve())
    return Products(str(folder))


def encode_some(context: Context, backbone: str, precision: str, pictures: int) -> Timings:
    """Timings of reading, decoding, encoding and writing the first `pictures` products."""
    source = products_of(context)
    extractor = FeatureExtractor.for_building(
        context.encoder(backbone), context.backbone(backbone), precision
    )
    folder = context.work / "chunks"
    folder.mkdir()
    try:
        return encode_chunks(source, range(pictures), extractor, folder, lambda done: None)
    finally:
        shutil.rmtree(folder)


def measure_building(context: Context) -> Section:
    """Measure all backbones and precisions, the baseline and TensorFlow's batches in turn."""
    pictures = min(context.counts.pictures, len(context.index.catalogue))
    backbones = dict.fromkeys((RESNET50.name, context.index.manifest.backbone))
    ways = list(itertools.product(backbones, context.precisions))
    rates: dict[tuple[str, str], list[float]] = {way: [] for way in ways}
    busy: dict[tuple[str, str], list[float]] = {way: [] for way in ways}
    one_by_one: list[float] = []
    batches: list[float] = []
    model = baseline.load_model(context.resnet50_weights[0])
    for number in range(_ROUNDS):
        _log.info(f"Building, round {number + 1} of {_ROUNDS}.")
        one_by_one.append(_one_by_one(context, model))
        batches.append(_batches(context, model))
        for way in ways:
            timings = encode_some(context, *way, pictures)
            rates[way].append(timings.encoded / timings.encode)
            busy[way].append(100 * timings.network / timings.encode)
    section = Section()
    for way in ways:
        name = f"{context.backbone(way[0]).title}, {way[1]}"
        what = f"building from Parquet to chunks, {name}"
        goals = (at_least(PICTURES_PER_SECOND[way[1]]),)
        same = way[0] == RESNET50.name
        section.lines += [
            Line(
                what,
                "pictures/s",
                Samples(tuple(rates[way])),
                Samples(tuple(one_by_one)) if same else None,
                goals,
                more_is_better=True,
            ),
            Line(
                f"meanwhile the network is busy, {name}",
                "%",
                Samples(tuple(busy[way])),
                None,
                (at_least(BUSY_PERCENT),),
                more_is_better=True,
            ),
        ]
    tensorflow = Samples(tuple(batches))
    fastest = max((way for way in ways if way[0] == RESNET50.name), key=lambda w: max(rates[w]))
    what = f"ResNet50 ({fastest[1]}) beside TensorFlow, batch {TENSORFLOW_BATCH}, network alone"
    ours = Samples(tuple(rates[fastest]))
    section.lines.append(Line(what, "pictures/s", ours, tensorflow, (), more_is_better=True))
    section.notes.append(
        f"Building: {pictures:,} of the index's thumbnails a run, {_ROUNDS} runs in turn with the "
        "baseline, which encodes one by one."
    )
    if "bf16" in context.precisions:
        _agreement(context, section)
    return section


def measure_linearity(context: Context) -> Section:
    """Measure encoding of a quarter, half and all of the pictures, with the index's network."""
    most = min(context.counts.pictures, len(context.index.catalogue))
    sizes = [most // 4, most // 2, most]
    _log.info("Building more and more pictures.")
    name = context.index.manifest.backbone
    seconds = [encode_some(context, name, "f32", size).encode for size in sizes]
    section = Section(details={"building": dict(zip(map(str, sizes), seconds, strict=True))})
    for size, taken in zip(sizes, seconds, strict=True):
        what = f"building {size:,} pictures, {context.backbone(name).title}, f32, each"
        section.lines.append(Line(what, "ms", one(1000 * taken / size)))
    return section


def _one_by_one(context: Context, model: object) -> float:
    """Pictures per second of the baseline."""
    pictures = context.pictures(context.counts.one_by_one)
    baseline.embed(model, pictures[0])
    started = time.perf_counter()
    for picture in pictures:
        baseline.embed(model, picture)
    return len(pictures) / (time.perf_counter() - started)


def _batches(context: Context, model: object) -> float:
    """Pictures per second of TensorFlow's network alone, from pixels in memory."""
    pictures = context.pictures(TENSORFLOW_BATCH)
    batch = np.concatenate([baseline.preprocess(baseline.load(picture)) for picture in pictures])
    count = max(1, context.counts.one_by_one // 8)
    baseline.predict(model, batch)
    started = time.perf_counter()
    for _ in range(count):
        baseline.predict(model, batch)
    return count * len(batch) / (time.perf_counter() - started)


def _agreement(context: Context, section: Section) -> None:
    """Compare the neighbours that the index finds with bfloat16 and with float32."""
    _log.info("Comparing bfloat16 with float32.")
    index = context.index
    f32 = Recommender(index)
    folder = context.encoder(index.manifest.backbone)
    extractor = FeatureExtractor.for_queries(folder, index.backbone, "bf16")
    bf16 = Recommender(replace(index, extractor=extractor))
    shared, away = [], []
    for picture in context.pictures(context.counts.agreement):
        queries = [recommender.embed(picture) for recommender in (f32, bf16)]
        # Without the product itself: both find it, which would raise the figure.
        found = [
            {result.id for result in f32.search(query, _NEIGHBOURS, include_same=False).results}
            for query in queries
        ]
        shared.append(100 * len(found[0] & found[1]) / max(1, len(found[0])))
        styles = [query.embedding.style for query in queries]
        away.append(1 - float(styles[0] @ styles[1]))
    what = "neighbours among the top 5 that bfloat16 and float32 share"
    mean = one(float(np.mean(shared)))
    section.lines.append(
        Line(f"{what} ({len(shared)} queries)", "%", mean, None, (at_least(SAME_PERCENT),))
    )
    section.lines.append(
        Line("cosine distance between their style vectors, x 1,000", "", _thousandfold(away))
    )


def _thousandfold(values: list[float]) -> Samples:
    return Samples(tuple(1000 * value for value in values))

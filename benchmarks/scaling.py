"""Rows 7 and 8, scaling: search over up to a million synthetic products, and building time."""

import json
import logging
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import baseline
from benchmarks.brute_force import exact_neighbours, recall
from benchmarks.context import SEED, Context
from benchmarks.encoding import measure_linearity
from benchmarks.processes import first_line, running
from benchmarks.results import Line, Section, at_least, at_most
from benchmarks.samples import Samples, alternate, each, one
from benchmarks.synthetic_vectors import products_between, write_products
from recommender.index.exact_search import VECTORS_FILE, stored_vectors

_log = logging.getLogger(__name__)

SIZES = (1_000, 10_000, 100_000, 1_000_000)
SEARCH_MS, MEGABYTES, RECALL = 60, 1_500, 0.99
# Bytes of vectors beyond which the baseline is left out, because it holds them all in memory.
_BASELINE_BYTES = 1_500_000_000
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class ScalingPoint:
    """Measurements of the search over one number of products."""

    size: int
    ours: Samples
    """Milliseconds per search."""
    baseline: Samples | None
    """Milliseconds per search; None where the vectors are too large for it."""
    told: dict[str, Any]
    """Seconds to open and megabytes, from `benchmarks.search_worker`."""
    recall: float
    """Recall at five against brute force, 0-1."""


def measure_growth(context: Context) -> Section:
    """Measure the search over 1,000 to 1,000,000 synthetic products, then building."""
    _log.info("Making synthetic products.")
    vectors, index = context.stored, context.index
    count = context.counts.brute_force
    raw, _ = products_between(vectors, count, SEED - 1, context.parts)
    queries = context.weighed(raw)
    asked = context.work / "queries.npy"
    np.save(asked, queries, allow_pickle=False)
    points = []
    for size in (size for size in SIZES if size <= context.counts.products):
        _log.info(f"Searching {size:,} synthetic products.")
        folder = context.work / f"products-{size}"
        try:
            write_products(folder, vectors, index.catalogue, size, SEED, context.parts)
            points.append(_measure(context, folder, size, queries, asked))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    section = _section(points, vectors.shape[1])
    linear = measure_linearity(context)
    section.lines += linear.lines
    section.details |= linear.details
    return section


def _measure(
    context: Context, folder: Path, size: int, queries: np.ndarray, asked: Path
) -> ScalingPoint:
    log = context.work / "opened.log"
    module = ["-m", "benchmarks.search_worker"]
    with running([*module, str(folder), str(asked), str(context.folder)], log) as process:
        told = json.loads(first_line(process, log))
    stored = stored_vectors(folder / VECTORS_FILE)
    exact = exact_neighbours(stored, queries)
    old = None
    if stored.nbytes <= _BASELINE_BYTES:
        neighbours = baseline.fit(np.array(stored))
        task = each(lambda query: baseline.search(neighbours, query), queries)
        old = alternate({"baseline": task}, len(queries))["baseline"]
    ours, found = Samples(tuple(told.pop("milliseconds"))), np.array(told.pop("found"))
    return ScalingPoint(size, ours, old, told, recall(found, exact))


def _section(points: list[ScalingPoint], dimensions: int) -> Section:
    section = Section()
    for g in points:
        what = f"search over {g.size:,} x {dimensions} synthetic products"
        judged = g.size == SIZES[-1]
        goals = (at_most(SEARCH_MS),) if judged else ()
        section.lines.append(Line(what, "ms", g.ours, g.baseline, goals))
        if not judged:
            continue
        queries = len(g.ours.values)
        section.lines += [
            Line(
                "its recall at 5 against exact search",
                "",
                one(g.recall),
                None,
                (at_least(RECALL),),
                more_is_better=True,
            ),
            Line(
                "resident memory of the process that searches",
                "MB",
                one(g.told["resident_megabytes"]),
                None,
                (at_most(MEGABYTES),),
            ),
            Line("opening it", "s", one(g.told["open_seconds"])),
        ]
        section.notes.append(
            f"Synthetic products and the {queries} queries are mixes of two of the index's "
            "products, with noise. Memory counts vectors, ids, names and attributes; at most "
            f"{g.told['peak_megabytes']:,.0f} MB were mapped while opening, including the file's "
            "pages."
        )
    section.lines += _each(points)
    section.details["growth"] = [
        {
            "products": g.size,
            "dimensions": dimensions,
            "ours_ms": g.ours.to_json(),
            "baseline_ms": g.baseline.to_json() if g.baseline else None,
            "recall_at_5": g.recall,
            **g.told,
        }
        for g in points
    ]
    return section


def _each(points: list[ScalingPoint]) -> list[Line]:
    """Time and memory per additional product, from the difference of the two largest catalogues."""
    (small, small_baseline), (large, large_baseline) = (
        (g, g.baseline.median if g.baseline else None) for g in points[-2:]
    )
    more = large.size - small.size
    nanoseconds = one(1e6 * (large.ours.median - small.ours.median) / more)
    old = None
    if small_baseline is not None and large_baseline is not None:
        old = one(1e6 * (large_baseline - small_baseline) / more)
    megabytes = large.told["resident_megabytes"] - small.told["resident_megabytes"]
    return [
        Line("a search, for each product more", "ns", nanoseconds, old),
        Line("memory, for each product more", "bytes", one(_MEGABYTE * megabytes / more)),
    ]

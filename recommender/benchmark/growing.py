"""Rows 7 and 8: how the search grows, up to a million made-up products, and how building does."""

import functools
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from recommender.benchmark import classic
from recommender.benchmark.encoding import measure_linearity
from recommender.benchmark.made_up import products_between, weighed, write_products
from recommender.benchmark.processes import first_line, running
from recommender.benchmark.results import Line, Section, at_least, at_most
from recommender.benchmark.samples import Samples, alternate, each, one
from recommender.benchmark.workbench import SEED, Workbench
from recommender.search import VECTORS_FILE, stored_vectors

SIZES = (1_000, 10_000, 100_000, 1_000_000)
SEARCH_MS, MEGABYTES, RECALL = 60, 1_500, 0.99
# Rows compared at a time by the exact search, float32: bounds it to a few hundred MB.
_SLICE = 50_000
# The classic recipe holds all vectors in memory; beyond this many bytes it is left out.
_CLASSIC_BYTES = 1_500_000_000
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Grown:
    """What was measured over so many products."""

    size: int
    ours: Samples
    """Milliseconds."""
    classic: Samples | None
    told: dict[str, Any]
    recall: float


def measure_growth(bench: Workbench) -> Section:
    """The search over 1,000 to 1,000,000 products made up from the index's own, then building."""
    bench.say("Making up products.")
    vectors, catalogue = bench.stored, bench.index.catalogue
    raw = products_between(vectors, bench.counts.brute_force, SEED - 1, bench.parts)
    manifest = bench.index.manifest
    scale = np.ones(vectors.shape[1], np.float32)
    if manifest.colour_dimensions:
        scale[: manifest.style_dimensions] = 1 - manifest.colour_weight
        scale[manifest.style_dimensions :] = manifest.colour_weight
    queries = raw * scale
    queries_path = bench.work / "queries.npy"
    np.save(queries_path, queries, allow_pickle=False)
    grown = []
    for size in (size for size in SIZES if size <= bench.counts.products):
        bench.say(f"Searching {size:,} made-up products.")
        folder = bench.work / f"products-{size}"
        try:
            write_products(folder, vectors, catalogue, size, SEED, bench.parts)
            grown.append(_measure(bench, folder, size, raw, queries, queries_path))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    section = _section(grown, vectors.shape[1])
    linear = measure_linearity(bench)
    section.lines += linear.lines
    section.details |= linear.details
    return section


def recall(found: np.ndarray, exact: np.ndarray) -> float:
    """Share of the exact neighbours that were found.

    Args:
        found, exact: (queries, k) positions.
    """
    pairs = zip(found, exact, strict=True)
    return float(np.mean([len(set(f) & set(e)) / len(e) for f, e in pairs]))


def exact_neighbours(vectors: np.ndarray, queries: np.ndarray, k: int) -> np.ndarray:
    """Brute force in float32, slice by slice: (queries, k) positions, nearest first.

    Args:
        vectors: (n, d), may be mapped from a file.
        queries: (queries, d) float32.
        k: how many.
    """
    best = np.empty((len(queries), 0), np.float32)
    positions = np.empty((len(queries), 0), np.int64)
    for start in range(0, len(vectors), _SLICE):
        scores = queries @ np.asarray(vectors[start : start + _SLICE], np.float32).T
        best = np.hstack([best, scores])
        here = np.arange(start, start + scores.shape[1])
        positions = np.hstack([positions, np.broadcast_to(here, scores.shape)])
        order = np.argsort(-best, axis=1, kind="stable")[:, :k]
        best = np.take_along_axis(best, order, axis=1)
        positions = np.take_along_axis(positions, order, axis=1)
    return positions


def _measure(
    bench: Workbench,
    folder: Path,
    size: int,
    raw: np.ndarray,
    queries: np.ndarray,
    queries_path: Path,
) -> Grown:
    log = bench.work / "opened.log"
    module = ["-m", "recommender.benchmark.opened"]
    with running([*module, str(folder), str(queries_path), str(bench.folder)], log) as process:
        told = json.loads(first_line(process, log))
    stored = stored_vectors(folder / VECTORS_FILE)
    exact = exact_neighbours(stored, queries, classic.NEIGHBOURS)
    old = None
    if stored.nbytes <= _CLASSIC_BYTES:
        manifest = bench.index.manifest
        parts = manifest.style_dimensions, manifest.colour_weight
        neighbours = classic.fit(weighed(stored, *parts))
        asked = weighed(raw, *parts)
        ask = functools.partial(classic.search, neighbours)
        old = alternate({"classic": each(ask, asked)}, len(asked))["classic"]
    ours, found = Samples(tuple(told.pop("milliseconds"))), np.array(told.pop("found"))
    return Grown(size, ours, old, told, recall(found, exact))


def _section(grown: list[Grown], dimensions: int) -> Section:
    section = Section()
    for g in grown:
        what = f"search over {g.size:,} x {dimensions} made-up products"
        judged = g.size == SIZES[-1]
        goals = (at_most(SEARCH_MS),) if judged else ()
        section.lines.append(Line(what, "ms", g.ours, g.classic, goals))
        nanoseconds = one(g.ours.median * 1e6 / g.size)
        old = one(g.classic.median * 1e6 / g.size) if g.classic else None
        section.lines.append(Line("the same, for each product", "ns", nanoseconds, old))
        own = g.told["resident_megabytes"] - g.told["before_megabytes"]
        each = one(own * _MEGABYTE / g.size)
        section.lines.append(Line("memory, for each product", "bytes", each))
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
            f"Made-up products are mixes of two of the index's with noise, and so are the "
            f"{queries} queries. Memory counts vectors, ids, names and attributes; at most "
            f"{g.told['peak_megabytes']:,.0f} MB were mapped while opening, the file's pages "
            "included."
        )
    section.details["growth"] = [
        {
            "products": g.size,
            "dimensions": dimensions,
            "ours_ms": g.ours.to_json(),
            "classic_ms": g.classic.to_json() if g.classic else None,
            "recall_at_5": g.recall,
            **g.told,
        }
        for g in grown
    ]
    return section

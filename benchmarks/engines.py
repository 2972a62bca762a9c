"""Comparison of search engines over made-up products: milliseconds, recall and memory.

    python -m benchmarks.engines --products 1000000 --chart docs/engines.png

The products are mixes of two of an index's products, with noise; so are the queries. Each engine
runs in a process of its own, one after the other. Recall is counted against brute force in float32.
"""

import argparse
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

from benchmarks.brute_force import exact_neighbours, recall
from benchmarks.engine_worker import ENGINES
from benchmarks.machine import cores
from benchmarks.processes import first_line, running
from benchmarks.samples import Samples
from benchmarks.synthetic_vectors import products_between, write_products
from recommender import commandline
from recommender.index.exact_search import VECTORS_FILE, stored_vectors
from recommender.index.folder import open_index

matplotlib.use("Agg")  # writes files without a screen
from matplotlib import pyplot as plt

SEED = 7
# Okabe and Ito's palette (2008), distinguishable with colour blindness.
_COLOURS = ("#0072B2", "#D55E00", "#E69F00", "#009E73", "#CC79A7")
# Side of the mark, by engine, on which its label stands: the graphs' lines lie close together.
_BELOW: dict[str, Any] = {"xytext": (0, -18), "ha": "center", "va": "center"}
_LEFT: dict[str, Any] = {"xytext": (-14, 0), "ha": "right", "va": "center"}
_RIGHT: dict[str, Any] = {"xytext": (14, 0), "ha": "left", "va": "center"}
_LABELS = (_BELOW, _BELOW, _LEFT, _RIGHT, _RIGHT)
# Bytes in memory for a square of a point of the chart's marks, so that 1 GB is a large dot.
_MARK = 4e6
DEMO_INDEX = Path(__file__).resolve().parents[1] / "recommender" / "demo_index"


@dataclass(frozen=True)
class Point:
    """Measurements of one engine with one effort of its search."""

    engine: str
    effort: str
    milliseconds: Samples
    recall: float
    """At five, 0-1, against brute force."""
    megabytes: float
    build_seconds: float

    def row(self) -> str:
        """Row of the table."""
        return (
            f"| {self.engine}, {self.effort} | {self.milliseconds.median:.1f} "
            f"| {self.milliseconds.p95:.1f} | {self.recall:.3f} | {self.megabytes:,.0f} "
            f"| {self.build_seconds:,.0f} |"
        )


def compare(
    index: Path, products: int, queries: int, engines: list[str], work: Path
) -> list[Point]:
    """Measured engines.

    Args:
        index: folder of the index whose products are mixed.
        products: number of made-up products.
        queries: number of queries.
        engines: names of `ENGINES`.
        work: folder with 1 KB of room a product and dimension / 256.
    """
    opened = open_index(index)
    vectors = np.asarray(stored_vectors(index / VECTORS_FILE), np.float32)
    parts = (opened.manifest.style_dimensions,) if opened.manifest.colour_dimensions else ()
    weight = opened.manifest.colour_weight
    raw, _ = products_between(vectors, queries, SEED - 1, parts)
    if parts:
        raw[:, : parts[0]] *= 1 - weight
        raw[:, parts[0] :] *= weight
    asked, folder = work / "queries.npy", work / "products"
    np.save(asked, raw, allow_pickle=False)
    write_products(folder, vectors, opened.catalogue, products, SEED, parts)
    exact = exact_neighbours(stored_vectors(folder / VECTORS_FILE), raw)
    points = []
    for engine in engines:
        commandline.say(f"{engine}: {products:,} products.")
        log = work / "engine.log"
        module = ["-m", "benchmarks.engine_worker", engine, str(folder), str(asked)]
        with running(module, log) as process:
            told: dict[str, Any] = json.loads(first_line(process, log))
        points += [
            Point(
                engine,
                effort,
                Samples(tuple(measured["milliseconds"])),
                recall(np.array(measured["found"]), exact),
                told["megabytes"],
                told["build_seconds"],
            )
            for effort, measured in told["efforts"].items()
        ]
    return points


def table(points: list[Point]) -> str:
    """Table of all points, Markdown."""
    head = "| engine | ms, median | ms, p95 | recall at 5 | MB | seconds to build |"
    return "\n".join([head, "|---|---|---|---|---|---|", *(point.row() for point in points)])


def draw(points: list[Point], products: int, dimensions: int, path: Path) -> None:
    """Chart of milliseconds and recall; the area of a mark is the engine's memory."""
    figure, axes = plt.subplots(figsize=(9, 5.2), layout="constrained")
    colours = dict(zip(ENGINES, _COLOURS, strict=True))
    labels = dict(zip(ENGINES, _LABELS, strict=True))
    for engine in dict.fromkeys(point.engine for point in points):
        own = [point for point in points if point.engine == engine]
        times, recalls = [p.milliseconds.median for p in own], [100 * p.recall for p in own]
        axes.plot(times, recalls, color=colours[engine], linewidth=1, alpha=0.6)
        sizes = [p.megabytes * 1e6 / _MARK for p in own]
        axes.scatter(times, recalls, sizes, color=colours[engine], alpha=0.45)
        label = f"{engine}, {own[0].megabytes:,.0f} MB"
        axes.scatter(times, recalls, 12, color=colours[engine], label=label)
        for point in own:
            axes.annotate(
                f"{point.milliseconds.median:.1f} ms, {point.effort}",
                (point.milliseconds.median, 100 * point.recall),
                textcoords="offset points",
                fontsize=8,
                color=colours[engine],
                **labels[engine],
            )
    axes.set_xscale("log")
    axes.margins(x=0.15, y=0.15)
    axes.xaxis.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda v, _: f"{v:g}"))
    axes.xaxis.set_minor_formatter(matplotlib.ticker.NullFormatter())
    axes.grid(alpha=0.3)
    axes.set_xlabel(f"milliseconds a search on {cores()} cores, median")
    axes.set_ylabel("recall of the five nearest, %")
    axes.set_title(f"Search engines over {products:,} made-up products of {dimensions} dimensions")
    axes.legend(frameon=False, loc="lower right", title="area: memory")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=120)
    plt.close(figure)


def main() -> None:
    arguments = parser().parse_args()
    with tempfile.TemporaryDirectory(prefix="engines-", dir=arguments.work) as work:
        points = compare(
            arguments.index, arguments.products, arguments.queries, arguments.only, Path(work)
        )
    print(table(points))
    dimensions = stored_vectors(arguments.index / VECTORS_FILE).shape[1]
    draw(points, arguments.products, dimensions, arguments.chart)


def parser() -> argparse.ArgumentParser:
    """Command-line parser."""
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    p.add_argument("--products", type=int, default=1_000_000)
    p.add_argument("--queries", type=int, default=100)
    p.add_argument(
        "--index", type=Path, default=DEMO_INDEX, help="whose products are mixed (default: demo)"
    )
    p.add_argument(
        "--only", nargs="+", choices=list(ENGINES), default=list(ENGINES), metavar="ENGINE"
    )
    p.add_argument("--chart", type=Path, default=Path("engines.png"), help="file of the chart")
    p.add_argument("--work", type=Path, help="folder with 1 KB of room a product")
    return p


if __name__ == "__main__":
    commandline.run(main)

"""Benchmark run: measures row by row, and writes the report after each row."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import ROWS
from benchmarks.chart import draw
from benchmarks.context import Context
from benchmarks.encoding import measure_building
from benchmarks.machine import describe_machine
from benchmarks.querying import measure_queries
from benchmarks.report import CHART_FILE, markdown, write_report
from benchmarks.results import Section
from benchmarks.scaling import measure_growth
from benchmarks.searching import measure_filters, measure_search
from benchmarks.serving import measure_start, measure_visitors

_log = logging.getLogger(__name__)

_MEASURES = (
    measure_queries,
    measure_search,
    measure_filters,
    measure_building,
    measure_start,
    measure_visitors,
    measure_growth,
)
MEASURE: dict[str, Callable[[Context], Section]] = dict(zip(ROWS, _MEASURES, strict=True))


def run_benchmark(context: Context, rows: Sequence[str], out: Path) -> str:
    """Run the benchmark and write table, figures and chart.

    The report is written after each row, so that an interrupted run keeps its results.

    Args:
        context: the index and the counts.
        rows: those of `ROWS` to measure.
        out: folder of the report.

    Returns:
        The report as Markdown.
    """
    machine = describe_machine()
    sections: dict[str, Section] = {}
    _log.info(f"Opening {context.folder}.")
    machine["index"] = (
        f"{context.index.manifest.title}: {len(context.index.catalogue):,} products, "
        f"{context.index.backbone.title}, {context.stored.shape[1]} dimensions"
    )
    for row in ROWS:
        if row in rows:
            sections[row] = MEASURE[row](context)
            write_report(machine, sections, out)
    stages = sections["queries"].details["stages"] if "queries" in sections else None
    growth = sections["growth"].details["growth"] if "growth" in sections else None
    if stages or growth:
        draw(stages, growth, out / CHART_FILE)
    return markdown(machine, sections)

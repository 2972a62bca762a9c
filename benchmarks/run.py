"""Run the benchmark row by row, and write its report after each."""

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
    """Measure, and write table, figures and chart.

    What is measured is written at once, so that a run that is interrupted leaves what it has.

    Args:
        context: the index and how often everything is done.
        rows: some of `ROWS`.
        out: folder of the report.

    Returns:
        The report as Markdown.
    """
    machine = describe_machine()
    sections: dict[str, Section] = {}
    context.say(f"Opening {context.folder}.")
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

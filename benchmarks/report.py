"""The table of a benchmark as Markdown, and everything as JSON."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.results import Line, Section
from benchmarks.samples import Samples

MARKDOWN_FILE, JSON_FILE, CHART_FILE = "benchmark.md", "benchmark.json", "benchmark.png"

_HEADER = ("", "classic recipe", "this project", "times better", "to reach", "reached")


def table(lines: list[Line]) -> str:
    """The lines as a Markdown table: medians, with the quartiles and the 95th percentile."""
    rows = [_HEADER, ("---",) * len(_HEADER), *(_cells(line) for line in lines)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def markdown(machine: Mapping[str, str], sections: Mapping[str, Section]) -> str:
    """The whole report."""
    facts = [f"- {name}: {value}" for name, value in machine.items()]
    lines = [line for section in sections.values() for line in section.lines]
    notes = [f"- {note}" for section in sections.values() for note in section.notes]
    parts = ["# Benchmark", "\n".join(facts), table(lines)]
    legend = "Medians; in brackets the quartiles of repeated measurements."
    return "\n\n".join([*parts, "\n".join([f"- {legend}", *notes])]) + "\n"


def write_report(machine: Mapping[str, str], sections: Mapping[str, Section], folder: Path) -> None:
    """Write `benchmark.md` and `benchmark.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKDOWN_FILE).write_text(markdown(machine, sections), encoding="utf-8")
    values = {
        "machine": dict(machine),
        "rows": {name: _section_json(section) for name, section in sections.items()},
    }
    text = json.dumps(values, indent=2, ensure_ascii=False)
    (folder / JSON_FILE).write_text(text + "\n", encoding="utf-8")


def number(value: float) -> str:
    """Three significant digits, thousands set apart."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    if value == 0:
        return "0"
    digits = 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:.{digits}f}"


def _cells(line: Line) -> tuple[str, ...]:
    goals = "; ".join(goal.words(line.unit) for goal in line.goals)
    marks = "; ".join("yes" if reached else "**no**" for reached in line.reached())
    with_p95 = any(goal.of == "p95" for goal in line.goals)
    return (
        line.what,
        _measured(line.baseline, line.unit, with_p95) if line.baseline else "-",
        _measured(line.ours, line.unit, with_p95),
        f"{number(line.times)}" if line.times else "-",
        goals or "-",
        marks or "-",
    )


def _measured(samples: Samples, unit: str, with_p95: bool) -> str:
    text = f"{number(samples.median)} {unit}".strip()
    if len(samples.values) > 1:
        low, high = samples.quartiles
        text += f" ({number(low)}-{number(high)})"
    return f"{text}, p95 {number(samples.p95)}" if with_p95 else text


def _section_json(section: Section) -> dict[str, Any]:
    return {
        "lines": [line.to_json() for line in section.lines],
        "notes": section.notes,
        "details": section.details,
    }

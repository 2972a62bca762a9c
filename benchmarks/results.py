"""Benchmark results: lines with samples and goals, and sections with notes."""

from dataclasses import dataclass, field
from typing import Any, Literal

from benchmarks.samples import Samples

Statistic = Literal["median", "p95", "most", "times"]
"""Statistic of this project's values; "times": the ratio to the baseline, above 1 if better."""

_WORDS = {"median": "", "p95": "p95 ", "most": "", "times": ""}


@dataclass(frozen=True)
class Goal:
    """Limit of a statistic."""

    of: Statistic
    limit: float
    at_most: bool = True

    def reached(self, value: float) -> bool:
        """Whether a measured value meets the goal."""
        return value <= self.limit if self.at_most else value >= self.limit

    def words(self, unit: str) -> str:
        """Goal as text, such as "p95 ≤ 40 ms"."""
        sign = "≤" if self.at_most else "≥"
        what = f"{self.limit:g} times" if self.of == "times" else f"{self.limit:g} {unit}".strip()
        return f"{_WORDS[self.of]}{sign} {what}"


def at_least(limit: float, of: Statistic = "median") -> Goal:
    """Goal with a lower limit."""
    return Goal(of, limit, at_most=False)


def at_most(limit: float, of: Statistic = "median") -> Goal:
    """Goal with an upper limit."""
    return Goal(of, limit)


@dataclass(frozen=True)
class Line:
    """Line of the table: one quantity of this project, with the baseline's and the goals."""

    what: str
    unit: str
    ours: Samples
    baseline: Samples | None = None
    goals: tuple[Goal, ...] = ()
    more_is_better: bool = False

    @property
    def times(self) -> float | None:
        """Ratio of the medians to the baseline, above 1 if better; None without a baseline."""
        if self.baseline is None or not self.ours.median or not self.baseline.median:
            return None
        ratio = self.baseline.median / self.ours.median
        return 1 / ratio if self.more_is_better else ratio

    def reached(self) -> list[bool]:
        """Whether each goal is reached."""
        values = {
            "median": self.ours.median,
            "p95": self.ours.p95,
            "most": max(self.ours.values),
            "times": self.times or 0.0,
        }
        return [goal.reached(values[goal.of]) for goal in self.goals]

    def to_json(self) -> dict[str, Any]:
        """Content of the table's line, with all digits."""
        return {
            "what": self.what,
            "unit": self.unit,
            "ours": self.ours.to_json(),
            "baseline": self.baseline.to_json() if self.baseline else None,
            "times_better": self.times,
            "goals": [
                {"goal": goal.words(self.unit), "reached": reached}
                for goal, reached in zip(self.goals, self.reached(), strict=True)
            ],
        }


@dataclass
class Section:
    """Results of one row of the benchmark."""

    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """Sentences on the method."""
    details: dict[str, Any] = field(default_factory=dict)
    """Further figures of JSON types, for the chart and the JSON report."""

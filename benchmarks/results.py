"""What was measured: lines with goals, and the notes that a reader needs to judge them."""

from dataclasses import dataclass, field
from typing import Any, Literal

from benchmarks.samples import Samples

Statistic = Literal["median", "p95", "most", "times"]
"""Of our own values, or "times": how many times better than the baseline."""

_WORDS = {"median": "", "p95": "p95 ", "most": "", "times": ""}


@dataclass(frozen=True)
class Goal:
    """What is to be reached."""

    of: Statistic
    limit: float
    at_most: bool = True

    def reached(self, value: float) -> bool:
        """Whether a measured value is good enough."""
        return value <= self.limit if self.at_most else value >= self.limit

    def words(self, unit: str) -> str:
        """Such as "p95 ≤ 40 ms"."""
        sign = "≤" if self.at_most else "≥"
        what = f"{self.limit:g} times" if self.of == "times" else f"{self.limit:g} {unit}".strip()
        return f"{_WORDS[self.of]}{sign} {what}"


def at_least(limit: float, of: Statistic = "median") -> Goal:
    """A goal of as much as possible."""
    return Goal(of, limit, at_most=False)


def at_most(limit: float, of: Statistic = "median") -> Goal:
    """A goal of as little as possible."""
    return Goal(of, limit)


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    what: str
    unit: str
    ours: Samples
    baseline: Samples | None = None
    goals: tuple[Goal, ...] = ()
    more_is_better: bool = False

    @property
    def times(self) -> float | None:
        """How many times better than the baseline, by the medians."""
        if self.baseline is None or not self.ours.median or not self.baseline.median:
            return None
        ratio = self.baseline.median / self.ours.median
        return 1 / ratio if self.more_is_better else ratio

    def reached(self) -> list[bool]:
        """Whether each goal is."""
        values = {
            "median": self.ours.median,
            "p95": self.ours.p95,
            "most": max(self.ours.values),
            "times": self.times or 0.0,
        }
        return [goal.reached(values[goal.of]) for goal in self.goals]

    def to_json(self) -> dict[str, Any]:
        """Everything the table shows, and more digits."""
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
    """What one row of the benchmark found out."""

    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """Sentences: how it was measured, where that is not plain."""
    details: dict[str, Any] = field(default_factory=dict)
    """Of JSON's types; what the chart and the curious need."""

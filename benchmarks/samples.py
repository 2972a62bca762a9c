"""Repeated measurements: timing of tasks in turn, medians and percentiles."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")

# Untimed calls before the timed ones: they import lazily loaded code and warm the caches.
WARM_UP = 3
# Seconds of rest after each call: threads of some libraries spin for milliseconds after a call and
# would slow down the next task.
REST = 0.01


@dataclass(frozen=True)
class Samples:
    """Repeated measurements of one quantity, in order."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """Median."""
        return self.percentile(50)

    @property
    def p95(self) -> float:
        """95th percentile."""
        return self.percentile(95)

    @property
    def quartiles(self) -> tuple[float, float]:
        """Lower and upper quartile."""
        return self.percentile(25), self.percentile(75)

    def percentile(self, percent: float) -> float:
        """Percentile, interpolated linearly between the two nearest values.

        Args:
            percent: 0-100.
        """
        return float(np.percentile(self.values, percent))

    def to_json(self) -> dict[str, Any]:
        """Statistics for the report."""
        low, high = self.quartiles
        return {
            "median": self.median,
            "p95": self.p95,
            "lower_quartile": low,
            "upper_quartile": high,
            "least": min(self.values),
            "most": max(self.values),
            "count": len(self.values),
        }


def one(value: float) -> Samples:
    """Samples of a single measurement."""
    return Samples((float(value),))


def each(
    function: Callable[[T], object], arguments: Sequence[T] | np.ndarray
) -> Callable[[int], object]:
    """Task for `alternate` that calls a function with the next argument in each round."""
    return lambda number: function(arguments[number % len(arguments)])


def alternate(tasks: Mapping[str, Callable[[int], object]], rounds: int) -> dict[str, Samples]:
    """Time tasks in turn, so that other load on the machine affects all tasks alike.

    Args:
        tasks: by name; each is called with the number of the round.
        rounds: timed calls of each task, after `WARM_UP` untimed calls.

    Returns:
        Milliseconds per call, by task.
    """
    taken: dict[str, list[float]] = {name: [] for name in tasks}
    for number in range(-WARM_UP, rounds):
        for name, task in tasks.items():
            started = time.perf_counter()
            task(number % rounds)
            elapsed = time.perf_counter() - started
            if number >= 0:
                taken[name].append(elapsed * 1000)
            time.sleep(REST)
    return {name: Samples(tuple(values)) for name, values in taken.items()}

"""Repeated measurements: how they are taken, and what is said of them."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")

# Calls before the clock counts: they load what is loaded late and warm the processor's caches.
WARM_UP = 3
# Seconds of rest after each call: some libraries' threads spin for a few milliseconds, which would
# be charged to whoever comes next.
REST = 0.01


@dataclass(frozen=True)
class Samples:
    """What repeated measurements of one thing came to, in the order they were taken."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return self.percentile(50)

    @property
    def p95(self) -> float:
        """95 of 100 are at most this."""
        return self.percentile(95)

    @property
    def quartiles(self) -> tuple[float, float]:
        """The spread that is reported: half of all values lie between these two."""
        return self.percentile(25), self.percentile(75)

    def percentile(self, share: float) -> float:
        """Interpolated linearly between the two nearest values.

        Args:
            share: 0-100.
        """
        return float(np.percentile(self.values, share))

    def to_json(self) -> dict[str, Any]:
        """What a report keeps."""
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
    """A thing that was measured once."""
    return Samples((float(value),))


def each(
    function: Callable[[T], object], arguments: Sequence[T] | np.ndarray
) -> Callable[[int], object]:
    """A task for `alternate`: each round, the next of the arguments."""
    return lambda number: function(arguments[number % len(arguments)])


def alternate(tasks: Mapping[str, Callable[[int], object]], rounds: int) -> dict[str, Samples]:
    """Time tasks in turn, so that whatever else the machine does hits all of them alike.

    Args:
        tasks: by name; each is called with the number of the round.
        rounds: timed calls of each task, after `WARM_UP` others.

    Returns:
        Milliseconds a call, by task.
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

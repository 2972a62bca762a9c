"""Worker processes: results in order, and errors that say what to do."""

import os
import signal
from dataclasses import dataclass

import pytest

from recommender.building import processes
from recommender.building.processes import fitting, ordered_map
from recommender.errors import StorageError
from recommender.worker_process import run_apart


@dataclass(frozen=True)
class Times:
    """Multiplies; says which process did it, and ends that process at a fatal number."""

    factor: int
    fatal: int | None = None

    def __call__(self, number: int) -> tuple[int, int]:
        if number == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return number * self.factor, os.getpid()


@pytest.fixture(autouse=True)
def two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "FEWEST_JOBS", 100)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 1})


def test_many_jobs_are_done_in_other_processes_in_order() -> None:
    products, workers = zip(*ordered_map(Times(3), range(500)), strict=True)
    assert products == tuple(range(0, 1500, 3))
    assert os.getpid() not in workers


def test_few_jobs_start_no_process() -> None:
    assert {worker for _, worker in ordered_map(Times(3), range(99))} == {os.getpid()}


def test_a_killed_process_ends_the_build_with_a_sentence() -> None:
    with pytest.raises(StorageError, match="the same command goes on"):
        list(ordered_map(Times(3, fatal=40), range(200)))


def test_many_products_are_fitted_in_another_process_and_few_in_this_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(processes, "APART_FROM", 100)
    few, many = (fitting(Times(3), count)(5) for count in (99, 100))
    assert few == (15, os.getpid())
    assert many[0] == 15
    assert many[1] != os.getpid()


def test_a_killed_fitting_ends_the_build_with_a_sentence() -> None:
    with pytest.raises(StorageError, match="the same command goes on"):
        run_apart(Times(3, fatal=5), 5)

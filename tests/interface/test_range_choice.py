"""Bounds of the range slider, and what a page may send of it."""

from typing import Any

import numpy as np
import pytest

from recommender.errors import SettingsError
from recommender.interface.range_choice import Bounds, bounds_of, checked_range
from recommender.interface.wording import NOT_THE_PAGE


def test_one_outlier_does_not_move_the_ends() -> None:
    shirts = np.linspace(10, 60, 200)
    bounds = bounds_of(np.append(shirts, [50_000, 0.01]))
    assert bounds is not None
    assert 0 <= bounds.low <= 15
    assert 55 <= bounds.high <= 65
    of_few = bounds_of(np.array([10.0, 20, 30, 40, 5_000]))
    assert of_few is not None
    assert of_few.high <= 50


@pytest.mark.parametrize("scale", [0.001, 1, 100, 1e6])
def test_steps_are_round_and_reach_both_ends(scale: float) -> None:
    bounds = bounds_of(np.linspace(3.7, 91.3, 500) * scale)
    assert bounds is not None
    steps = (bounds.high - bounds.low) / bounds.step
    assert steps == pytest.approx(round(steps))
    assert 40 <= steps <= 110
    assert f"{bounds.step:e}"[0] in "125"


@pytest.mark.parametrize(
    "numbers", [[], [np.nan], [5.0, 5.0, np.nan], [np.inf, 3.0]], ids=["none", "nan", "one", "inf"]
)
def test_numbers_that_leave_no_choice_have_no_slider(numbers: list[float]) -> None:
    assert bounds_of(np.array(numbers, float)) is None


def test_two_prices_are_enough() -> None:
    assert bounds_of(np.array([10.0, 20.0, np.nan])) == Bounds(10, 20, 0.1)


@pytest.mark.parametrize(
    ("sent", "ends"),
    [
        (None, None),
        ({}, None),
        ({"min": None, "max": None}, None),
        ({"min": 5, "max": None}, {"min": 5}),
        ({"min": 5.5, "max": 7}, {"min": 5.5, "max": 7}),
    ],
)
def test_what_the_slider_sends_is_read(sent: Any, ends: Any) -> None:
    assert checked_range(sent) == ends


@pytest.mark.parametrize(
    "sent", ["5", [1, 2], {"least": 1}, {"min": "5"}, {"min": True}, {"max": float("nan")},
             {"max": 10**400}, {"min": [1]}],
)  # fmt: skip
def test_what_it_does_not_send_is_refused(sent: Any) -> None:
    with pytest.raises(SettingsError, match=NOT_THE_PAGE):
        checked_range(sent)

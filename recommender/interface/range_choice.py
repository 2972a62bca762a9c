"""Range slider: two ends of a number of the catalogue, such as the price."""

import math
from dataclasses import dataclass
from typing import Any

import gradio as gr
import numpy as np

from recommender.errors import SettingsError
from recommender.index.filters import MAX, MIN
from recommender.interface.assets import script
from recommender.interface.gradio_patches.stubs import without_stubs
from recommender.interface.limits import MAX_NUMBER
from recommender.interface.wording import NOT_THE_PAGE

# Percentiles between which the slider moves. An end of the slider is open, so that what lies beyond
# is found there; one bag of 50,000 among shirts of 20 would leave no room for the shirts.
_LOWEST, _HIGHEST = 1, 98
# Steps of a slider, about: a person sees no difference between more.
_STEPS = 100
# A step is one of these, times a power of ten.
_ROUND = (1, 2, 5, 10)

# The script fills it: a template would take the label for code.
_TEMPLATE = """<fieldset class="range"><legend></legend><output></output>
<div><i></i><input type="range" data-end="min"><input type="range" data-end="max"></div></fieldset>
"""


@dataclass(frozen=True)
class Bounds:
    """Ends and step of a slider."""

    low: float
    high: float
    step: float


def bounds_of(numbers: np.ndarray) -> Bounds | None:
    """Bounds of a slider for numbers, NaN where unknown; None where they leave no choice."""
    known = numbers[np.isfinite(numbers) & (np.abs(numbers) <= MAX_NUMBER)]
    if len(known) == 0 or known.min() == known.max():
        return None
    # Of few products the ends are the second least and the second greatest, not between products.
    low = np.percentile(known, _LOWEST, method="higher")
    high = np.percentile(known, _HIGHEST, method="lower")
    if low >= high:  # nearly all are the same
        low, high = known.min(), known.max()
    wide = (high - low) / _STEPS
    ten = 10.0 ** math.floor(math.log10(wide))
    step = next(part * ten for part in _ROUND if part * ten >= wide * 0.999)
    digits = max(0, -math.floor(math.log10(step)))
    return Bounds(
        round(math.floor(low / step) * step, digits),
        round(math.ceil(high / step) * step, digits),
        round(step, digits),
    )


with without_stubs():

    class RangeChoice(gr.HTML):
        """A slider with two ends, whose value is {"min": number, "max": number}.

        An end that is None, or missing, is open.

        Args:
            label: what the number is called.
            bounds: of the slider.
            currency: of the number, where it is money.
            options: of `gr.HTML`.
        """

        is_template = True

        def __init__(
            self, label: str, bounds: Bounds, currency: str | None = None, **options: Any
        ) -> None:
            super().__init__(
                None,
                html_template=_TEMPLATE,
                js_on_load=script("range"),
                apply_default_css=False,
                name=label,
                low=bounds.low,
                high=bounds.high,
                step=bounds.step,
                currency=currency or "",
                **options,
            )

        def preprocess(self, payload: Any) -> Any:
            """The ends that were chosen; None where both are open."""
            return checked_range(payload)

        def postprocess(self, value: Any) -> Any:
            """The ends to show."""
            return dict(value) if value else None


def checked_range(value: Any) -> dict[str, float] | None:
    """The ends of a range that a page sent; None where both are open.

    Raises:
        SettingsError: it is nothing that the slider sends.
    """
    if value is None:
        return None
    if not isinstance(value, dict) or set(value) - {MIN, MAX}:
        raise SettingsError(NOT_THE_PAGE)
    ends = {end: number for end, number in value.items() if number is not None}
    for number in ends.values():
        is_number = isinstance(number, int | float) and not isinstance(number, bool)
        if not (is_number and abs(number) <= MAX_NUMBER):  # NaN is not, either
            raise SettingsError(NOT_THE_PAGE)
    return ends or None

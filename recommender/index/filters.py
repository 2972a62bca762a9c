"""Filters of a search: values of attributes and ranges of numbers, as masks over a catalogue."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from numbers import Real
from typing import Any

import numpy as np
import pyarrow as pa

from recommender.errors import FilterError
from recommender.index.attribute_values import AttributeValues

# Most values of a filter that are listed; those of an attribute with more are found by typing.
MAX_FILTER_VALUES = 200
# Products that share a value of an attribute, on average, from which it is worth filtering by:
# a text of each product's own, such as a description, is no filter.
SHARED_BY = 2
CACHED_MASKS = 32
# The ends of a range.
MIN, MAX = "min", "max"
# Characters of a caller's words that a sentence repeats.
_QUOTED = 80

Wanted = str | Sequence[str] | Mapping[str, Any]
"""A value, several values of which any will do, or a range {"min": number, "max": number}."""
Filters = Mapping[str, Wanted]
"""What is wanted by attribute or number."""


@dataclass(frozen=True)
class Range:
    """Closed range of a number; an end that is None is open."""

    minimum: float | None
    maximum: float | None

    def holds(self, numbers: np.ndarray) -> np.ndarray:
        """(n,) bool: whether each number lies within; NaN, which is unknown, never does."""
        low = -math.inf if self.minimum is None else self.minimum
        high = math.inf if self.maximum is None else self.maximum
        return (numbers >= low) & (numbers <= high)


@dataclass(frozen=True)
class CheckedFilters:
    """Filters that name what the catalogue has."""

    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Values by attribute, at least one each."""
    ranges: dict[str, Range] = field(default_factory=dict)
    """Range by number, at least one end closed."""


class FilterColumns:
    """Columns of a catalogue by which searches are filtered.

    Args:
        columns: values by attribute.
        numbers: (n,) float64 each, NaN where unknown.
    """

    def __init__(
        self, columns: Mapping[str, AttributeValues], numbers: Mapping[str, np.ndarray]
    ) -> None:
        self.numbers, self._columns = dict(numbers), dict(columns)
        # Visitors filter by few values, and a mask takes one byte per product.
        self._passing = lru_cache(maxsize=CACHED_MASKS)(self._compute_passing)

    def values(self, attribute: str) -> dict[str, int]:
        """Values of an attribute with their number of products, commonest first."""
        return dict(self._columns[attribute].counts)

    def has(self, attribute: str, value: str) -> bool:
        """Whether any product has a value of an attribute."""
        return value in self._columns[attribute]

    def matching(self, attribute: str, typed: str, most: int) -> dict[str, int]:
        """Values that contain what was typed, those that begin with it first, then by commonness.

        Args:
            attribute: one of the columns.
            typed: compared without case.
            most: number of values at most.
        """
        words = typed.casefold().strip()
        found = [
            (not value.casefold().startswith(words), value, count)
            for value, count in self._columns[attribute].counts.items()
            if words in value.casefold()
        ]
        found.sort(key=lambda entry: entry[0])  # stable: commonest first within each half
        return {value: count for _, value, count in found[:most]}

    def allowed(self, filters: Filters) -> np.ndarray | None:
        """Mask of the products that pass all filters.

        Args:
            filters: by attribute, a value or several values, of which a product has one; or by
                number, a range, within which the product's number is known to lie.

        Returns:
            (n,) bool, or None without filters.

        Raises:
            FilterError: an unknown attribute or value, or a range that is none.
        """
        checked = self.check(filters)
        masks = [self._passing(name, values) for name, values in checked.values.items()]
        masks += [r.holds(self.numbers[name]) for name, r in checked.ranges.items()]
        return np.logical_and.reduce(masks) if masks else None

    def check(self, filters: Filters) -> CheckedFilters:
        """Checked filters, without those that ask for nothing.

        Raises:
            FilterError: an unknown attribute or value, or a range that is none.
        """
        if not isinstance(filters, Mapping):
            raise FilterError('Filters are an object such as {"gender": "Women"}.')
        checked = CheckedFilters()
        for name, wanted in filters.items():
            if isinstance(wanted, Mapping):
                wanted_range = self._range(name, wanted)
                if wanted_range != Range(None, None):
                    checked.ranges[name] = wanted_range
            elif values := self._values(name, wanted):
                checked.values[name] = values
        return checked

    def _values(self, attribute: str, wanted: Any) -> tuple[str, ...]:
        if attribute not in self._columns:
            if attribute in self.numbers:
                raise FilterError(f"The filter {attribute} takes {_range_words()}.")
            known = ", ".join([*self._columns, *self.numbers])
            raise FilterError(
                f"There is no filter {str(attribute)[:_QUOTED]!r}. "
                f"Filters are: {known or 'none: this catalogue has no attributes'}."
            )
        values = [wanted] if isinstance(wanted, str) else wanted
        if not isinstance(values, Iterable):
            raise FilterError(f"The filter {attribute} takes a value or a list of values.")
        values = tuple(str(value) for value in values)
        for value in values:
            if not self.has(attribute, value):
                known = ", ".join(list(self._columns[attribute].counts)[:12])
                raise FilterError(
                    f"No product has {attribute} {value[:_QUOTED]!r}. The commonest are: {known}."
                )
        return values

    def _range(self, name: str, wanted: Mapping[str, Any]) -> Range:
        if name not in self.numbers:
            if name in self._columns:
                raise FilterError(f"The filter {name} takes a value or a list of values.")
            known = ", ".join(self.numbers) or "none: this catalogue has no numbers"
            raise FilterError(
                f"There is no number {str(name)[:_QUOTED]!r} to filter by a range. "
                f"Numbers are: {known}."
            )
        unknown = [key for key in wanted if key not in (MIN, MAX)]
        if unknown:
            raise FilterError(
                f"The range of {name} has {str(unknown[0])[:_QUOTED]!r}; it takes {_range_words()}."
            )
        low, high = (_end(name, end, wanted.get(end)) for end in (MIN, MAX))
        if low is not None and high is not None and low > high:
            raise FilterError(
                f"The range of {name} begins above its end: min {low:g}, max {high:g}."
            )
        return Range(low, high)

    def _compute_passing(self, attribute: str, values: tuple[str, ...]) -> np.ndarray:
        return self._columns[attribute].passing(values)


def is_found_by_typing(column: pa.DictionaryArray) -> bool:
    """Whether an attribute has too many values to list, and products that share them."""
    values, known = len(column.dictionary), len(column) - column.null_count
    return values > MAX_FILTER_VALUES and known >= SHARED_BY * values


def _end(name: str, end: str, number: Any) -> float | None:
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, Real) or not math.isfinite(number):
        raise FilterError(
            f"The {end} of {name} is a number; got {str(number)[:_QUOTED]}. "
            f"A range is {_range_words()}."
        )
    return float(number)


def _range_words() -> str:
    return 'a range such as {"min": 10, "max": 50}, of which either may be left out'

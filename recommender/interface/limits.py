"""Limits of what a caller of the API or the page may send, checked before any work is done."""

from collections.abc import Mapping
from typing import Any

from recommender.errors import FilterError, SettingsError
from recommender.interface.wording import NOT_THE_PAGE

# A mix of more is an average that is near nothing; each embedding costs reading its row.
MAX_ITEMS = 16
# Catalogues have up to some twenty attributes, of which one with more than 200 values is no filter.
MAX_FILTERS, MAX_FILTER_VALUES = 32, 200
MAX_ENDS = 2
# Characters of an id or a value. The longest names in shops' catalogues have some 200.
MAX_TEXT = 1_000
# Numbers beyond this make no sense anywhere here, and thousands of digits cost time to print.
MAX_NUMBER = 10**15
# Lists and objects within each other. A mix, the deepest that is taken, has three; beyond some
# hundred, Gradio's own walk through a value would end in a `RecursionError`.
MAX_DEPTH = 20

# Checked elsewhere: pictures, by the upload; these two are the only arguments that nest.
_PICTURE, _ITEMS, _FILTERS = "image", "items", "filters"


def check_sizes(arguments: Mapping[str, Any]) -> None:
    """Refuse arguments of the API that are too long, too many or nested where nothing nests.

    Args:
        arguments: what an endpoint's function was called with, by parameter; any JSON.

    Raises:
        SettingsError, FilterError: one of them is too large; the message says which and how
            large it may be.
    """
    for name, value in arguments.items():
        if name == _ITEMS:
            _check_items(value)
        elif name == _FILTERS:
            _check_filters(value)
        elif name != _PICTURE:
            _check_single(name, value)


def check_depth(value: Any) -> None:
    """Refuse any JSON with lists and objects more than `MAX_DEPTH` deep.

    Raises:
        SettingsError: it is.
    """
    level = [value]
    for _ in range(MAX_DEPTH + 1):  # by levels, not by recursion: callers choose how deep it is
        level = [
            part
            for outer in level
            if isinstance(outer, dict | list)
            for part in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return
    raise SettingsError(f"Lists and objects lie at most {MAX_DEPTH} deep in each other.")


def check_number(value: Any, minimum: float | None, maximum: float | None) -> None:
    """Refuse what is no number that a control of the page can be set to.

    Raises:
        SettingsError: it is none; the message says between which ends it lies.
    """
    low = -MAX_NUMBER if minimum is None else minimum
    high = MAX_NUMBER if maximum is None else maximum
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not (is_number and low <= value <= high):  # NaN is not within, either
        raise SettingsError(f"A number from {low:,} to {high:,} belongs here. Choose another.")


def check_text(value: Any, longest: int) -> None:
    """Refuse what is no text of at most `longest` characters, and not None.

    Raises:
        SettingsError: it is none.
    """
    if value is not None and not (isinstance(value, str) and len(value) <= longest):
        raise SettingsError(NOT_THE_PAGE)


def check_choices(value: Any) -> None:
    """Refuse what is no list of a filter's values, and not None.

    Raises:
        SettingsError: it is none, or too long.
    """
    if value is None:
        return
    if not (isinstance(value, list) and len(value) <= MAX_FILTER_VALUES):
        raise SettingsError(NOT_THE_PAGE)
    for choice in value:
        if not (isinstance(choice, str) and len(choice) <= MAX_TEXT):
            raise SettingsError(NOT_THE_PAGE)


def _check_items(items: Any) -> None:
    if isinstance(items, list | dict) and len(items) > MAX_ITEMS:
        raise SettingsError(f"A mix takes at most {MAX_ITEMS} products; got {len(items):,}.")
    for item in items if isinstance(items, list) else [items]:
        if isinstance(item, dict):
            if len(item) > MAX_ITEMS:
                raise SettingsError(
                    f"An item of a mix has an id, style and colour; got {len(item):,} fields."
                )
            for key, value in item.items():
                _check_single(key, value)
        else:
            _check_single(_ITEMS, item)


def _check_filters(filters: Any) -> None:
    if not isinstance(filters, dict):
        if isinstance(filters, list) and len(filters) > MAX_FILTERS:
            raise FilterError(f"Filters name at most {MAX_FILTERS} attributes.")
        return
    if len(filters) > MAX_FILTERS:
        raise FilterError(f"Filters name at most {MAX_FILTERS} attributes; got {len(filters):,}.")
    for attribute, wanted in filters.items():
        if isinstance(wanted, dict):  # A range.
            if len(wanted) > MAX_ENDS:
                raise FilterError(
                    f"A range has at most {MAX_ENDS} ends, min and max; that of {attribute[:80]!r} "
                    f"has {len(wanted):,}."
                )
            for part in (attribute, *wanted, *wanted.values()):
                _check_single(attribute, part)
            continue
        values = wanted if isinstance(wanted, list) else [wanted]
        if len(values) > MAX_FILTER_VALUES:
            raise FilterError(
                f"A filter takes at most {MAX_FILTER_VALUES} values; {attribute[:80]!r} has "
                f"{len(values):,}."
            )
        for value in (attribute, *values):
            _check_single(attribute, value)


def _check_single(name: str, value: Any) -> None:
    if isinstance(value, str) and len(value) > MAX_TEXT:
        raise SettingsError(
            f"A text has at most {MAX_TEXT:,} characters; that of {name[:80]!r} has {len(value):,}."
        )
    if isinstance(value, int | float) and abs(value) > MAX_NUMBER:
        raise SettingsError(f"The number {name[:80]!r} is too large: it has over 15 digits.")
    if isinstance(value, list | dict):
        raise SettingsError(f"{name[:80]!r} is a single value, not a list or an object.")

"""Limits of what a caller of the API may send, checked before any work is done for it."""

from collections.abc import Mapping
from typing import Any

from recommender.errors import FilterError, SettingsError

# A mix of more is an average that is near nothing; each embedding costs reading its row.
MAX_ITEMS = 16
# Catalogues have up to some twenty attributes, of which one with more than 200 values is no filter.
MAX_FILTERS, MAX_FILTER_VALUES = 32, 200
# Characters of an id or a value. The longest names in shops' catalogues have some 200.
MAX_TEXT = 1_000
# Numbers beyond this make no sense anywhere here, and thousands of digits cost time to print.
MAX_NUMBER = 10**15

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

"""Arguments of a search, checked: every refusal is a sentence."""

import math
from numbers import Real
from typing import Any

from recommender.errors import SettingsError

DEFAULT_K = 5
MAX_K = 100
# Results are numbered up to this. The search compares more candidates the deeper a page lies, and
# nobody looks at the thousand-and-first product.
MAX_RANK = 1_000
# Characters of a caller's argument that a sentence repeats.
_QUOTED = 80


def check_count(k: Any, offset: Any) -> None:
    """Refuse a number of results, or of results to pass over, that makes no sense.

    Raises:
        SettingsError: it does not.
    """
    if isinstance(k, bool) or k not in range(1, MAX_K + 1):
        raise SettingsError(
            f"The number of results is a whole number from 1 to {MAX_K}; got {str(k)[:_QUOTED]}."
        )
    if isinstance(offset, bool) or offset not in range(MAX_RANK):
        raise SettingsError(
            f"The offset is a whole number from 0 to {MAX_RANK - 1}; got {str(offset)[:_QUOTED]}."
        )
    if offset + k > MAX_RANK:
        raise SettingsError(
            f"A search gives its first {MAX_RANK:,} results: offset and k together are at most "
            f"{MAX_RANK:,}; got {int(offset)} and {int(k)}."
        )


def check_fraction(what: str, number: Any) -> float:
    """A number from 0 to 1.

    Args:
        what: the argument, as a sentence begins with it.
        number: of a caller.

    Raises:
        SettingsError: it is none.
    """
    is_number = isinstance(number, Real) and not isinstance(number, bool)
    if not (is_number and math.isfinite(number) and 0 <= number <= 1):
        raise SettingsError(f"{what} is a number from 0 to 1; got {str(number)[:_QUOTED]}.")
    return float(number)

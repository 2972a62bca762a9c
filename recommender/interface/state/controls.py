"""Controls: what a visitor has set beside the picture."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from recommender.index.filters import Wanted

# Fills three rows of four, or six of two on a phone. The API's default is the classic five.
PAGE_K = 12


@dataclass(frozen=True)
class Controls:
    """Number of results, weight of colour, filters and what else bounds a search."""

    k: int = PAGE_K
    weight: float | None = None
    include_same: bool = False
    filters: Mapping[str, Wanted] = field(default_factory=dict)
    min_similarity: float = 0.0
    """Least similarity of a result, 0-1."""

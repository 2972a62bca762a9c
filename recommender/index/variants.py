"""Variants: the products of each variant group, by position."""

from collections.abc import Sequence

import numpy as np


class Variants:
    """Variants of the products of a catalogue.

    Args:
        groups: (n,) what variants of one product share; None where a product has no variants. None
            for a catalogue without groups.
    """

    def __init__(self, groups: Sequence[str | None] | None) -> None:
        codes: dict[str, int] = {}
        known = [] if groups is None else groups
        self.codes = np.array(
            [-1 if group is None else codes.setdefault(group, len(codes)) for group in known],
            np.int64,
        )
        """(n,) int64: number of each product's group, -1 without one; empty without groups."""
        self._order = np.argsort(self.codes, kind="stable")
        self._starts = np.searchsorted(self.codes[self._order], np.arange(len(codes) + 1))

    def group(self, position: int) -> int:
        """Number of the group of a product; -1 where it has none."""
        return int(self.codes[position]) if len(self.codes) else -1

    def groups_of(self, positions: np.ndarray) -> np.ndarray:
        """(m,) int64: numbers of the groups of products; -1 where they have none."""
        return self.codes[positions] if len(self.codes) else np.full(len(positions), -1)

    def of(self, position: int) -> np.ndarray:
        """(m,) int64, ascending: the products of a product's group, itself included."""
        group = self.group(position)
        if group < 0:
            return np.array([position])
        return self._order[self._starts[group] : self._starts[group + 1]]

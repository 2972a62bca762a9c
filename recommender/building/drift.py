"""Drift of a catalogue from the one that an index's head was fitted on, and its report card.

Precision is measured leave-one-out: products are searched with, by their pictures alone, among all
others. It is measured alike before the first update and after each one, so that the difference is
the catalogue's. (The report card of a build is stricter: its queries are held out of the fit.)
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from recommender.embedding.head import Head, LearnedHead
from recommender.embedding.vectors import weigh
from recommender.metrics.precision import SHOWN, encode, judge
from recommender.metrics.relevance import measured_labels
from recommender.metrics.splits import nearest

# Products that are searched with at most; gives an interval of +/- 3 points at worst.
MOST_QUERIES = 1_000
# Fewest products for which precision says anything.
FEWEST_QUERIES = 20
# Loss of precision at 5, by any label, from which a fit is advised: more than the interval.
REFIT_LOSS = 0.05
# Mean square of the new pictures' standardised features from which they are said to be unlike the
# fitted ones, which have 1.
UNLIKE = 1.5


@dataclass(frozen=True)
class Measured:
    """Measurements of a catalogue under a head."""

    products: int
    precision_at_5: dict[str, float]
    """By measured label; empty where there are none, or too few products."""
    without_prototype: dict[str, float]
    """Fraction of products whose value the head has not learned, by attribute of the label prior:
    rare values are among them from the beginning."""

    def to_json(self) -> dict[str, Any]:
        """Fields as JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Measured | None":
        """Inverse of `to_json`; None where a field is missing or of another type."""
        try:
            precision = {str(k): float(v) for k, v in values["precision_at_5"].items()}
            unknown = {str(k): float(v) for k, v in values["without_prototype"].items()}
            return cls(int(values["products"]), precision, unknown)
        except (KeyError, TypeError, ValueError, AttributeError):
            return None


@dataclass(frozen=True)
class Drift:
    """Drift of a catalogue since the head was fitted."""

    then: Measured
    now: Measured
    new_products: float
    """Fraction of the products that the head was not fitted on."""
    shift: float | None
    """Median shift of the pictures that were encoded
    (`recommender.index.product_detector.ProductDetector.shift`); None where there are few."""

    @property
    def losses(self) -> dict[str, float]:
        """Loss of precision at 5 by label; negative where it rose."""
        now = self.now.precision_at_5
        return {k: then - now[k] for k, then in self.then.precision_at_5.items() if k in now}

    @property
    def advises_refit(self) -> bool:
        """Whether precision fell so far that another head should be fitted."""
        return any(loss >= REFIT_LOSS for loss in self.losses.values())

    def sentences(self) -> list[str]:
        """What a person should know, a sentence each."""
        said = [f"{self.new_products:.0%} of the products are new since the head was fitted."]
        for name, now in self.now.without_prototype.items():
            then = self.then.without_prototype.get(name, 0.0)
            said.append(f"{now:.1%} have a {name} that the head did not learn; it was {then:.1%}.")
        if self.shift is not None:
            like = "unlike" if self.shift >= UNLIKE else "like"
            said.append(
                f"The new pictures are {like} those that the head was fitted on "
                f"({self.shift:.2f}, where those have 1)."
            )
        for label, now in self.now.precision_at_5.items():
            if label in self.then.precision_at_5:
                then = self.then.precision_at_5[label]
                said.append(f"Precision at 5, {label}: {now:.3f}, where it was {then:.3f}.")
        if self.advises_refit:
            label, loss = max(self.losses.items(), key=lambda pair: pair[1])
            said.append(
                f"Precision of {label} fell by {loss:.3f}, {REFIT_LOSS} or more: run the update "
                "with --refit, which fits another head."
            )
        return said


def measure(
    head: Head,
    attributes: Mapping[str, Sequence[str | None]],
    digests: Sequence[str],
    queries: np.ndarray,
    items: np.ndarray,
    style_dimensions: int,
    colour_weight: float,
    seed: int = 0,
) -> Measured:
    """Measurements of a catalogue; deterministic.

    Args:
        head: of the vectors.
        attributes: labels of n products by column.
        digests: of their main pictures.
        queries: (n, d) float32, their vectors before the label prior.
        items: (n, d) float32, their vectors.
        style_dimensions: number of dimensions, the first, that are style.
        colour_weight: weight of colour in the comparison, 0-1.
        seed: of the sample.
    """
    count = len(items)
    labels = measured_labels(attributes)
    precision: dict[str, float] = {}
    if labels and count >= FEWEST_QUERIES:
        rows = np.sort(np.random.default_rng(seed).permutation(count)[:MOST_QUERIES])
        (pictures,) = encode(list(digests))
        order = np.argsort(pictures, kind="stable")
        copies = _copies(pictures, order, rows)
        found = nearest(weigh(queries[rows], style_dimensions, colour_weight), items, SHOWN, copies)
        for name, values in labels.items():
            (codes,) = encode(values)
            judged = judge(found, codes[rows], codes, copies)
            if len(judged.rows):
                precision[name] = round(float(judged.precision(SHOWN).mean()), 4)
    return Measured(count, precision, _without_prototype(head, attributes))


def _copies(pictures: np.ndarray, order: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """(pairs, 2) int64: each query with itself and with the products of the same picture."""
    ordered = pictures[order]
    first = np.searchsorted(ordered, pictures[rows], "left")
    last = np.searchsorted(ordered, pictures[rows], "right")
    pairs = [
        np.column_stack([np.full(b - a, number), order[a:b]])
        for number, (a, b) in enumerate(zip(first, last, strict=True))
    ]
    return np.concatenate(pairs)


def _without_prototype(
    head: Head, attributes: Mapping[str, Sequence[str | None]]
) -> dict[str, float]:
    if not isinstance(head, LearnedHead):
        return {}
    found = {}
    for prototypes in head.prototypes:
        values = [v.strip() for v in attributes.get(prototypes.column, ()) if v and v.strip()]
        if values:
            known = set(prototypes.values)
            found[prototypes.column] = round(sum(v not in known for v in values) / len(values), 4)
    return found

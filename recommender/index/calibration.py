"""Calibration of similarities: inner products mapped to 0-1, comparable between indexes.

An inner product of 0.6 is near in one index and far in another. Users therefore see a probability
of agreement, counted on products held out of the catalogue: the chance that two products with this
inner product have the same article type and the chance that they have the same colour, weighed like
style and colour in the comparison. Isotonic regression makes it rise with the inner product
(Zadrozny and Elkan, "Transforming classifier scores into accurate multiclass probability
estimates", 2002), so the order of results stays that of the search. Identical pictures have 1.

Calibration file, arrays by name (no pickle):

    colour_weights   (w,) weights of colour that the curves were fitted for, rising from 0
    curves           (w, g) float32: similarity at g inner products from -1 to 1
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

# Weights of colour that a curve is fitted for; curves for other weights are interpolated.
COLOUR_WEIGHTS = tuple(tenth / 10 for tenth in range(11))

# Inner products at which a curve is stored.
GRID = np.linspace(-1, 1, 201)

# Nearest neighbours of a held-out product that are compared with it: as many as a page shows. The
# same number of random products is compared, too, for the curve at low inner products.
NEAREST = 20

# Without labels, agreement is replaced by the chance of being among this many nearest products.
SHOWN = 5

# Fewest held-out products for a fitted curve; with fewer, the curve is a straight line.
FEWEST_QUERIES = 20

# Weight of a straight line that is mixed into a curve, so that its level parts still rise.
SLOPE = 0.001

# Least similarity (chance of agreement) of each phrase, highest first.
WORDS = (
    (0.97, "nearly identical"),
    (0.75, "very similar"),
    (0.5, "similar"),
    (0.25, "somewhat similar"),
    (0.0, "hardly similar"),
)

# Inner products of queries and items in memory at a time: 32 MB, and several times that while the
# nearest are selected. All of 1,000 queries by 100,000 items would take gigabytes.
_PRODUCTS = 2**23

Codes = tuple[np.ndarray, np.ndarray]
"""(q,) and (n,) int: label codes of q queries and n items of an index; negative where unknown."""


@dataclass(frozen=True)
class Calibration:
    """Calibration curves: similarity by inner product and weight of colour."""

    colour_weights: np.ndarray
    """(w,) float32, rising from 0."""
    curves: np.ndarray
    """(w, g) float32, each rising from 0 to 1 over `GRID`."""

    def similarity(self, inner_products: np.ndarray, colour_weight: float) -> np.ndarray:
        """Calibrated similarity of inner products.

        Args:
            inner_products: (n,) of a query with items, its parts weighed by `colour_weight`.
            colour_weight: weight of colour in the comparison, 0-1.

        Returns:
            (n,) float64, 0-1, rising with the inner product.
        """
        # Where the weight lies among the weights of the curves, 0 to w - 1.
        at = np.interp(colour_weight, self.colour_weights, np.arange(len(self.colour_weights)))
        below, between = int(at), at % 1
        above = min(below + 1, len(self.curves) - 1)
        curve = (1 - between) * self.curves[below] + between * self.curves[above]
        return np.interp(np.asarray(inner_products, np.float64), GRID, curve)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Arrays of the calibration file, by name."""
        return {"colour_weights": self.colour_weights, "curves": self.curves}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Calibration":
        """Inverse of `to_arrays`.

        Raises:
            KeyError: an array is missing.
        """
        return cls(arrays["colour_weights"], arrays["curves"])


def fit_calibration(
    queries: np.ndarray,
    items: np.ndarray,
    style_dimensions: int,
    kinds: Codes | None = None,
    colours: Codes | None = None,
) -> Calibration:
    """Fit calibration curves on products held out of an index; deterministic.

    Args:
        queries: (q, d) float32, vectors of products that the head was not fitted on.
        items: (n, d) float32, vectors of products that the head was fitted on.
        style_dimensions: number of dimensions, the first, that are style; the others are colour.
        kinds: article types, where the catalogue has them.
        colours: colours, where the catalogue has them.
    """
    has_colour = queries.shape[1] > style_dimensions
    weights = np.array(COLOUR_WEIGHTS if has_colour else (0.0,), np.float32)
    if len(queries) < FEWEST_QUERIES or len(items) < SHOWN:
        return Calibration(weights, np.tile(_rising([], []), (len(weights), 1)))
    random = np.random.default_rng(0)
    count = min(NEAREST, len(items))
    others = [random.integers(0, len(items), (len(queries), count)) for _ in weights]
    similar: list[list[np.ndarray]] = [[] for _ in weights]
    agreeing: list[list[np.ndarray]] = [[] for _ in weights]
    rows = max(1, _PRODUCTS // len(items))
    for block in (slice(i, i + rows) for i in range(0, len(queries), rows)):
        style = queries[block, :style_dimensions] @ items[:, :style_dimensions].T
        colour = queries[block, style_dimensions:] @ items[:, style_dimensions:].T
        own = [None if codes is None else (codes[0][block], codes[1]) for codes in (kinds, colours)]
        for i, weight in enumerate(weights):
            products = (1 - weight) * style + weight * colour
            pairs = np.hstack([_nearest(products, count), others[i][block]])
            agreement = _agreement(pairs, products, float(weight), *own)
            known = np.isfinite(agreement)
            similar[i].append(np.take_along_axis(products, pairs, 1)[known])
            agreeing[i].append(agreement[known])
    curves = [
        _rising(np.concatenate(products), np.concatenate(agreement))
        for products, agreement in zip(similar, agreeing, strict=True)
    ]
    return Calibration(weights, np.stack(curves))


def words(similarity: float) -> str:
    """Phrase for a similarity of 0-1, such as "very similar"."""
    return next(word for least, word in WORDS if similarity >= least)


def _nearest(products: np.ndarray, count: int) -> np.ndarray:
    """(q, count) int64: items with the greatest inner products, unordered."""
    return np.argpartition(-products, count - 1, axis=1)[:, :count]


def _agreement(
    pairs: np.ndarray,
    products: np.ndarray,
    weight: float,
    kinds: Codes | None,
    colours: Codes | None,
) -> np.ndarray:
    """(q, m) float64: agreement of queries and items, 0-1; NaN where a label is unknown."""
    parts = ((1 - weight, kinds), (weight, colours))
    labelled = [(part, codes) for part, codes in parts if codes is not None and part > 0]
    if not labelled:
        least = np.sort(products, axis=1)[:, -SHOWN, None]
        return (np.take_along_axis(products, pairs, 1) >= least).astype(np.float64)
    total = np.zeros(pairs.shape)
    for part, (asked, known) in labelled:
        own, other = asked[:, None], known[pairs]
        total += np.where((own < 0) | (other < 0), np.nan, part * (own == other))
    return total / sum(part for part, _ in labelled)


def _rising(products: np.ndarray | list[float], agreement: np.ndarray | list[float]) -> np.ndarray:
    """(g,) float32 over `GRID`: isotonic regression made strictly rising, 0 at -1 and 1 at 1."""
    at, level = np.array([-1.0, 1.0]), np.array([0.0, 1.0])
    if len(products):
        from sklearn.isotonic import IsotonicRegression  # late: serving fits nothing

        fitted = IsotonicRegression(y_min=0, y_max=1).fit(products, agreement)
        ordered = np.sort(products)
        # Isotonic regression gives steps; the line through their middles is continuous.
        steps, start = np.unique(np.round(fitted.predict(ordered), 4), return_index=True)
        ends = np.append(start[1:], len(ordered))
        middles = (ordered[start] + ordered[ends - 1]) / 2
        inside = (middles > -1) & (middles < 1)
        at = np.concatenate([[-1.0], middles[inside], [1.0]])
        level = np.concatenate([[0.0], steps[inside], [1.0]])
    curve = np.interp(GRID, at, level)
    return ((1 - SLOPE) * curve + SLOPE * (GRID + 1) / 2).astype(np.float32)

"""What similarities mean: from inner products to a number from 0 to 1 with the same sense anywhere.

An inner product of 0.6 is near for one index and far for another. The number shown instead is how
much two products that similar agree, as counted on products held out of the catalogue: the chance
that they are of one kind and the chance that they have one colour, mixed as style and colour are
mixed in the comparison. Isotonic regression makes it grow with the inner product (Zadrozny and
Elkan, "Transforming classifier scores into accurate multiclass probability estimates", 2002), so
it orders results as the search does; the very same picture has 1.

Calibration file, arrays by name (no pickle):

    colour_weights   (w,) shares of colour that curves were fitted for, rising from 0
    curves           (w, g) float32: the similarity shown, for inner products from -1 to 1
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

# A comparison's share of colour can be any; between these the curves are interpolated.
COLOUR_WEIGHTS = tuple(tenth / 10 for tenth in range(11))

# Inner products from -1 to 1 at which a curve is kept.
GRID = np.linspace(-1, 1, 201)

# Neighbours of a held-out product that are looked at: what a person may be shown. As many others,
# drawn at random, say what little similarity means.
NEAREST = 20

# Without labels there is no agreement to count. Then the number is the chance that so similar a
# product is among this many nearest.
SHOWN = 5

# Held-out products needed for a curve; with fewer the number is the inner product itself.
FEWEST_QUERIES = 20

# Where the regression is level, this share of a straight line still orders results.
SLOPE = 0.001

# The least similarity that a word is used for, best first: the chance of agreement of nearly all,
# of three in four, of one in two, of one in four.
WORDS = (
    (0.97, "nearly identical"),
    (0.75, "very similar"),
    (0.5, "similar"),
    (0.25, "somewhat similar"),
    (0.0, "hardly similar"),
)

# Inner products of queries and items that are in memory at a time: 32 MB, and a few times as much
# where the greatest are picked. A thousand queries by 100,000 items would take gigabytes at once.
_PRODUCTS = 2**23

Codes = tuple[np.ndarray, np.ndarray]
"""(q,) and (n,) int: a label of q queries and n items of an index; negative where unknown."""


@dataclass(frozen=True)
class Calibration:
    """Similarity shown by inner product and share of colour."""

    colour_weights: np.ndarray
    """(w,) float32, rising from 0."""
    curves: np.ndarray
    """(w, g) float32, each rising from 0 to 1 over `GRID`."""

    def similarity(self, inner_products: np.ndarray, colour_weight: float) -> np.ndarray:
        """The numbers to show.

        Args:
            inner_products: (n,) of a query with items, its parts weighed by `colour_weight`.
            colour_weight: share of colour in the comparison, 0-1.

        Returns:
            (n,) float64, 0-1; greater for a greater inner product.
        """
        each = [np.interp(colour_weight, self.colour_weights, column) for column in self.curves.T]
        return np.interp(np.asarray(inner_products, np.float64), GRID, each)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """The arrays of the module's docstring."""
        return {"colour_weights": self.colour_weights, "curves": self.curves}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Calibration":
        """The inverse of `to_arrays`.

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
    """Fit the curves on products held out of an index, the same ones for the same input.

    Args:
        queries: (q, d) float32, style and colour of products that the head was not fitted on.
        items: (n, d) float32, the same of those it was fitted on.
        style_dimensions: how many of the d are style; the rest, if any, is colour.
        kinds: what kind of product each is, where the catalogue says it.
        colours: which colour each has, where the catalogue says it.
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
    """The words that go with a similarity of 0-1."""
    return next(word for least, word in WORDS if similarity >= least)


def _nearest(products: np.ndarray, count: int) -> np.ndarray:
    """(q, count) int64: the items with the greatest inner products, in no order."""
    return np.argpartition(-products, count - 1, axis=1)[:, :count]


def _agreement(
    pairs: np.ndarray,
    products: np.ndarray,
    weight: float,
    kinds: Codes | None,
    colours: Codes | None,
) -> np.ndarray:
    """(q, m) float64: how much each query and item agree, 0-1; NaN where nobody knows."""
    shares = ((1 - weight, kinds), (weight, colours))
    labelled = [(share, codes) for share, codes in shares if codes is not None and share > 0]
    if not labelled:
        least = np.sort(products, axis=1)[:, -SHOWN, None]
        return (np.take_along_axis(products, pairs, 1) >= least).astype(np.float64)
    total = np.zeros(pairs.shape)
    for share, (asked, known) in labelled:
        own, other = asked[:, None], known[pairs]
        total += np.where((own < 0) | (other < 0), np.nan, share * (own == other))
    return total / sum(share for share, _ in labelled)


def _rising(products: np.ndarray | list[float], agreement: np.ndarray | list[float]) -> np.ndarray:
    """(g,) float32 over `GRID`: isotonic regression, strictly rising, from 0 at -1 to 1 at 1."""
    at, level = np.array([-1.0, 1.0]), np.array([0.0, 1.0])
    if len(products):
        from sklearn.isotonic import IsotonicRegression  # late: serving fits nothing

        fitted = IsotonicRegression(y_min=0, y_max=1).fit(products, agreement)
        ordered = np.sort(products)
        # Isotonic regression makes steps; a line through their middles has no jumps.
        steps, start = np.unique(np.round(fitted.predict(ordered), 4), return_index=True)
        ends = np.append(start[1:], len(ordered))
        middles = (ordered[start] + ordered[ends - 1]) / 2
        inside = (middles > -1) & (middles < 1)
        at = np.concatenate([[-1.0], middles[inside], [1.0]])
        level = np.concatenate([[0.0], steps[inside], [1.0]])
    curve = np.interp(GRID, at, level)
    return ((1 - SLOPE) * curve + SLOPE * (GRID + 1) / 2).astype(np.float32)

"""Fit a head on a catalogue's own labels: features in, a style part and a colour part out.

Head files, arrays by name (no pickle):

    style_mean, style_scale, style_weights_0, style_bias_0, ...     pooled features to style
    colour_mean, colour_scale, colour_weights_0, colour_bias_0, ... colour features to colour
    kind_column, kind_values, kind_proxies                          what kind a style looks like
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recommender.colour import HISTOGRAM_DIMENSIONS
from recommender.embedding import normalised
from recommender.metric_learning import Network, fit_network, log_posterior
from recommender.roles import ARTICLE_TYPE, CATEGORY, SUB_CATEGORY, roles

STYLE_DIMENSIONS = 192
COLOUR_DIMENSIONS = 64
STYLE_HIDDEN = 512
COLOUR_HIDDEN = 256

# Share of the colour part in a query. On products held out of the catalogue (EfficientNet-Lite0),
# precision at 5 of article type and gender fall slowly with it, that of colour rises fast.
DEFAULT_COLOUR_WEIGHT = 0.36

# A column is worth learning from when its values are shared by so many items on average, and a
# value when so many have it: below, a column is more like a name, and a value like a slip.
MIN_ITEMS_PER_VALUE = 20
MIN_ITEMS_OF_A_VALUE = 4
# With fewer labelled items than this there is nothing to learn that would hold for others.
MIN_LABELLED_ITEMS = 200
# Words that make a column the one that names colours.
COLOUR_WORDS = ("colour", "color")
# What shops write when they do not know; pandas reads some of them as missing.
UNKNOWN = ("", "na", "n/a", "nan", "none", "null", "unknown")


@dataclass(frozen=True)
class Head:
    """What turns features into the two parts of a vector."""

    style_network: Network
    colour_network: Network
    kind_column: str | None = None
    """The column that says what kind of product an item is; None where the catalogue has none."""
    kind_values: tuple[str, ...] = ()
    kind_proxies: np.ndarray | None = None
    """(values, style dimensions) float32, of length one."""

    def style(self, max_pooled: np.ndarray, avg_pooled: np.ndarray) -> np.ndarray:
        """(n, c) float32 twice to (n, at most `STYLE_DIMENSIONS`) float32, rows of length one."""
        return self.style_network(_pooled(max_pooled, avg_pooled))

    def colour(
        self, max_pooled: np.ndarray, avg_pooled: np.ndarray, colour: np.ndarray
    ) -> np.ndarray:
        """(n, c) twice and (n, d) float32 to (n, at most `COLOUR_DIMENSIONS`), of length one.

        The style goes in as well, because what is worn decides which of a picture's colours count.
        """
        return self.colour_network(np.hstack([colour, self.style(max_pooled, avg_pooled)]))

    def kinds(self, style: np.ndarray) -> np.ndarray:
        """(n, style dimensions) to (n, kinds) float32: log-probability of each kind."""
        if self.kind_proxies is None:
            return np.zeros((len(style), 0), np.float32)
        return log_posterior(style, self.kind_proxies)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """The arrays of the module's docstring."""
        parts = {"style": self.style_network, "colour": self.colour_network}
        arrays = {
            f"{part}_{name}": array
            for part, network in parts.items()
            for name, array in network.to_arrays().items()
        }
        if self.kind_column is not None and self.kind_proxies is not None:
            arrays["kind_column"] = np.array(self.kind_column)
            arrays["kind_values"] = np.array(self.kind_values)
            arrays["kind_proxies"] = self.kind_proxies
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Head":
        """The inverse of `to_arrays`.

        Raises:
            KeyError: an array is missing.
        """
        networks = [Network.from_arrays(_of_part(arrays, part)) for part in ("style", "colour")]
        if "kind_column" not in arrays:
            return cls(*networks)
        values = tuple(str(value) for value in arrays["kind_values"])
        return cls(*networks, str(arrays["kind_column"]), values, arrays["kind_proxies"])


def fit_head(
    max_pooled: np.ndarray,
    avg_pooled: np.ndarray,
    colour: np.ndarray,
    labels: Mapping[str, Sequence[str | None]],
) -> Head:
    """Fit a head on a catalogue, the same one for the same input.

    Args:
        max_pooled: (n, c) float32.
        avg_pooled: (n, c) float32.
        colour: (n, d) float32, what `recommender.colour.colour_features` returns.
        labels: the catalogue's columns, n values each, by name. Style is learned from all that
            `learnable` takes but colours; colour from the one that names colours. Where there is
            none, the principal directions of the pooled features, or of the histograms, have to do.
    """
    targets = learnable(labels)
    colours = [values for name, values in targets.items() if _names_colours(name)][:1]
    kinds = {name: values for name, values in targets.items() if not _names_colours(name)}
    kind_column, kind_values, kind_proxies = _kind_column(kinds), (), None
    count = len(max_pooled)

    def pooled(at: np.ndarray | slice) -> np.ndarray:
        return _pooled(max_pooled[at], avg_pooled[at])

    if kinds:
        style_network, proxies = fit_network(
            pooled, count, list(kinds.values()), hidden=STYLE_HIDDEN, outputs=STYLE_DIMENSIONS
        )
        if kind_column is not None:
            kind_values = tuple(common_values(labels[kind_column]))
            kind_proxies = proxies[list(kinds).index(kind_column)]
    else:
        everything = pooled(slice(None))
        style_network = _principal_directions(everything, STYLE_DIMENSIONS, everything.shape[1])
    style = np.concatenate(
        [style_network(pooled(slice(i, i + 4096))) for i in range(0, count, 4096)]
    )

    def coloured(at: np.ndarray | slice) -> np.ndarray:
        return np.hstack([colour[at], style[at]])

    if colours:
        colour_network, _ = fit_network(
            coloured, count, colours, hidden=COLOUR_HIDDEN, outputs=COLOUR_DIMENSIONS
        )
    else:
        colour_network = _principal_directions(
            colour[:, :HISTOGRAM_DIMENSIONS], COLOUR_DIMENSIONS, colour.shape[1] + style.shape[1]
        )
    return Head(style_network, colour_network, kind_column, kind_values, kind_proxies)


def learnable(labels: Mapping[str, Sequence[str | None]]) -> dict[str, np.ndarray]:
    """The columns worth learning from: (n,) int codes of the values, -1 where unknown or rare.

    A column is one of categories, not of names, numbers or years: at least two of its values are
    shared by `MIN_ITEMS_OF_A_VALUE` items, its values have `MIN_ITEMS_PER_VALUE` items on average,
    at least `MIN_LABELLED_ITEMS` items have one, and not all of them are numbers.
    """
    taken = {}
    for name, column in labels.items():
        values = _known(column)
        counts = Counter(v for v in values if v is not None)
        known = sum(counts.values())
        common = common_values(column)
        if (
            len(common) >= 2
            and known >= max(MIN_LABELLED_ITEMS, MIN_ITEMS_PER_VALUE * len(counts))
            and not all(v.replace(".", "", 1).isdigit() for v in common)
        ):
            codes = {v: code for code, v in enumerate(common)}
            taken[name] = np.array([codes.get(v, -1) if v else -1 for v in values])
    return taken


def common_values(column: Sequence[str | None]) -> list[str]:
    """The values of a column that `MIN_ITEMS_OF_A_VALUE` items have, in order of their codes."""
    counts = Counter(value for value in _known(column) if value is not None)
    return sorted(value for value, count in counts.items() if count >= MIN_ITEMS_OF_A_VALUE)


def _known(column: Sequence[str | None]) -> list[str | None]:
    return [None if v is None or v.strip().lower() in UNKNOWN else v.strip() for v in column]


def _kind_column(columns: Iterable[str]) -> str | None:
    """The finest of the columns that say what kind of product an item is."""
    known = roles(columns)
    return next((known[r] for r in (ARTICLE_TYPE, SUB_CATEGORY, CATEGORY) if r in known), None)


def _names_colours(column: str) -> bool:
    return any(word in column.lower() for word in COLOUR_WORDS)


def _pooled(max_pooled: np.ndarray, avg_pooled: np.ndarray) -> np.ndarray:
    return np.hstack([normalised(max_pooled), normalised(avg_pooled)])


def _principal_directions(rows: np.ndarray, dimensions: int, inputs: int) -> Network:
    """A network of one layer that keeps the cosines of rows as well as so many dimensions can.

    Neither centred nor whitened: on products held out of the catalogue centring changed nothing and
    whitening lost 1-6 points of precision at 5, more the fewer products there were.

    Args:
        rows: (n, d) float32.
        dimensions: to keep.
        inputs: of the network; those beyond d do not count.
    """
    from sklearn.utils.extmath import randomized_svd  # late: serving fits nothing

    dimensions = min(dimensions, *rows.shape)
    _, _, directions = randomized_svd(rows, dimensions, n_iter=4, random_state=0)
    weights = np.zeros((inputs, dimensions), np.float32)
    weights[: rows.shape[1]] = directions.T
    nothing, one = np.zeros(inputs, np.float32), np.ones(inputs, np.float32)
    return Network(nothing, one, ((weights, np.zeros(dimensions, np.float32)),))


def _of_part(arrays: Mapping[str, np.ndarray], part: str) -> dict[str, np.ndarray]:
    prefix = f"{part}_"
    return {n.removeprefix(prefix): a for n, a in arrays.items() if n.startswith(prefix)}

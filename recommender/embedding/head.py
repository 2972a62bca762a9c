"""Fit a head on a catalogue's own labels: features in, a style part and a colour part out.

Head files, arrays by name (no pickle):

    style_mean, style_scale, style_directions,
    style_weights_0, style_bias_0, ...                              pooled features to style
    colour_mean, colour_scale, colour_weights_0, colour_bias_0, ... colour features to colour
    prototypes_0_column, prototypes_0_values, ...                   what items are drawn to
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from recommender.embedding.prototypes import Prototypes, draw, undraw
from recommender.embedding.vectors import Labels, normalised
from recommender.features.colour import HISTOGRAM_DIMENSIONS
from recommender.features.table import Array, AugmentedFeatures, FeatureTable
from recommender.schema import ARTICLE_TYPE, CATEGORY, GENDER, SEASON, SUB_CATEGORY, roles
from recommender.training.metric_learning import SCALE, Network, fit_network

STYLE_DIMENSIONS = 192
COLOUR_DIMENSIONS = 64
# Units of the hidden layers, and the share of them left out at each step of fitting. For style,
# 2048 in place of 1024 win half a point of precision at 5 and, on people's photographs, one.
STYLE_HIDDEN, STYLE_DROPOUT = 2048, 0.5
COLOUR_HIDDEN, COLOUR_DROPOUT = 256, 0.3
# A small catalogue is gone through so often at least, or its networks would hardly have moved.
STYLE_STEPS, COLOUR_STEPS = 400, 600
# Style is learned from so many principal directions of the pooled features: three times as fast as
# from all, at a point of precision at 5 less on the catalogue and two more on photographs.
STYLE_DIRECTIONS = 512

# Share of the colour part in a query. On products held out of the catalogue (EfficientNet-Lite0),
# precision at 5 of article type, gender and colour is .842, .896 and .281 without it, .832, .892
# and .556 with it; at .40 colour wins half a point more and the others lose as much together.
DEFAULT_COLOUR_WEIGHT = 0.36
# Where few products are of a kind, those of the query's colour are mostly of other kinds: of the
# demo catalogue's 682, .36 in place of .15 wins 15 points of colour and loses 15 of article type.
FEW_ITEMS, COLOUR_WEIGHT_OF_FEW = 1_000, 0.15

# How far an item is drawn to the prototypes of its labels, beside a vector of length one. On
# products held out of the catalogue (their own labels unknown) precision at 5 of article type,
# gender, colour and all three is .832, .892, .556 and .425 without, .867, .904, .672 and .543 with
# it; halves of these lose 3 points of colour, twice as much wins less than 1 and hides the looks.
KIND_PULL, GENDER_PULL, COLOUR_PULL = 1.0, 0.5, 1.0

# A photograph is drawn to the prototypes of kinds, each by its probability: its style is a mean of
# four looks, and what they say adds up. At this pull the similarity shown is as true of photographs
# as of products: .72 on average where .72 are of the right kind; without it .52 is shown, at 1 .93.
PRESUMED_PULL, PRESUMED_SCALE = np.float32(0.3), 4 * SCALE

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

    knows_photographs = True

    style_network: Network
    colour_network: Network
    prototypes: tuple[Prototypes, ...] = ()
    """What the values of the attributes look like that items are drawn to."""

    def style(self, max_pooled: np.ndarray, avg_pooled: np.ndarray) -> np.ndarray:
        """(n, c) float32 twice to (n, at most `STYLE_DIMENSIONS`) float32, rows of length one."""
        return self.style_network(_pooled(max_pooled, avg_pooled))

    def colour(self, style: np.ndarray, colour: np.ndarray) -> np.ndarray:
        """(n, style dimensions) and (n, d) float32 to (n, at most `COLOUR_DIMENSIONS`) of length 1.

        The style goes in because what is worn decides which of a picture's colours count.
        """
        return self.colour_network(np.hstack([colour, style]))

    def drawn(
        self, style: np.ndarray, colour: np.ndarray, labels: Sequence[Labels]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Both parts of n items, drawn towards the prototypes of their labels."""
        of_style, of_colour = self._prototypes_by_part()
        return draw(style, labels, of_style), draw(colour, labels, of_colour)

    def undrawn(
        self, style: np.ndarray, colour: np.ndarray, labels: Sequence[Labels]
    ) -> tuple[np.ndarray, np.ndarray]:
        """The inverse of `drawn`: both parts as the items' pictures alone have them."""
        of_style, of_colour = self._prototypes_by_part()
        return undraw(style, labels, of_style), undraw(colour, labels, of_colour)

    def presumed(self, style: np.ndarray) -> np.ndarray:
        """(n, d) float32 of length one: styles of photographs, drawn towards their likely kinds.

        A photograph is like nothing in the catalogue in particular, so that in its style alone the
        kinds stand close together, and a little colour tips the balance between them.
        """
        of_kind = kind_column(prototypes.column for prototypes in self.prototypes)
        drawn = style
        for prototypes in self.prototypes:
            if prototypes.column == of_kind:
                drawn = drawn + PRESUMED_PULL * prototypes.expected(style, PRESUMED_SCALE)
        return normalised(drawn)

    def _prototypes_by_part(self) -> tuple[list[Prototypes], list[Prototypes]]:
        of_style = [p for p in self.prototypes if not _names_colours(p.column)]
        return of_style, [p for p in self.prototypes if _names_colours(p.column)]

    def to_arrays(self) -> dict[str, np.ndarray]:
        """The arrays of the module's docstring."""
        parts = {"style": self.style_network, "colour": self.colour_network}
        arrays = {
            f"{part}_{name}": array
            for part, network in parts.items()
            for name, array in network.to_arrays().items()
        }
        for number, prototypes in enumerate(self.prototypes):
            for name, array in prototypes.to_arrays().items():
                arrays[f"prototypes_{number}_{name}"] = array
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Head":
        """The inverse of `to_arrays`.

        Raises:
            KeyError: an array is missing.
        """
        style, colour = (Network.from_arrays(_of_part(arrays, p)) for p in ("style", "colour"))
        numbers = itertools.takewhile(
            lambda i: f"prototypes_{i}_column" in arrays, itertools.count()
        )
        prototypes = [Prototypes.from_arrays(_of_part(arrays, f"prototypes_{i}")) for i in numbers]
        return cls(style, colour, tuple(prototypes))


def fit_head(
    max_pooled: Array,
    avg_pooled: Array,
    colour: Array,
    labels: Mapping[str, Sequence[str | None]],
    views: AugmentedFeatures | None = None,
) -> Head:
    """Fit a head on a catalogue, the same one for the same input.

    Args:
        max_pooled: (n, c) float32, as all features in memory or on disk.
        avg_pooled: (n, c) float32.
        colour: (n, d) float32, what `recommender.features.colour.colour_features` returns.
        labels: the catalogue's columns, n values each, by name. Style is learned from all that
            `learnable` takes but colours, seasons and coarser kinds; colour from the one that names
            colours. Where there is none, the principal directions of the pooled features, or of
            the histograms, have to do.
        views: further pictures of the items.
    """
    targets = learnable(labels)
    colours = {name: values for name, values in targets.items() if _names_colours(name)}
    colours = dict(itertools.islice(colours.items(), 1))
    kinds = {name: values for name, values in targets.items() if name not in _unseen(targets)}
    prototypes: dict[str, np.ndarray] = {}
    count = len(max_pooled)
    none = FeatureTable(max_pooled[:0], avg_pooled[:0], colour[:0])
    nothing = AugmentedFeatures(none, np.zeros(0, np.int64))
    more = views or nothing
    shown = np.concatenate([np.arange(count), more.products])

    def pooled(at: np.ndarray | slice) -> np.ndarray:
        highest = _rows(max_pooled, more.max_pooled, at)
        return _pooled(highest, _rows(avg_pooled, more.avg_pooled, at))

    if kinds:
        style_network, proxies = fit_network(
            pooled,
            count,
            [values[shown] for values in (*kinds.values(), *_kind_by_gender(labels, kinds))],
            hidden=STYLE_HIDDEN,
            outputs=STYLE_DIMENSIONS,
            dropout=STYLE_DROPOUT,
            least_steps=STYLE_STEPS,
            directions=STYLE_DIRECTIONS,
        )
        prototypes |= zip(kinds, proxies, strict=False)
    else:
        everything = pooled(slice(count))
        style_network = _keeping_cosines(everything, STYLE_DIMENSIONS, everything.shape[1])
    style = np.concatenate(
        [style_network(pooled(slice(i, i + 4096))) for i in range(0, len(shown), 4096)]
    )

    def coloured(at: np.ndarray | slice) -> np.ndarray:
        return np.hstack([_rows(colour, more.colour, at), style[at]])

    if colours:
        colour_network, proxies = fit_network(
            coloured,
            count,
            [values[shown] for values in colours.values()],
            hidden=COLOUR_HIDDEN,
            outputs=COLOUR_DIMENSIONS,
            dropout=COLOUR_DROPOUT,
            least_steps=COLOUR_STEPS,
        )
        prototypes |= zip(colours, proxies, strict=True)
    else:
        colour_network = _keeping_cosines(
            colour[:count, :HISTOGRAM_DIMENSIONS],
            COLOUR_DIMENSIONS,
            colour.shape[1] + style.shape[1],
        )
    pulls = _pulls(prototypes)
    return Head(
        style_network,
        colour_network,
        tuple(
            Prototypes(name, tuple(common_values(labels[name])), prototypes[name], pull)
            for name, pull in pulls.items()
        ),
    )


def _rows(own: Array, further: Array, at: np.ndarray | slice) -> np.ndarray:
    """Rows of two arrays, one behind the other: a copy of both would be a gigabyte."""
    places = np.arange(len(own) + len(further))[at]
    first = places < len(own)
    rows = np.empty((len(places), own.shape[1]), own.dtype)
    rows[first], rows[~first] = own[places[first]], further[places[~first] - len(own)]
    return rows


def default_colour_weight(items: int) -> float:
    """Share of the colour part in a query, 0-1, in an index of so many items."""
    return DEFAULT_COLOUR_WEIGHT if items >= FEW_ITEMS else COLOUR_WEIGHT_OF_FEW


def _unseen(columns: Iterable[str]) -> set[str]:
    """The columns that style is not learned from.

    Colour has a part of its own; a season is that of the shop's campaign more than of the garment;
    and the coarser kinds follow from the finer ones. On photographs the latter two cost 1.5 points.
    """
    columns = list(columns)
    known = roles(columns)
    unseen = {column for column in columns if _names_colours(column)} | {known.get(SEASON, "")}
    return unseen | ({known.get(CATEGORY, "")} - {kind_column(columns)})


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


def kind_column(columns: Iterable[str]) -> str | None:
    """The column of the finest kind of product, if there is one."""
    known = roles(column for column in columns if not _names_colours(column))
    return next((known[r] for r in (ARTICLE_TYPE, SUB_CATEGORY, CATEGORY) if r in known), None)


def _kind_and_gender(columns: Iterable[str]) -> tuple[str | None, str | None]:
    columns = list(columns)
    return kind_column(columns), roles(columns).get(GENDER)


def _kind_by_gender(
    labels: Mapping[str, Sequence[str | None]], columns: Iterable[str]
) -> list[np.ndarray]:
    """One more attribute to learn, a kind and a gender at once, where there are both.

    A woman's shirt differs from a man's in other ways than their shoes do: with it precision at 5
    of the article type rose by .9 points and of gender by 1.0.
    """
    kind, gender = _kind_and_gender(columns)
    if kind is None or gender is None:
        return []
    pairs = zip(_known(labels[kind]), _known(labels[gender]), strict=True)
    both = [f"{one}, {other}" if one and other else None for one, other in pairs]
    return list(learnable({kind: both}).values())


def _pulls(columns: Iterable[str]) -> dict[str, float]:
    """The columns whose prototypes items are drawn to: the finest kind, gender, and colour."""
    kind, gender = _kind_and_gender(columns)
    pulls = {kind: KIND_PULL, gender: GENDER_PULL}
    pulls |= {column: COLOUR_PULL for column in columns if _names_colours(column)}
    return {column: pull for column, pull in pulls.items() if column is not None}


def _names_colours(column: str) -> bool:
    return any(word in column.lower() for word in COLOUR_WORDS)


def _pooled(max_pooled: np.ndarray, avg_pooled: np.ndarray) -> np.ndarray:
    return np.hstack([normalised(max_pooled), normalised(avg_pooled)])


def _keeping_cosines(rows: np.ndarray, dimensions: int, inputs: int) -> Network:
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

"""Training of the learned head: style and colour fitted on a catalogue's own labels.

Features may lie on disk. They are read once, block by block, in order; what stays in memory are
the inputs of the networks, 2.8 KB a picture at most.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from recommender.embedding.head import SMALL_CATALOGUE, LearnedHead
from recommender.embedding.network import Network
from recommender.embedding.prototypes import Prototypes
from recommender.embedding.standardisation import scale_of
from recommender.embedding.vectors import pooled_features
from recommender.features.colour import HISTOGRAM_DIMENSIONS
from recommender.features.table import Array, AugmentedFeatures
from recommender.training.targets import (
    Columns,
    colour_target,
    common_values,
    prior_weights,
    style_targets,
    type_by_gender,
)

STYLE_DIMENSIONS = 192
COLOUR_DIMENSIONS = 64
# Units of the hidden layers, and the share of them left out at each step of fitting. For style,
# 2048 in place of 1024 win half a point of precision at 5 and, on people's photographs, one.
STYLE_HIDDEN, STYLE_DROPOUT = 2048, 0.5
COLOUR_HIDDEN, COLOUR_DROPOUT = 256, 0.3
# A small catalogue takes this many steps at least, or its networks would hardly have moved.
STYLE_STEPS, COLOUR_STEPS = 400, 600
# Style is learned from this many principal directions of the pooled features: three times as fast
# as from all, at a point of precision at 5 less on the catalogue and two more on photographs.
STYLE_DIRECTIONS = 512
# A catalogue of fewer products than `SMALL_CATALOGUE` fills no such network.
SMALL_STYLE_HIDDEN, SMALL_STYLE_DIRECTIONS, SMALL_COLOUR_HIDDEN = 512, 128, 128
# Rows that are read at a time, and on which principal directions are found at most.
BLOCK, MAX_SAMPLE = 4096, 8192

Rows = Callable[[np.ndarray], np.ndarray]
"""Given positions, the features of these pictures: (m, d) float32."""


def fit_head(
    max_pooled: Array,
    avg_pooled: Array,
    colour: Array,
    labels: Columns,
    augmented: AugmentedFeatures | None = None,
) -> LearnedHead:
    """Fit a head on a catalogue, on one machine the same one for the same input.

    Args:
        max_pooled: (n, c) float32 or float16, in memory or on disk.
        avg_pooled: the same.
        colour: (n, d), what `recommender.features.colour.colour_features` returns.
        labels: the catalogue's columns, n values each, by name; `recommender.training.targets` says
            which are learned. Without any, the principal directions of the pooled features, or of
            the histograms, take the place of a fitted network.
        augmented: features of further pictures of the products.
    """
    count = len(max_pooled)
    small = count < SMALL_CATALOGUE
    tables: list[tuple[Array, Array, Array]] = [(max_pooled, avg_pooled, colour)]
    shown = np.arange(count)
    if augmented is not None and len(augmented.products):
        tables.append((augmented.max_pooled, augmented.avg_pooled, augmented.colour))
        shown = np.concatenate([shown, augmented.products])

    def pooled(positions: np.ndarray) -> np.ndarray:
        return pooled_features(*(_rows([t[i] for t in tables], positions) for i in (0, 1)))

    targets = style_targets(labels)
    prototypes: dict[str, np.ndarray] = {}
    if targets:
        codes = [*targets.values(), *type_by_gender(labels, targets)]
        style_network, proxies = _fit_network(
            pooled,
            count,
            [own[shown] for own in codes],
            hidden=SMALL_STYLE_HIDDEN if small else STYLE_HIDDEN,
            outputs=STYLE_DIMENSIONS,
            dropout=STYLE_DROPOUT,
            least_steps=STYLE_STEPS,
            directions=SMALL_STYLE_DIRECTIONS if small else STYLE_DIRECTIONS,
        )
        prototypes |= zip(targets, proxies, strict=False)
    else:
        sample = pooled(_sample(count))
        style_network = _keeping_cosines(sample, STYLE_DIMENSIONS, sample.shape[1])
    style = _in_blocks(lambda positions: style_network(pooled(positions)), len(shown))

    def coloured(positions: np.ndarray) -> np.ndarray:
        return np.hstack([_rows([t[2] for t in tables], positions), style[positions]])

    targets = colour_target(labels)
    if targets:
        colour_network, proxies = _fit_network(
            coloured,
            count,
            [own[shown] for own in targets.values()],
            hidden=SMALL_COLOUR_HIDDEN if small else COLOUR_HIDDEN,
            outputs=COLOUR_DIMENSIONS,
            dropout=COLOUR_DROPOUT,
            least_steps=COLOUR_STEPS,
        )
        prototypes |= zip(targets, proxies, strict=True)
    else:
        sample = coloured(_sample(count))
        colour_network = _keeping_cosines(
            sample[:, :HISTOGRAM_DIMENSIONS], COLOUR_DIMENSIONS, sample.shape[1]
        )
    return LearnedHead(
        style_network,
        colour_network,
        tuple(
            Prototypes(name, tuple(common_values(labels[name])), prototypes[name], weight)
            for name, weight in prior_weights(prototypes).items()
        ),
    )


def _fit_network(
    rows: Rows,
    count: int,
    targets: Sequence[np.ndarray],
    *,
    hidden: int,
    outputs: int,
    dropout: float,
    least_steps: int,
    directions: int | None = None,
) -> tuple[Network, list[np.ndarray]]:
    """A projection network, and each attribute's proxies, (values, outputs) of length one.

    Args:
        rows: of the pictures.
        count: products, whose pictures tell mean and spread; they come first.
        targets: (n,) int for each attribute, n pictures, see `fit_proxies`.
        hidden, outputs, dropout, least_steps: see `fit_proxies`.
        directions: how many principal directions of the inputs are learned from; None: all inputs
            are.
    """
    # TensorFlow takes seconds to import: only where something is fitted.
    from recommender.training.metric_learning import fit_proxies

    network = _standardising(rows, count)
    if directions is not None:
        sample = network.first_inputs(rows(_sample(count)))
        network = Network(
            network.mean, network.scale, (), _principal_directions(sample, directions, passes=2)
        )
    inputs = _in_blocks(lambda positions: network.first_inputs(rows(positions)), len(targets[0]))
    fitted = fit_proxies(
        inputs, targets, hidden=hidden, outputs=outputs, dropout=dropout, least_steps=least_steps
    )
    network = Network(network.mean, network.scale, fitted.layers, network.directions)
    # Rounded now, before anything is computed with it, so that what is stored is what was used.
    return network.rounded(), fitted.proxies


def _standardising(rows: Rows, count: int) -> Network:
    """A network without layers yet, which standardises by mean and spread of the first rows."""
    total = squares = np.zeros(1)
    for positions in _blocks(count):
        block = rows(positions).astype(np.float64)
        total, squares = total + block.sum(axis=0), squares + (block**2).sum(axis=0)
    mean = total / count
    spread = np.sqrt(np.maximum(squares / count - mean**2, 0))
    return Network(mean.astype(np.float32), scale_of(spread).astype(np.float32), ())


def _keeping_cosines(rows: np.ndarray, dimensions: int, inputs: int) -> Network:
    """A network of one layer that keeps the cosines of rows as well as its dimensions can.

    Neither centred nor whitened: on products held out of the catalogue centring changed nothing and
    whitening lost 1-6 points of precision at 5, more the fewer products there were.

    Args:
        rows: (n, d) float32.
        dimensions: of the output, at most.
        inputs: of the network; those beyond d do not count.
    """
    directions = _principal_directions(rows, dimensions, passes=4)
    weights = np.zeros((inputs, directions.shape[1]), np.float32)
    weights[: len(directions)] = directions
    mean, scale = np.zeros(inputs, np.float32), np.ones(inputs, np.float32)
    network = Network(mean, scale, ((weights, np.zeros(weights.shape[1], np.float32)),))
    return network.rounded()


def _principal_directions(rows: np.ndarray, wanted: int, passes: int) -> np.ndarray:
    """(d, at most `wanted`) float32: orthonormal columns along which (n, d) rows are longest."""
    from sklearn.utils.extmath import randomized_svd  # late: it takes a second to import

    dimensions = min(wanted, *rows.shape)
    _, _, directions = randomized_svd(rows, dimensions, n_iter=passes, random_state=0)
    return np.ascontiguousarray(directions.T, np.float32)


def _rows(arrays: Sequence[Array], positions: np.ndarray) -> np.ndarray:
    """Rows of arrays that lie one behind the other, float32, without a copy of all of them."""
    rows = np.empty((len(positions), arrays[0].shape[1]), np.float32)
    start = 0
    for array in arrays:
        own = (positions >= start) & (positions < start + len(array))
        rows[own] = array[positions[own] - start]
        start += len(array)
    return rows


def _in_blocks(function: Rows, count: int) -> np.ndarray:
    """(count, d) float32: a function of all rows, computed block by block."""
    columns = function(np.arange(1)).shape[1]
    result = np.empty((count, columns), np.float32)
    for positions in _blocks(count):
        result[positions] = function(positions)
    return result


def _blocks(count: int) -> Iterator[np.ndarray]:
    for start in range(0, count, BLOCK):
        yield np.arange(start, min(start + BLOCK, count))


def _sample(count: int) -> np.ndarray:
    """Positions of at most `MAX_SAMPLE` rows, evenly spread, ascending."""
    return np.arange(0, count, -(-count // MAX_SAMPLE))

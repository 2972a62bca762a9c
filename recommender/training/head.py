"""Training of the learned head: style and colour networks fitted on a catalogue's labels.

Features may lie on disk. They are read in order, block by block; only the networks' inputs stay in
memory, at most 3 KB a picture.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from recommender.embedding.head import LearnedHead
from recommender.embedding.network import Network
from recommender.embedding.prototypes import Prototypes
from recommender.embedding.standardisation import scale_of
from recommender.embedding.vectors import pooled_features
from recommender.features.colour import HISTOGRAM_DIMENSIONS
from recommender.features.table import Array, AugmentedFeatures
from recommender.training.targets import (
    SMALL_CATALOGUE,
    Columns,
    colour_target,
    common_values,
    prior_weights,
    style_targets,
    type_by_gender,
)

STYLE_DIMENSIONS = 192
COLOUR_DIMENSIONS = 64
# Units of the hidden layers, and their dropout. For style, 2048 units in place of 1024 gain half a
# point of precision at 5 on products, and one point on people's photographs.
STYLE_HIDDEN, STYLE_DROPOUT = 2048, 0.5
COLOUR_HIDDEN, COLOUR_DROPOUT = 256, 0.3
# Least steps of fitting: with fewer, the networks of a small catalogue would hardly be trained.
STYLE_STEPS, COLOUR_STEPS = 400, 600
# Principal directions of the pooled features that style is learned from. Fitting is three times as
# fast as with all features; precision at 5 is one point lower on the catalogue and two points
# higher on photographs.
STYLE_DIRECTIONS = 512
# Sizes for catalogues of fewer than `SMALL_CATALOGUE` products, too few for the sizes above.
SMALL_STYLE_HIDDEN, SMALL_STYLE_DIRECTIONS, SMALL_COLOUR_HIDDEN = 512, 128, 128
# Rows of a block that is read at once.
BLOCK = 4096
# Rows on which principal directions are computed, at most.
MAX_SAMPLE = 8192

Rows = Callable[[np.ndarray], np.ndarray]
"""Features of the pictures at positions, (m,) int: (m, d) float32."""


def fit_head(
    max_pooled: Array,
    avg_pooled: Array,
    colour: Array,
    labels: Columns,
    augmented: AugmentedFeatures | None = None,
    seed: int = 0,
) -> LearnedHead:
    """Learned head fitted on a catalogue; deterministic on one machine.

    Args:
        max_pooled, avg_pooled: (n, c) float32 or float16, in memory or on disk.
        colour: (n, d), from `recommender.features.colour.colour_features`.
        labels: the catalogue's columns, n values each, by name; `recommender.training.targets`
            chooses the columns to learn. If there is none for style (colour), a projection on the
            principal directions of the pooled features (histograms) replaces the network.
        augmented: features of synthetic pictures of the products.
        seed: of initial weights, dropout and order.
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
            seed=seed,
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
            seed=seed,
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
    seed: int,
    directions: int | None = None,
) -> tuple[Network, list[np.ndarray]]:
    """Fitted projection network, and each attribute's proxies, (values, outputs) of length one.

    Args:
        rows: features of the pictures at positions.
        count: number of products. Mean and standard deviation are those of the first `count` rows,
            the products' own pictures.
        targets: (n,) int for each attribute, n pictures, see `fit_proxies`.
        hidden, outputs, dropout, least_steps, seed: see `fit_proxies`.
        directions: number of principal directions that the inputs are projected on; None: no
            projection.
    """
    # Imported here: TensorFlow takes seconds.
    from recommender.training.metric_learning import fit_proxies

    network = _standardising(rows, count)
    if directions is not None:
        sample = network.first_inputs(rows(_sample(count)))
        network = Network(
            network.mean, network.scale, (), _principal_directions(sample, directions, passes=2)
        )
    # In float16, much finer than the dropout: 3 KB a picture, the most of what a build holds.
    inputs = _in_blocks(
        lambda positions: network.first_inputs(rows(positions)), len(targets[0]), np.float16
    )
    fitted = fit_proxies(
        inputs,
        targets,
        hidden=hidden,
        outputs=outputs,
        dropout=dropout,
        least_steps=least_steps,
        seed=seed,
    )
    network = Network(network.mean, network.scale, fitted.layers, network.directions)
    # Rounded before its first use, so that the stored network is the one that was used.
    return network.rounded(), fitted.proxies


def _standardising(rows: Rows, count: int) -> Network:
    """Network without layers that standardises by mean and deviation of the first `count` rows."""
    total = squares = np.zeros(1)
    for positions in _blocks(count):
        block = rows(positions).astype(np.float64)
        total, squares = total + block.sum(axis=0), squares + (block**2).sum(axis=0)
    mean = total / count
    spread = np.sqrt(np.maximum(squares / count - mean**2, 0))
    return Network(mean.astype(np.float32), scale_of(spread).astype(np.float32), ())


def _keeping_cosines(rows: np.ndarray, dimensions: int, inputs: int) -> Network:
    """Network of one linear layer that keeps the cosines of rows: their principal directions.

    Not centred, not whitened: on products held out of the catalogue, centring changed nothing, and
    whitening lost 1-6 points of precision at 5, most with the fewest products.

    Args:
        rows: (n, d) float32.
        dimensions: of the output, at most.
        inputs: of the network; inputs beyond d are ignored.
    """
    directions = _principal_directions(rows, dimensions, passes=4)
    weights = np.zeros((inputs, directions.shape[1]), np.float32)
    weights[: len(directions)] = directions
    mean, scale = np.zeros(inputs, np.float32), np.ones(inputs, np.float32)
    network = Network(mean, scale, ((weights, np.zeros(weights.shape[1], np.float32)),))
    return network.rounded()


def _principal_directions(rows: np.ndarray, wanted: int, passes: int) -> np.ndarray:
    """Right singular vectors of (n, d) rows, (d, at most `wanted`) float32, the greatest first."""
    from sklearn.utils.extmath import randomized_svd  # imported here: it takes a second

    dimensions = min(wanted, *rows.shape)
    _, _, directions = randomized_svd(rows, dimensions, n_iter=passes, random_state=0)
    return np.ascontiguousarray(directions.T, np.float32)


def _rows(arrays: Sequence[Array], positions: np.ndarray) -> np.ndarray:
    """Rows of the concatenation of arrays, float32, without concatenating them."""
    rows = np.empty((len(positions), arrays[0].shape[1]), np.float32)
    start = 0
    for array in arrays:
        own = (positions >= start) & (positions < start + len(array))
        rows[own] = array[positions[own] - start]
        start += len(array)
    return rows


def _in_blocks(
    function: Rows, count: int, dtype: type[np.floating[Any]] = np.float32
) -> np.ndarray:
    """Values of a function for all rows, (count, d), computed block by block."""
    columns = function(np.arange(1)).shape[1]
    result = np.empty((count, columns), dtype)
    for positions in _blocks(count):
        result[positions] = function(positions)
    return result


def _blocks(count: int) -> Iterator[np.ndarray]:
    for start in range(0, count, BLOCK):
        yield np.arange(start, min(start + BLOCK, count))


def _sample(count: int) -> np.ndarray:
    """Positions of at most `MAX_SAMPLE` rows, evenly spaced, ascending."""
    return np.arange(0, count, -(-count // MAX_SAMPLE))

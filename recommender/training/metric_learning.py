"""Fit a small network whose output puts pictures with the same labels side by side.

One hidden layer, then a layer whose output is divided by its length. While it is fitted, each
attribute of the catalogue (article type, gender, ...) has one unit vector a value, a proxy, and
softmax of the scaled cosines between output and proxies is to name the picture's own value
("NormFace", Wang et al., 2017; "Classification is a strong baseline for deep metric learning",
Zhai and Wu, 2019).
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

# The usual settings of AdamW (Loshchilov and Hutter, 2019), with one cosine decay and a warm-up.
LEARNING_RATE = 1e-3
WEIGHT_DECAY = 0.1
MOMENTUM, SQUARE_MOMENTUM = 0.9, 0.99
WARM_UP_STEPS = 200
BATCH = 256
EPOCHS = 8
# A small catalogue is gone through more often, and in smaller batches.
SMALL, SMALL_BATCH = 8192, 128

INPUT_DROPOUT = 0.1
# Principal directions are found on so many items at most.
MOST_SAMPLED = 8192
# Share of the target spread over all values: shops' labels are not always right.
LABEL_SMOOTHING = 0.05
# Inverse temperature of the softmax over cosines.
SCALE = 16.0
# Inputs are standardised, then cut off at so many standard deviations: a photograph unlike any of
# the catalogue's must not be carried away by one channel.
MAX_DEVIATION = 5.0

Rows = Callable[[np.ndarray | slice], np.ndarray]
"""Given positions, the inputs of these items: (n, d) float32."""


@dataclass(frozen=True)
class Network:
    """Standardise, go through the layers with a ReLU between them, divide by the length."""

    mean: np.ndarray
    """(d,) float32, as are all of its arrays."""
    scale: np.ndarray
    layers: tuple[tuple[np.ndarray, np.ndarray], ...]
    """(inputs, outputs) weights and (outputs,) biases."""
    directions: np.ndarray | None = None
    """(d, inputs of the first layer): what of the standardised inputs goes on; None: all."""

    def __call__(self, inputs: np.ndarray) -> np.ndarray:
        """(n, d) float32 to (n, outputs) float32 of length one."""
        rows = self.standardise(inputs)
        if self.directions is not None:
            rows = rows @ self.directions
        for number, (weights, bias) in enumerate(self.layers):
            rows = (np.maximum(rows, 0) if number else rows) @ weights + bias
        return _unit_rows(rows)[0]

    def standardise(self, inputs: np.ndarray) -> np.ndarray:
        """(n, d) float32: deviations from the mean, cut off."""
        return np.clip((inputs - self.mean) * self.scale, -MAX_DEVIATION, MAX_DEVIATION)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Named arrays that say all of it."""
        arrays = {"mean": self.mean, "scale": self.scale}
        if self.directions is not None:
            arrays["directions"] = self.directions
        for number, (weights, bias) in enumerate(self.layers):
            arrays[f"weights_{number}"], arrays[f"bias_{number}"] = weights, bias
        return arrays

    @classmethod
    def from_arrays(cls, arrays: dict[str, np.ndarray]) -> "Network":
        """The inverse of `to_arrays`.

        Raises:
            KeyError: an array is missing.
        """
        numbers = itertools.takewhile(lambda i: f"weights_{i}" in arrays, itertools.count())
        layers = tuple((arrays[f"weights_{i}"], arrays[f"bias_{i}"]) for i in numbers)
        if not layers:
            raise KeyError("weights_0")
        return cls(arrays["mean"], arrays["scale"], layers, arrays.get("directions"))


def mean_and_scale(rows: Rows, count: int) -> tuple[np.ndarray, np.ndarray]:
    """(d,) float32 each: what makes the inputs' channels zero on average and of spread one."""
    total = squares = np.zeros(1)
    for start in range(0, count, 4096):
        block = rows(slice(start, min(start + 4096, count))).astype(np.float64)
        total, squares = total + block.sum(axis=0), squares + (block**2).sum(axis=0)
    mean = total / count
    spread = np.sqrt(np.maximum(squares / count - mean**2, 0))
    # A channel that hardly ever varies in the catalogue says little about a stranger's photograph.
    spread += 0.05 * spread.mean() + 1e-12
    return mean.astype(np.float32), (1 / spread).astype(np.float32)


def fit_network(
    rows: Rows,
    count: int,
    targets: Sequence[np.ndarray],
    *,
    hidden: int,
    outputs: int,
    dropout: float,
    least_steps: int,
    directions: int | None = None,
    seed: int = 0,
) -> tuple[Network, list[np.ndarray]]:
    """Fit a network, the same one for the same input.

    Returns:
        The network, and each attribute's proxies, (values, outputs) float32 of length one.

    Args:
        rows: the inputs.
        count: items there are, whose inputs tell what is average; they come first.
        targets: (n,) int for each attribute: number of the item's value, -1 where unknown; n is
            `count`, or more: what comes behind the items are further views of them.
        hidden: units of the hidden layer.
        outputs: dimensions of the vectors it makes.
        dropout: share of the hidden units that are left out at each step.
        least_steps: of fitting, however few items there are.
        directions: how many principal directions of the inputs are learned from; None: all inputs
            are.
        seed: of the first weights, the dropout and the order of the items.
    """
    random = np.random.default_rng(seed)
    mean, scale = mean_and_scale(rows, count)
    network = Network(mean, scale, ())
    total = len(targets[0])
    basis = _principal_directions(network, rows, count, directions) if directions else None
    turned = _turned(network, rows, total, basis) if basis is not None else None

    def draw(inputs: int, units: int, gain: float) -> np.ndarray:
        weights = random.standard_normal((inputs, units), np.float32)
        return weights * np.float32(np.sqrt(gain / inputs))

    # [hidden weights, hidden bias, output weights, proxies of each attribute ...]
    parameters = [
        draw(len(mean) if turned is None else turned.shape[1], hidden, 2.0),
        np.zeros(hidden, np.float32),
        draw(hidden, outputs, 1.0),
        *(draw(outputs, int(values.max()) + 1, 1.0) for values in targets),
    ]
    # An article type of 140 tells more than a season of four, but not by as much as its entropy:
    # weighed by that, gender lost half a point of precision at 5, and weighed alike, type one.
    importance = [np.float32(np.sqrt(entropy(values))) for values in targets]
    importance = [own / max(importance) for own in importance]
    batch = min(BATCH if total >= SMALL else SMALL_BATCH, total)
    steps = max(EPOCHS * (total // batch), least_steps)
    optimiser = _AdamW(parameters, decayed=(0, 2), steps=steps)
    for positions in itertools.islice(_batches(random, total, batch), steps):
        inputs = network.standardise(rows(positions)) if turned is None else turned[positions]
        inputs *= _dropout(random, inputs.shape, INPUT_DROPOUT)
        kept = _dropout(random, (batch, hidden), dropout)
        values = [own[positions] for own in targets]
        optimiser.step(_gradients(parameters, inputs, kept, values, importance))
    no_bias = np.zeros(outputs, np.float32)
    layers = (parameters[0], parameters[1]), (parameters[2], no_bias)
    fitted = Network(mean, scale, layers, basis)
    return fitted, [_unit_rows(own.T)[0] for own in parameters[3:]]


def _principal_directions(network: Network, rows: Rows, count: int, wanted: int) -> np.ndarray:
    """(d, at most `wanted`) float32: orthonormal columns, along which items differ most."""
    from sklearn.utils.extmath import randomized_svd  # late: serving fits nothing

    sample = np.arange(0, count, max(1, count // MOST_SAMPLED))[:MOST_SAMPLED]
    inputs = network.standardise(rows(sample))
    _, _, directions = randomized_svd(inputs, min(wanted, *inputs.shape), n_iter=2, random_state=0)
    return np.ascontiguousarray(directions.T, np.float32)


def _turned(network: Network, rows: Rows, total: int, basis: np.ndarray) -> np.ndarray:
    """(total, k) float32: all inputs, standardised, by their principal directions."""
    blocks = (slice(start, min(start + 4096, total)) for start in range(0, total, 4096))
    return np.concatenate([network.standardise(rows(block)) @ basis for block in blocks])


def _batches(random: np.random.Generator, count: int, batch: int) -> itertools.chain[np.ndarray]:
    """Positions, shuffled anew whenever all were seen; what does not fill a batch waits."""
    epochs = (random.permutation(count) for _ in itertools.count())
    return itertools.chain.from_iterable(
        np.split(order[: count // batch * batch], count // batch) for order in epochs
    )


def entropy(values: np.ndarray) -> float:
    """Nats that knowing the value tells; the unknown (-1) left out."""
    counts = np.bincount(values[values >= 0])
    shares = counts[counts > 0] / counts.sum()
    return float(-(shares * np.log(shares)).sum())


def _gradients(
    parameters: list[np.ndarray],
    inputs: np.ndarray,
    kept: np.ndarray,
    targets: list[np.ndarray],
    importance: list[np.float32],
) -> list[np.ndarray]:
    """Of the weighted sum of all attributes' cross-entropies, each a mean over the batch."""
    first, bias, last, *proxies = parameters
    before = inputs @ first + bias
    kept = kept * (before > 0)
    hidden = before * kept
    embedded, lengths = _unit_rows(hidden @ last)

    towards_embedded = np.zeros_like(embedded)
    towards_proxies = []
    for own, values, weight in zip(proxies, targets, importance, strict=True):
        units, proxy_lengths = _unit_rows(own.T)
        logits = np.float32(SCALE) * embedded @ units.T
        error = np.float32(SCALE) * weight * _softmax_error(logits, values)
        towards_embedded += error @ units
        towards_proxies.append(_through_unit(error.T @ embedded, units, proxy_lengths).T)
    towards_output = _through_unit(towards_embedded, embedded, lengths)
    towards_hidden = (towards_output @ last.T) * kept
    return [
        inputs.T @ towards_hidden,
        towards_hidden.sum(axis=0),
        hidden.T @ towards_output,
        *towards_proxies,
    ]


def softmax(logits: np.ndarray) -> np.ndarray:
    """(n, values) float32: rows of probabilities."""
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    return shares


def _softmax_error(logits: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Gradient of the mean cross-entropy with smoothed targets; none where the value is unknown."""
    shares = softmax(logits)
    known = np.flatnonzero(values >= 0)
    shares -= np.float32(LABEL_SMOOTHING / logits.shape[1])
    shares[known, values[known]] -= np.float32(1 - LABEL_SMOOTHING)
    shares[values < 0] = 0
    return shares / np.float32(len(values))


def _unit_rows(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of length one, and the lengths, (n, 1)."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True) + np.float32(1e-12)
    return rows / lengths, lengths


def _through_unit(gradient: np.ndarray, units: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The gradient before rows were divided by their lengths."""
    return (gradient - units * (units * gradient).sum(axis=1, keepdims=True)) / lengths


def _dropout(random: np.random.Generator, shape: tuple[int, ...], share: float) -> np.ndarray:
    """Zero for a share of the places, and for the others what keeps the sum the same on average."""
    return (random.random(shape, np.float32) >= share) * np.float32(1 / (1 - share))


class _AdamW:
    """Changes the parameters in place."""

    def __init__(self, parameters: list[np.ndarray], decayed: tuple[int, ...], steps: int) -> None:
        self._parameters, self._decayed, self._steps, self._step = parameters, decayed, steps, 0
        self._means = [np.zeros_like(p) for p in parameters]
        self._squares = [np.zeros_like(p) for p in parameters]

    def step(self, gradients: list[np.ndarray]) -> None:
        self._step += 1
        rate = 0.5 * LEARNING_RATE * (1 + np.cos(np.pi * self._step / self._steps))
        rate *= min(1.0, self._step / WARM_UP_STEPS)
        corrected = rate / (1 - MOMENTUM**self._step)
        for i, gradient in enumerate(gradients):
            mean, square = self._means[i], self._squares[i]
            mean += np.float32(1 - MOMENTUM) * (gradient - mean)
            square += np.float32(1 - SQUARE_MOMENTUM) * (gradient**2 - square)
            root = np.sqrt(square / np.float32(1 - SQUARE_MOMENTUM**self._step)) + np.float32(1e-8)
            if i in self._decayed:
                self._parameters[i] *= np.float32(1 - rate * WEIGHT_DECAY)
            self._parameters[i] -= np.float32(corrected) * mean / root

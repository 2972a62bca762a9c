"""Proxy-based metric learning in Keras: equal labels are placed close together.

The network has one hidden layer and an L2-normalised output. Each value of an attribute (article
type, gender, ...) has a proxy, a vector of length one. The loss is the cross-entropy of the softmax
over the scaled cosines between output and proxies ("NormFace", Wang et al., 2017; "Classification
is a strong baseline for deep metric learning", Zhai and Wu, 2019).

Keras takes seconds to import: import this module inside functions.
"""

import itertools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

# TensorFlow's start-up notes would fill stderr, where progress bars are shown.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
from keras import layers, ops

# Usual settings of AdamW (Loshchilov and Hutter, 2019), with a warm-up and one cosine decay.
LEARNING_RATE = 1e-3
WEIGHT_DECAY = 0.1
MOMENTUM, SQUARE_MOMENTUM = 0.9, 0.99
WARM_UP_STEPS = 200
BATCH = 256
# Epochs. With 4.3, 6 and 8 epochs of style, precision at 5 of the article type is .825, .832 and
# .839; of article type, gender and colour together .480, .483 and .491; of photographs .667, .677
# and .674 (16,384 products, 9,458 augmented pictures; 1,500 products held out, 258 photographs).
EPOCHS = 8
# Steps at most, which end the epochs of a catalogue of more than 40,000 products early.
MOST_STEPS = 2_500
# A small catalogue is fitted in more epochs, until the steps are enough. Of 1,493 products of large
# pictures (500 held out, 2,019 photographs; EfficientNet-Lite0) 400, 930 and 2,500 steps give .743,
# .755 and .750 for the article type, .570, .573 and .583 for colour, .674, .689 and .674 for
# photographs.
MOST_EPOCHS, ENOUGH_STEPS = 20, 1_000
# Pictures below which the smaller batch is used, so that an epoch has more steps.
SMALL, SMALL_BATCH = 8192, 128
# Steps in one call of the compiled graph; more are no faster.
STEPS_PER_CALL = 20

INPUT_DROPOUT = 0.1
# Fraction of the target that is spread over all values, because some labels of shops are wrong.
LABEL_SMOOTHING = 0.05
# Inverse temperature of the softmax over cosines.
SCALE = 16.0


@dataclass(frozen=True)
class Fitted:
    """Fitted layers and proxies, float32."""

    layers: tuple[tuple[np.ndarray, np.ndarray], ...]
    """Weights (inputs, outputs) and biases (outputs,) of both layers."""
    proxies: list[np.ndarray]
    """Proxies of each attribute, (values, outputs), rows of length one."""


def fit_proxies(
    inputs: np.ndarray,
    targets: Sequence[np.ndarray],
    *,
    hidden: int,
    outputs: int,
    dropout: float,
    least_steps: int,
    seed: int = 0,
) -> Fitted:
    """Projection network and proxies, fitted; deterministic on one machine.

    Args:
        inputs: (n, d) float32 or float16, standardised.
        targets: (n,) int for each attribute: class of the picture's value, -1 where unknown.
        hidden: units of the hidden layer.
        outputs: dimensions of the output vectors.
        dropout: fraction of the hidden units dropped at each step.
        least_steps: least number of steps.
        seed: of initial weights, dropout and order.
    """
    values = [int(codes.max()) + 1 for codes in targets]
    random = keras.random.SeedGenerator(seed)
    first = layers.Dense(hidden, "relu", kernel_initializer=keras.initializers.HeNormal(random))
    last = layers.Dense(outputs, use_bias=False, kernel_initializer=unit_variance(random))
    proxies = [proxy_layer(count, random) for count in values]

    pictures = keras.Input((inputs.shape[1],))
    units = first(layers.Dropout(INPUT_DROPOUT, seed=seed)(pictures))
    embedded = layers.UnitNormalization()(last(layers.Dropout(dropout, seed=seed + 1)(units)))
    model = keras.Model(pictures, [own(embedded) for own in proxies])

    batches = _Batches(inputs, targets, least_steps, seed)
    model.compile(
        _optimiser(len(batches), [first.bias, *(own.kernel for own in proxies)]),
        loss=[smoothed_cross_entropy] * len(targets),
        loss_weights=loss_weights(targets),
        steps_per_execution=STEPS_PER_CALL,
        jit_compile=False,  # on a CPU, XLA takes several times as long
    )
    model.fit(batches, shuffle=False, verbose=0)
    (weights, bias), (last_weights,) = first.get_weights(), last.get_weights()
    no_bias = np.zeros(outputs, np.float32)
    return Fitted(
        ((weights, bias), (last_weights, no_bias)),
        [np.ascontiguousarray(own.get_weights()[0].T) for own in proxies],
    )


def loss_weights(targets: Sequence[np.ndarray]) -> list[float]:
    """Weights of the attributes' losses, the greatest 1: square roots of the entropies.

    140 article types say more than four seasons. Weighed by entropy, gender lost half a point of
    precision at 5; with equal weights, the article type lost one.

    Args:
        targets: (n,) int for each attribute, -1 where unknown.
    """
    importance = np.sqrt([entropy(codes) for codes in targets])
    return [float(weight) for weight in importance / importance.max()]


def entropy(codes: np.ndarray) -> float:
    """Entropy of the classes in nats, without the unknown (-1)."""
    counts = np.bincount(codes[codes >= 0])
    fractions = counts[counts > 0] / counts.sum()
    return float(-(fractions * np.log(fractions)).sum())


def smoothed_cross_entropy(codes: Any, cosines: Any) -> Any:
    """Cross-entropy with label smoothing, (n,); 0 where the class is unknown.

    Args:
        codes: (n, 1) int, -1 where unknown.
        cosines: (n, values) float32, of outputs and proxies.
    """
    codes = ops.squeeze(ops.cast(codes, "int32"), axis=1)
    losses = keras.losses.categorical_crossentropy(
        ops.one_hot(codes, cosines.shape[1]),
        SCALE * cosines,
        from_logits=True,
        label_smoothing=LABEL_SMOOTHING,
    )
    return ops.where(codes >= 0, losses, 0.0)


def unit_variance(random: keras.random.SeedGenerator) -> keras.initializers.Initializer:
    """Initial weights of a layer whose outputs have the variance of its inputs."""
    return keras.initializers.VarianceScaling(1.0, "fan_in", "untruncated_normal", random)


def proxy_layer(values: int, random: keras.random.SeedGenerator) -> layers.Dense:
    """Layer of cosines with an attribute's proxies, the columns of its kernel.

    Args:
        values: number of the attribute's values.
        random: of the initial proxies.
    """
    return layers.Dense(
        values,
        use_bias=False,
        kernel_initializer=unit_variance(random),
        kernel_constraint=keras.constraints.UnitNorm(axis=0),
    )


def _optimiser(steps: int, not_decayed: list[keras.Variable]) -> keras.optimizers.Optimizer:
    warm_up = min(WARM_UP_STEPS, steps // 2)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, steps - warm_up, warmup_target=LEARNING_RATE, warmup_steps=warm_up
    )
    optimiser = keras.optimizers.AdamW(
        rate, weight_decay=WEIGHT_DECAY, beta_1=MOMENTUM, beta_2=SQUARE_MOMENTUM
    )
    optimiser.exclude_from_weight_decay(var_list=not_decayed)
    return optimiser


def _steps(of_an_epoch: int) -> int:
    """Number of steps, from that of an epoch."""
    few = min(MOST_EPOCHS * of_an_epoch, ENOUGH_STEPS)
    return max(few, min(EPOCHS * of_an_epoch, MOST_STEPS))


class _Batches(keras.utils.PyDataset):
    """Shuffled batches; the remainder of an epoch that does not fill a batch is left out."""

    def __init__(
        self, inputs: np.ndarray, targets: Sequence[np.ndarray], least_steps: int, seed: int
    ) -> None:
        super().__init__()
        count = len(inputs)
        batch = min(BATCH if count >= SMALL else SMALL_BATCH, count)
        steps = max(_steps(count // batch), least_steps)
        random = np.random.default_rng(seed)
        orders = (random.permutation(count) for _ in itertools.count())
        full = itertools.chain.from_iterable(
            order[: count // batch * batch].reshape(-1, batch) for order in orders
        )
        self._positions = list(itertools.islice(full, steps))
        self._inputs, self._targets = inputs, targets

    def __len__(self) -> int:
        return len(self._positions)

    def __getitem__(self, step: int) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
        positions = self._positions[step]
        inputs = self._inputs[positions].astype(np.float32, copy=False)
        return inputs, tuple(own[positions, None] for own in self._targets)

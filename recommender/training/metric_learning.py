"""Proxy-based metric learning in Keras: inputs of the same label come to lie side by side.

A hidden layer, then a layer whose output is divided by its length. Each attribute of the catalogue
(article type, gender, ...) has one unit vector a value, a proxy, and the softmax of the scaled
cosines between output and proxies is to name the picture's own value ("NormFace", Wang et al.,
2017; "Classification is a strong baseline for deep metric learning", Zhai and Wu, 2019).

This module imports Keras, which takes seconds: import it late.
"""

import itertools
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

# TensorFlow logs a page of start-up notes to stderr, where progress bars live.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
from keras import layers, ops

# The usual settings of AdamW (Loshchilov and Hutter, 2019), with one cosine decay and a warm-up.
LEARNING_RATE = 1e-3
WEIGHT_DECAY = 0.1
MOMENTUM, SQUARE_MOMENTUM = 0.9, 0.99
WARM_UP_STEPS = 200
BATCH = 256
# With 4.3, 6 and 8 epochs of style, precision at 5 of article type is .825, .832 and .839, of
# article type, gender and colour at once .480, .483 and .491, of photographs .667, .677 and .674
# (16,384 products, 9,458 augmented pictures; 1,500 products held out, 258 photographs).
EPOCHS = 8
# A small catalogue is gone through more often, and in smaller batches.
SMALL, SMALL_BATCH = 8192, 128
# Steps that one call of the compiled graph takes; more are no faster.
STEPS_PER_CALL = 20

INPUT_DROPOUT = 0.1
# Share of the target spread over all values: shops' labels are not always right.
LABEL_SMOOTHING = 0.05
# Inverse temperature of the softmax over cosines.
SCALE = 16.0


@dataclass(frozen=True)
class Fitted:
    """What was fitted; float32."""

    layers: tuple[tuple[np.ndarray, np.ndarray], ...]
    """(inputs, outputs) weights and (outputs,) biases of both layers."""
    proxies: list[np.ndarray]
    """(values, outputs) of each attribute, rows of length one."""


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
    """Fit a projection network and its proxies, on one machine the same for the same input.

    Args:
        inputs: (n, d) float32, standardised.
        targets: (n,) int for each attribute: class of the item's value, -1 where unknown.
        hidden: units of the hidden layer.
        outputs: dimensions of the vectors it makes.
        dropout: share of the hidden units that are left out at each step.
        least_steps: of fitting, however few items there are.
        seed: of the first weights, the dropout and the order of the items.
    """
    values = [int(codes.max()) + 1 for codes in targets]
    random = keras.random.SeedGenerator(seed)
    first = layers.Dense(hidden, "relu", kernel_initializer=keras.initializers.HeNormal(random))
    last = layers.Dense(outputs, use_bias=False, kernel_initializer=_unit_variance(random))
    proxies = [_proxies(count, random) for count in values]

    pictures = keras.Input((inputs.shape[1],))
    units = first(layers.Dropout(INPUT_DROPOUT, seed=seed)(pictures))
    embedded = layers.UnitNormalization()(last(layers.Dropout(dropout, seed=seed + 1)(units)))
    model = keras.Model(pictures, [own(embedded) for own in proxies])

    batches = _Batches(inputs, targets, least_steps, seed)
    # An article type of 140 tells more than a season of four, but not by as much as its entropy:
    # weighed by that, gender lost half a point of precision at 5, and weighed alike, type one.
    importance = np.sqrt([entropy(codes) for codes in targets])
    model.compile(
        _optimiser(len(batches), [first.bias, *(own.kernel for own in proxies)]),
        loss=[smoothed_cross_entropy] * len(targets),
        loss_weights=(importance / importance.max()).tolist(),
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


def entropy(codes: np.ndarray) -> float:
    """Nats that knowing the class tells; the unknown (-1) left out."""
    counts = np.bincount(codes[codes >= 0])
    fractions = counts[counts > 0] / counts.sum()
    return float(-(fractions * np.log(fractions)).sum())


def smoothed_cross_entropy(codes: Any, cosines: Any) -> Any:
    """(n,) losses: cross-entropy with smoothed labels, and 0 where the class is unknown.

    Args:
        codes: (n, 1) int, -1 where unknown.
        cosines: (n, values) float32, between outputs and proxies.
    """
    codes = ops.squeeze(ops.cast(codes, "int32"), axis=1)
    losses = keras.losses.categorical_crossentropy(
        ops.one_hot(codes, cosines.shape[1]),
        SCALE * cosines,
        from_logits=True,
        label_smoothing=LABEL_SMOOTHING,
    )
    return ops.where(codes >= 0, losses, 0.0)


def _unit_variance(random: keras.random.SeedGenerator) -> keras.initializers.Initializer:
    return keras.initializers.VarianceScaling(1.0, "fan_in", "untruncated_normal", random)


def _proxies(values: int, random: keras.random.SeedGenerator) -> layers.Dense:
    """Cosines with the proxies of an attribute, the columns of its kernel."""
    return layers.Dense(
        values,
        use_bias=False,
        kernel_initializer=_unit_variance(random),
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


class _Batches(keras.utils.PyDataset):
    """Batches of items, shuffled anew whenever all were seen; what does not fill a batch waits."""

    def __init__(
        self, inputs: np.ndarray, targets: Sequence[np.ndarray], least_steps: int, seed: int
    ) -> None:
        super().__init__()
        count = len(inputs)
        batch = min(BATCH if count >= SMALL else SMALL_BATCH, count)
        steps = max(EPOCHS * (count // batch), least_steps)
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
        return self._inputs[positions], tuple(own[positions, None] for own in self._targets)

"""Contrastive learning of the text head in Keras: a text is placed close to its own product.

The network has one hidden layer and two L2-normalised outputs, style and colour. The loss is the
cross-entropy of the softmax over the scaled inner products of a text with the products of the
batch (InfoNCE: van den Oord et al., 2018; CLIP: Radford et al., 2021). Products of the batch that
the text describes just as well are left out of the softmax.

Keras takes seconds to import: import this module inside functions.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

# TensorFlow's start-up notes would fill stderr, where progress bars are shown.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
from keras import layers, ops

# With 2e-3 and 5e-3, .441 and .456 of 3,000 held-out titles find their own product among the first
# ten of 39,957 by stored vectors, and .287 and .298 by pictures alone (one run of each).
LEARNING_RATE = 5e-3
WEIGHT_DECAY = 0.05
SQUARE_MOMENTUM = 0.99
WARM_UP_STEPS = 100
DROPOUT, INPUT_DROPOUT = 0.3, 0.1
# Standard deviation of the first layer's initial weights: the inputs are of length one, so that the
# usual scale by their number would make all hidden units small.
INITIAL_SPREAD = 0.05
# Inverse temperature. With 16, 25 and 40, held-out titles find their own product among the first
# ten of 39,957 in .401, .438 and .457 of cases; the article types of ten places change by .002.
SCALE = 40.0
# Weight of colour in the inner products of texts that name a colour.
COLOUR_WEIGHT = 0.4
# Pictures alone and stored vectors are both targets, with equal weights.


@dataclass(frozen=True)
class TextBatch:
    """Batch of b texts with their products."""

    inputs: np.ndarray
    """(b, d) float32: sentence vector and bag of words."""
    coloured: np.ndarray
    """(b,) bool: whether the text names a colour."""
    targets: tuple[np.ndarray, ...]
    """(b, dimensions) float32 each: the products' vectors, of several kinds."""
    as_good: np.ndarray
    """(b, b) bool: whether a text describes another text's product just as well."""


@dataclass(frozen=True)
class FittedLayers:
    """Fitted layers, float32."""

    hidden: tuple[np.ndarray, np.ndarray]
    style: tuple[np.ndarray, np.ndarray]
    colour: tuple[np.ndarray, np.ndarray]


def fit_layers(
    batch_at: Callable[[int], TextBatch],
    steps: int,
    *,
    inputs: int,
    hidden: int,
    style: int,
    colour: int,
    seed: int = 0,
) -> FittedLayers:
    """Layers of a text head, fitted; deterministic on one machine.

    Args:
        batch_at: batch of a step, all of one size.
        steps: number of steps.
        inputs, hidden, style, colour: dimensions of inputs, hidden layer and outputs; `colour` may
            be 0.
        seed: of initial weights and dropout.
    """
    random = keras.random.SeedGenerator(seed)
    spread = keras.initializers.RandomNormal(0.0, INITIAL_SPREAD, seed=random)
    first = layers.Dense(hidden, "relu", kernel_initializer=spread)
    outputs = [
        layers.Dense(size, kernel_initializer=keras.initializers.GlorotUniform(seed=random))
        for size in (style, colour)
        if size
    ]
    texts = keras.Input((inputs,))
    units = first(layers.Dropout(INPUT_DROPOUT, seed=seed)(texts))
    units = layers.Dropout(DROPOUT, seed=seed + 1)(units)
    model = keras.Model(texts, [layers.UnitNormalization()(own(units)) for own in outputs])
    warm_up = max(1, min(WARM_UP_STEPS, steps // 5))
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, max(1, steps - warm_up), warmup_target=LEARNING_RATE, warmup_steps=warm_up
    )
    optimiser = keras.optimizers.AdamW(rate, weight_decay=WEIGHT_DECAY, beta_2=SQUARE_MOMENTUM)
    learner = _Learner(model, style)
    learner.compile(optimizer=optimiser, jit_compile=False)  # on a CPU, XLA takes much longer
    learner.fit(_Steps(batch_at, steps), shuffle=False, verbose=0)
    weights = [tuple(own.get_weights()) for own in (first, *outputs)]
    nothing = np.zeros((hidden, 0), np.float32), np.zeros(0, np.float32)
    return FittedLayers(*weights, *(() if colour else (nothing,)))


class _Learner(keras.Model):
    """Model whose loss compares the texts of a batch with the products of the batch."""

    def __init__(self, model: keras.Model, style_dimensions: int) -> None:
        super().__init__(name="text_learner")
        self.model, self._style = model, style_dimensions

    def call(self, batch: dict[str, Any], training: bool = False) -> Any:
        parts = self.model(batch["inputs"], training=training)
        parts = parts if isinstance(parts, list) else [parts]
        weight = COLOUR_WEIGHT * batch["coloured"][:, None] if len(parts) > 1 else 0.0
        products = []
        for target in (batch["first"], batch["second"]):
            score = (1 - weight) * ops.matmul(parts[0], ops.transpose(target[:, : self._style]))
            if len(parts) > 1:
                colour = ops.matmul(parts[1], ops.transpose(target[:, self._style :]))
                score = score + weight * colour
            products.append(ops.where(batch["as_good"], -1e9, SCALE * score))
        loss = 0.0
        own = ops.arange(ops.shape(products[0])[0])
        for logits in products:
            losses = keras.losses.sparse_categorical_crossentropy(own, logits, from_logits=True)
            loss = loss + ops.mean(losses)
        self.add_loss(loss)
        return products[0]


class _Steps(keras.utils.PyDataset):
    def __init__(self, batch_at: Callable[[int], TextBatch], steps: int) -> None:
        super().__init__()
        self._batch_at, self._steps = batch_at, steps

    def __len__(self) -> int:
        return self._steps

    def __getitem__(self, step: int) -> tuple[dict[str, np.ndarray]]:
        batch = self._batch_at(step)
        first, second = batch.targets
        return (
            {
                "inputs": batch.inputs,
                "coloured": batch.coloured.astype(np.float32),
                "first": first,
                "second": second,
                "as_good": batch.as_good,
            },
        )

"""Contrastive learning of the text head in Keras: a text is placed close to its own product.

The network has one hidden layer and two L2-normalised outputs, style and colour. The loss is the
cross-entropy of the softmax over the scaled inner products of a text with the batch's products and
with further products (InfoNCE: van den Oord et al., 2018; CLIP: Radford et al., 2021). Products
that the text describes just as well as its own are left out of the softmax.

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

WEIGHT_DECAY = 0.05
SQUARE_MOMENTUM = 0.99
WARM_UP_STEPS = 100
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
class Regime:
    """Regime of fitting: learning rate, and dropout of the hidden layer and of the inputs."""

    learning_rate: float
    dropout: float
    input_dropout: float


# Held-out titles that find their own product among the first ten, by pictures alone and by stored
# vectors, one run of each. Of 3,000 among 39,957 products, with 16,000 words of 128 units: .304 and
# .462 with 5e-3, .3 and .1; .314 and .474 with 8e-3, .1 and .1; with 1,024 hidden units and near
# products, .326 and .490 with 8e-3, .3 and .1, .341 and .496 with 8e-3, .1 and .2; 12e-3 gains
# nothing. Small catalogues keep the first: of 2,000 titles among 2,800 products, 800 of them fitted
# on, .389 and .601 find their own, and .392 and .592 with 8e-3, .2 and .2.
LARGE_REGIME, SMALL_REGIME = Regime(8e-3, 0.2, 0.2), Regime(5e-3, 0.3, 0.1)


@dataclass(frozen=True)
class TextBatch:
    """Batch of b texts with their products."""

    sentences: np.ndarray
    """(b, d) float32: sentence vectors."""
    words: np.ndarray
    """(w,) int64: codes of the words of all texts, one text after another."""
    rows: np.ndarray
    """(w,) int64: position in the batch of the text that has the word."""
    weights: np.ndarray
    """(w,) float32: weight of the word in its text."""
    coloured: np.ndarray
    """(b,) bool: whether the text names a colour."""
    targets: tuple[np.ndarray, ...]
    """(p, dimensions) float32 each, of two kinds: vectors of the texts' own products, the first b,
    and of further products."""
    as_good: np.ndarray
    """(b, p) bool: whether a text describes a product that is not its own just as well."""


@dataclass(frozen=True)
class FittedLayers:
    """Fitted layers, float32."""

    words: np.ndarray
    """(v, e): word vectors."""
    words_layer: np.ndarray | None
    """(e, h): of word vectors to the hidden layer; None where they are added as they are."""
    sentence: np.ndarray
    """(d, h): of sentence vectors to the hidden layer."""
    bias: np.ndarray
    style: tuple[np.ndarray, np.ndarray]
    colour: tuple[np.ndarray, np.ndarray]


def fit_layers(
    batch_at: Callable[[int], TextBatch],
    steps: int,
    *,
    vocabulary: int,
    word_units: int,
    hidden: int,
    style: int,
    colour: int,
    regime: Regime,
    seed: int = 0,
) -> FittedLayers:
    """Layers of a text head, fitted; deterministic on one machine.

    Args:
        batch_at: batch of a step, all of one size.
        steps: number of steps.
        vocabulary: number of words.
        word_units, hidden, style, colour: dimensions of word vectors, hidden layer and outputs;
            `colour` may be 0; with `word_units` of `hidden`, word vectors are added to the hidden
            layer as they are.
        regime: learning rate and dropout.
        seed: of initial weights and dropout.
    """
    warm_up = max(1, min(WARM_UP_STEPS, steps // 5))
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, max(1, steps - warm_up), warmup_target=regime.learning_rate, warmup_steps=warm_up
    )
    optimiser = keras.optimizers.AdamW(rate, weight_decay=WEIGHT_DECAY, beta_2=SQUARE_MOMENTUM)
    learner = _Learner(max(1, vocabulary), word_units, hidden, (style, colour), regime, seed)
    learner.compile(optimizer=optimiser, jit_compile=False)  # on a CPU, XLA takes much longer
    learner.fit(_Steps(batch_at, steps), shuffle=False, verbose=0)
    return learner.layers_fitted(vocabulary)


class _Learner(keras.Model):
    """Text head whose loss compares the texts of a batch with its products."""

    def __init__(
        self,
        vocabulary: int,
        word_units: int,
        hidden: int,
        sizes: tuple[int, int],
        regime: Regime,
        seed: int,
    ) -> None:
        super().__init__(name="text_learner")
        random = keras.random.SeedGenerator(seed)
        spread = keras.initializers.RandomNormal(0.0, INITIAL_SPREAD, seed=random)
        self._vectors = self.add_weight(shape=(vocabulary, word_units), initializer=spread)
        self._of_sentences = layers.Dense(hidden, kernel_initializer=spread)
        # Keeps the spread of what the words add to the hidden layer.
        even = keras.initializers.RandomNormal(0.0, word_units**-0.5, seed=random)
        self._of_words = (
            layers.Dense(hidden, use_bias=False, kernel_initializer=even)
            if word_units != hidden
            else None
        )
        self._outputs = [
            layers.Dense(size, kernel_initializer=keras.initializers.GlorotUniform(seed=random))
            for size in sizes
            if size
        ]
        self._unit = layers.UnitNormalization()
        self._without_sentence = layers.Dropout(regime.input_dropout, seed=seed)
        self._without_words = layers.Dropout(regime.input_dropout, seed=seed + 2)
        self._without_units = layers.Dropout(regime.dropout, seed=seed + 1)
        self._style = sizes[0]

    def call(self, batch: dict[str, Any], training: bool = False) -> Any:
        sentences = self._without_sentence(batch["sentences"], training=training)
        weights = self._without_words(batch["weights"], training=training)
        count = ops.shape(sentences)[0]
        # The product by one makes the gradient dense: of a sparse one, Keras's Adam squares what
        # each place of a word adds in place of their sum.
        vectors = ops.take(1.0 * self._vectors, batch["words"], axis=0)
        weighed = weights[:, None] * vectors
        words = ops.segment_sum(weighed, batch["rows"], num_segments=count)
        words = words if self._of_words is None else self._of_words(words)
        units = ops.relu(self._of_sentences(sentences) + words)
        units = self._without_units(units, training=training)
        parts = [self._unit(own(units)) for own in self._outputs]
        weight = COLOUR_WEIGHT * batch["coloured"][:, None] if len(parts) > 1 else 0.0
        texts = ops.concatenate([(1 - weight) * parts[0], *(weight * p for p in parts[1:])], axis=1)
        own = ops.arange(count)
        loss = 0.0
        for target in (batch["first"], batch["second"]):
            scores = SCALE * ops.matmul(texts, ops.transpose(target))
            logits = ops.where(batch["as_good"], -1e9, scores)
            losses = keras.losses.sparse_categorical_crossentropy(own, logits, from_logits=True)
            loss = loss + ops.mean(losses)
        self.add_loss(loss)
        return texts

    def layers_fitted(self, vocabulary: int) -> FittedLayers:
        """Weights of the layers; a colour output of no dimension where there is none."""
        weights, bias = self._of_sentences.get_weights()
        of_words = None if self._of_words is None else self._of_words.get_weights()[0]
        nothing = np.zeros((len(bias), 0), np.float32), np.zeros(0, np.float32)
        outputs = [tuple(own.get_weights()) for own in self._outputs]
        style, colour = outputs if len(outputs) > 1 else (outputs[0], nothing)
        return FittedLayers(
            words=self._vectors.numpy()[:vocabulary],
            words_layer=of_words,
            sentence=weights,
            bias=bias,
            style=style,
            colour=colour,
        )


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
                "sentences": batch.sentences,
                "words": batch.words,
                "rows": batch.rows,
                "weights": batch.weights,
                "coloured": batch.coloured.astype(np.float32),
                "first": first,
                "second": second,
                "as_good": batch.as_good,
            },
        )

"""Fine-tuning of a backbone on a catalogue's labels, in Keras.

The loss is that of a head's style part (`recommender.training.metric_learning`), and reaches all
layers of the network. A new head is trained first, on the network as it is; then both are.
Batch normalisation stays as it is.

Keras takes seconds to import: import this module inside functions.
"""

import io
import itertools
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from recommender.errors import SettingsError
from recommender.features.encoder import FEATURE_MAP, MAX_POOLED, POOLED
from recommender.storage import write_whole
from recommender.training.metric_learning import (
    keras,
    layers,
    loss_weights,
    proxy_layer,
    smoothed_cross_entropy,
    unit_variance,
)

# Pictures of a step. At 224 pixels the activations of a picture take 70 MB, so that a step is
# computed in parts of `PART` pictures, whose gradients are averaged.
BATCH, PART = 256, 32
# Steps in which the new head alone is trained.
HEAD_STEPS = 80
# Rates of AdamW: of the new head alone, and of the whole network with it.
HEAD_RATE, RATE = 1e-3, 3e-4
HEAD_WARM_UP_STEPS, WARM_UP_STEPS = 50, 200
WEIGHT_DECAY, SQUARE_MOMENTUM = 0.02, 0.99
# Sizes of the new head, which is thrown away in the end.
HIDDEN, OUTPUTS = 1024, 192
FEATURE_DROPOUT, DROPOUT = 0.1, 0.3
# Steps between two checkpoints.
ROUND = 10
SEED = 0

Batch = tuple[np.ndarray, tuple[np.ndarray, ...]]
"""Pictures, (b, side, side, 3) uint8 RGB, and (b, 1) int codes of their values by attribute."""


def tune_backbone(
    network: "keras.Model",
    targets: Sequence[np.ndarray],
    batches: Callable[[int], Iterator[Batch]],
    steps: tuple[int, int],
    checkpoint: "Checkpoint",
    progress: Callable[[int], object],
) -> "keras.Model":
    """Tuned network; after an interruption it goes on from its last checkpoint.

    Args:
        network: from `recommender.features.backbones.network.describe`; its weights change.
        targets: (n,) int for each attribute: class of each product, -1 where unknown.
        batches: from the number of a step, its batches and all later ones: of `PART` pictures
            each, `BATCH // PART` to a step.
        steps: of the new head alone, and of the network with it.
        checkpoint: keeps the state.
        progress: is told how many steps were done since the last call.

    Returns:
        Network from uint8 pixels to the feature map, or to the embedding where it has no map.
    """
    learner = _learner(network, targets)
    stages = (
        (0, steps[0], HEAD_RATE, HEAD_WARM_UP_STEPS),
        (steps[0], steps[1], RATE, WARM_UP_STEPS),
    )
    parts = BATCH // PART
    done = checkpoint.restore_weights(learner)
    progress(done)
    for start, length, rate, warm_up in stages:
        if done >= start + length:
            continue
        _set_trainable(network, start > 0)
        _compile(learner, targets, length, rate, min(warm_up, length // 4), parts)
        checkpoint.restore_optimiser(learner, start)
        stream = batches(done)
        while done < start + length:
            taken = min(ROUND, start + length - done)
            for pictures, values in itertools.islice(stream, taken * parts):
                learner.train_on_batch(pictures, list(values))
            done += taken
            checkpoint.keep(learner, start, done)
            progress(taken)
    return without_head(network)


def without_head(network: "keras.Model") -> "keras.Model":
    """Network from uint8 pixels to the feature map alone, or to the embedding; not trainable."""
    features = network.output[FEATURE_MAP if FEATURE_MAP in network.output else MAX_POOLED]
    alone = keras.Model(network.inputs, features, name="tuned")
    alone.trainable = False
    return alone


def _learner(network: "keras.Model", targets: Sequence[np.ndarray]) -> "keras.Model":
    """Network with a new head: pixels to the cosines with each attribute's proxies."""
    random = keras.random.SeedGenerator(SEED)
    outputs = network.output
    pooled = [layers.UnitNormalization()(outputs[name]) for name in POOLED if name in outputs]
    features = layers.Concatenate()(pooled) if len(pooled) > 1 else pooled[0]
    units = layers.BatchNormalization(center=False, scale=False)(features)
    units = layers.Dropout(FEATURE_DROPOUT, seed=SEED)(units)
    initial = keras.initializers.HeNormal(random)
    units = layers.Dense(HIDDEN, "relu", kernel_initializer=initial)(units)
    units = layers.Dropout(DROPOUT, seed=SEED + 1)(units)
    last = layers.Dense(OUTPUTS, use_bias=False, kernel_initializer=unit_variance(random))
    embedded = layers.UnitNormalization()(last(units))
    values = [int(codes.max()) + 1 for codes in targets]
    cosines = [proxy_layer(count, random)(embedded) for count in values]
    return keras.Model(network.inputs, cosines, name="learner")


def _set_trainable(network: "keras.Model", trainable: bool) -> None:
    """Let the network learn or not; its batch normalisation stays as it is in any case."""
    network.trainable = trainable
    for layer in _all_layers(network):
        if isinstance(layer, layers.BatchNormalization):
            layer.trainable = False


def _all_layers(model: Any) -> Iterator[Any]:
    for layer in getattr(model, "layers", []):
        yield layer
        yield from _all_layers(layer)


def _compile(
    learner: "keras.Model",
    targets: Sequence[np.ndarray],
    steps: int,
    rate: float,
    warm_up: int,
    parts: int,
) -> None:
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, max(1, steps - warm_up), warmup_target=rate, warmup_steps=warm_up
    )
    learner.compile(
        keras.optimizers.AdamW(
            schedule,
            weight_decay=WEIGHT_DECAY,
            beta_2=SQUARE_MOMENTUM,
            gradient_accumulation_steps=parts if parts > 1 else None,
        ),
        loss=[smoothed_cross_entropy] * len(targets),
        loss_weights=loss_weights(targets),
        jit_compile=False,  # on a CPU, XLA takes several times as long
    )


@dataclass(frozen=True)
class Checkpoint:
    """Checkpoint file: weights, state of the optimiser, and how many steps were done."""

    path: Path
    key: str
    """What is tuned on what; a file of another key is refused."""

    def keep(self, learner: "keras.Model", start: int, done: int) -> None:
        """Write the state; after an interruption the file is this one or the one before.

        Args:
            learner: network with its head.
            start: first step of the stage.
            done: steps done.
        """
        state = {f"w{i}": values for i, values in enumerate(learner.get_weights())}
        for i, variable in enumerate(learner.optimizer.variables):
            state[f"o{i}"] = keras.ops.convert_to_numpy(variable)
        file = io.BytesIO()
        facts = {"key": np.array(self.key), "start": np.array(start), "done": np.array(done)}
        np.savez(file, allow_pickle=False, **facts, **state)
        write_whole(self.path, file.getvalue())

    def restore_weights(self, learner: "keras.Model") -> int:
        """Restore the weights, and say how many steps were done; 0 where there is no file.

        Raises:
            SettingsError: the file is damaged, or of another key.
        """
        state = self._read()
        if not state:
            return 0
        if str(state.get("key")) != self.key:
            raise SettingsError(
                f"{self.path.parent} holds the state of another tuning: choose another folder with "
                f"--out, or delete {self.path.name}."
            )
        weights = learner.get_weights()
        learner.set_weights([state[f"w{i}"] for i in range(len(weights))])
        return int(state["done"])

    def restore_optimiser(self, learner: "keras.Model", start: int) -> None:
        """Restore the state of the optimiser, where the file is of the stage that began here."""
        state = self._read()
        if not state or int(state["start"]) != start:
            return
        optimiser = learner.optimizer
        optimiser.build(learner.trainable_variables)
        for i, variable in enumerate(optimiser.variables):
            variable.assign(state[f"o{i}"])

    def _read(self) -> dict[str, np.ndarray]:
        if not self.path.exists():
            return {}
        try:
            with np.load(self.path, allow_pickle=False) as state:
                return dict(state)
        except (OSError, ValueError, EOFError, zipfile.BadZipFile):
            raise SettingsError(
                f"{self.path} is damaged: delete it, and the tuning begins anew."
            ) from None

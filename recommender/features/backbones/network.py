"""Keras network of a backbone with its weights, and its export to an encoder.

This module and `recommender.training.metric_learning` need TensorFlow, which takes seconds to
import: import them inside functions.
"""

import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from recommender.errors import BackboneError
from recommender.features.backbones import efficientnet_lite, keras_applications, keras_files
from recommender.features.backbones.keras_applications import IMAGENET, PixelNetwork
from recommender.features.backbones.registry import (
    BACKBONES,
    RESNET50,
    Backbone,
)
from recommender.features.encoder import (
    AVG_POOLED,
    FEATURE_MAP,
    MAX_POOLED,
    POOLED,
    Features,
    completed,
    export_encoder,
    no_colour,
)
from recommender.features.table import FeatureTable
from recommender.worker_process import run_apart

# TensorFlow's start-up notes would fill stderr, where progress bars are shown.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

if TYPE_CHECKING:
    import keras

KERAS_FILE = ".keras"
_EFFICIENTNET_LITE = {
    variant.backbone: variant for variant in (efficientnet_lite.LITE0, efficientnet_lite.LITE2)
}


def build_network(backbone: Backbone, weights: str = IMAGENET) -> "keras.Model":
    """Network of a backbone known by name, from unnormalised pixels to its pooled features.

    Args:
        backbone: the network to build.
        weights: "imagenet" for the published weights, or the path of a weights file: `.h5`,
            `.weights.h5` or `.keras` for ResNet50 (with or without its top), PyTorch's legacy
            format for EfficientNet-Lite.

    Returns:
        As `with_outputs`.

    Raises:
        BackboneError: the weights cannot be loaded, or are another network's.
    """
    if weights != IMAGENET and not Path(weights).is_file():
        raise BackboneError(f"The weights file {weights} does not exist.")
    if backbone in _EFFICIENTNET_LITE:
        variant = _EFFICIENTNET_LITE[backbone]
        path = efficientnet_lite.weights_path(variant) if weights == IMAGENET else Path(weights)
        call = efficientnet_lite.build(variant, path)
    elif backbone == RESNET50:
        # Its preprocessing is the recipe's: RGB to BGR, minus the ImageNet means.
        function, preprocess = keras_applications.find_application(backbone.name)
        resnet50 = keras_applications.load_application(function, weights, backbone.side)
        call = lambda floats: resnet50(preprocess(floats))  # noqa: E731
    else:
        raise BackboneError(f"There is no network for the backbone {backbone.name!r}.")
    return with_outputs(PixelNetwork(backbone, call))


def with_outputs(network: PixelNetwork) -> "keras.Model":
    """Non-trainable network from pixels to the outputs of an encoder.

    Returns:
        A network from RGB pixels, (n, side, side, 3) uint8, to a dictionary of float32 arrays:
        "feature_map" (n, h, w, channels), "max_pooled" and "avg_pooled" (n, channels); or, of a
        network that gives an embedding, "max_pooled" alone.
    """
    import keras

    side = network.backbone.side
    pixels = keras.Input((side, side, 3), dtype="uint8", name="pixels")
    features = keras.ops.cast(network.call(keras.ops.cast(pixels, "float32")), "float32")
    outputs = {MAX_POOLED: features}
    if network.backbone.has_map:
        outputs = {
            FEATURE_MAP: features,
            MAX_POOLED: keras.layers.GlobalMaxPooling2D()(features),
            AVG_POOLED: keras.layers.GlobalAveragePooling2D()(features),
        }
    name = "".join(letter if letter.isalnum() else "_" for letter in network.backbone.name)
    model = keras.Model(pixels, outputs, name=f"encoder_{name}")
    model.trainable = False
    return model


def describe(name: str, weights: str) -> tuple[Backbone, "keras.Model"]:
    """Backbone and network of a name or a `.keras` file; arguments as for `build_network`.

    Raises:
        BackboneError: Keras has no such network, or it cannot be loaded.
    """
    if name in BACKBONES:
        return BACKBONES[name], build_network(BACKBONES[name], weights)
    if name.endswith(KERAS_FILE):
        network = keras_files.model_file(Path(name))
    else:
        network = keras_applications.application(name, weights)
    return network.backbone, with_outputs(network)


def export_apart(
    name: str, weights: str, folder: Path, *, half: bool = False
) -> tuple[Backbone, str, bool]:
    """Export of a network of Keras to an encoder folder, in another process.

    TensorFlow takes 800 MB, which only the end of its process frees.

    Args:
        name: of a backbone or of a `.keras` file.
        weights: as for `build_network`.
        folder: of the encoder.
        half: store the encoder's weights in float16.

    Returns:
        The backbone, fingerprint of the weights, and whether TensorFlow finds a GPU.

    Raises:
        BackboneError: the weights cannot be loaded, or are another network's.
        StorageError: the other process was ended from outside.
    """
    return run_apart(export, name, weights, folder, half=half)


def export(
    name: str, weights: str, folder: Path, *, half: bool = False
) -> tuple[Backbone, str, bool]:
    """Export of a network in this process; see `export_apart`."""
    backbone, network = describe(name, weights)
    export_encoder(network, folder, half=half)
    return backbone, weights_fingerprint(network), sees_gpu()


def weights_fingerprint(network: "keras.Model") -> str:
    """SHA-256, hexadecimal, of the weights' shapes and float32 bytes in the network's order."""
    digest = hashlib.sha256()
    for array in network.get_weights():
        digest.update(repr(array.shape).encode())
        digest.update(np.ascontiguousarray(array, np.float32).tobytes())
    return digest.hexdigest()


def sees_gpu() -> bool:
    """Whether TensorFlow finds a GPU."""
    import tensorflow as tf

    return bool(tf.config.list_physical_devices("GPU"))


class KerasEncoder:
    """Encoder in TensorFlow, for builds on a machine with a GPU.

    Args:
        network: from `build_network`.
        batch: pictures in a call.
    """

    def __init__(self, network: "keras.Model", batch: int) -> None:
        import tensorflow as tf

        self._network, self._batch = tf.function(network, jit_compile=False), batch
        self.busy_seconds = 0.0

    def encode(self, pixels: np.ndarray) -> Features:
        """See `recommender.features.encoder.Encoder.encode`."""
        return Features(**self._run(pixels))

    def encode_stream(self, batches: Iterable[np.ndarray]) -> Iterator[FeatureTable]:
        """See `recommender.features.encoder.Encoder.encode_stream`."""
        self.busy_seconds = 0.0
        for pixels in batches:
            started = time.perf_counter()
            outputs = self._run(pixels)
            self.busy_seconds += time.perf_counter() - started
            yield FeatureTable(**{n: outputs[n] for n in POOLED}, colour=no_colour(pixels))

    def _run(self, pixels: np.ndarray) -> dict[str, np.ndarray]:
        # Padded to one size: TensorFlow compiles the graph again for each new size.
        padded = np.zeros((self._batch, *pixels.shape[1:]), np.uint8)
        padded[: len(pixels)] = pixels
        outputs = self._network(padded, training=False)
        return completed({name: value.numpy()[: len(pixels)] for name, value in outputs.items()})

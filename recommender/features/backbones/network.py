"""Build a backbone's Keras network with its weights, ready to be exported to an encoder.

Only this module and `recommender.training.metric_learning` need TensorFlow: import them late.
"""

import hashlib
import multiprocessing
import os
import socket
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from recommender.errors import BackboneError
from recommender.features.backbones import efficientnet_lite
from recommender.features.backbones.registry import EFFICIENTNET_LITE0, RESNET50, Backbone
from recommender.features.encoder import POOLED, Features, export_encoder, no_colour
from recommender.features.table import FeatureTable

# TensorFlow logs a page of start-up notes to stderr, where our progress bar lives.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

if TYPE_CHECKING:
    import keras

IMAGENET = "imagenet"
_EFFICIENTNET_LITE = {
    variant.backbone: variant for variant in (efficientnet_lite.LITE0, efficientnet_lite.LITE2)
}

# Seconds without a byte before the weights host counts as out of reach. Keras sets none, so that
# a firewall which drops packets would hold the start up for minutes.
DOWNLOAD_TIMEOUT = 15.0


def build_network(backbone: Backbone, weights: str = IMAGENET) -> "keras.Model":
    """A backbone that takes pixels as they are and gives its last feature map, pooled and whole.

    Args:
        backbone: which network.
        weights: "imagenet" for the published weights, or the path of a weights file: `.h5`,
            `.weights.h5` or `.keras` for ResNet50 (with or without its top), PyTorch's legacy
            format for EfficientNet-Lite.

    Returns:
        A network that is not trainable: RGB pixels (n, side, side, 3) uint8 to a dictionary of
        float32 arrays: "feature_map" (n, h, w, channels), "max_pooled" and "avg_pooled"
        (n, channels).

    Raises:
        BackboneError: the weights cannot be had or are another network's.
    """
    if weights != IMAGENET and not Path(weights).is_file():
        raise BackboneError(f"The weights file {weights} does not exist.")
    import keras

    pixels = keras.Input((backbone.side, backbone.side, 3), dtype="uint8", name="pixels")
    floats = keras.ops.cast(pixels, "float32")
    if backbone == RESNET50:
        # RGB to BGR and the ImageNet means: the recipe's own preprocessing, inside the network.
        feature_map = _resnet50(weights)(keras.applications.resnet50.preprocess_input(floats))
    elif backbone in _EFFICIENTNET_LITE:
        variant = _EFFICIENTNET_LITE[backbone]
        path = efficientnet_lite.weights_path(variant) if weights == IMAGENET else Path(weights)
        feature_map = efficientnet_lite.build(variant, path)(floats)
    else:
        raise BackboneError(f"There is no network for the backbone {backbone.name!r}.")
    outputs = {
        "feature_map": feature_map,
        "max_pooled": keras.layers.GlobalMaxPooling2D()(feature_map),
        "avg_pooled": keras.layers.GlobalAveragePooling2D()(feature_map),
    }
    network = keras.Model(pixels, outputs, name=backbone.name.replace("-", "_"))
    network.trainable = False
    return network


def export_apart(
    backbone: Backbone, weights: str, folder: Path, *, half: bool = False
) -> tuple[str, bool]:
    """Export a backbone to an encoder folder, in a process of its own.

    TensorFlow and what it leaves behind take 800 MB, which a build has better uses for.

    Args:
        backbone: which network.
        weights: as `build_network` takes them.
        folder: of the encoder.
        half: whether the encoder keeps its weights in float16.

    Returns:
        The fingerprint of its weights, and whether TensorFlow sees a GPU.

    Raises:
        BackboneError: the weights cannot be had or are another network's.
    """
    # Spawned: a fork of a process with threads, as libraries start them, can stand still.
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(export, backbone, weights, folder, half=half).result()


def export(
    backbone: Backbone, weights: str, folder: Path, *, half: bool = False
) -> tuple[str, bool]:
    """The work of `export_apart`, in this process."""
    network = build_network(backbone, weights)
    export_encoder(network, folder, half=half)
    return weights_fingerprint(network), sees_gpu()


def weights_fingerprint(network: "keras.Model") -> str:
    """SHA-256 over every weight's shape and float32 bytes, in the network's order (hex)."""
    digest = hashlib.sha256()
    for array in network.get_weights():
        digest.update(repr(array.shape).encode())
        digest.update(np.ascontiguousarray(array, np.float32).tobytes())
    return digest.hexdigest()


def _resnet50(weights: str) -> Any:
    import keras

    resnet50 = keras.applications.ResNet50
    if weights == IMAGENET:
        try:
            with _download_timeout():
                return resnet50(weights=IMAGENET, include_top=False)
        except Exception as error:  # Keras raises a bare Exception when a download fails
            raise BackboneError(
                "The ImageNet weights of ResNet50 are neither in Keras' cache nor can they be "
                "downloaded from the Keras weights host. Give a weights file with --weights FILE, "
                f"or choose --backbone {EFFICIENTNET_LITE0.name}, whose weights are installed."
            ) from error
    reasons = []
    for include_top in (False, True):
        network = resnet50(weights=None, include_top=include_top)
        try:
            network.load_weights(weights)
        except Exception as error:  # h5py, zipfile and Keras each have errors of their own
            reasons.append(f"{'with' if include_top else 'without'} its top: {error}")
            continue
        return keras.Model(network.input, network.get_layer("conv5_block3_out").output)
    reason = " ".join(reasons[0].split())[:300]
    raise BackboneError(f"{weights} does not hold weights that fit ResNet50 ({reason}).")


@contextmanager
def _download_timeout() -> Iterator[None]:
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(DOWNLOAD_TIMEOUT)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def sees_gpu() -> bool:
    """Whether TensorFlow can run on a GPU here."""
    import tensorflow as tf

    return bool(tf.config.list_physical_devices("GPU"))


class KerasEncoder:
    """A network run by TensorFlow, for building on a machine with a GPU.

    Args:
        network: what `build_network` returns.
        batch: pictures a call.
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
        # Padded to one size: TensorFlow would compile the graph again for every other.
        padded = np.zeros((self._batch, *pixels.shape[1:]), np.uint8)
        padded[: len(pixels)] = pixels
        outputs = self._network(padded, training=False)
        return {name: value.numpy()[: len(pixels)] for name, value in outputs.items()}

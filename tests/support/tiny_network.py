"""A network that is exported and run in a moment, for tests of everything but the network.

It stands in the place of a backbone's: the same input and outputs, two small convolutions, seeded
weights. What was built with it, the programs serve as they are.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

from recommender.features.backbones import network, registry

FILTERS, GRID = 24, 32


def build_tiny(backbone: registry.Backbone, weights: str = "imagenet"):
    """What `backbones.network.build_network` returns, small and seeded."""
    import keras

    keras.utils.set_random_seed(len(weights))
    pixels = keras.Input((backbone.side, backbone.side, 3), dtype="uint8", name="pixels")
    x = keras.ops.cast(pixels, "float32") / 127.5 - 1
    x = keras.layers.Conv2D(FILTERS, GRID, strides=GRID, activation="relu")(x)
    x = keras.layers.Conv2D(backbone.channels, 1, activation="relu")(x)
    outputs = {
        "feature_map": x,
        "max_pooled": keras.layers.GlobalMaxPooling2D()(x),
        "avg_pooled": keras.layers.GlobalAveragePooling2D()(x),
    }
    return keras.Model(pixels, outputs, name="tiny")


@contextmanager
def tiny_backbone() -> Iterator[str]:
    """While it lasts, the network of every backbone is a tiny one; gives the name of a backbone."""
    with (
        mock.patch.object(network, "build_network", side_effect=build_tiny),
        # Another process would not know of the tiny network.
        mock.patch.object(network, "export_apart", network.export),
    ):
        yield registry.EFFICIENTNET_LITE0.name


if __name__ == "__main__":
    # Runs a script with the tiny network in the place of the real one.
    import runpy
    import sys

    sys.argv.pop(0)
    with tiny_backbone():
        runpy.run_path(sys.argv[0], run_name="__main__")

"""Baseline: the classic recipe for visual search as its tutorials write it.

A picture is loaded with `load_img`, goes through Keras' ResNet50 with `predict`, is max-pooled and
divided by its norm, and scikit-learn's brute force looks for its neighbours.
"""

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from recommender.errors import BackboneError, SettingsError

if TYPE_CHECKING:
    import keras

# TensorFlow logs a page of start-up notes to stderr, where our progress is told.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

SIDE = 224
DIMENSIONS = 2048
NEIGHBOURS = 5
_SEED = 0


def cached_weights() -> Path | None:
    """ImageNet's weights of ResNet50 in Keras' cache, where they are."""
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    path = home / "models" / "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5"
    return path if path.is_file() else None


def weights_file(given: Path | None, folder: Path) -> tuple[Path, bool]:
    """A weights file for ResNet50, and whether its weights are genuine.

    Random ones are as fast as genuine ones: every multiplication is done whatever the numbers.

    Args:
        given: the file that the person named.
        folder: where random weights are written, when no others can be had.

    Raises:
        SettingsError: the file named does not exist.
    """
    if given is not None:
        if not given.is_file():
            raise SettingsError(f"The weights file {given} does not exist.")
        return given, True
    if (cached := cached_weights()) is not None:
        return cached, True
    import keras

    path = folder / "resnet50.weights.h5"
    if not path.exists():
        keras.utils.set_random_seed(_SEED)
        keras.applications.ResNet50(weights=None, include_top=False).save_weights(path)
    return path, False


def load_model(weights: Path) -> "keras.Model":
    """ResNet50 without its top, max-pooled.

    Raises:
        BackboneError: the file does not hold its weights.
    """
    import keras

    try:
        base = keras.applications.ResNet50(
            weights=str(weights), include_top=False, input_shape=(SIDE, SIDE, 3)
        )
    except Exception as error:  # h5py and Keras each have errors of their own
        raise BackboneError(
            f"{weights} cannot be loaded as Keras' ResNet50 without its top, which is what the "
            "baseline uses."
        ) from error
    base.trainable = False
    return keras.Sequential([base, keras.layers.GlobalMaxPooling2D()])


def fit(features: np.ndarray) -> Any:
    """scikit-learn's neighbours over (n, d) float32."""
    from sklearn.neighbors import NearestNeighbors

    neighbours = NearestNeighbors(n_neighbors=NEIGHBOURS, algorithm="brute", metric="euclidean")
    return neighbours.fit(features)


def load(picture: bytes) -> np.ndarray:
    """A picture's file as (224, 224, 3) float32, 0-255."""
    import keras

    return keras.utils.img_to_array(
        keras.utils.load_img(io.BytesIO(picture), target_size=(SIDE, SIDE))
    )


def preprocess(array: np.ndarray) -> np.ndarray:
    """(224, 224, 3) to the batch of one that the network takes."""
    import keras

    return keras.applications.resnet50.preprocess_input(np.expand_dims(array, axis=0))


def predict(model: "keras.Model", batch: np.ndarray) -> np.ndarray:
    """(1, 2048) float32."""
    return model.predict(batch, verbose=0)


def norm(features: np.ndarray) -> np.ndarray:
    """(1, d) to (d,) of length one."""
    flat = features.flatten()
    return flat / np.linalg.norm(flat)


def embed(model: "keras.Model", picture: bytes) -> np.ndarray:
    """A picture's file to (2048,) float32."""
    return norm(predict(model, preprocess(load(picture))))


def search(neighbours: Any, query: np.ndarray) -> np.ndarray:
    """Positions of the nearest, (5,) int64."""
    return neighbours.kneighbors([query], return_distance=False)[0]

"""Baseline: visual search as in tutorials, with Keras' ResNet50 and scikit-learn's brute force.

A picture is loaded by `load_img`, encoded by ResNet50's `predict`, max-pooled and divided by its
norm; scikit-learn finds its nearest neighbours by brute force.
"""

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from recommender.errors import BackboneError, SettingsError

if TYPE_CHECKING:
    import keras

# Level "error" only: TensorFlow's many start-up messages would hide the progress messages on
# stderr.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

SIDE = 224
DIMENSIONS = 2048
NEIGHBOURS = 5
_SEED = 0


def cached_weights() -> Path | None:
    """ResNet50's ImageNet weights in Keras' cache; None where they are not cached."""
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    path = home / "models" / "resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5"
    return path if path.is_file() else None


def weights_file(given: Path | None, folder: Path) -> tuple[Path, bool]:
    """Weights file for ResNet50, and whether the weights are trained.

    Without a file and without Keras' cache, random weights are written. They are as fast as trained
    weights, because the number of multiplications is the same.

    Args:
        given: file of the command line; None where there is none.
        folder: for random weights.

    Raises:
        SettingsError: the given file does not exist.
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
    """ResNet50 without its classifier, max-pooled.

    Raises:
        BackboneError: the file does not hold ResNet50's weights.
    """
    import keras

    try:
        base = keras.applications.ResNet50(
            weights=str(weights), include_top=False, input_shape=(SIDE, SIDE, 3)
        )
    except Exception as error:  # h5py and Keras have no common error
        raise BackboneError(
            f"{weights} cannot be loaded as Keras' ResNet50 without its top, which is what the "
            "baseline uses."
        ) from error
    base.trainable = False
    return keras.Sequential([base, keras.layers.GlobalMaxPooling2D()])


def fit(features: np.ndarray) -> Any:
    """scikit-learn's nearest neighbours, fitted on (n, d) float32."""
    from sklearn.neighbors import NearestNeighbors

    neighbours = NearestNeighbors(n_neighbors=NEIGHBOURS, algorithm="brute", metric="euclidean")
    return neighbours.fit(features)


def load(picture: bytes) -> np.ndarray:
    """Pixels of a picture's file, (224, 224, 3) float32, 0-255."""
    import keras

    return keras.utils.img_to_array(
        keras.utils.load_img(io.BytesIO(picture), target_size=(SIDE, SIDE))
    )


def preprocess(array: np.ndarray) -> np.ndarray:
    """Preprocessed batch of one picture, (1, 224, 224, 3), from (224, 224, 3)."""
    import keras

    return keras.applications.resnet50.preprocess_input(np.expand_dims(array, axis=0))


def predict(model: "keras.Model", batch: np.ndarray) -> np.ndarray:
    """Features of a batch of one picture, (1, 2048) float32."""
    return model.predict(batch, verbose=0)


def norm(features: np.ndarray) -> np.ndarray:
    """Features of length one, (d,), from (1, d)."""
    flat = features.flatten()
    return flat / np.linalg.norm(flat)


def embed(model: "keras.Model", picture: bytes) -> np.ndarray:
    """Vector of a picture's file, (2048,) float32."""
    return norm(predict(model, preprocess(load(picture))))


def search(neighbours: Any, query: np.ndarray) -> np.ndarray:
    """Positions of the nearest items, (5,) int64."""
    return neighbours.kneighbors([query], return_distance=False)[0]

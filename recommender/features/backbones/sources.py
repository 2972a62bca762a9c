"""Sources of networks: what `--backbone` names, and how each becomes an encoder.

| `--backbone`                                    | source             |
|-------------------------------------------------|--------------------|
| a name: resnet50, efficientnet-lite0, mobilenet | `KerasSource`      |
| a file: network.keras                           | `KerasSource`      |
| a file: network.onnx; a folder                  | `FolderSource`     |
| owner/name, owner/name@revision                 | `RepositorySource` |

Whatever the source, an encoder is a folder (`recommender.features.encoder`) and a `Backbone`.
"""

import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from recommender.errors import BackboneError, SettingsError
from recommender.features.backbones.onnx_folder import (
    NetworkFiles,
    digest,
    export_files,
    files_in,
    files_of_network,
)
from recommender.features.backbones.preprocessor_config import PREPROCESSOR_FILE
from recommender.features.backbones.registry import BACKBONES, Backbone
from recommender.hub import download_files, list_files, newest_commit

if TYPE_CHECKING:
    import keras

IMAGENET = "imagenet"
ONNX_FILE, KERAS_FILE = ".onnx", ".keras"

_REPOSITORY = re.compile(r"([\w.-]+/[\w.-]+)(?:@([\w./-]+))?")


@dataclass(frozen=True)
class Exported:
    """Exported encoder: its backbone, a fingerprint of its weights, and whether there is a GPU."""

    backbone: Backbone
    fingerprint: str
    """SHA-256, hexadecimal."""
    gpu: bool = False
    """Whether TensorFlow finds a GPU; other networks run in OpenVINO only."""
    quantised: bool = False
    """Whether the encoder may have 8 bits already."""


class Source(Protocol):
    """Source of a network."""

    @property
    def name(self) -> str:
        """Name of the backbone in a build key, the same on every machine."""
        ...

    @property
    def weights(self) -> str:
        """Weights in a build key: "imagenet", a commit, or "sha256:" and a checksum."""
        ...

    def export(self, folder: Path, *, half: bool) -> Exported:
        """Export to an encoder folder, which is created.

        Args:
            folder: of the encoder.
            half: store the weights in float16.

        Raises:
            BackboneError: the network cannot be had or used.
            HubError: the Hub refuses or cannot be reached.
        """
        ...

    def keras_network(self) -> "keras.Model":
        """Network for TensorFlow, from pixels to the outputs of an encoder.

        Raises:
            SettingsError: the network is none of Keras'.
        """
        ...


@dataclass(frozen=True)
class KerasSource:
    """Network that Keras builds or loads: by name, or from a `.keras` file."""

    path: str
    """Name, or path of a file."""
    given_weights: str
    """"imagenet", or a file."""

    @property
    def name(self) -> str:
        """Name, without the folder of a file."""
        return Path(self.path).name

    @property
    def weights(self) -> str:
        """ "imagenet", or "sha256:" and the checksum of the file."""
        if not self.path.endswith(KERAS_FILE):
            given = self.given_weights
            return IMAGENET if given == IMAGENET else f"sha256:{_sha256(Path(given))}"
        # A description of the input beside the file decides as much as the file.
        beside = Path(self.path).with_name(PREPROCESSOR_FILE)
        own = f"sha256:{_sha256(Path(self.path))}"
        return f"{own} {_sha256(beside)}" if beside.exists() else own

    def export(self, folder: Path, *, half: bool) -> Exported:
        """See `Source`."""
        # Imported here: TensorFlow takes seconds.
        from recommender.features.backbones import network

        return Exported(
            *network.export_apart(self.path, self.given_weights, folder, half=half),
        )

    def keras_network(self) -> "keras.Model":
        """See `Source`."""
        from recommender.features.backbones import network

        return network.describe(self.path, self.given_weights)[1]


@dataclass(frozen=True)
class FolderSource:
    """ONNX network in a local folder."""

    folder: Path
    files: NetworkFiles
    name: str

    @property
    def weights(self) -> str:
        """ "sha256:" and a checksum of the files."""
        return f"sha256:{digest(self.folder, self.files)}"

    def export(self, folder: Path, *, half: bool) -> Exported:
        """See `Source`."""
        weights = f"the local {'file' if self.name.endswith(ONNX_FILE) else 'folder'} {self.name}"
        backbone = export_files(self.folder, self.files, self.name, weights, folder, half=half)
        return Exported(backbone, digest(self.folder, self.files))

    def keras_network(self) -> "keras.Model":
        """See `Source`."""
        raise _openvino_only(self.name)


@dataclass(frozen=True)
class RepositorySource:
    """ONNX network in a model repository of the Hub, at a commit."""

    name: str
    commit: str

    @property
    def weights(self) -> str:
        """The commit."""
        return f"commit:{self.commit}"

    def export(self, folder: Path, *, half: bool) -> Exported:
        """See `Source`. The files are downloaded beside the encoder, and removed after it."""
        listed = [(file.path, file.size) for file in list_files(self.name, self.commit)]
        files = files_of_network(listed, self.name)
        downloads = folder.with_name(f"{folder.name}.download")
        download_files(self.name, self.commit, list(files.all), downloads)
        weights = f"{self.name} on the Hub, commit {self.commit}"
        backbone = export_files(downloads, files, self.name, weights, folder, half=half)
        exported = Exported(backbone, digest(downloads, files))
        shutil.rmtree(downloads, ignore_errors=True)
        return exported

    def keras_network(self) -> "keras.Model":
        """See `Source`."""
        raise _openvino_only(self.name)


@dataclass(frozen=True)
class EncoderSource:
    """Encoder of an index, to build another index with."""

    folder: Path
    """Of the encoder."""
    backbone: Backbone
    fingerprint: str

    @property
    def name(self) -> str:
        """Name of the backbone."""
        return self.backbone.name

    @property
    def weights(self) -> str:
        """ "encoder:" and the fingerprint of the weights."""
        return f"encoder:{self.fingerprint}"

    def export(self, folder: Path, *, half: bool) -> Exported:
        """See `Source`; copies the encoder as it is."""
        shutil.copytree(self.folder, folder)
        return Exported(self.backbone, self.fingerprint, quantised=True)

    def keras_network(self) -> "keras.Model":
        """See `Source`."""
        raise _openvino_only(self.name)


def find_source(backbone: str, weights: str = IMAGENET) -> Source:
    """Source of a network.

    Args:
        backbone: a name, a file, a folder, or a repository of the Hub, with or without a revision.
        weights: "imagenet", or a file with weights for a network known by name.

    Raises:
        SettingsError: a file does not exist, or weights are given for a network that has its own.
        BackboneError: the file or folder holds no network.
        HubError: the repository's commit cannot be found.
    """
    path = Path(backbone)
    if backbone in BACKBONES:
        return _keras(backbone, weights)
    if weights != IMAGENET and (path.exists() or "/" in backbone):
        raise SettingsError(
            f"--weights belongs to a network known by its name; {backbone} has weights of its own."
        )
    if backbone.endswith((ONNX_FILE, KERAS_FILE)) and not path.is_file():
        raise SettingsError(f"The network {backbone} does not exist.")
    if backbone.endswith(KERAS_FILE):
        return KerasSource(backbone, IMAGENET)
    if path.is_file():
        return _file(path)
    if path.is_dir():
        return FolderSource(path, files_of_network(files_in(path), backbone), path.resolve().name)
    if "/" in backbone:
        named = _REPOSITORY.fullmatch(backbone)
        if named is None:
            raise SettingsError(
                f"--backbone {backbone[:80]} is neither a file or folder nor a repository of the "
                "Hub, which is written owner/name or owner/name@revision."
            )
        return RepositorySource(named[1], newest_commit(named[1], named[2]))
    return _keras(backbone, weights)


def _keras(name: str, weights: str) -> KerasSource:
    if weights != IMAGENET and not Path(weights).is_file():
        raise SettingsError(f"The weights file {weights} does not exist.")
    return KerasSource(name, weights)


def _file(path: Path) -> FolderSource:
    if path.suffix != ONNX_FILE:
        raise BackboneError(
            f"{path.name} is no network that can be read: {ONNX_FILE} and {KERAS_FILE} files are."
        )
    # In the Hub's layout the network lies in a folder of its own, its description above it.
    folder = path.parent
    if not (folder / PREPROCESSOR_FILE).exists() and (folder.parent / PREPROCESSOR_FILE).exists():
        folder = folder.parent
    image = path.relative_to(folder).as_posix()
    listed = [(name, size) for name, size in files_in(folder) if not name.endswith(ONNX_FILE)]
    known = files_of_network([*listed, (image, path.stat().st_size)], path.name, image)
    return FolderSource(folder, known, path.name)


def _openvino_only(name: str) -> SettingsError:
    return SettingsError(f"--engine tensorflow runs networks of Keras; {name} runs in OpenVINO.")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

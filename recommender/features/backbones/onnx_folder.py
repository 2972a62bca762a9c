"""Folder of a network in the Hub's layout: which of its files are read, and their export.

    onnx/vision_model.onnx    or vision_model.onnx, onnx/model.onnx, model.onnx
    preprocessor_config.json  the input
    onnx/text_model.onnx      or text_model.onnx; with tokenizer.json, of a network that reads words
    README.md                 whose front matter names the licence

Weights may lie beside a network's file, in files whose names begin with its name.
"""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from recommender.errors import BackboneError
from recommender.features.backbones.onnx_network import export_image_network
from recommender.features.backbones.preprocessor_config import PREPROCESSOR_FILE, read_preprocessor
from recommender.features.backbones.registry import UNKNOWN_LICENCE, Backbone, decoded_side
from recommender.features.backbones.text_network import TOKENIZER_CONFIG_FILE, export_text_tower
from recommender.features.text_tower import TOKENIZER_FILE
from recommender.hub import licence_of

_log = logging.getLogger(__name__)

_IMAGE = ("onnx/vision_model.onnx", "vision_model.onnx", "onnx/model.onnx", "model.onnx")
_TEXT = ("onnx/text_model.onnx", "text_model.onnx")
CARD = "README.md"

# Bytes of all files of a network at most. The largest image encoders that a processor runs in a
# second have 2.5 GB.
MOST_BYTES = 4_000_000_000


@dataclass(frozen=True)
class NetworkFiles:
    """Files of a network that are read: paths within their folder."""

    image: str
    text: str | None
    all: tuple[str, ...]


def files_of_network(
    files: Iterable[tuple[str, int]], where: str, image: str | None = None
) -> NetworkFiles:
    """Files that are read of a folder or a repository.

    Args:
        files: path and bytes of each file.
        where: name of the folder or repository, for messages.
        image: path of the image network; None: in the usual places.

    Raises:
        BackboneError: there is no image network, or it is too large.
    """
    sizes = dict(files)
    image = image or next((name for name in _IMAGE if name in sizes), None)
    if image is None:
        found = ", ".join(sorted(name for name in sizes if name.endswith(".onnx"))[:5])
        raise BackboneError(
            f"{where} has no image network in the usual place ({', '.join(_IMAGE)}), but "
            f"{found or 'no ONNX file at all'}. Name another ONNX file by its path, or export the "
            "network with the Hub's exporter."
        )
    text = next((name for name in _TEXT if name in sizes and TOKENIZER_FILE in sizes), None)
    networks = [name for name in (image, text) if name is not None]
    read = [name for name in sizes if name.startswith(tuple(networks))]
    read += [PREPROCESSOR_FILE, TOKENIZER_FILE, TOKENIZER_CONFIG_FILE, CARD]
    read = [name for name in dict.fromkeys(read) if name in sizes]
    total = sum(sizes[name] for name in read)
    if total > MOST_BYTES:
        raise BackboneError(
            f"The network in {where} has {total / 1e9:.1f} GB; at most {MOST_BYTES / 1e9:.0f} GB "
            "are read. Choose a smaller one, or one in float16."
        )
    return NetworkFiles(image, text, tuple(read))


def files_in(folder: Path) -> list[tuple[str, int]]:
    """Path and bytes of the files in a folder and in its folder `onnx`."""
    paths = [path for part in (folder, folder / "onnx") if part.is_dir() for path in part.iterdir()]
    return [
        (path.relative_to(folder).as_posix(), path.stat().st_size)
        for path in sorted(paths)
        if path.is_file()
    ]


def digest(folder: Path, files: NetworkFiles) -> str:
    """SHA-256, hexadecimal, over the names and contents of the files, the card left out."""
    whole = hashlib.sha256()
    for name in sorted(files.all):
        if name != CARD:
            with (folder / name).open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            whole.update(f"{PurePosixPath(name).name} {content}\n".encode())
    return whole.hexdigest()


def export_files(
    folder: Path, files: NetworkFiles, name: str, weights: str, encoder: Path, *, half: bool
) -> Backbone:
    """Export of a folder's networks to an encoder folder, without TensorFlow.

    A text network that cannot be used is left out, and the log says why.

    Args:
        folder: with the files.
        files: that are read.
        name: of the backbone.
        weights: their source, for people.
        encoder: folder of the encoder.
        half: store the weights in float16.

    Raises:
        BackboneError: the image network cannot be used.
    """
    pixels = read_preprocessor(folder / PREPROCESSOR_FILE)
    outputs = export_image_network(folder / files.image, pixels, encoder, half=half)
    text = None
    if files.text is not None and not outputs.has_map:
        try:
            text = export_text_tower(
                folder / files.text,
                folder / TOKENIZER_FILE,
                outputs.channels,
                encoder,
                half=half,
            )
        except BackboneError as error:
            _log.warning(f"The network's words are left out: {error}")
    return Backbone(
        name=name,
        title=name.rpartition("/")[2].removesuffix(".onnx"),
        side=pixels.side,
        channels=outputs.channels,
        interpolation=pixels.interpolation,
        weights=weights,
        weights_licence=licence_of(folder) or UNKNOWN_LICENCE,
        resized_side=pixels.resized_side,
        keeps_proportions=pixels.keeps_proportions,
        decoded_side=decoded_side(pixels.resized_side or pixels.side),
        has_map=outputs.has_map,
        text=text,
    )

"""Files of an index folder, in formats that any program can read: names and checksums.

index/
  manifest.json       description, and the SHA-256 of every other file (`manifest`)
  vectors.npy         (p, d) float32: style part, then colour part, each of length one; a row
                      for each picture
  catalogue.parquet   the n products, with attributes and thumbnails (`catalogue_file`)
  pictures.parquet    the product of each row of the vectors (`product_pictures`); missing in older
                      indexes, which have one picture of each product
  picture_vectors.npy (p, d) float32: the vectors before the label prior, for updates; missing in
                      older indexes, and for head "none", which adds none
  encoder/            the network, for OpenVINO (`features.encoder`)
  segmenter/          the segmentation network (`features.segmenter`); missing where GrabCut cuts
                      products out of photographs
  head.npz            the learned projection (`embedding.head`); missing for head "none"
  calibration.npz     calibration of similarities (`calibration`)
  novelty.npz         product detector (`product_detector`)
  text_head.npz       search by words (`text_part`); missing without names, labels and text tower
  README.md           card for the Hub
"""

import hashlib
from pathlib import Path

from recommender.errors import IndexFormatError
from recommender.features.encoder import GRAPH_FILE, WEIGHTS_FILE
from recommender.features.segmenter import GRAPH_FILE as SEGMENTER_GRAPH
from recommender.features.segmenter import WEIGHTS_FILE as SEGMENTER_WEIGHTS
from recommender.features.text_tower import (
    TEXT_GRAPH_FILE,
    TEXT_WEIGHTS_FILE,
    TOKENIZER_FILE,
)
from recommender.index.catalogue_file import CATALOGUE_FILE
from recommender.index.exact_search import VECTORS_FILE
from recommender.index.manifest import CLASSIC, MANIFEST_FILE, Manifest

ENCODER_FOLDER = "encoder"
SEGMENTER_FOLDER = "segmenter"
HEAD_FILE = "head.npz"
CALIBRATION_FILE = "calibration.npz"
PRODUCT_DETECTOR_FILE = "novelty.npz"
TEXT_FILE = "text_head.npz"
CARD_FILE = "README.md"
PICTURE_VECTORS_FILE = "picture_vectors.npy"


def encoder_files(manifest: Manifest) -> tuple[str, dict[str, str]]:
    """Backbone of an index, and the checksums of its networks' files by name."""
    folders = f"{ENCODER_FOLDER}/", f"{SEGMENTER_FOLDER}/"
    names = (name for name in manifest.files if name.startswith(folders))
    return manifest.backbone, {name: manifest.files[name] for name in names}


def check_files(folder: Path, manifest: Manifest) -> None:
    """Check all files of an index against the manifest's checksums.

    Raises:
        IndexFormatError: a file is missing, differs, is a link to a file outside of the folder, or
            is required but has no checksum; the message has its name.
    """
    for name in required_files(manifest):
        if name not in manifest.files:
            raise IndexFormatError(
                f"{MANIFEST_FILE} of the index in {folder} has no checksum of {name}. "
                "Download or build the index again."
            )
    real_folders = _real_folders(folder)
    for name, expected in manifest.files.items():
        path = folder / name
        real = path.resolve()
        if not any(real.is_relative_to(allowed) for allowed in real_folders):
            raise IndexFormatError(
                f"{name} of the index in {folder} is a link to a file outside of it. "
                "Put the file itself there, or download or build the index again."
            )
        if not path.is_file():
            raise IndexFormatError(
                f"The index in {folder} lacks {name}. Download or build it again."
            )
        if sha256(path) != expected:
            raise IndexFormatError(
                f"{name} of the index in {folder} is damaged or not the one this index was built "
                "with: its checksum differs. Download or build the index again."
            )


def required_files(manifest: Manifest) -> tuple[str, ...]:
    """Relative paths of the files needed to open an index with this manifest."""
    names = [GRAPH_FILE, WEIGHTS_FILE]
    if manifest.encoder is not None and manifest.encoder.text is not None:
        names += [TEXT_GRAPH_FILE, TEXT_WEIGHTS_FILE, TOKENIZER_FILE]
    encoder = tuple(f"{ENCODER_FOLDER}/{name}" for name in names)
    head = (HEAD_FILE,) if manifest.head != CLASSIC else ()
    segmenter: tuple[str, ...] = ()
    if has_segmenter(manifest):
        files = SEGMENTER_GRAPH, SEGMENTER_WEIGHTS
        segmenter = tuple(f"{SEGMENTER_FOLDER}/{name}" for name in files)
    return (
        VECTORS_FILE,
        CATALOGUE_FILE,
        *encoder,
        *segmenter,
        *head,
        CALIBRATION_FILE,
        PRODUCT_DETECTOR_FILE,
    )


def has_segmenter(manifest: Manifest) -> bool:
    """Whether an index has a segmentation network for photographs; otherwise GrabCut is used."""
    return any(name.startswith(f"{SEGMENTER_FOLDER}/") for name in manifest.files)


def _real_folders(folder: Path) -> list[Path]:
    """Folders in which an index's files may lie after links: its own, and the Hub cache's blobs.

    In the Hub's cache (https://huggingface.co/docs/huggingface_hub/guides/manage-cache), a file of
    `models--NAME/snapshots/COMMIT/` is a link to a file in `models--NAME/blobs/`, which may itself
    be a link to a file in the `blobs/` beside `models--NAME`.
    """
    real = folder.resolve()
    folders = [real]
    if real.parent.name == "snapshots" and real.parents[1].name.startswith("models--"):
        folders += [real.parents[1] / "blobs", real.parents[2] / "blobs"]
    return folders


def files_of(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of an index folder except the manifest, by relative path."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path: path.relative_to(folder).as_posix() for path in paths}
    return {name: sha256(path) for path, name in names.items() if name != MANIFEST_FILE}


def sha256(path: Path) -> str:
    """SHA-256 of a file, 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

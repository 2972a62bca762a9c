"""The index folder, which needs no code of ours to be read:

index/
  manifest.json       what it is, and the SHA-256 of every other file (`manifest`)
  vectors.npy         (n, d) float32: style part, then colour part, each of length one
  catalogue.parquet   the n products, with attributes and thumbnails (`catalogue`)
  encoder/            the network, for OpenVINO (`features.encoder`)
  head.npz            the learned projection (`embedding.head`); not there for head "none"
  calibration.npz     what similarities mean (`calibration`)
  novelty.npz         what is no product at all (`product_detector`)
  README.md           a card for the Hub
"""

import hashlib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from recommender.embedding.head import ClassicHead, Head, LearnedHead
from recommender.errors import IndexFormatError, SettingsError
from recommender.features.backbones.registry import Backbone, get_backbone
from recommender.features.encoder import GRAPH_FILE, WEIGHTS_FILE
from recommender.features.extractor import FeatureExtractor
from recommender.index.calibration import Calibration
from recommender.index.catalogue import CATALOGUE_FILE, Catalogue
from recommender.index.exact_search import VECTORS_FILE, MemorySearch, VectorSearch
from recommender.index.manifest import MANIFEST_FILE, Manifest
from recommender.index.product_detector import ProductDetector
from recommender.pictures.catalogue_pictures import CataloguePictures

ENCODER_FOLDER = "encoder"
HEAD_FILE = "head.npz"
CALIBRATION_FILE = "calibration.npz"
PRODUCT_DETECTOR_FILE = "novelty.npz"
CARD_FILE = "README.md"

Fitted = TypeVar("Fitted")

CLASSIC, LEARNED = "none", "learned"


@dataclass(frozen=True)
class Index:
    """An index that was opened: everything needed to answer a query."""

    folder: Path
    manifest: Manifest
    extractor: FeatureExtractor
    catalogue: Catalogue
    pictures: CataloguePictures
    head: Head
    calibration: Calibration
    product_detector: ProductDetector
    search: VectorSearch

    @property
    def backbone(self) -> Backbone:
        """The backbone that made the index."""
        return self.extractor.backbone


def open_index(
    folder: Path,
    *,
    precision: str = "f32",
    milvus: tuple[str, str | None] | None = None,
) -> Index:
    """Open an index, after checking that its files are the ones its manifest vouches for.

    Args:
        folder: an index folder.
        precision: what the encoder computes in: "f32", the reference, or "bf16".
        milvus: address and token of a Milvus to search in; None searches in memory.

    Raises:
        SettingsError: Milvus cannot be used.
        IndexFormatError: not an index, of a newer version, or with a damaged or missing file.
        BackboneError: the index was made by a backbone that this program does not know.
    """
    manifest = Manifest.read(folder)
    check_files(folder, manifest)
    filters, attributes = manifest.filters, manifest.attributes
    catalogue = Catalogue(folder / CATALOGUE_FILE, attributes, filters)
    if len(catalogue) != manifest.items:
        raise IndexFormatError(
            f"The manifest speaks of {manifest.items} items, the catalogue has {len(catalogue)}. "
            "Download or build the index again."
        )
    head: Head = ClassicHead()
    if manifest.head != CLASSIC:
        head = _read(folder / HEAD_FILE, LearnedHead.from_arrays)
    return Index(
        folder,
        manifest,
        FeatureExtractor.for_queries(
            folder / ENCODER_FOLDER, get_backbone(manifest.backbone), precision
        ),
        catalogue,
        CataloguePictures.from_json(manifest.pictures),
        head,
        _read(folder / CALIBRATION_FILE, Calibration.from_arrays),
        _read(folder / PRODUCT_DETECTOR_FILE, ProductDetector.from_arrays),
        _search(folder / VECTORS_FILE, catalogue, manifest, milvus),
    )


def _search(
    path: Path,
    catalogue: Catalogue,
    manifest: Manifest,
    milvus: tuple[str, str | None] | None,
) -> VectorSearch:
    if milvus is None:
        return MemorySearch(path, catalogue)
    try:
        from recommender.index.milvus_search import MilvusSearch
    except ImportError:
        raise SettingsError(
            "MILVUS_URI is set, but Milvus' client is not installed. "
            "Run: pip install pymilvus milvus-lite"
        ) from None
    return MilvusSearch(*milvus, path, catalogue, manifest.fingerprint)


def check_files(folder: Path, manifest: Manifest) -> None:
    """Compare every file with the checksum that the manifest has of it.

    Raises:
        IndexFormatError: a file is missing, differs, is a link that leads out of the folder, or is
            needed and the manifest does not know it; its name is in the message.
    """
    for name in required_files(manifest):
        if name not in manifest.files:
            raise IndexFormatError(
                f"{MANIFEST_FILE} of the index in {folder} has no checksum of {name}. "
                "Download or build the index again."
            )
    places = _places(folder)
    for name, expected in manifest.files.items():
        path = folder / name
        real = path.resolve()
        if not any(real.is_relative_to(place) for place in places):
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
    """The files without which an index of this kind cannot be opened, by relative path."""
    encoder = (f"{ENCODER_FOLDER}/{GRAPH_FILE}", f"{ENCODER_FOLDER}/{WEIGHTS_FILE}")
    head = (HEAD_FILE,) if manifest.head != CLASSIC else ()
    return (VECTORS_FILE, CATALOGUE_FILE, *encoder, *head, CALIBRATION_FILE, PRODUCT_DETECTOR_FILE)


def _places(folder: Path) -> list[Path]:
    """Where an index's files may really lie: in its folder, or in the Hub's cache around it.

    In that cache (https://huggingface.co/docs/huggingface_hub/guides/manage-cache), a file of
    `models--NAME/snapshots/COMMIT/` is a link to a file of `models--NAME/blobs/`, which may itself
    be a link to one of `blobs/` beside `models--NAME`.
    """
    real = folder.resolve()
    places = [real]
    if real.parent.name == "snapshots" and real.parents[1].name.startswith("models--"):
        places += [real.parents[1] / "blobs", real.parents[2] / "blobs"]
    return places


def files_of(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of an index folder but the manifest, by relative path."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    names = {path: path.relative_to(folder).as_posix() for path in paths}
    return {name: sha256(path) for path, name in names.items() if name != MANIFEST_FILE}


def sha256(path: Path) -> str:
    """Checksum of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(path: Path, from_arrays: Callable[[dict[str, np.ndarray]], Fitted]) -> Fitted:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return from_arrays(dict(arrays))
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise IndexFormatError(
            f"{path.name} of the index is missing or damaged. Download or build the index again."
        ) from error

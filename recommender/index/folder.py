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
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from recommender.embedding.head import Head
from recommender.embedding.vectors import ClassicHead
from recommender.embedding.vectors import Head as AnyHead
from recommender.errors import IndexFormatError, SettingsError
from recommender.features.backbones.registry import Backbone, get_backbone
from recommender.features.extractor import FeatureExtractor
from recommender.index.calibration import Calibration
from recommender.index.catalogue import CATALOGUE_FILE, Catalogue
from recommender.index.exact_search import VECTORS_FILE, MemorySearch, VectorSearch
from recommender.index.manifest import MANIFEST_FILE, Manifest
from recommender.index.product_detector import Novelty
from recommender.pictures.catalogue_pictures import CataloguePictures

ENCODER_FOLDER = "encoder"
HEAD_FILE = "head.npz"
CALIBRATION_FILE = "calibration.npz"
NOVELTY_FILE = "novelty.npz"
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
    head: AnyHead
    calibration: Calibration
    novelty: Novelty
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
    say: Callable[[str], None] = lambda sentence: None,
) -> Index:
    """Open an index, after checking that its files are the ones its manifest vouches for.

    Args:
        folder: an index folder.
        precision: what the encoder computes in: "f32", the reference, or "bf16".
        milvus: address and token of a Milvus to search in; None searches in memory.
        say: is told what takes long.

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
    head: AnyHead = ClassicHead()
    if manifest.head != CLASSIC:
        head = _read(folder / HEAD_FILE, Head.from_arrays)
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
        _read(folder / NOVELTY_FILE, Novelty.from_arrays),
        _search(folder / VECTORS_FILE, catalogue, manifest, milvus, say),
    )


def _search(
    path: Path,
    catalogue: Catalogue,
    manifest: Manifest,
    milvus: tuple[str, str | None] | None,
    say: Callable[[str], None],
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
    return MilvusSearch(*milvus, path, catalogue, manifest.fingerprint, say)


def check_files(folder: Path, manifest: Manifest) -> None:
    """Compare every file with the checksum that the manifest has of it.

    Raises:
        IndexFormatError: a file is missing or differs; its name is in the message.
    """
    for name, expected in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise IndexFormatError(
                f"The index in {folder} lacks {name}. Download or build it again."
            )
        if sha256(path) != expected:
            raise IndexFormatError(
                f"{name} of the index in {folder} is damaged or not the one this index was built "
                "with: its checksum differs. Download or build the index again."
            )


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
    except (OSError, ValueError, KeyError) as error:
        raise IndexFormatError(
            f"{path.name} of the index is missing or damaged. Download or build the index again."
        ) from error

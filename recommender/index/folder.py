"""Opening of an index folder: its files are checked, and read into one `Index`.

The files are listed in `recommender.index.files`.
"""

import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from recommender.embedding.head import ClassicHead, Head, LearnedHead
from recommender.embedding.tower_head import OFFSET, TowerHead
from recommender.errors import IndexFormatError, SettingsError
from recommender.features.backbones.registry import Backbone
from recommender.features.encoder import Encoder
from recommender.features.extractor import FeatureExtractor
from recommender.features.segmenter import NetworkSegmenter
from recommender.features.text_tower import (
    TextTower,
)
from recommender.index.calibration import Calibration
from recommender.index.catalogue import Catalogue
from recommender.index.catalogue_file import CATALOGUE_FILE
from recommender.index.consistency import check_consistency
from recommender.index.exact_search import VECTORS_FILE, MemorySearch, VectorSearch
from recommender.index.files import (
    CALIBRATION_FILE,
    ENCODER_FOLDER,
    HEAD_FILE,
    PRODUCT_DETECTOR_FILE,
    SEGMENTER_FOLDER,
    TEXT_FILE,
    check_files,
    encoder_files,
    has_segmenter,
)
from recommender.index.manifest import CLASSIC, Manifest
from recommender.index.product_detector import ProductDetector
from recommender.index.product_pictures import PICTURES_FILE
from recommender.index.text_part import TextPart
from recommender.pictures.catalogue_pictures import CataloguePictures
from recommender.settings import AUTO

Fitted = TypeVar("Fitted")

# What NumPy and the ZIP format raise for files that are no arrays: cut, packed in an unknown way or
# with a password, or of a shape that no memory holds.
_UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    EOFError,
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,
    MemoryError,
)

# Attempts to open a folder that another program replaces meanwhile; each takes a second or so.
REPLACED_WHILE_OPENING = 5


@dataclass(frozen=True)
class Index:
    """Opened index: everything needed to answer a query."""

    folder: Path
    manifest: Manifest
    extractor: FeatureExtractor
    catalogue: Catalogue
    pictures: CataloguePictures
    head: Head
    calibration: Calibration
    product_detector: ProductDetector
    search: VectorSearch
    text: TextPart | None = None
    """None: the index cannot be searched with words."""

    @property
    def backbone(self) -> Backbone:
        """Backbone of the index's encoder."""
        return self.extractor.backbone

    def close(self) -> None:
        """Release of files, threads and connections, the encoder's excepted: indexes share it."""
        self.search.close()
        self.catalogue.close()


def open_index(
    folder: Path,
    *,
    precision: str = AUTO,
    milvus: tuple[str, str | None] | None = None,
    milvus_index: str = "FLAT",
    earlier: Index | None = None,
) -> Index:
    """Open an index, after checking its files against the checksums of its manifest.

    The folder may be replaced by another index meanwhile: then that one is opened.

    Args:
        folder: an index folder.
        precision: of the encoder's arithmetic, as `QueryEncoder` takes it.
        milvus: address and token of Milvus; None searches in memory.
        milvus_index: kind of Milvus' index, one of `recommender.settings.MILVUS_INDEXES`.
        earlier: an opened index, whose encoder is shared if it is the same.

    Raises:
        SettingsError: Milvus cannot be used.
        IndexFormatError: not an index, of a newer version, or with a damaged or missing file.
        BackboneError: this program does not know the index's backbone.
    """
    for _ in range(REPLACED_WHILE_OPENING):
        manifest = Manifest.read(folder)
        try:
            index = _open(folder, manifest, precision, milvus, milvus_index, earlier)
        except IndexFormatError:
            if Manifest.read(folder) == manifest:
                raise
            continue
        if Manifest.read(folder) == manifest:
            return index
        index.close()
    raise IndexFormatError(f"The index in {folder} is replaced again and again: wait, and retry.")


def _open(
    folder: Path,
    manifest: Manifest,
    precision: str,
    milvus: tuple[str, str | None] | None,
    milvus_index: str,
    earlier: Index | None,
) -> Index:
    check_files(folder, manifest)
    catalogue = open_catalogue(folder, manifest)
    head = open_head(folder, manifest)
    index = Index(
        folder,
        manifest,
        _extractor(folder, manifest, precision, earlier),
        catalogue,
        CataloguePictures.from_json(manifest.pictures),
        head,
        _read(folder / CALIBRATION_FILE, Calibration.from_arrays),
        open_product_detector(folder),
        _search(folder / VECTORS_FILE, catalogue, manifest, milvus, milvus_index),
        _text_part(folder, manifest, head, earlier),
    )
    check_consistency(index)
    return index


def open_catalogue(folder: Path, manifest: Manifest) -> Catalogue:
    """Open the catalogue of an index alone.

    Raises:
        IndexFormatError: it is missing or damaged.
    """
    pictures = folder / PICTURES_FILE if PICTURES_FILE in manifest.files else None
    catalogue = Catalogue(folder / CATALOGUE_FILE, manifest.attributes, manifest.filters, pictures)
    if len(catalogue) != manifest.items:
        raise IndexFormatError(
            f"The manifest speaks of {manifest.items} items, the catalogue has {len(catalogue)}. "
            "Download or build the index again."
        )
    return catalogue


def open_head(folder: Path, manifest: Manifest) -> Head:
    """Open the head of an index alone.

    Raises:
        IndexFormatError: it is missing or damaged.
    """
    if manifest.head == CLASSIC:
        return ClassicHead()
    return _read(folder / HEAD_FILE, LearnedHead.from_arrays)


def open_product_detector(folder: Path) -> ProductDetector:
    """Open the product detector of an index alone.

    Raises:
        IndexFormatError: it is missing or damaged.
    """
    return _read(folder / PRODUCT_DETECTOR_FILE, ProductDetector.from_arrays)


def _extractor(
    folder: Path, manifest: Manifest, precision: str, earlier: Index | None
) -> FeatureExtractor:
    """The earlier index's extractor if its encoder is the same; else the folder's own, loaded."""
    if earlier is not None and encoder_files(earlier.manifest) == encoder_files(manifest):
        network = earlier.extractor.network
        if isinstance(network, Encoder) and network.precision == precision:
            return earlier.extractor
    extractor = FeatureExtractor.for_queries(
        folder / ENCODER_FOLDER, manifest.known_backbone, precision
    )
    if has_segmenter(manifest):
        extractor = replace(extractor, segmenter=NetworkSegmenter(folder / SEGMENTER_FOLDER))
    return extractor


def _text_part(
    folder: Path, manifest: Manifest, head: Head, earlier: Index | None
) -> TextPart | None:
    """Text part of an index that has one, fitting its vectors.

    Raises:
        IndexFormatError: it is damaged.
    """
    if TEXT_FILE not in manifest.files:
        return None

    def from_arrays(arrays: dict[str, np.ndarray]) -> TextPart:
        if OFFSET not in arrays:
            return TextPart.from_arrays(arrays)
        tower = _text_tower(folder, manifest, earlier)
        return TextPart.from_arrays(arrays, TowerHead.from_arrays(arrays, tower, head))

    part = _read(folder / TEXT_FILE, from_arrays)
    if part.head.dimensions != (manifest.style_dimensions, manifest.colour_dimensions):
        raise IndexFormatError(
            f"{TEXT_FILE} of the index is for vectors of other dimensions. "
            "Download or build the index again."
        )
    return part


def _text_tower(folder: Path, manifest: Manifest, earlier: Index | None) -> TextTower:
    """The earlier index's text tower if its networks are the same; else the folder's, loaded.

    It is loaded when the index is opened, because the folder may be replaced later.
    """
    if earlier is not None and encoder_files(earlier.manifest) == encoder_files(manifest):
        known = None if earlier.text is None else earlier.text.head
        if isinstance(known, TowerHead):
            return known.tower
    text = manifest.known_backbone.text
    if text is None:
        raise KeyError("the index has no text tower")
    return TextTower(folder / ENCODER_FOLDER, text)


def _search(
    path: Path,
    catalogue: Catalogue,
    manifest: Manifest,
    milvus: tuple[str, str | None] | None,
    milvus_index: str,
) -> VectorSearch:
    if milvus is None:
        return MemorySearch(path, catalogue)
    try:
        from recommender.index.milvus_search import MilvusSearch, lineage_of
    except ImportError:
        raise SettingsError(
            "MILVUS_URI is set, but Milvus' client is not installed. "
            "Run: pip install pymilvus milvus-lite"
        ) from None
    return MilvusSearch(*milvus, path, catalogue, lineage_of(manifest, catalogue), milvus_index)


def _read(path: Path, from_arrays: Callable[[dict[str, np.ndarray]], Fitted]) -> Fitted:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return from_arrays(dict(arrays))
    except _UNREADABLE as error:
        raise IndexFormatError(
            f"{path.name} of the index is missing or damaged. Download or build the index again."
        ) from error

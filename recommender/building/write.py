"""Atomic writing of an index folder: under another name first, renamed when it is complete."""

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from recommender.building.card import card
from recommender.building.catalogue_writer import write_catalogue
from recommender.building.encoded_catalogue import EncodedCatalogue
from recommender.building.fit import Fitted
from recommender.building.pictures_file import write_pictures
from recommender.building.plan import BuildConfig, BuildDirectory
from recommender.building.segmenter_file import GRABCUT
from recommender.features.table import BLOCK, DiskArray
from recommender.folder_exchange import put_in_place
from recommender.index.catalogue_file import CATALOGUE_FILE
from recommender.index.exact_search import VECTORS_FILE
from recommender.index.files import (
    CALIBRATION_FILE,
    CARD_FILE,
    ENCODER_FOLDER,
    HEAD_FILE,
    PICTURE_VECTORS_FILE,
    PRODUCT_DETECTOR_FILE,
    SEGMENTER_FOLDER,
    TEXT_FILE,
    files_of,
)
from recommender.index.manifest import (
    CLASSIC,
    FORMAT_VERSION,
    MANIFEST_FILE,
    ONE_PICTURE_FORMAT,
    Manifest,
)
from recommender.index.product_pictures import PICTURES_FILE
from recommender.storage import GO_ON, storage_errors

_VERSIONED = ("numpy", "pillow", "pyarrow", "scikit-learn", "openvino", "keras", "datasets")


def write_index(
    products: EncodedCatalogue,
    fitted: Fitted,
    directory: BuildDirectory,
    config: BuildConfig,
    out: Path,
) -> Manifest:
    """Writing of all files of an index; the folder gets its name last.

    Args:
        products: the items.
        fitted: vectors, head, map, calibration and product detector.
        directory: working folder with encoder and vectors.
        config: title and licence.
        out: the folder, which does not exist yet.

    Returns:
        The manifest that was written.

    Raises:
        StorageError: the disk is full; the unfinished folder is removed.
    """
    with new_folder(out) as new:
        return _write_files(products, fitted, directory, config, new)


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """Folder to write an index to, which takes the name of another when the block has ended.

    Args:
        out: the index's folder; one that exists is replaced in one step. A folder that has no
            manifest at the block's end is removed, and `out` stays as it is.

    Raises:
        StorageError: the disk is full; the unfinished folder is removed.
    """
    new = out.with_name(f"{out.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    try:
        with storage_errors(new, GO_ON):  # measures the disk before the folder is removed
            new.mkdir(parents=True)
            yield new
            if not (new / MANIFEST_FILE).exists():
                shutil.rmtree(new)
                return
            for path in (*new.rglob("*"), new):
                flush(path)
            put_in_place(new, out)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)  # frees the disk for the next attempt
        raise
    flush(out.parent)


def _write_files(
    products: EncodedCatalogue,
    fitted: Fitted,
    directory: BuildDirectory,
    config: BuildConfig,
    new: Path,
) -> Manifest:
    shutil.copytree(directory.encoder, new / ENCODER_FOLDER)
    if directory.segmenter.is_dir() and config.head != CLASSIC and config.segmenter != GRABCUT:
        shutil.copytree(directory.segmenter, new / SEGMENTER_FOLDER)
    shutil.copyfile(directory.folder / VECTORS_FILE, new / VECTORS_FILE)
    write_catalogue(products, fitted.coordinates, new / CATALOGUE_FILE)
    write_pictures(products, new / PICTURES_FILE)
    if fitted.head is not None:
        if config.for_updates:
            shutil.copyfile(directory.folder / PICTURE_VECTORS_FILE, new / PICTURE_VECTORS_FILE)
        np.savez(new / HEAD_FILE, allow_pickle=False, **fitted.head.to_arrays())
    np.savez(new / CALIBRATION_FILE, allow_pickle=False, **fitted.calibration.to_arrays())
    np.savez(new / PRODUCT_DETECTOR_FILE, allow_pickle=False, **fitted.product_detector.to_arrays())
    if fitted.text is not None:
        np.savez(new / TEXT_FILE, allow_pickle=False, **fitted.text.to_arrays())
    manifest = _manifest(products, fitted, directory, config, {})
    segmenter = (new / SEGMENTER_FOLDER).is_dir()
    text = card(manifest, fitted.text is not None, segmenter=segmenter)
    (new / CARD_FILE).write_text(text, encoding="utf-8")
    manifest = _manifest(products, fitted, directory, config, files_of(new))
    manifest.write(new)
    return manifest


def _manifest(
    products: EncodedCatalogue,
    fitted: Fitted,
    directory: BuildDirectory,
    config: BuildConfig,
    files: dict[str, str],
) -> Manifest:
    key, backbone = directory.key, directory.backbone
    return Manifest(
        title=config.title
        or Path(key.dataset).name.replace("-", " ").replace("_", " ").capitalize(),
        dataset=key.dataset,
        dataset_revision=key.revision,
        split=key.split,
        data_licence=config.licence or "unknown",
        items=len(products.ids),
        skipped=len(products.skipped),
        duplicates=sum(original is not None for original in products.duplicate_of()),
        attributes=tuple(products.attributes),
        filters=products.filters(),
        backbone=key.backbone,
        preprocessing={
            "side": backbone.side,
            "resized_side": backbone.resized_side or backbone.side,
            "keeps_proportions": backbone.keeps_proportions,
            "interpolation": backbone.interpolation,
            "channels": "RGB, 0-255; mean and scale are applied inside the encoder",
        },
        weights_fingerprint=directory.weights_fingerprint,
        precision=key.precision,
        head=config.head,
        style_dimensions=fitted.style_dimensions,
        colour_dimensions=fitted.vectors.shape[1] - fitted.style_dimensions,
        colour_weight=fitted.colour_weight,
        fingerprint=fingerprint_of(directory.weights_fingerprint, products.ids, fitted.vectors),
        built=datetime.now(UTC).date().isoformat(),
        versions={name: installed for name in _VERSIONED if (installed := _version(name))},
        files=files,
        quality=fitted.quality,
        pictures_each=key.pictures_each,
        pictures=fitted.pictures.to_json(),
        encoder=backbone,
        format_version=ONE_PICTURE_FORMAT if products.counts is None else FORMAT_VERSION,
    )


def fingerprint_of(weights: str, ids: Sequence[str], vectors: DiskArray) -> str:
    """Fingerprint of an index: SHA-256 over its weights' fingerprint, its ids and its vectors."""
    digest = hashlib.sha256(weights.encode())
    digest.update("\n".join(ids).encode())
    for start in range(0, len(vectors), BLOCK):
        digest.update(vectors[start : start + BLOCK].tobytes())
    return digest.hexdigest()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def flush(path: Path) -> None:
    """Flushing to the disk: after a power cut, no name may point to lost data."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

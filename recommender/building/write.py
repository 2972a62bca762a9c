"""Write an index folder: beside its final place first, so that it appears whole or not at all."""

import hashlib
import os
import shutil
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from recommender.building.assemble import EncodedProducts, write_catalogue
from recommender.building.card import card
from recommender.building.fit import Fitted
from recommender.building.plan import Order, Workspace
from recommender.features.backbones.registry import get_backbone
from recommender.index.catalogue import CATALOGUE_FILE
from recommender.index.exact_search import VECTORS_FILE
from recommender.index.folder import (
    CALIBRATION_FILE,
    CARD_FILE,
    ENCODER_FOLDER,
    HEAD_FILE,
    PRODUCT_DETECTOR_FILE,
    files_of,
)
from recommender.index.manifest import Manifest
from recommender.storage import GO_ON, storage_errors

_VERSIONED = ("numpy", "pillow", "pyarrow", "scikit-learn", "openvino", "keras", "datasets")


def write_index(
    products: EncodedProducts, fitted: Fitted, workspace: Workspace, order: Order, out: Path
) -> Manifest:
    """Write all files of an index and give the folder its name at the very end.

    Args:
        products: the items.
        fitted: their vectors and what belongs to them.
        workspace: has the encoder.
        order: title and licence.
        out: the folder, which does not exist yet.

    Returns:
        The manifest that was written.

    Raises:
        StorageError: the disk is full; nothing of the index is left.
    """
    new = out.with_name(f"{out.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    try:
        with storage_errors(new, GO_ON):  # before the room that tells why is made again
            manifest = _write_files(products, fitted, workspace, order, new)
            new.rename(out)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)  # on a full disk it would be in its own way
        raise
    _flush(out.parent)
    return manifest


def _write_files(
    products: EncodedProducts, fitted: Fitted, workspace: Workspace, order: Order, new: Path
) -> Manifest:
    new.mkdir(parents=True)
    shutil.copytree(workspace.encoder, new / ENCODER_FOLDER)
    np.save(new / VECTORS_FILE, fitted.vectors, allow_pickle=False)
    write_catalogue(products, fitted.places, new / CATALOGUE_FILE)
    if fitted.head is not None:
        np.savez(new / HEAD_FILE, allow_pickle=False, **fitted.head.to_arrays())
    np.savez(new / CALIBRATION_FILE, allow_pickle=False, **fitted.calibration.to_arrays())
    np.savez(new / PRODUCT_DETECTOR_FILE, allow_pickle=False, **fitted.product_detector.to_arrays())
    manifest = _manifest(products, fitted, workspace, order, {})
    (new / CARD_FILE).write_text(card(manifest), encoding="utf-8")
    manifest = _manifest(products, fitted, workspace, order, files_of(new))
    manifest.write(new)
    for path in (*new.rglob("*"), new):
        _flush(path)
    return manifest


def _manifest(
    products: EncodedProducts,
    fitted: Fitted,
    workspace: Workspace,
    order: Order,
    files: dict[str, str],
) -> Manifest:
    plan, backbone = workspace.plan, get_backbone(workspace.plan.backbone)
    return Manifest(
        title=order.title
        or Path(plan.dataset).name.replace("-", " ").replace("_", " ").capitalize(),
        dataset=plan.dataset,
        dataset_revision=plan.revision,
        split=plan.split,
        data_licence=order.licence or "unknown",
        items=len(products.ids),
        skipped=len(products.skipped),
        duplicates=sum(original is not None for original in products.duplicate_of()),
        attributes=tuple(products.attributes),
        filters=products.filters(),
        backbone=plan.backbone,
        preprocessing={
            "side": backbone.side,
            "interpolation": backbone.interpolation,
            "channels": "RGB, 0-255; mean and scale are applied inside the encoder",
        },
        weights_fingerprint=workspace.weights_fingerprint,
        precision=plan.precision,
        head=order.head,
        style_dimensions=fitted.style_dimensions,
        colour_dimensions=fitted.vectors.shape[1] - fitted.style_dimensions,
        colour_weight=fitted.colour_weight,
        fingerprint=_fingerprint(products, fitted, workspace),
        built=datetime.now(UTC).date().isoformat(),
        versions={name: installed for name in _VERSIONED if (installed := _version(name))},
        files=files,
        quality=fitted.quality,
    )


def _fingerprint(products: EncodedProducts, fitted: Fitted, workspace: Workspace) -> str:
    digest = hashlib.sha256(workspace.weights_fingerprint.encode())
    digest.update("\n".join(products.ids).encode())
    digest.update(np.ascontiguousarray(fitted.vectors).tobytes())
    return digest.hexdigest()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _flush(path: Path) -> None:
    """To the disk: a name that points to lost data is worse than no name."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

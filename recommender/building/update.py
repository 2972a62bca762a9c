"""Update of an index: only new pictures are encoded, by the index's own encoder and head.

The result is, bit for bit, what the same head would have made of the new catalogue from nothing:
vectors, and the catalogue's rows in the new order. What belongs to the head stays as it is:
encoder, head, calibration, product detector, weight of colour and report card. On the map a product
keeps its coordinates as long as it keeps its main picture; a new one is placed among the products
nearest to it that keep theirs (`recommender.training.projection.coordinates_near`), so that the map
depends on the updates it went through.

Working folder, beside the new index:

    index.update/
      encoded-00000.parquet  pictures that were encoded (`known_pictures`); an interrupted update of
                             the same index does not encode them again
      chunk-00000.*          the products (`chunks`), written anew by each attempt
"""

import dataclasses
import json
import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
from tqdm import tqdm

from recommender.building.card import card
from recommender.building.catalogue_writer import write_catalogue, write_skipped
from recommender.building.drift import Drift
from recommender.building.indexed_catalogue import IndexedCatalogue
from recommender.building.known_pictures import KnownPictures
from recommender.building.pictures_file import write_pictures
from recommender.building.update_chunks import (
    UpdateCounts,
    UpdateEncoder,
    parts_of,
    write_update_chunks,
)
from recommender.building.update_report import Changes, changes_between
from recommender.building.update_source import (
    UpdateOptions,
    check_shrinking,
    updated_products,
)
from recommender.building.updated_catalogue import (
    UpdatedCatalogue,
    collect_update,
    coordinates_of,
    drift_of,
)
from recommender.building.vectors import write_vectors
from recommender.building.write import fingerprint_of, new_folder
from recommender.errors import SettingsError
from recommender.features.encoder import GRAPH_FILE
from recommender.features.extractor import FeatureExtractor
from recommender.features.table import DiskArray
from recommender.index.catalogue_file import CATALOGUE_FILE
from recommender.index.exact_search import VECTORS_FILE
from recommender.index.files import (
    CARD_FILE,
    ENCODER_FOLDER,
    PICTURE_VECTORS_FILE,
    TEXT_FILE,
    has_segmenter,
    sha256,
)
from recommender.index.manifest import (
    CLASSIC,
    FORMAT_VERSION,
    MANIFEST_FILE,
    ONE_PICTURE_FORMAT,
    Manifest,
)
from recommender.index.product_pictures import PICTURES_FILE
from recommender.reading.product import ProductSource
from recommender.storage import exclusive, storage_errors, write_whole

_log = logging.getLogger(__name__)

GO_ON = "The old index is whole: make room, and run the same command again."
# Files that an update writes, the vectors only where they change; all others it takes from the old
# index.
_REWRITTEN = (VECTORS_FILE, CATALOGUE_FILE, PICTURES_FILE, PICTURE_VECTORS_FILE, CARD_FILE)
_PLAN_FILE = "update.json"


@dataclass(frozen=True)
class UpdateReport:
    """Report of an update."""

    folder: Path
    manifest: Manifest
    changes: Changes
    counts: UpdateCounts
    skipped: list[tuple[str, str]]
    skipped_file: Path | None
    drift: Drift | None
    """None where no vector changed."""
    is_written: bool
    """Whether anything changed, so that an index was written."""


Open = Callable[[Callable[[str], bool], int], ProductSource | None]
"""Opens the new catalogue, given what knows addresses of pictures by their key, and the number of
pictures of a product at most; see `Products`."""


def update_index(index: Path, out: Path, source: Open, options: UpdateOptions) -> UpdateReport:
    """Update of an index from a new catalogue.

    Args:
        index: folder of the index.
        out: folder of the updated index, which may be the same: it is replaced in one step, and
            whole at every moment.
        source: opens the new catalogue; returns None where there is none.
        options: which products stay and go.

    Raises:
        SettingsError: an option makes no sense, or most products would go.
        DatasetError: the new catalogue cannot be read, or has no products.
        IndexFormatError: the index is damaged.
        StorageError: the disk is full; the old index is whole.
    """
    with alone(out), storage_errors(out, GO_ON):
        old = IndexedCatalogue.open(index)
        folder = out.with_name(f"{out.name}.update")
        _begin(folder, old.manifest)
        known = old.known_pictures(parts_of(folder))
        try:
            if not len(known):
                _log.info(
                    "This index was built by an earlier version, which kept nothing by which its "
                    "pictures are known again: this once, all pictures are encoded."
                )
            report = _update(
                old, known, out, folder, source(known.has_place, old.pictures_each), options
            )
        finally:
            known.close()
            old.close()
        shutil.rmtree(folder)
        return report


def _update(
    old: IndexedCatalogue,
    known: KnownPictures,
    out: Path,
    folder: Path,
    source: ProductSource | None,
    options: UpdateOptions,
) -> UpdateReport:
    if not len(known) and (source is None or options.add_only):
        raise SettingsError(
            "This index was built by an earlier version, without what --add-only and --remove need:"
            " update it once from the whole catalogue."
        )
    products_in = updated_products(old, source, options)
    if source is not None and not options.add_only:
        check_shrinking(old, len(old.catalogue) - source.count(), options)
    manifest = old.manifest

    loading = threading.Lock()

    @cache
    def load() -> FeatureExtractor:
        return FeatureExtractor.for_building(
            old.folder / ENCODER_FOLDER, manifest.known_backbone, manifest.precision
        )

    def extractor() -> FeatureExtractor:
        with loading:  # several threads ask, and it is loaded once
            return load()

    with tqdm(unit=" products", desc="Comparing") as bar:
        encoder = UpdateEncoder(extractor, old.head, old.detector)
        chunks, counts = write_update_chunks(products_in, known, encoder, folder, bar.update)
    new = collect_update(chunks, folder)
    path = folder / VECTORS_FILE
    vectors = write_vectors(
        old.head, new.products, new.picture_vectors, manifest.style_dimensions, path
    )
    # Prices alone change no vector, so that nothing has to be measured.
    products = new.products
    fingerprint = fingerprint_of(manifest.weights_fingerprint, products.ids, vectors)
    drift = None
    if fingerprint != manifest.fingerprint:
        drift = drift_of(old, new, vectors, counts)
    changes = changes_between(old.catalogue, products)
    check_shrinking(old, len(changes.removed), options)
    in_place = out.resolve() == old.folder.resolve()
    after = manifest
    with new_folder(out) as written:  # left without a manifest, it is removed
        if changes.are_any:
            fitted = manifest.fitted if drift is None else drift.then.to_json()
            own = dataclasses.replace(manifest, fingerprint=fingerprint, fitted=fitted)
            after = _write(old, new, vectors, own, written, in_place=in_place)
        elif not in_place:
            _take(old.folder, written, (*manifest.files, MANIFEST_FILE), in_place=False)
    skipped_file = out.with_name(f"{out.name}.skipped.csv") if products.skipped else None
    if skipped_file:
        write_skipped(products, skipped_file)
    return UpdateReport(
        out, after, changes, counts, products.skipped, skipped_file, drift, after is not manifest
    )


def _write(
    old: IndexedCatalogue,
    new: UpdatedCatalogue,
    vectors: DiskArray,
    before: Manifest,
    folder: Path,
    *,
    in_place: bool,
) -> Manifest:
    """Writing of the index's files: new ones, and the old ones that have not changed."""
    products, coordinates = new.products, coordinates_of(old, new, vectors)
    rewritten = {*_REWRITTEN}
    if before.fingerprint == old.manifest.fingerprint:
        rewritten.remove(VECTORS_FILE)
    if np.array_equal(new.rows, np.arange(len(old.catalogue.pictures))):
        rewritten.remove(PICTURE_VECTORS_FILE)
    kept = {name: sha for name, sha in before.files.items() if name not in rewritten}
    _take(old.folder, folder, kept, in_place=in_place)
    if VECTORS_FILE in rewritten:
        vectors.path.replace(folder / VECTORS_FILE)
    if PICTURE_VECTORS_FILE in rewritten and before.head != CLASSIC:
        new.picture_vectors.path.replace(folder / PICTURE_VECTORS_FILE)
    with ThreadPoolExecutor(2) as pool:  # Arrow writes without the interpreter's lock
        writing = [
            pool.submit(write_catalogue, products, coordinates, folder / CATALOGUE_FILE),
            pool.submit(write_pictures, products, folder / PICTURES_FILE, new.fitted(old)),
        ]
    for done in writing:
        done.result()
    manifest = dataclasses.replace(
        before,
        items=len(products.ids),
        skipped=len(products.skipped),
        duplicates=sum(original is not None for original in products.duplicate_of()),
        attributes=tuple(products.attributes),
        filters=products.filters(),
        built=datetime.now(UTC).date().isoformat(),
        format_version=ONE_PICTURE_FORMAT if products.counts is None else FORMAT_VERSION,
    )
    words = TEXT_FILE in kept
    text = card(manifest, words, segmenter=has_segmenter(manifest))
    (folder / CARD_FILE).write_text(text, encoding="utf-8")
    written = {name: sha256(folder / name) for name in rewritten if (folder / name).exists()}
    manifest = dataclasses.replace(manifest, files=dict(sorted((kept | written).items())))
    manifest.write(folder)
    return manifest


def _take(old: Path, new: Path, names: Iterable[str], *, in_place: bool) -> None:
    """Taking of an index's files into a new folder: they are linked where the old one goes, so that
    they are neither copied nor written to the disk again."""
    for name in names:
        (new / name).parent.mkdir(parents=True, exist_ok=True)
        if in_place:
            with suppress(OSError):  # some disks have no links
                os.link((old / name).resolve(), new / name)
                continue
        shutil.copyfile(old / name, new / name)


def _begin(folder: Path, manifest: Manifest) -> None:
    """Working folder of an update: one of another index, or of another head, is begun anew."""
    key = json.dumps([*manifest.space, manifest.files.get(f"{ENCODER_FOLDER}/{GRAPH_FILE}")])
    plan = folder / _PLAN_FILE
    if not plan.exists() or plan.read_text(encoding="utf-8") != key:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        write_whole(plan, key.encode())


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Lock on an index's folder, held while it is updated."""
    lock = out.with_name(f".{out.name}.update.lock")
    with exclusive(lock, f"Another program is updating {out}: waiting for it."):
        yield

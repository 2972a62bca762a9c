"""Updated catalogue: products of an update's chunks, their places on the map, and their drift."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recommender.building.assemble import Arrays, collect_products
from recommender.building.drift import FEWEST_QUERIES, Drift, Measured, measure
from recommender.building.encoded_catalogue import EncodedCatalogue
from recommender.building.fit import weighed_for_map
from recommender.building.indexed_catalogue import IndexedCatalogue
from recommender.building.update_chunks import ROWS, VECTORS, UpdateCounts
from recommender.features.table import ArrayWriter, DiskArray
from recommender.index.exact_search import VECTORS_FILE
from recommender.index.files import PICTURE_VECTORS_FILE
from recommender.training.projection import coordinates_near, lay_out

# Products on the map that new ones are placed by, at most; as many as a map is laid out by.
_LANDMARKS = 5_000
# New products that are placed at a time: their similarities to all landmarks take 20 MB.
_BLOCK = 1024


@dataclass(frozen=True)
class UpdatedCatalogue:
    """Collected products of the new catalogue, with arrays of one row for each of p pictures."""

    products: EncodedCatalogue
    picture_vectors: DiskArray
    """(p, d) float32, before the label prior."""
    rows: np.ndarray
    """(p,) int64: row of the old index's vectors with the same picture; -1 where it has none."""

    def fitted(self, old: IndexedCatalogue) -> np.ndarray:
        """(p,) bool: whether the head was fitted on a catalogue with the picture."""
        if (self.rows < 0).all():
            # An index of an earlier version does not tell its pictures apart: ids have to do.
            known = old.catalogue.positions_of(self.products.ids) >= 0
            return np.repeat(known, self.products.picture_counts)
        return np.where(self.rows >= 0, old.fitted()[self.rows], False)


def collect_update(chunks: list[Path], folder: Path) -> UpdatedCatalogue:
    """Updated catalogue from an update's chunks; its picture vectors are written to `folder`.

    Raises:
        DatasetError: no product is left.
    """
    rows: list[np.ndarray] = []
    path = folder / PICTURE_VECTORS_FILE
    with ExitStack() as stack:
        writer: ArrayWriter | None = None

        def append(arrays: Arrays) -> None:
            nonlocal writer
            vectors = arrays[VECTORS]
            writer = writer or stack.enter_context(ArrayWriter(path, vectors.shape[1]))
            writer.append(vectors)
            rows.append(arrays[ROWS])

        products = collect_products(chunks, append)
    return UpdatedCatalogue(products, DiskArray(path), np.concatenate(rows))


def drift_of(
    old: IndexedCatalogue, new: UpdatedCatalogue, vectors: DiskArray, counts: UpdateCounts
) -> Drift:
    """Drift from the catalogue that the head was fitted on: the old one, if never updated."""
    manifest, products = old.manifest, new.products
    then = Measured.from_json(manifest.fitted) or _measured_as_fitted(old)
    now = measure(
        old.head,
        products.labels,
        products.digests,
        np.asarray(new.picture_vectors.take(products.first_pictures)),
        np.asarray(vectors.take(products.first_pictures)),
        manifest.style_dimensions,
        manifest.colour_weight,
    )
    fitted = new.fitted(old)[products.first_pictures]
    shift = float(np.median(counts.shifts)) if len(counts.shifts) >= FEWEST_QUERIES else None
    return Drift(then, now, float(1 - fitted.mean()), shift)


def _measured_as_fitted(old: IndexedCatalogue) -> Measured:
    catalogue, manifest = old.catalogue, old.manifest
    first = catalogue.pictures.first[:-1]
    stored = np.load(old.folder / VECTORS_FILE, mmap_mode="r", allow_pickle=False)
    items = np.asarray(stored[first], np.float32)
    labels = [catalogue.labels_of(position) for position in range(len(catalogue))]
    style, colour = np.split(items, [manifest.style_dimensions], axis=1)
    # Rounding does not matter here, so that older indexes can be measured, too.
    queries = np.hstack(old.head.remove_label_prior(style, colour, labels))
    columns = {name: [own.get(name) for own in labels] for name in catalogue.attributes}
    digests = catalogue.pictures.keys().get("digest")
    main = catalogue.original if digests is None else [digests[row] for row in first]
    return measure(
        old.head,
        columns,
        [str(picture) for picture in main],
        queries,
        items,
        manifest.style_dimensions,
        manifest.colour_weight,
    )


def coordinates_of(old: IndexedCatalogue, new: UpdatedCatalogue, vectors: DiskArray) -> np.ndarray:
    """Coordinates of the products on the map, (n, 2) float32.

    A product keeps its coordinates as long as it keeps its main picture. A new one gets the
    weighted mean of its nearest landmarks (`recommender.training.projection.coordinates_near`):
    products that keep theirs, evenly spaced in the catalogue. So the same index and the same new
    catalogue always give the same map.
    """
    products, manifest, places = new.products, old.manifest, old.catalogue.map
    main = new.rows[products.first_pictures]
    owners = old.catalogue.pictures.owners
    was = np.where(main >= 0, owners[main], -1)
    if not (main >= 0).any():
        # An index of an earlier version does not tell its pictures apart: ids have to do.
        was = old.catalogue.positions_of(products.ids)
    kept, others = np.flatnonzero(was >= 0), np.flatnonzero(was < 0)
    coordinates = np.zeros((len(was), 2), np.float32)
    coordinates[kept] = places[was[kept]]
    if not len(others):
        return coordinates
    weighed = weighed_for_map(manifest.style_dimensions, manifest.colour_weight)
    of_main = vectors.take(products.first_pictures)
    if not len(kept):
        return lay_out(of_main, weighed)
    landmarks = kept[np.unique(np.linspace(0, len(kept) - 1, _LANDMARKS).astype(int))]
    near = weighed(np.asarray(of_main[landmarks]))
    for start in range(0, len(others), _BLOCK):
        rows = others[start : start + _BLOCK]
        own = weighed(np.asarray(of_main[rows]))
        coordinates[rows] = coordinates_near(own, near, coordinates[landmarks])
    return coordinates

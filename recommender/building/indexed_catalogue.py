"""Indexed catalogue: what an update reads of an index, its products among it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from recommender.building.known_pictures import KnownPictures
from recommender.embedding.head import Head
from recommender.index.catalogue import Catalogue
from recommender.index.exact_search import VECTORS_FILE
from recommender.index.files import PICTURE_VECTORS_FILE, check_files
from recommender.index.folder import open_catalogue, open_head, open_product_detector
from recommender.index.manifest import CLASSIC, Manifest
from recommender.index.product_detector import ProductDetector
from recommender.reading.product import KnownPicture, Product


@dataclass(frozen=True)
class IndexedCatalogue:
    """Index without its network and search, checked like one that is served."""

    folder: Path
    manifest: Manifest
    catalogue: Catalogue
    head: Head
    detector: ProductDetector

    @classmethod
    def open(cls, folder: Path) -> "IndexedCatalogue":
        """Open an index for an update.

        Raises:
            IndexFormatError: not an index, of a newer version, or with a damaged or missing file.
        """
        manifest = Manifest.read(folder)
        check_files(folder, manifest)
        return cls(
            folder,
            manifest,
            open_catalogue(folder, manifest),
            open_head(folder, manifest),
            open_product_detector(folder),
        )

    @property
    def picture_vectors(self) -> Path | None:
        """File of the vectors before the label prior; None where the index lacks it."""
        if self.manifest.head == CLASSIC:
            return self.folder / VECTORS_FILE
        if PICTURE_VECTORS_FILE in self.manifest.files:
            return self.folder / PICTURE_VECTORS_FILE
        return None

    @property
    def pictures_each(self) -> int:
        """Pictures of a product at most; earlier versions did not note it."""
        most = int(np.diff(self.catalogue.pictures.first).max(initial=1))
        return max(self.manifest.pictures_each, most)

    def known_pictures(self, parts: list[Path]) -> KnownPictures:
        """Known pictures: the index's, and those in files of an interrupted update."""
        return KnownPictures(self.catalogue, self.picture_vectors, parts)

    def fitted(self) -> np.ndarray:
        """(p,) bool: whether the head was fitted on a catalogue with the picture."""
        pictures = self.catalogue.pictures
        return np.array(pictures.keys().get("fitted", [True] * len(pictures)), bool)

    def products(self) -> Iterator[Product]:
        """The index's products in their order, their pictures known ones."""
        catalogue = self.catalogue
        columns = {name: catalogue.labels(name) for name in catalogue.attributes}
        first = catalogue.pictures.first
        for position, id_ in enumerate(catalogue.ids):
            several = catalogue.several_of(position)
            attributes = {name: column[position] for name, column in columns.items()}
            if several:  # `labels` gives the first of several values
                attributes |= catalogue.attributes_of(position)
            yield Product(
                position,
                id_,
                catalogue.name(position),
                attributes,
                tuple(KnownPicture(row=row) for row in range(first[position], first[position + 1])),
                catalogue.group_of(position),
                catalogue.offer(position),
                values={name: tuple(values) for name, values in several.items()},
            )

    def close(self) -> None:
        """Closing of the files."""
        self.catalogue.close()

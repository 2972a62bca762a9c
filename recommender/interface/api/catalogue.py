"""Catalogue endpoints: one product, pages of products, and what the catalogue is."""

from dataclasses import asdict
from typing import Any

import numpy as np

from recommender.answers.recommender import Recommender
from recommender.errors import SettingsError
from recommender.index.filters import MAX_FILTER_VALUES
from recommender.interface.api.arguments import whole
from recommender.interface.thumbnails import Thumbnails

PAGE_SIZE = 24
MAX_PAGE_SIZE = 100


class CatalogueEndpoints:
    """The functions behind the endpoints.

    Args:
        recommender: has the catalogue.
        thumbnails: shows its products.
    """

    def __init__(self, recommender: Recommender, thumbnails: Thumbnails) -> None:
        self._recommender, self._thumbnails = recommender, thumbnails
        self._catalogue = recommender.catalogue

    def item(self, item_id: str) -> tuple[str, dict[str, Any]]:
        """Show one product of the catalogue.

        Args:
            item_id: The product's id.

        Returns:
            Its picture, and {"id", "name", "attributes", "link", "price", "sale_price",
            "currency", "availability", "brand", "fingerprint"}, null where the catalogue does not
            say it.
        """
        position = self._catalogue.position(item_id)
        return self._thumbnails.file(position), self._described(position)

    def browse(
        self, filters: dict[str, Any] | None = None, page: float = 1, page_size: float = PAGE_SIZE
    ) -> tuple[list[tuple[str, str]], list[dict[str, Any]], int]:
        """List the products of the catalogue that have certain attributes, page by page.

        Args:
            filters: Only products with these attributes, as in /recommend; none lists all.
            page: Which page, counted from 1.
            page_size: How many products a page has, 1 to 100.

        Returns:
            A gallery; a list of products as /item returns them; and how many there are in all.
        """
        size, number = whole(page_size), whole(page)
        if size not in range(1, MAX_PAGE_SIZE + 1):
            raise SettingsError(f"A page has 1 to {MAX_PAGE_SIZE} products; got {str(size)[:80]}.")
        if not isinstance(number, int):
            raise SettingsError(
                f"The page is a whole number, counted from 1; got {str(number)[:80]}."
            )
        passing = matching(self._recommender, filters or {})
        start = (max(1, number) - 1) * size
        shown = [int(position) for position in passing[start : start + size]]
        items = [self._described(position) for position in shown]
        gallery = [
            (self._thumbnails.file(position), item["name"])
            for position, item in zip(shown, items, strict=True)
        ]
        return gallery, items, len(passing)

    def catalog(self) -> dict[str, Any]:
        """Describe the catalogue: its size, its attributes with their values, and how it was made.

        Returns:
            {"size", "title", "dataset", "licence", "backbone", "head", "colour_weight",
            "attributes": {attribute: {value: count}} with the 200 commonest values, "values":
            {attribute: how many values there are}, "numbers": {number: {"min", "max", "known"}} to
            filter by ranges, "quality", ...}
        """
        manifest, catalogue = self._recommender.index.manifest, self._catalogue
        return {
            "size": len(self._catalogue),
            "title": manifest.title,
            "dataset": manifest.dataset,
            "dataset_revision": manifest.dataset_revision,
            "licence": manifest.data_licence,
            "backbone": manifest.backbone,
            "head": manifest.head,
            "dimensions": {
                "style": manifest.style_dimensions,
                "colour": manifest.colour_dimensions,
            },
            "colour_weight": manifest.colour_weight,
            "fingerprint": manifest.fingerprint,
            "built": manifest.built,
            "attributes": {
                name: catalogue.matching(name, "", MAX_FILTER_VALUES) for name in catalogue.filters
            },
            "values": {name: len(catalogue.values(name)) for name in catalogue.filters},
            "numbers": {name: _extent(numbers) for name, numbers in catalogue.numbers.items()},
            "quality": manifest.quality,
        }

    def _described(self, position: int) -> dict[str, Any]:
        return {
            "id": self._catalogue.ids[position],
            "name": self._catalogue.name(position),
            "attributes": self._catalogue.attributes_of(position),
            **asdict(self._catalogue.offer(position)),
            "fingerprint": self._recommender.index.manifest.fingerprint,
        }


def matching(recommender: Recommender, filters: dict[str, Any]) -> np.ndarray:
    """(m,) int64: positions of the products that pass filters, one for each picture."""
    catalogue = recommender.catalogue
    allowed = catalogue.allowed(filters)
    first = catalogue.original == np.arange(len(catalogue))
    return (first if allowed is None else first & allowed).nonzero()[0]


def _extent(numbers: np.ndarray) -> dict[str, float | int]:
    """The ends of the known numbers, and how many are known; at least one is."""
    known = numbers[np.isfinite(numbers)]
    return {"min": float(known.min()), "max": float(known.max()), "known": len(known)}

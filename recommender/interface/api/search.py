"""The endpoints: what the page can do, for programs and agents.

Names, parameters and fields of `/recommend` and `/similar` are a contract: what is added comes
after them. Their docstrings are the API's documentation and the descriptions of the MCP tools.
"""

from typing import Any

import numpy as np

from recommender.answers.recommender import (
    DEFAULT_K,
    MIN_QUERY_SIDE,
    Answer,
    MixComponent,
    Recommender,
)
from recommender.errors import PictureError, SettingsError
from recommender.interface.thumbnails import Thumbnails
from recommender.pictures.decoding import open_picture

PAGE_SIZE = 24
MAX_PAGE_SIZE = 100

Found = tuple[list[tuple[str, str]], list[dict[str, Any]], str | None]


class Endpoints:
    """The functions behind the endpoints.

    Args:
        recommender: answers.
        thumbnails: shows what was found.
    """

    def __init__(self, recommender: Recommender, thumbnails: Thumbnails) -> None:
        self._recommender, self._thumbnails = recommender, thumbnails
        self._catalogue = recommender.catalogue

    def recommend(
        self,
        image: bytes | str | None,
        k: float = DEFAULT_K,
        filters: dict[str, Any] | None = None,
        colour_weight: float | None = None,
        include_same: bool = False,
        region: float | None = None,
    ) -> Found:
        """Find the fashion products of the catalogue that look most similar to a picture.

        Use it when someone shows a garment, shoe, bag or accessory and wants something like it.
        /catalog tells which filters there are. The picture is deleted right after the search.

        Args:
            image: The picture: JPEG, PNG, WebP, GIF, AVIF, HEIC, TIFF or BMP, best cut to one
                garment.
            k: How many products to return, 1 to 100.
            filters: Only products with these attributes: a value, or a list of values of which
                any will do, by attribute, such as {"gender": "Women", "baseColour": ["Red",
                "Pink"]}.
            colour_weight: How much colour matters against style, 0 (only style) to 1 (only
                colour). Leave it out for the catalogue's own balance.
            include_same: Whether the very same picture may be among the results, where the
                catalogue has it.
            region: Where the picture shows several garments, the number of the one to search
                with, as /regions returns it. Leave it out for the whole picture.

        Returns:
            A gallery of captioned pictures; a list of {"rank", "id", "name", "similarity" (0-1),
            "distance" (Euclidean, 0-2), "attributes"}, most similar first; and a notice when the
            results are weak, else null.
        """
        if image is None:
            raise PictureError("No picture was given. Send one as the argument image.")
        answer = self._recommender.recommend(
            image,
            whole(k),
            filters,
            colour_weight=colour_weight,
            include_same=include_same,
            region=whole(region),
        )
        return self._found(answer)

    def regions(self, image: bytes | str | None) -> list[dict[str, Any]]:
        """Find the garments of a picture that shows several: a person dressed, an outfit laid out.

        Use it before /recommend, which takes the number of one of them as region.

        Args:
            image: The picture, as /recommend takes it.

        Returns:
            A list of {"region", "box": [left, top, right, bottom] from 0 to 1, "name",
            "confidence" (0-1)}, the largest first; empty where the picture shows one garment.
        """
        if image is None:
            raise PictureError("No picture was given. Send one as the argument image.")
        picture = open_picture(image, min_side=MIN_QUERY_SIDE)
        return [
            region.to_json(number)
            for number, region in enumerate(self._recommender.regions(picture), 1)
        ]

    def similar(
        self,
        item_id: str,
        k: float = DEFAULT_K,
        filters: dict[str, Any] | None = None,
        colour_weight: float | None = None,
    ) -> Found:
        """Find the products most similar to a product of the catalogue: "more like this".

        Args:
            item_id: The product's id, as the other tools return it.
            k: How many products to return, 1 to 100.
            filters: Only products with these attributes, as in /recommend.
            colour_weight: How much colour matters against style, 0 to 1, as in /recommend.

        Returns:
            A gallery, a list of results and a notice, as /recommend returns them.
        """
        answer = self._recommender.similar(item_id, whole(k), filters, colour_weight=colour_weight)
        return self._found(answer)

    def mix(
        self,
        items: list[dict[str, Any]],
        k: float = DEFAULT_K,
        filters: dict[str, Any] | None = None,
        colour_weight: float | None = None,
    ) -> Found:
        """Search with several products at once: the style of one in the colour of another.

        Args:
            items: The products and their shares: a list of {"id": "...", "style": 1, "colour":
                0}, 16 at most. A negative share asks for less of it; shares left out are 1.
            k: How many products to return, 1 to 100.
            filters: Only products with these attributes, as in /recommend.
            colour_weight: How much colour matters against style, 0 to 1, as in /recommend.

        Returns:
            A gallery, a list of results and a notice, as /recommend returns them.
        """
        if not (isinstance(items, list) and items and all(isinstance(i, dict) for i in items)):
            raise SettingsError('Items are a list such as [{"id": "7", "style": 1, "colour": 0}].')
        positions = [self._catalogue.position(item.get("id", "")) for item in items]
        components = [
            MixComponent(
                self._recommender.embedding_of(position),
                _share(item.get("style", 1)),
                _share(item.get("colour", 1)),
            )
            for position, item in zip(positions, items, strict=True)
        ]
        answer = self._recommender.search(
            self._recommender.mix(components),
            whole(k),
            filters,
            colour_weight=colour_weight,
            exclude=positions,
        )
        return self._found(answer)

    def item(self, item_id: str) -> tuple[str, dict[str, Any]]:
        """Show one product of the catalogue.

        Args:
            item_id: The product's id.

        Returns:
            Its picture, and {"id", "name", "attributes"}.
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
            A gallery; a list of {"id", "name", "attributes"}; and how many products there are in
            all.
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
            "attributes": {attribute: {value: count}}, "quality", ...}
        """
        manifest = self._recommender.index.manifest
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
            "attributes": {name: self._catalogue.values(name) for name in self._catalogue.filters},
            "quality": manifest.quality,
        }

    def _found(self, answer: Answer) -> Found:
        gallery = [
            (
                self._thumbnails.file(self._catalogue.position(result.id)),
                f"{result.name} ({result.similarity:.0%})",
            )
            for result in answer.results
        ]
        return gallery, answer.to_json(), answer.query.notice

    def _described(self, position: int) -> dict[str, Any]:
        return {
            "id": self._catalogue.ids[position],
            "name": self._catalogue.name(position),
            "attributes": self._catalogue.attributes_of(position),
        }


def matching(recommender: Recommender, filters: dict[str, Any]) -> np.ndarray:
    """(m,) int64: positions of the products that pass filters, one for each picture."""
    catalogue = recommender.catalogue
    allowed = catalogue.allowed(filters)
    first = catalogue.original == np.arange(len(catalogue))
    return (first if allowed is None else first & allowed).nonzero()[0]


def whole(value: Any) -> Any:
    """JSON has one kind of number: 5.0 means 5. What is no number is left for the check."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _share(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 10:
        raise SettingsError(f"A share of a mix is a number from -10 to 10; got {value!r}.")
    return float(value)

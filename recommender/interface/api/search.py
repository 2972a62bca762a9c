"""Search endpoints: products like a picture, a product, a mix or words, for programs and agents.

Names, parameters and fields of `/recommend` and `/similar` are a contract: what is added comes
after them. Their docstrings are the API's documentation and the descriptions of the MCP tools.
"""

from typing import Any

from recommender.answers.arguments import DEFAULT_K
from recommender.answers.recommendation import Answer, MixComponent
from recommender.answers.recommender import Recommender
from recommender.errors import SettingsError
from recommender.interface.api.arguments import given, or_zero, picture_or_words, whole
from recommender.interface.thumbnails import Thumbnails

Found = tuple[list[tuple[str, str]], list[dict[str, Any]], str | None]


class SearchEndpoints:
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
        image: bytes | str | None = None,
        k: float = DEFAULT_K,
        filters: dict[str, Any] | None = None,
        colour_weight: float | None = None,
        include_same: bool = False,
        min_similarity: float | None = 0,
        offset: float | None = 0,
        text: str | None = None,
        region: float | None = None,
    ) -> Found:
        """Find the fashion products of the catalogue most similar to a picture, or to words.

        Use it when someone shows a garment, shoe, bag or accessory and wants something like it, or
        says in words what they look for, or both: a picture and what should be different.
        /catalog tells which filters there are. The picture is deleted right after the search.

        Args:
            image: The picture: JPEG, PNG, WebP, GIF, AVIF, HEIC, TIFF or BMP, best cut to one
                garment. Leave it out to search with words alone.
            k: How many products to return, 1 to 100.
            filters: Only products with these attributes: a value, or a list of values of which
                any will do, by attribute, such as {"gender": "Women", "baseColour": ["Red",
                "Pink"]}. Numbers that /catalog lists are filtered by a range, of which either end
                may be left out: {"price": {"min": 10, "max": 50}}; the price is the reduced one.
            colour_weight: How much colour matters against style, 0 (only style) to 1 (only
                colour). Leave it out for the catalogue's own balance.
            include_same: Whether the very same picture may be among the results, where the
                catalogue has it.
            min_similarity: Only products at least this similar, 0 to 1.
            offset: How many results to pass over: with k 5, 5 gives the second page. Offset and k
                together are at most 1000.
            text: Words, 300 characters at most. Without a picture they are searched with, in any
                of ten languages (English, German, French, Spanish, Italian, Portuguese, Dutch,
                Polish, Japanese, Chinese): "red summer dress for women under 50 euros". With a
                picture they change what they name: "in green", "for men", "not black".
            region: Where the picture shows several garments, the number of the one to search
                with, as /regions returns it. Leave it out for the whole picture.

        Returns:
            A gallery of captioned pictures; a list of {"rank", "id", "name", "similarity" (0-1),
            "distance" (Euclidean, 0-2), "attributes", "picture" (number of the product's picture
            that matches, from 0), "variants" (how many there are of it), "differs" (what they
            differ in), "link", "price", "sale_price", "currency", "availability" ("in_stock",
            "out_of_stock", "preorder" or "backorder"), "brand" (null where the catalogue does not
            say them), "in_catalogue" (the id of the product whose picture this is, else null),
            "fingerprint" (of the index)}, most similar first; and a notice when the results are
            weak or there are none, else null.
        """
        words = given(text)
        answer = self._recommender.recommend(
            picture_or_words(image, words, words=self._recommender.words.available),
            **_bounds(k, filters, colour_weight, min_similarity, offset),
            include_same=include_same,
            text=words,
            region=whole(region),
        )
        return self._found(answer)

    def similar(
        self,
        item_id: str,
        k: float = DEFAULT_K,
        filters: dict[str, Any] | None = None,
        colour_weight: float | None = None,
        min_similarity: float | None = 0,
        offset: float | None = 0,
        text: str | None = None,
    ) -> Found:
        """Find the products most similar to a product of the catalogue: "more like this".

        Args:
            item_id: The product's id, as the other tools return it.
            k: How many products to return, 1 to 100.
            filters: Only products with these attributes, as in /recommend.
            colour_weight: How much colour matters against style, 0 to 1, as in /recommend.
            min_similarity: Only products at least this similar, 0 to 1.
            offset: How many results to pass over, as in /recommend.
            text: Words that change what they name: "in green", "for men", "not black".

        Returns:
            A gallery, a list of results and a notice, as /recommend returns them.
        """
        answer = self._recommender.similar(
            item_id,
            **_bounds(k, filters, colour_weight, min_similarity, offset),
            text=given(text),
        )
        return self._found(answer)

    def mix(
        self,
        items: list[dict[str, Any]],
        k: float = DEFAULT_K,
        filters: dict[str, Any] | None = None,
        colour_weight: float | None = None,
        min_similarity: float | None = 0,
        offset: float | None = 0,
        text: str | None = None,
    ) -> Found:
        """Search with several products at once: the style of one in the colour of another.

        Args:
            items: The products and their weights: a list of {"id": "...", "style": 1, "colour":
                0}, 16 at most. A negative weight asks for less of it; weights left out are 1.
            k: How many products to return, 1 to 100.
            filters: Only products with these attributes, as in /recommend.
            colour_weight: How much colour matters against style, 0 to 1, as in /recommend.
            min_similarity: Only products at least this similar, 0 to 1.
            offset: How many results to pass over, as in /recommend.
            text: Words that change what they name, as in /similar.

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
        query, words = self._recommender.mix(components), given(text)
        answer = self._recommender.search(
            self._recommender.refine(query, words) if words else query,
            **_bounds(k, filters, colour_weight, min_similarity, offset),
            exclude=[same for p in positions for same in self._recommender.same_product(p)],
        )
        return self._found(answer)

    def search_words(
        self,
        text: str,
        k: float = DEFAULT_K,
        filters: dict[str, Any] | None = None,
        colour_weight: float | None = None,
        min_similarity: float | None = 0,
        offset: float | None = 0,
    ) -> Found:
        """Find the fashion products of the catalogue that words describe, without a picture.

        Args:
            text: Words, 300 characters at most, in any of the languages of /recommend: "red summer
                dress for women under 50 euros". Prices and stock are filters; a named type, gender
                or colour weighs.
            k: How many products to return, 1 to 100.
            filters: Only products with these attributes, as in /recommend.
            colour_weight: How much colour matters against style, 0 to 1, as in /recommend.
            min_similarity: Only products at least this similar, 0 to 1.
            offset: How many results to pass over, as in /recommend.

        Returns:
            A gallery, a list of results and a notice, as /recommend returns them.
        """
        answer = self._recommender.recommend(
            None,
            **_bounds(k, filters, colour_weight, min_similarity, offset),
            text=given(text),
        )
        return self._found(answer)

    def _found(self, answer: Answer) -> Found:
        gallery = [
            (
                self._thumbnails.file(self._catalogue.position(result.id), result.picture),
                f"{result.name} ({result.similarity:.0%})",
            )
            for result in answer.results
        ]
        return gallery, answer.to_json(), answer.notice or answer.nothing


def _bounds(
    k: float,
    filters: dict[str, Any] | None,
    colour_weight: float | None,
    min_similarity: float | None,
    offset: float | None,
) -> dict[str, Any]:
    """Arguments that every search has, as `Recommender.search` takes them."""
    return {
        "k": whole(k),
        "filters": filters,
        "colour_weight": colour_weight,
        "min_similarity": or_zero(min_similarity),
        "offset": whole(or_zero(offset)),
    }


def _share(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 10:
        raise SettingsError(f"A weight of a mix is a number from -10 to 10; got {value!r}.")
    return float(value)

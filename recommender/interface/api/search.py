"""Search endpoints: recommend, similar, mix and embed, for programs and agents.

Names, parameters and fields of `/recommend` and `/similar` are a contract: what is added comes
after them. Their docstrings are the API's documentation and the descriptions of the MCP tools.
"""

from typing import Any

from recommender.answers.recommender import DEFAULT_K, Answer, MixComponent, Recommender
from recommender.errors import PictureError, SettingsError
from recommender.interface.api.arguments import or_zero, whole
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
        image: bytes | str | None,
        k: float = DEFAULT_K,
        filters: dict[str, Any] | None = None,
        colour_weight: float | None = None,
        include_same: bool = False,
        min_similarity: float | None = 0,
        offset: float | None = 0,
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
                "Pink"]}. Numbers that /catalog lists are filtered by a range, of which either end
                may be left out: {"price": {"min": 10, "max": 50}}.
            colour_weight: How much colour matters against style, 0 (only style) to 1 (only
                colour). Leave it out for the catalogue's own balance.
            include_same: Whether the very same picture may be among the results, where the
                catalogue has it.
            min_similarity: Only products at least this similar, 0 to 1.
            offset: How many results to pass over: with k 5, 5 gives the second page. Offset and k
                together are at most 1000.

        Returns:
            A gallery of captioned pictures; a list of {"rank", "id", "name", "similarity" (0-1),
            "distance" (Euclidean, 0-2), "attributes", "in_catalogue" (the id of the product whose
            picture this is, else null), "fingerprint" (of the index)}, most similar first; and a
            notice when the results are weak, else null.
        """
        answer = self._recommender.recommend(
            _given(image),
            whole(k),
            filters,
            colour_weight=colour_weight,
            include_same=include_same,
            min_similarity=or_zero(min_similarity),
            offset=whole(or_zero(offset)),
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
    ) -> Found:
        """Find the products most similar to a product of the catalogue: "more like this".

        Args:
            item_id: The product's id, as the other tools return it.
            k: How many products to return, 1 to 100.
            filters: Only products with these attributes, as in /recommend.
            colour_weight: How much colour matters against style, 0 to 1, as in /recommend.
            min_similarity: Only products at least this similar, 0 to 1.
            offset: How many results to pass over, as in /recommend.

        Returns:
            A gallery, a list of results and a notice, as /recommend returns them.
        """
        answer = self._recommender.similar(
            item_id,
            whole(k),
            filters,
            colour_weight=colour_weight,
            min_similarity=or_zero(min_similarity),
            offset=whole(or_zero(offset)),
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
    ) -> Found:
        """Search with several products at once: the style of one in the colour of another.

        Args:
            items: The products and their shares: a list of {"id": "...", "style": 1, "colour":
                0}, 16 at most. A negative share asks for less of it; shares left out are 1.
            k: How many products to return, 1 to 100.
            filters: Only products with these attributes, as in /recommend.
            colour_weight: How much colour matters against style, 0 to 1, as in /recommend.
            min_similarity: Only products at least this similar, 0 to 1.
            offset: How many results to pass over, as in /recommend.

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
            min_similarity=or_zero(min_similarity),
            offset=whole(or_zero(offset)),
        )
        return self._found(answer)

    def embed(
        self, image: bytes | str | None, colour_weight: float | None = None
    ) -> dict[str, Any]:
        """Turn a picture into the vector that it is searched with, for a search of one's own.

        Args:
            image: The picture, as in /recommend.
            colour_weight: How much colour matters against style, 0 to 1, as in /recommend.

        Returns:
            {"vector": the numbers whose inner products with the index's vectors order the
            results, "parts": {"style": [first, end], "colour": [first, end]} of them,
            "colour_weight" that they are weighed by, "fingerprint" of the index, "notice" when
            the picture shows no product, else null}.
        """
        weight = self._recommender.check(DEFAULT_K, {}, colour_weight)
        query = self._recommender.embed(_given(image))
        style, whole_length = query.embedding.style.size, query.embedding.query(weight).size
        return {
            # Nine digits name a float32 exactly.
            "vector": [float(f"{x:.9g}") for x in query.embedding.query(weight)],
            "parts": {"style": [0, style], "colour": [style, whole_length]},
            "colour_weight": weight,
            "fingerprint": self._recommender.index.manifest.fingerprint,
            "notice": query.notice,
        }

    def _found(self, answer: Answer) -> Found:
        gallery = [
            (
                self._thumbnails.file(self._catalogue.position(result.id)),
                f"{result.name} ({result.similarity:.0%})",
            )
            for result in answer.results
        ]
        return gallery, answer.to_json(), answer.notice


def _given(image: bytes | str | None) -> bytes | str:
    if image is None:
        raise PictureError("No picture was given. Send one as the argument image.")
    return image


def _share(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 10:
        raise SettingsError(f"A share of a mix is a number from -10 to 10; got {value!r}.")
    return float(value)

"""Picture endpoints: explanation, place on the map, outfit and contact sheet of a search."""

from typing import Any

import numpy as np
from PIL import Image

from recommender.answers.arguments import DEFAULT_K
from recommender.answers.outfits import Wardrobe
from recommender.answers.recommendation import Query
from recommender.errors import SettingsError
from recommender.interface.api.arguments import or_zero, whole
from recommender.interface.catalogue_map import place_of
from recommender.interface.explanation import explained
from recommender.interface.state.actions import SearchActions
from recommender.interface.state.controls import Controls
from recommender.interface.state.history import Session


class PictureEndpoints:
    """The functions behind those endpoints.

    Args:
        actions: searches as the page does.
        wardrobe: knows what goes with what.
    """

    def __init__(self, actions: SearchActions, wardrobe: Wardrobe) -> None:
        self._actions, self._wardrobe = actions, wardrobe
        self._catalogue = actions.catalogue
        self._fingerprint = actions.recommender.index.manifest.fingerprint

    def explain(
        self, item_id: str, image: bytes | str | None = None, query_id: str | None = None
    ) -> tuple[Image.Image, Image.Image, dict[str, Any]]:
        """Explain why a product is similar to a picture: show the parts that the match rests on.

        Give either a picture or the id of another product. Of a product with several pictures, the
        most similar one is shown.

        Args:
            item_id: The product that was found.
            image: The picture that was searched with.
            query_id: The product that was searched with, where it was no picture.

        Returns:
            The query and the product with those parts outlined; and {"similarity", "query":
            {"similarity_without", "heat"}, "result": {...}}: inner products of style, as they are
            and without those parts, and how much each part of a picture matters, 0-1, by rows; and
            the index's "fingerprint".
        """
        query = self._query_picture(image, query_id)
        position = self._catalogue.position(item_id)
        result = self._catalogue.thumbnail(position, self._matching(position, query, query_id))
        found, shown_query, shown_result = explained(self._actions.recommender, query, result)
        words: dict[str, Any] = {
            "similarity": round(found.similarity, 4),
            "fingerprint": self._fingerprint,
        }
        for name, side in (("query", found.query), ("result", found.result)):
            words[name] = {
                "similarity_without": round(side.similarity_without, 4),
                "heat": np.round(side.heat, 3).astype(float).tolist(),
            }
        return shown_query, shown_result, words

    def map_position(
        self, image: bytes | str | None = None, query_id: str | None = None
    ) -> dict[str, Any]:
        """Tell where a picture or a product belongs on the map of the catalogue.

        Give either a picture or the id of a product.

        Args:
            image: A picture.
            query_id: The id of a product.

        Returns:
            {"x", "y", "around": [{"id", "name", "x", "y"}], "fingerprint"}: places from 0 to 1,
            and the products nearest on the map.
        """
        _check_one(image, query_id)
        places = self._catalogue.map
        if query_id:
            x, y = (float(side) for side in places[self._catalogue.position(query_id)])
        else:
            query = self._actions.recommender.embed_picture(self._query_picture(image, None))
            x, y = place_of(self._actions.recommender, query)
        away = ((places - (x, y)) ** 2).sum(axis=1)
        around = [
            {
                "id": self._catalogue.ids[p],
                "name": self._catalogue.name(p),
                "x": float(places[p][0]),
                "y": float(places[p][1]),
            }
            for p in (int(position) for position in away.argsort(kind="stable"))
            if self._catalogue.ids[p] != query_id
        ][:DEFAULT_K]
        return {"x": x, "y": y, "around": around, "fingerprint": self._fingerprint}

    def complete_look(self, item_id: str) -> tuple[list[dict[str, Any]], str | None]:
        """Find products of other kinds that go with a product: complete the look.

        For the same person, occasion and season, in colours that go together.

        Args:
            item_id: The product's id.

        Returns:
            A list of {"group", "id", "name", "reason", "attributes", "fingerprint"}; and a notice
            where there is no look, else null.
        """
        outfit = self._wardrobe.outfit_for(item_id)
        items = [
            {
                "group": item.group,
                "id": item.id,
                "name": item.name,
                "reason": item.reason,
                "attributes": item.attributes,
                "fingerprint": self._fingerprint,
            }
            for item in outfit.items
        ]
        return items, outfit.notice

    def result_sheet(
        self,
        image: bytes | str | None = None,
        query_id: str | None = None,
        k: float = DEFAULT_K,
        filters: dict[str, Any] | None = None,
        colour_weight: float | None = None,
        min_similarity: float | None = 0,
        offset: float | None = 0,
    ) -> Image.Image:
        """Draw a search and its results on one picture, to save, print or item.

        Give either a picture or the id of a product.

        Args:
            image: The picture to search with.
            query_id: The id of the product to search with.
            k: How many products to show, 1 to 100.
            filters: Only products with these attributes, as in /recommend.
            colour_weight: How much colour matters against style, 0 to 1, as in /recommend.
            min_similarity: Only products at least this similar, 0 to 1.
            offset: How many results to pass over, as in /recommend.

        Returns:
            The sheet.
        """
        _check_one(image, query_id)
        controls = Controls(
            whole(k), colour_weight, filters=filters or {}, min_similarity=or_zero(min_similarity)
        )
        passed = whole(or_zero(offset))
        self._actions.recommender.check(
            controls.k, controls.filters, controls.weight, controls.min_similarity, passed
        )
        if query_id:
            session = self._actions.with_item(Session(), query_id, onward=False)
        else:
            session = self._actions.with_picture(Session(), _given(image))
        entry = session.history[-1]
        return self._actions.sheet(entry, self._actions.search(entry, controls, passed))

    def _matching(self, position: int, query: Image.Image, query_id: str | None) -> int:
        """Number of a product's picture that is most similar to a query."""
        if self._catalogue.pictures.count(position) == 1:
            return 0  # another pass of the network would say no more
        recommender = self._actions.recommender
        if query_id:
            asked = Query(recommender.embedding_of(self._catalogue.position(query_id)))
        else:
            asked = recommender.embed_picture(query)
        return recommender.best_picture(asked, position)[0]

    def _query_picture(self, image: bytes | str | None, query_id: str | None) -> Image.Image:
        _check_one(image, query_id)
        if query_id:
            return self._catalogue.thumbnail(self._catalogue.position(query_id))
        return self._actions.recommender.opened(_given(image))


def _given(image: bytes | str | None) -> bytes | str:
    assert image is not None, "checked before"
    return image


def _check_one(image: bytes | str | None, query_id: str | None) -> None:
    if (image is not None) == bool(query_id):
        raise SettingsError("Give a picture as image, or a product's id as query_id: one of them.")

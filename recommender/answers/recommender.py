"""Recommender: a query picture or product in, the most similar products of an index out."""

from collections.abc import Sequence

import numpy as np

from recommender.answers.arguments import DEFAULT_K, MAX_RANK, check_count, check_fraction
from recommender.answers.copies import COMPARED, Copies
from recommender.answers.queries import QueryMaker
from recommender.answers.recommendation import (
    Answer,
    EmptyReason,
    Query,
)
from recommender.answers.results import recommendation
from recommender.answers.text_filters import filters_of
from recommender.answers.variants import collapse
from recommender.index.calibration import Calibration
from recommender.index.filters import Filters
from recommender.index.folder import Index
from recommender.pictures.decoding import PictureSource

# Neighbours fetched beyond the last result, in exchange for copies that are left out.
_SPARE = 8


class Recommender(QueryMaker):
    """Makes queries for an index, and answers them. Safe to call from several threads.

    Args:
        index: an opened index.
    """

    def __init__(self, index: Index) -> None:
        super().__init__(index)
        self._copies = Copies(index.catalogue)

    def recommend(
        self,
        source: PictureSource | None,
        k: int = DEFAULT_K,
        filters: Filters | None = None,
        *,
        colour_weight: float | None = None,
        include_same: bool = False,
        min_similarity: float = 0.0,
        offset: int = 0,
        text: str | None = None,
        region: int | None = None,
    ) -> Answer:
        """Products most similar to a picture, to words, or to a picture refined with words.

        Args:
            source: a picture; None searches with the text alone.
            text: words; None searches with the picture alone.
            region: number of the picture's region to search with (`regions`), from 1; None for the
                whole picture. The other arguments are those of `search`.

        Raises:
            PictureError, TextError, FilterError, SettingsError: the picture, the text or an
                argument is not valid.
        """
        self.check(k, filters or {}, colour_weight, min_similarity, offset)
        return self.search(
            self.query_of(source, text, region),
            k,
            filters,
            colour_weight=colour_weight,
            include_same=include_same,
            min_similarity=min_similarity,
            offset=offset,
        )

    def similar(
        self,
        item_id: str,
        k: int = DEFAULT_K,
        filters: Filters | None = None,
        *,
        colour_weight: float | None = None,
        min_similarity: float = 0.0,
        offset: int = 0,
        text: str | None = None,
    ) -> Answer:
        """Products most similar to a product of the catalogue, by its main picture.

        Words refine it: "in red", "for men".

        Itself and its copies are left out, and so are its variants: who asks for more like a shirt
        has seen its colours and sizes on the product's own card.

        Raises:
            UnknownItemError, TextError, FilterError, SettingsError: an argument is not valid.
        """
        position = self.catalogue.position(item_id)
        query = Query(self.embedding_of(position))
        query = self.refine(query, text) if text else query
        return self.search(
            query,
            k,
            filters,
            colour_weight=colour_weight,
            exclude=self.same_product(position),
            min_similarity=min_similarity,
            offset=offset,
        )

    def same_product(self, position: int) -> tuple[int, ...]:
        """Positions of a product with its copies and variants, which are not similar products."""
        copies = np.flatnonzero(self.catalogue.original == self.catalogue.original[position])
        own = np.union1d(copies, self.catalogue.variants.of(position))
        return tuple(own.tolist())

    def best_picture(
        self, query: Query, position: int, colour_weight: float | None = None
    ) -> tuple[int, float]:
        """Number of a product's picture that is most similar to a query, and their inner product.

        Raises:
            SettingsError: the weight is not valid.
        """
        weight = _weight_of(query, self.check(1, {}, colour_weight))
        products = self.index.search.picture_vectors(position) @ query.embedding.query(weight)
        best = int(products.argmax())
        return best, float(products[best])

    def search(
        self,
        query: Query,
        k: int = DEFAULT_K,
        filters: Filters | None = None,
        *,
        colour_weight: float | None = None,
        include_same: bool = True,
        exclude: Sequence[int] = (),
        min_similarity: float = 0.0,
        offset: int = 0,
    ) -> Answer:
        """Products nearest to a query, best first, each by its best picture.

        Copies, products with the same main picture, and variants of one product are one result: the
        best of them.

        Args:
            query: of a picture, a product or a mix.
            k: number of results, 1-100; fewer come back where fewer pass the filters.
            filters: values by attribute and ranges by number (`FilterColumns.allowed`).
            colour_weight: weight of colour in the comparison, 0-1; None takes the index's own.
            include_same: whether products with a copy of the query's picture, and their variants,
                may come back.
            exclude: positions that may not come back.
            min_similarity: least similarity of a result, 0-1.
            offset: results to pass over; offset and k together are at most `MAX_RANK`. The results
                are those that a search for offset + k ends with.

        Raises:
            FilterError, SettingsError: an argument is not valid.
        """
        filters = filters or {}
        weight = self.check(k, filters, colour_weight, min_similarity, offset)
        weight = _weight_of(query, weight)
        filters = filters_of(query.understood, filters, self.catalogue)
        vector = query.embedding.query(weight)
        last = offset + k
        wanted = last + _SPARE
        while True:
            found = self.index.search.search(vector, wanted, filters, exclude)
            same = self._copies.among(found, query.copy)
            # One more than is shown says whether more follows.
            left_out = [] if include_same else same
            best = collapse(self.catalogue, found.positions, last + 1, left_out)
            if len(best) > last or len(found.positions) < wanted:
                break
            wanted *= 2
        own = None
        if same:
            own = int(found.positions[same[0]])
        elif filters and query.copy is not None:
            # A picture is the catalogue's own whatever the filters say.
            nearest = self.index.search.search(vector, COMPARED, {})
            same = self._copies.among(nearest, query.copy)
            own = int(nearest.positions[same[0]]) if same else None
        # Rounded as it is shown, so that no result is below what was asked for.
        similarities = self._calibration_of(query).similarity(found.scores[best], weight).round(4)
        shown = [
            (i, float(similarity))
            for i, similarity in zip(best, similarities, strict=True)
            if similarity >= min_similarity
        ]
        results = [
            recommendation(self.index, found, i, rank, similarity, own)
            for rank, (i, similarity) in enumerate(shown[offset:last], offset + 1)
        ]
        # Filters ask for other categories on purpose.
        doubted = (
            bool(shown)
            and not filters
            and self._kinds.is_improbable(query.kinds, int(found.positions[shown[0][0]]))
        )
        nothing = None
        if not results and shown:
            nothing = EmptyReason.PASSED_OVER
        elif not results:
            nothing = EmptyReason.NOT_AS_SIMILAR if len(best) else EmptyReason.NONE_PASSES
        return Answer(results, query, own, last < min(len(shown), MAX_RANK), doubted, nothing)

    def similarity(self, query: Query, position: int, colour_weight: float | None) -> float:
        """Similarity of a product to a query, 0-1, as the results say it.

        Args:
            query: of a search.
            position: of the product.
            colour_weight: of that search.
        """
        _, product = self.best_picture(query, position, colour_weight)
        weight = _weight_of(query, self.check(1, {}, colour_weight))
        return float(self._calibration_of(query).similarity(np.array([product]), weight)[0])

    def _calibration_of(self, query: Query) -> Calibration:
        """Calibration of a query's similarities: of pictures, words, or refined pictures."""
        words = self.index.text
        if words is None or not (query.words_only or query.refined):
            return self.index.calibration
        return words.calibration if query.words_only else words.refined

    def check(
        self,
        k: int,
        filters: Filters,
        colour_weight: float | None,
        min_similarity: float = 0.0,
        offset: int = 0,
    ) -> float:
        """Colour weight of a search, after a check of the search's arguments.

        Raises:
            FilterError, SettingsError: an argument is not valid.
        """
        check_count(k, offset)
        check_fraction("The least similarity", min_similarity)
        self.catalogue.check_filters(filters)
        if self.index.manifest.colour_dimensions == 0:
            return 0.0
        if colour_weight is None:
            return self.index.manifest.colour_weight
        return check_fraction("The weight of colour", colour_weight)


def _weight_of(query: Query, colour_weight: float) -> float:
    """Weight of colour for a query: 0 where its words name no colour."""
    return colour_weight if query.embedding.colour.any() else 0.0

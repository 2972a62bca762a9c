"""Recommender: a query picture or product in, the most similar products of an index out."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PIL import Image

from recommender.answers.arguments import (
    DEFAULT_K,
    MAX_K,
    MAX_RANK,
    check_count,
    check_fraction,
)
from recommender.answers.copies import COMPARED, Copies, reduced
from recommender.answers.kinds import ProductKinds
from recommender.answers.recommendation import (
    NOTHING_SIMILAR,
    Answer,
    MixComponent,
    Query,
    Recommendation,
)
from recommender.answers.regions import Region, choose_region, find_regions
from recommender.answers.results import recommendation
from recommender.answers.text_filters import filters_of
from recommender.answers.text_queries import TextQueries
from recommender.answers.variants import collapse
from recommender.embedding.query import embed_query
from recommender.embedding.vectors import Embedding, normalised
from recommender.errors import SettingsError
from recommender.features.preprocessing import MIN_SIDE
from recommender.index.calibration import Calibration
from recommender.index.filters import Filters
from recommender.index.folder import Index
from recommender.pictures.decoding import PictureSource, open_picture

__all__ = [
    "DEFAULT_K",
    "MAX_K",
    "MIN_QUERY_SIDE",
    "NOTHING_SIMILAR",
    "Answer",
    "MixComponent",
    "Query",
    "Recommendation",
    "Recommender",
]

# Queries are reduced as the products of an index were.
MIN_QUERY_SIDE = MIN_SIDE

# Neighbours fetched beyond the last result, in exchange for copies that are left out.
_SPARE = 8


class Recommender:
    """Answers queries from an index. Safe to call from several threads.

    Args:
        index: an opened index.
    """

    def __init__(self, index: Index) -> None:
        self.index = index
        self.catalogue = index.catalogue
        self._copies = Copies(index.catalogue)
        self._kinds = ProductKinds(index.catalogue.attributes, index.catalogue.labels, index.head)
        self.words = TextQueries(index)

    def embed(self, source: PictureSource) -> Query:
        """Query from anything that `open_picture` reads.

        Raises:
            PictureError: the source is not a usable picture.
        """
        return self.embed_picture(open_picture(source, min_side=MIN_QUERY_SIDE))

    def regions(self, picture: Image.Image) -> list[Region]:
        """Garments of an RGB picture that shows several; empty for a picture of one."""
        return find_regions(picture, self.index.extractor, self.index.head)

    def embed_picture(self, picture: Image.Image) -> Query:
        """Query from an RGB picture."""
        index = self.index
        embedded = embed_query(picture, index.extractor, index.head, index.pictures)
        pooled = embedded.features.max_pooled, embedded.features.avg_pooled
        familiar = index.product_detector.score(*pooled)[0] >= 0
        return Query(
            embedded.embedding,
            None if familiar else NOTHING_SIMILAR,
            reduced(picture),
            kinds=self._kinds.probabilities(embedded.shown),
        )

    def embed_text(self, text: str) -> Query:
        """Query from words alone, such as "red summer dress", in any of the encoder's languages.

        Raises:
            TextError: the index has no words, or the text is empty, too long, of unknown words or
                about no product.
        """
        found = self.words.embed(text)
        return Query(found.embedding, found.notice, understood=found.understanding, words_only=True)

    def refine(self, query: Query, text: str) -> Query:
        """Query of a picture, a product or a mix, changed in what words name.

        Args:
            query: to refine; one of words alone gets the further words.
            text: such as "in red", "for men", "as a dress", "with stripes", "not black".

        Raises:
            TextError: the index has no words, or the text is empty, too long or of unknown words.
        """
        if query.words_only and query.understood is not None:
            return self.embed_text(f"{query.understood.text} {text}")
        found = self.words.refine(query.embedding, text)
        notices = " ".join(filter(None, (query.notice, found.notice))) or None
        # Words about prices and stock leave the vector as it is, and the calibration of pictures.
        changed = found.embedding is not query.embedding
        return replace(
            query,
            embedding=found.embedding,
            notice=notices,
            understood=found.understanding,
            refined=changed,
            kinds={} if changed else query.kinds,
        )

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

    def query_of(
        self, source: PictureSource | None, text: str | None, region: int | None = None
    ) -> Query:
        """Query of a picture or its region, of words, or of a picture refined with words.

        Raises:
            PictureError, TextError: the picture or the text is not valid, or there is neither.
            SettingsError: there is no such region.
        """
        if source is None:
            if region is not None:
                raise SettingsError("A region is of a picture: send one, or leave region out.")
            return self.embed_text(text or "")
        picture = open_picture(source, min_side=MIN_QUERY_SIDE)
        if region is not None:
            picture = choose_region(picture, self.regions(picture), region)
        query = self.embed_picture(picture)
        return self.refine(query, text) if text else query

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

    def embedding_of(self, position: int) -> Embedding:
        """Embedding of the main picture of a product of the catalogue, given its position."""
        style, colour = self._embeddings([position])
        return Embedding(style[0], colour[0])

    def mix(self, components: Sequence[MixComponent]) -> Query:
        """Mixed query: the weighted sums of the components' styles and colours, of length one.

        Raises:
            SettingsError: the weighted styles, or colours, add up to zero.
        """
        style = sum((c.style * c.embedding.style for c in components), np.zeros(()))
        colour = sum((c.colour * c.embedding.colour for c in components), np.zeros(()))
        for part in (style, colour):
            if part.ndim == 0 or (part.size and not np.linalg.norm(part) > 1e-6):
                raise SettingsError("These pictures cancel each other out: give one more weight.")
        return Query(Embedding(normalised(style[None])[0], normalised(colour[None])[0]))

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
        return Answer(results, query, own, last < min(len(shown), MAX_RANK), doubted)

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

    def _embeddings(self, positions: Sequence[int] | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Style and colour of products, (n, d) float32 each, without the label prior."""
        vectors = self.index.search.vectors(positions)
        style, colour = np.split(vectors, [self.index.manifest.style_dimensions], axis=1)
        labels = [self.catalogue.labels_of(int(position)) for position in positions]
        return self.index.head.remove_label_prior(style, colour, labels)


def _weight_of(query: Query, colour_weight: float) -> float:
    """Weight of colour for a query: 0 where its words name no colour."""
    return colour_weight if query.embedding.colour.any() else 0.0

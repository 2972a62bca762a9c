"""A picture in, the most similar products out: ties encoder, head, search, catalogue together."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from numbers import Real
from typing import Any

import numpy as np
from PIL import Image

from recommender.embedding.query import embed_query
from recommender.embedding.vectors import Embedding, distance, normalised
from recommender.errors import SettingsError
from recommender.features.preprocessing import MIN_SIDE
from recommender.index.catalogue import Filters
from recommender.index.folder import Index
from recommender.pictures.decoding import PictureSource, open_picture

DEFAULT_K = 5
MAX_K = 100

# Queries are reduced as the products of an index were.
MIN_QUERY_SIDE = MIN_SIDE

# Neighbours fetched beyond k, to fill the places of copies that are left out.
_SPARE = 8

NOTHING_SIMILAR = (
    "This does not look like anything in the catalogue: the results below are the least unlike it. "
    "Try a picture of a single garment, or cut to it."
)

# Two pictures are one, saved or scaled another way, when their copies of so many pixels a side
# differ by less than this (mean of 0-255). Of pictures saved again as JPEG of quality 75, 97% do;
# of the most similar pictures of other products 4%, nearly all of which are the same shot.
COPY_SIDE, COPY_DIFFERENCE = 24, 3.0


@dataclass(frozen=True)
class Recommendation:
    """One neighbour, as the page, the API and the command line show it."""

    rank: int
    id: str
    name: str
    similarity: float
    """0-1, calibrated: means the same for every query (`recommender.index.calibration`)."""
    distance: float
    """Euclidean, 0-2: what the search orders by."""
    attributes: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        """The fields as JSON has them."""
        return asdict(self)


@dataclass(frozen=True)
class Query:
    """A picture that was embedded: all later searches with it need the network no more."""

    embedding: Embedding
    notice: str | None = None
    """A sentence for the person when the picture shows nothing the catalogue could match."""
    copy: np.ndarray | None = None
    """(`COPY_SIDE`, `COPY_SIDE`, 3) int16: the picture, to know it again where there is one."""


@dataclass(frozen=True)
class Answer:
    """What a search found, best first, and the query it was asked with."""

    results: list[Recommendation]
    query: Query

    def to_json(self) -> list[dict[str, Any]]:
        """The results as the API returns them."""
        return [result.to_json() for result in self.results]


@dataclass(frozen=True)
class Ingredient:
    """A picture's share in a mixed query."""

    embedding: Embedding
    style: float = 1.0
    """Weight of its style; negative asks for less of it."""
    colour: float = 1.0
    """Weight of its colour."""


class Recommender:
    """Answers queries from an index. Safe to call from several threads.

    Args:
        index: an opened index.
    """

    def __init__(self, index: Index) -> None:
        self.index = index
        self.catalogue = index.catalogue

    def embed(self, source: PictureSource) -> Query:
        """A picture as a query.

        Raises:
            PictureError: it is not a picture we can use.
        """
        return self.embed_picture(open_picture(source, min_side=MIN_QUERY_SIDE))

    def embed_picture(self, picture: Image.Image) -> Query:
        """An RGB picture as a query."""
        index = self.index
        embedding, features = embed_query(picture, index.extractor, index.head, index.pictures)
        familiar = index.novelty.score(features.max_pooled, features.avg_pooled)[0] >= 0
        return Query(embedding, None if familiar else NOTHING_SIMILAR, _small_copy(picture))

    def recommend(
        self,
        source: PictureSource,
        k: int = DEFAULT_K,
        filters: Filters | None = None,
        *,
        colour_weight: float | None = None,
        include_same: bool = False,
    ) -> Answer:
        """The products most similar to a picture; see `search` for the arguments.

        Raises:
            PictureError, FilterError, SettingsError: what was asked cannot be answered, and why.
        """
        self.check(k, filters or {}, colour_weight)
        return self.search(
            self.embed(source), k, filters, colour_weight=colour_weight, include_same=include_same
        )

    def similar(
        self,
        item_id: str,
        k: int = DEFAULT_K,
        filters: Filters | None = None,
        *,
        colour_weight: float | None = None,
    ) -> Answer:
        """The products most similar to one of the catalogue, without itself and its copies.

        Raises:
            UnknownItemError, FilterError, SettingsError: what was asked cannot be answered.
        """
        position = self.catalogue.position(item_id)
        query = Query(self.embedding_of(position))
        copies = np.flatnonzero(self.catalogue.original == self.catalogue.original[position])
        return self.search(
            query, k, filters, colour_weight=colour_weight, exclude=[int(p) for p in copies]
        )

    def embedding_of(self, position: int) -> Embedding:
        """The embedding of a product of the catalogue."""
        style, colour = self._embeddings([position])
        return Embedding(style[0], colour[0])

    def mix(self, ingredients: Sequence[Ingredient]) -> Query:
        """One query of several pictures: this one's style with that one's colour, or less of it.

        Raises:
            SettingsError: nothing is left of the style, or of the colour, when all are added up.
        """
        style = sum((i.style * i.embedding.style for i in ingredients), np.zeros(()))
        colour = sum((i.colour * i.embedding.colour for i in ingredients), np.zeros(()))
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
    ) -> Answer:
        """The products nearest to a query, one for each picture, best first.

        Args:
            query: a picture, a product, or a mix.
            k: how many, 1-100; fewer come back only where fewer pass the filters.
            filters: value or values by attribute (`Catalogue.allowed`).
            colour_weight: share of colour in the comparison, 0-1; None is the index's own.
            include_same: whether a copy of the query's very picture may come back.
            exclude: positions that must not.

        Raises:
            FilterError, SettingsError: a filter or number that makes no sense.
        """
        filters = filters or {}
        weight = self.check(k, filters, colour_weight)
        vector = query.embedding.query(weight)
        wanted = k + _SPARE
        while True:
            found = self.index.search.search(vector, wanted, filters, exclude)
            positions, scores = found.positions, found.scores
            originals = self.catalogue.original[positions]
            keep = np.zeros(len(positions), bool)
            keep[np.unique(originals, return_index=True)[1]] = True
            if not include_same:
                keep &= ~self._same(query, positions)
            if keep.sum() >= k or len(positions) < wanted:
                break
            wanted *= 2
        best = np.flatnonzero(keep)[:k]
        shown = self.index.calibration.similarity(scores[best], weight)
        results = [
            Recommendation(
                rank,
                self.catalogue.ids[positions[i]],
                self.catalogue.name(positions[i]),
                round(float(similarity), 4),
                round(float(distance(scores[i])), 6),
                self.catalogue.attributes_of(positions[i]),
            )
            for rank, (i, similarity) in enumerate(zip(best, shown, strict=True), 1)
        ]
        return Answer(results, query)

    def check(self, k: int, filters: Filters, colour_weight: float | None) -> float:
        """Check the arguments of a search before any work is done for it.

        Returns:
            The colour weight to use.

        Raises:
            FilterError, SettingsError: one of them makes no sense.
        """
        if isinstance(k, bool) or k not in range(1, MAX_K + 1):
            raise SettingsError(
                f"The number of results is a whole number from 1 to {MAX_K}; got {str(k)[:80]}."
            )
        self.catalogue.check_filters(filters)
        if self.index.manifest.colour_dimensions == 0:
            return 0.0
        if colour_weight is None:
            return self.index.manifest.colour_weight
        if not isinstance(colour_weight, Real) or not 0 <= colour_weight <= 1:
            raise SettingsError(
                f"The weight of colour is a number from 0 to 1; got {str(colour_weight)[:80]}."
            )
        return float(colour_weight)

    def _same(self, query: Query, positions: np.ndarray) -> np.ndarray:
        """Which items show the very picture of the query, however it was saved."""
        same = np.zeros(len(positions), bool)
        if query.copy is not None:
            # A copy is among the nearest, and thumbnails cost reading.
            for i, position in enumerate(positions[:_SPARE]):
                other = _small_copy(self.catalogue.thumbnail(int(position)))
                same[i] = np.abs(other - query.copy).mean() < COPY_DIFFERENCE
        return same

    def _embeddings(self, positions: Sequence[int] | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Style and colour, (n, d) float32 each, of products as their pictures alone have them."""
        vectors = self.index.search.vectors(positions)
        style, colour = np.split(vectors, [self.index.manifest.style_dimensions], axis=1)
        labels = [self.catalogue.attributes_of(int(position)) for position in positions]
        return self.index.head.remove_label_prior(style, colour, labels)


def _small_copy(picture: Image.Image) -> np.ndarray:
    size = (COPY_SIDE, COPY_SIDE)
    small = picture.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
    return np.asarray(small).astype(np.int16)

"""Recommender: a query picture or product in, the most similar products of an index out."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from numbers import Real
from typing import Any

import numpy as np
from PIL import Image

from recommender.answers.regions import Region, find_regions
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

# Neighbours fetched beyond k, in exchange for copies that are left out.
_SPARE = 8

NOTHING_SIMILAR = (
    "This does not look like anything in the catalogue: the results below are the least unlike it. "
    "Try a picture of a single garment, or cut to it."
)

# Two pictures are copies when, reduced to `COPY_SIDE` pixels a side, they differ by less than
# `COPY_DIFFERENCE` (mean absolute difference, of 255). Of pictures saved again as JPEG of quality
# 75, 97% are found so; of the most similar pictures of other products 4%, nearly all of which show
# the same shot.
COPY_SIDE, COPY_DIFFERENCE = 24, 3.0


@dataclass(frozen=True)
class Recommendation:
    """Search result: one neighbour, as the page, the API and the command line show it."""

    rank: int
    id: str
    name: str
    similarity: float
    """0-1, calibrated (`recommender.index.calibration`), so that queries can be compared."""
    distance: float
    """Euclidean, 0-2; results are ordered by it."""
    attributes: dict[str, str]

    def to_json(self) -> dict[str, Any]:
        """The fields as JSON has them."""
        return asdict(self)


@dataclass(frozen=True)
class Query:
    """Embedded query, with which any number of searches need no further pass of the network."""

    embedding: Embedding
    notice: str | None = None
    """A sentence for the person where the product detector finds no product."""
    copy: np.ndarray | None = None
    """(`COPY_SIDE`, `COPY_SIDE`, 3) int16, reduced, to recognise copies; None without a picture."""


@dataclass(frozen=True)
class Answer:
    """Results of a search, best first, and its query."""

    results: list[Recommendation]
    query: Query

    def to_json(self) -> list[dict[str, Any]]:
        """The results as the API returns them."""
        return [result.to_json() for result in self.results]


@dataclass(frozen=True)
class MixComponent:
    """Mix component: an embedding with its weights in a mixed query."""

    embedding: Embedding
    style: float = 1.0
    """Weight of its style; a negative weight asks for less of this style."""
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
        embedding, features = embed_query(picture, index.extractor, index.head, index.pictures)
        familiar = index.product_detector.score(features.max_pooled, features.avg_pooled)[0] >= 0
        return Query(embedding, None if familiar else NOTHING_SIMILAR, _small_copy(picture))

    def recommend(
        self,
        source: PictureSource,
        k: int = DEFAULT_K,
        filters: Filters | None = None,
        *,
        colour_weight: float | None = None,
        include_same: bool = False,
        region: int | None = None,
    ) -> Answer:
        """Products most similar to a picture; the other arguments are those of `search`.

        Args:
            region: number of the picture's region to search with (`regions`), from 1; None for the
                whole picture.

        Raises:
            PictureError, FilterError, SettingsError: the picture or an argument is not valid.
        """
        self.check(k, filters or {}, colour_weight)
        picture = open_picture(source, min_side=MIN_QUERY_SIDE)
        if region is not None:
            picture = self._region(picture, region)
        query = self.embed_picture(picture)
        return self.search(
            query, k, filters, colour_weight=colour_weight, include_same=include_same
        )

    def similar(
        self,
        item_id: str,
        k: int = DEFAULT_K,
        filters: Filters | None = None,
        *,
        colour_weight: float | None = None,
    ) -> Answer:
        """Products most similar to a product of the catalogue, without itself and its copies.

        Raises:
            UnknownItemError, FilterError, SettingsError: an argument is not valid.
        """
        position = self.catalogue.position(item_id)
        query = Query(self.embedding_of(position))
        copies = np.flatnonzero(self.catalogue.original == self.catalogue.original[position])
        return self.search(
            query, k, filters, colour_weight=colour_weight, exclude=[int(p) for p in copies]
        )

    def embedding_of(self, position: int) -> Embedding:
        """Embedding of a product of the catalogue, given its position."""
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
    ) -> Answer:
        """Products nearest to a query, best first; products with one picture count once.

        Args:
            query: of a picture, a product or a mix.
            k: number of results, 1-100; fewer come back where fewer pass the filters.
            filters: value or values by attribute (`Catalogue.allowed`).
            colour_weight: weight of colour in the comparison, 0-1; None takes the index's own.
            include_same: whether copies of the query's picture may come back.
            exclude: positions that may not come back.

        Raises:
            FilterError, SettingsError: an argument is not valid.
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
        """Colour weight of a search, after a check of the search's arguments.

        Raises:
            FilterError, SettingsError: an argument is not valid.
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

    def _region(self, picture: Image.Image, number: int) -> Image.Image:
        """Part of a picture that a region's number means.

        Raises:
            SettingsError: there is no such region.
        """
        found = self.regions(picture)
        if isinstance(number, bool) or number not in range(1, len(found) + 1):
            known = f"has the regions 1 to {len(found)}" if found else "has no regions"
            raise SettingsError(
                f"The picture {known}; got {str(number)[:80]}. Leave region out to search with "
                "the whole picture."
            )
        return found[number - 1].cropped(picture)

    def _same(self, query: Query, positions: np.ndarray) -> np.ndarray:
        """(m,) bool: whether each item shows a copy of the query's picture."""
        same = np.zeros(len(positions), bool)
        if query.copy is not None:
            # A copy is among the nearest, and reading thumbnails takes time.
            for i, position in enumerate(positions[:_SPARE]):
                other = _small_copy(self.catalogue.thumbnail(int(position)))
                same[i] = np.abs(other - query.copy).mean() < COPY_DIFFERENCE
        return same

    def _embeddings(self, positions: Sequence[int] | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Style and colour of products, (n, d) float32 each, without the label prior."""
        vectors = self.index.search.vectors(positions)
        style, colour = np.split(vectors, [self.index.manifest.style_dimensions], axis=1)
        labels = [self.catalogue.attributes_of(int(position)) for position in positions]
        return self.index.head.remove_label_prior(style, colour, labels)


def _small_copy(picture: Image.Image) -> np.ndarray:
    size = (COPY_SIDE, COPY_SIDE)
    small = picture.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
    return np.asarray(small).astype(np.int16)

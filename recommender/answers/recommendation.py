"""Queries and recommendations: what a search is asked with, and what it answers."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np

from recommender.embedding.vectors import Embedding
from recommender.words.understanding import Understanding

NOTHING_SIMILAR = (
    "This does not look like anything in the catalogue: the results below are the least unlike it. "
    "Try a picture of a single garment, or cut to it."
)

OF_ANOTHER_KIND = (
    "The first result may be of another kind than what this picture shows, so that nothing similar "
    "may be in the catalogue. Try a picture of a single garment, or cut to it."
)


class EmptyReason(StrEnum):
    """Reason why a search has no results, as a sentence for callers of the API."""

    PASSED_OVER = "There are no results after those that the offset passes over. Lower it."
    NOT_AS_SIMILAR = "No product is as similar as that. Lower the least similarity."
    NONE_PASSES = "No product passes these filters. Leave one of them out."


@dataclass(frozen=True)
class Recommendation:
    """Search result: one neighbour, as the page, the API and the command line show it."""

    rank: int
    """Place among all results of the search, from 1; an offset does not change it."""
    id: str
    name: str
    similarity: float
    """0-1, calibrated (`recommender.index.calibration`), so that queries can be compared."""
    distance: float
    """Euclidean, 0-2; results are ordered by it."""
    attributes: dict[str, str]
    picture: int = 0
    """Number of its picture that is most similar to the query; 0 is the main one."""
    variants: int = 1
    """Number of its variants in the catalogue, itself included; the others are no results."""
    differs: dict[str, list[str]] = field(default_factory=dict)
    """Values that the variants differ in, by attribute, such as their colours and sizes."""
    link: str | None = None
    """The product's page in the shop, http or https; this and the following fields are None where
    the catalogue does not say them (`recommender.index.offer.Offer`)."""
    price: float | None = None
    sale_price: float | None = None
    currency: str | None = None
    availability: str | None = None
    brand: str | None = None
    in_catalogue: str | None = None
    """Id of the product whose picture is the query's picture; None where there is none."""
    fingerprint: str = ""
    """Of the index that answered, as in its manifest."""

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
    """The picture, reduced (`recommender.answers.copies`), to recognise copies; None without a
    picture."""
    understood: Understanding | None = None
    """What the words of the query name; None without words."""
    words_only: bool = False
    """Whether the embedding is a text's, whose similarities have their own calibration."""
    refined: bool = False
    """Whether words changed a picture's embedding, whose similarities have theirs."""
    kinds: Mapping[str, float] = field(default_factory=dict)
    """Probability of each category that the picture may show (`recommender.answers.kinds`)."""


@dataclass(frozen=True)
class Answer:
    """Results of a search, best first, and its query."""

    results: list[Recommendation]
    query: Query
    in_catalogue: int | None = None
    """Position of the product whose picture is the query's picture, whatever filters say."""
    has_more: bool = False
    """Whether further results follow these."""
    of_another_kind: bool = False
    """Whether the picture probably shows another category than the first result's."""

    nothing: EmptyReason | None = None
    """Why there are no results; None where there are some."""

    @property
    def notice(self) -> str | None:
        """A sentence for the person where the results are weak.

        A picture that is the catalogue's own has none.
        """
        if self.in_catalogue is not None:
            return None
        return self.query.notice or (OF_ANOTHER_KIND if self.of_another_kind else None)

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

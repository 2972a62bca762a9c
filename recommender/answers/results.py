"""Results: a neighbour of a query with all that the catalogue says of the product."""

from dataclasses import asdict

from recommender.answers.recommendation import Recommendation
from recommender.answers.variants import differing
from recommender.embedding.vectors import distance
from recommender.index.exact_search import Neighbours
from recommender.index.folder import Index


def recommendation(
    index: Index, found: Neighbours, i: int, rank: int, similarity: float, own: int | None
) -> Recommendation:
    """Result of a search.

    Args:
        index: that was searched.
        found: neighbours of the query.
        i: which of them.
        rank: place among the results, from 1.
        similarity: calibrated, 0-1.
        own: position of the product whose picture is the query's; None where there is none.
    """
    catalogue, position = index.catalogue, int(found.positions[i])
    variants = catalogue.variants.of(position)
    return Recommendation(
        rank,
        catalogue.ids[position],
        catalogue.name(position),
        similarity,
        round(float(distance(found.scores[i])), 6),
        catalogue.attributes_of(position),
        int(found.pictures[i]),
        len(variants),
        differing(catalogue, variants),
        **asdict(catalogue.offer(position)),
        in_catalogue=None if own is None else catalogue.ids[own],
        fingerprint=index.manifest.fingerprint,
    )

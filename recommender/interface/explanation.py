"""Explanation of a result: both pictures side by side, with the parts that made them similar."""

from PIL import Image

from recommender.answers.explanation import Explanation, explain, overlay
from recommender.answers.recommender import Recommender


def explained(
    recommender: Recommender, query: Image.Image, result: Image.Image
) -> tuple[Explanation, Image.Image, Image.Image]:
    """The explanation of a match, and the overlays of both RGB pictures.

    Runs the network on both: the maps of features are too large to keep for every product.
    """
    index = recommender.index
    features = [index.extractor.occludable(picture) for picture in (query, result)]
    explanation = explain(features[0], features[1], index.head)
    return (
        explanation,
        overlay(index.extractor.seen(query), explanation.query),
        overlay(index.extractor.seen(result), explanation.result),
    )

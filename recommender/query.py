"""A picture to the embedding that is searched for: where people's photographs get their treatment.

A studio shot is looked at as the catalogue's own pictures were. A photograph, in which the product
was found, is looked at three times (`recommender.foreground`), and its embedding is the mean, the
first look weighing twice; a shop's picture that came out too dark is made lighter first.
"""

import numpy as np
from PIL import Image

from recommender.backbones.registry import Backbone
from recommender.colour import colour_features
from recommender.embedding import Embedding, Head, normalised
from recommender.encoder import Encoder, Features
from recommender.exposure import evenly_exposed
from recommender.foreground import Photograph, find_product, pool_foreground
from recommender.preprocessing import to_pixels


def embed_query(
    picture: Image.Image, backbone: Backbone, encoder: Encoder, head: Head
) -> tuple[Embedding, Features]:
    """What to search for, and the features of the whole picture.

    Args:
        picture: RGB, any size.
        backbone: what the encoder expects.
        encoder: takes one picture a call.
        head: of the index that will be searched; only a learned one knows of photographs.
    """
    photograph = None
    if head.knows_photographs:
        picture = evenly_exposed(picture)
        photograph = find_product(picture)
    features = encoder.encode(to_pixels(picture, backbone)[None])
    pooled = features.max_pooled, features.avg_pooled
    foreground = None
    if photograph is not None:
        foreground = photograph.foreground
        highest, mean = pool_foreground(features.feature_map[0], foreground)
        pooled = highest[None], mean[None]
    colour = colour_features(np.asarray(picture), foreground)[None]
    style = head.style(*pooled)
    coloured = head.colour(style, colour)
    if photograph is not None:
        style = normalised(2 * style + _further_looks(photograph, backbone, encoder, head))
    return Embedding(style[0], coloured[0]), features


def _further_looks(
    photograph: Photograph, backbone: Backbone, encoder: Encoder, head: Head
) -> np.ndarray:
    """(1, style dimensions) float32: the sum of the styles of the cut-out and the reduced copy."""
    looks = [
        encoder.encode(to_pixels(picture, backbone)[None])
        for picture in (photograph.cut_out, photograph.reduced)
    ]
    return sum(
        (head.style(look.max_pooled, look.avg_pooled) for look in looks), np.zeros(1, np.float32)
    )

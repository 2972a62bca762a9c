"""A picture to the embedding that is searched for: where people's photographs get their treatment.

A studio shot is looked at as the catalogue's own pictures were. A photograph, in which the product
was found, is looked at four times (`recommender.pictures.segmentation`), and its style is the
mean, drawn a little towards the kind that it most probably shows; a shop's picture that came out
too dark is made lighter first.
"""

import numpy as np
from PIL import Image

from recommender.embedding.head import Head
from recommender.embedding.vectors import Embedding, normalised
from recommender.features.backbones.registry import Backbone
from recommender.features.colour import colour_features
from recommender.features.encoder import Encoder, Features
from recommender.features.preprocessing import to_pixels
from recommender.pictures.exposure import evenly_exposed
from recommender.pictures.segmentation import find_product, pool_foreground


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
    foreground = None if photograph is None else photograph.foreground
    style = head.style(*_pooled(features, foreground))
    coloured = head.colour(style, colour_features(np.asarray(picture), foreground)[None])
    if photograph is not None:
        for crop in (photograph.close, photograph.small, photograph.cut_out):
            nearer = encoder.encode(to_pixels(crop.picture, backbone)[None])
            style = style + head.style(*_pooled(nearer, crop.foreground))
        style = head.add_class_prior(normalised(style))
    return Embedding(style[0], coloured[0]), features


def _pooled(features: Features, foreground: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """(1, channels) float32 twice: a picture's maximum and mean, where its product is."""
    if foreground is None:
        return features.max_pooled, features.avg_pooled
    highest, mean = pool_foreground(features.feature_map[0], foreground)
    return highest[None], mean[None]

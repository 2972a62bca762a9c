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
from recommender.features.colour import colour_features
from recommender.features.encoder import Features
from recommender.features.extractor import FeatureExtractor
from recommender.pictures.catalogue_pictures import CataloguePictures
from recommender.pictures.exposure import evenly_exposed
from recommender.pictures.segmentation import Crop, find_product, pool_foreground


def embed_query(
    picture: Image.Image, extractor: FeatureExtractor, head: Head, catalogue: CataloguePictures
) -> tuple[Embedding, Features]:
    """What to search for, and the features of the whole picture, (1, ...) each.

    A photograph and its crops go through the network in one call.

    Args:
        picture: RGB, any size.
        extractor: of the index that will be searched.
        head: of that index; only a learned one knows of photographs.
        catalogue: what that index's own pictures are like.
    """
    photograph = None
    if head.knows_photographs:
        picture = evenly_exposed(picture)
        photograph = find_product(picture, catalogue)
    looks = [Crop(picture)]
    if photograph is not None:
        whole = Crop(picture, photograph.foreground)
        looks = [whole, photograph.close, photograph.small, photograph.cut_out]
    features = extractor.maps([look.picture for look in looks])
    pooled = [_pooled(features, row, look.foreground) for row, look in enumerate(looks)]
    styles = head.style(*(np.stack(arrays) for arrays in zip(*pooled, strict=True)))
    coloured = head.colour(
        styles[:1], colour_features(np.asarray(picture), looks[0].foreground)[None]
    )
    style = styles[:1]
    if photograph is not None:
        style = head.add_class_prior(normalised(styles.sum(axis=0, keepdims=True)))
    whole_picture = Features(
        features.feature_map[:1], features.max_pooled[:1], features.avg_pooled[:1]
    )
    return Embedding(style[0], coloured[0]), whole_picture


def _pooled(
    features: Features, row: int, foreground: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """(channels,) float32 twice: maximum and mean of one picture, where its product is."""
    if foreground is None:
        return features.max_pooled[row], features.avg_pooled[row]
    return pool_foreground(features.feature_map[row], foreground)

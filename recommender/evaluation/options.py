"""Catalogue that command-line options name, encoded for measuring and tuning."""

import argparse

from recommender.building.options import config_of, products_of
from recommender.building.plan import key_of
from recommender.evaluation.feature_cache import FeatureCache, encode_dataset
from recommender.features.backbones.sources import find_source

# Folder in --work that keeps pictures given by their addresses.
PICTURES = "pictures"


def encode_named(arguments: argparse.Namespace) -> FeatureCache:
    """Feature cache of a dataset.

    Args:
        arguments: of `recommender.building.options.add_dataset_options`, `dataset` and `work`.

    Raises:
        BackboneError, DatasetError, HubError: the network or the dataset cannot be had or used.
    """
    products = products_of(arguments, arguments.work / PICTURES)
    network = find_source(arguments.backbone, arguments.weights)
    key = key_of(config_of(arguments, products), products, network)
    return encode_dataset(products, key, network, arguments.work, arguments.segmenter)

"""Teach an index what is no product: views made of the catalogue, seen through its own network."""

import numpy as np
from PIL import Image

from recommender.building.assemble import EncodedProducts
from recommender.building.pooled import Eye
from recommender.building.thumbnails import Thumbnails
from recommender.index.product_detector import ProductDetector, fit_product_detector
from recommender.training.synthetic_photos import no_products, product_on_backdrop

# Products laid on backdrops, and pictures without one: 15 seconds of a small network.
MOST_VIEWS = 2_000
SEED = 0


def fit_product_detector_on(products: EncodedProducts, eye: Eye) -> ProductDetector:
    """Fit `recommender.index.product_detector` on a catalogue.

    Args:
        products: their features, and where their thumbnails are.
        eye: the network that made the features.
    """
    rows = range(0, len(products.ids), max(1, len(products.ids) // MOST_VIEWS))
    thumbnails = Thumbnails(products.rows)
    views = (
        product_on_backdrop(thumbnails.picture(row), np.random.default_rng((SEED, row)))
        for row in rows
    )
    pooled = products.features["max_pooled"], products.features["avg_pooled"]
    strangers = no_products(len(rows), np.random.default_rng(SEED))
    return fit_product_detector(
        (pooled[0][rows], pooled[1][rows]),
        eye.pooled(Image.fromarray(view) for view in views),
        eye.pooled(Image.fromarray(view) for view in strangers),
    )

"""Fitting of the product detector on a catalogue: its products against pictures without any."""

import numpy as np
from PIL import Image

from recommender.building.assemble import EncodedCatalogue
from recommender.building.thumbnails import Thumbnails
from recommender.features.extractor import FeatureExtractor
from recommender.features.table import FeatureTable
from recommender.index.product_detector import ProductDetector, fit_product_detector
from recommender.pictures.catalogue_pictures import CataloguePictures
from recommender.training.synthetic_photos import no_products, product_on_backdrop

# Products laid on backdrops, and pictures without one: 15 seconds of a small network.
MOST_VIEWS = 2_000
SEED = 0


def fit_product_detector_on(
    products: EncodedCatalogue, extractor: FeatureExtractor, catalogue: CataloguePictures
) -> ProductDetector:
    """Fit `recommender.index.product_detector` on a catalogue.

    Args:
        products: their features, and where their thumbnails are.
        extractor: the one that made the features.
        catalogue: what the products' pictures are like.
    """
    rows = range(0, len(products.ids), max(1, len(products.ids) // MOST_VIEWS))
    thumbnails, size = Thumbnails(products.rows), catalogue.size
    on_backdrops = (
        product_on_backdrop(thumbnails.picture(row), np.random.default_rng((SEED, row)), size)
        for row in rows
    )
    drawn = no_products(len(rows), np.random.default_rng(SEED), size)

    def pooled(table: FeatureTable) -> tuple[np.ndarray, np.ndarray]:
        return table.in_memory[:2]

    return fit_product_detector(
        pooled(products.features.take(np.array(rows))),
        pooled(extractor.table((Image.fromarray(view) for view in on_backdrops), colour=False)),
        pooled(extractor.table((Image.fromarray(view) for view in drawn), colour=False)),
    )

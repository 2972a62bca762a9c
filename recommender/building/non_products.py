"""Fitting of the product detector on a catalogue: products against synthetic non-products."""

import numpy as np
from PIL import Image

from recommender.building.encoded_catalogue import EncodedCatalogue
from recommender.building.thumbnails import Thumbnails
from recommender.features.extractor import FeatureExtractor
from recommender.features.table import FeatureTable
from recommender.index.product_detector import ProductDetector, fit_product_detector
from recommender.pictures.catalogue_pictures import CataloguePictures
from recommender.training.non_products import non_products
from recommender.training.synthetic_photos import product_on_backdrop

# Synthetic photos of products, and non-products, each: 15 seconds of encoding by a small network.
MOST_PICTURES = 2_000
SEED = 0


def fit_product_detector_on(
    products: EncodedCatalogue, extractor: FeatureExtractor, catalogue: CataloguePictures
) -> ProductDetector:
    """Product detector (`recommender.index.product_detector`) fitted on a catalogue.

    Args:
        products: features and thumbnails.
        extractor: of the products' features.
        catalogue: measurements of the products' pictures.
    """
    rows = range(0, len(products.ids), max(1, len(products.ids) // MOST_PICTURES))
    thumbnails, size = Thumbnails(products.rows), catalogue.size
    on_backdrops = (
        product_on_backdrop(thumbnails.picture(row), np.random.default_rng((SEED, row)), size)[0]
        for row in rows
    )
    drawn = non_products(len(rows), np.random.default_rng(SEED), size)

    def pooled(table: FeatureTable) -> tuple[np.ndarray, np.ndarray]:
        return table.in_memory[:2]

    return fit_product_detector(
        pooled(products.main_features.take(np.array(rows))),
        pooled(
            extractor.table((Image.fromarray(picture) for picture in on_backdrops), colour=False)
        ),
        pooled(extractor.table((Image.fromarray(picture) for picture in drawn), colour=False)),
    )

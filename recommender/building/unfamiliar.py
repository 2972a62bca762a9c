"""Teach an index what is no product: views made of the catalogue, seen through its own network."""

import io
import itertools
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from PIL import Image

from recommender.backbones.registry import Backbone
from recommender.building.assemble import EncodedProducts
from recommender.building.encode import BATCH
from recommender.building.views import no_products, product_on_backdrop
from recommender.encoder import Encoder
from recommender.novelty import Novelty, Pooled, fit_novelty
from recommender.preprocessing import to_pixels

# Products laid on backdrops, and pictures without one: 15 seconds of a small network.
MOST_VIEWS = 2_000
SEED = 0


def fit_novelty_on(
    products: EncodedProducts, backbone: Backbone, encoder: Path, precision: str
) -> Novelty:
    """Fit `recommender.novelty` on a catalogue.

    Args:
        products: their features, and where their thumbnails are.
        backbone, encoder, precision: what made the features.
    """
    network = Encoder(encoder, batch=BATCH, precision=precision)
    count = len(products.ids)
    step = max(1, count // MOST_VIEWS)
    rows = range(0, count, step)
    views = (
        product_on_backdrop(picture, np.random.default_rng((SEED, row)))
        for row, picture in zip(rows, _thumbnails(products, rows), strict=True)
    )
    pooled = products.features["max_pooled"], products.features["avg_pooled"]
    strangers = no_products(len(rows), np.random.default_rng(SEED))
    return fit_novelty(
        (pooled[0][rows], pooled[1][rows]),
        _encoded(views, backbone, network),
        _encoded(strangers, backbone, network),
    )


def _thumbnails(products: EncodedProducts, rows: Iterable[int]) -> Iterator[Image.Image]:
    for chunk, group in itertools.groupby(
        (products.rows[row] for row in rows), key=lambda place: place[0]
    ):
        thumbnails = pq.read_table(chunk, columns=["thumbnail"])["thumbnail"]
        for _, row in group:
            yield Image.open(io.BytesIO(thumbnails[row].as_py())).convert("RGB")


def _encoded(views: Iterable[np.ndarray], backbone: Backbone, network: Encoder) -> Pooled:
    def pixels(view: np.ndarray) -> np.ndarray:
        return to_pixels(Image.fromarray(view), backbone)

    def batches() -> Iterator[np.ndarray]:
        ahead = iter(views)
        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
            while group := list(itertools.islice(ahead, BATCH)):
                yield np.stack(list(pool.map(pixels, group)))

    features = list(network.encode_stream(batches()))
    return (
        np.concatenate([f.max_pooled for f in features]),
        np.concatenate([f.avg_pooled for f in features]),
    )

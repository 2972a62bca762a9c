"""Evaluation of the product detector: false alarms on products, detection of non-products.

A build fits the detector (`recommender.index.product_detector`) on drawn non-products. Parts of two
real photographs are the harder test here, because nothing similar was drawn.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from sklearn.datasets import load_sample_images

from recommender.building.encoded_catalogue import EncodedCatalogue
from recommender.building.non_products import fit_product_detector_on
from recommender.evaluation.feature_cache import FeatureCache
from recommender.evaluation.query_vectors import QueryPath
from recommender.features.table import FeatureTable
from recommender.metrics.splits import Split

# Drawn pictures of each sort.
PICTURES_A_SOURCE = 20
# Side of a drawn picture, pixels.
_SIDE = 240
# Rows and columns that a photograph is cut into: different pictures of one scene.
_CUTS = (3, 4)


@dataclass(frozen=True)
class NonProductResult:
    """Fractions of pictures that the product detector takes for non-products."""

    false_alarms: dict[str, float]
    """Fraction of pictures with a product, by source."""
    caught: dict[str, float]
    """Fraction of non-products, by source."""

    def to_json(self) -> dict[str, Any]:
        """Fields as JSON values."""
        return asdict(self)


def measure_non_products(
    cache: FeatureCache,
    split: Split,
    photographs: EncodedCatalogue | None,
    path: QueryPath,
    seed: int = 0,
) -> NonProductResult:
    """False alarms and detection rates of a product detector fitted on a split's index.

    Args:
        cache: features of the catalogue.
        split: of the catalogue; the detector is fitted on its index only.
        photographs: of products, if any.
        path: gives the features of the non-products.
        seed: of the drawn pictures.
    """
    products = cache.products
    index = products.take(split.index)
    product_detector = fit_product_detector_on(index, cache.extractor(), cache.pictures)

    def alarms(features: FeatureTable) -> float:
        scores = [product_detector.score(*block.in_memory[:2]) for _, block in features.blocks()]
        return float((np.concatenate(scores) < 0).mean())

    false_alarms = {"held-out products": alarms(products.main_features.take(split.queries))}
    if photographs is not None:
        false_alarms["photographs of clothes"] = alarms(photographs.main_features)
    drawn = draw_non_products(seed)
    return NonProductResult(
        false_alarms,
        {source: alarms(path.features(pictures)) for source, pictures in drawn.items()},
    )


def draw_non_products(seed: int = 0) -> dict[str, list[Image.Image]]:
    """Non-products, RGB, by source: drawn pictures, and parts of two photographs.

    The photographs of a flower and a palace come with scikit-learn.
    """
    rng = np.random.default_rng(seed)
    drawn = {
        source: [Image.fromarray(draw(rng)) for _ in range(PICTURES_A_SOURCE)]
        for source, draw in _DRAWN.items()
    }
    return {**drawn, "text": [_text(rng) for _ in range(PICTURES_A_SOURCE)], **dict(_photographs())}


def _noise(rng: np.random.Generator) -> np.ndarray:
    return rng.integers(0, 256, (_SIDE, _SIDE, 3), dtype=np.uint8)


def _clouds(rng: np.random.Generator) -> np.ndarray:
    side = int(rng.integers(3, 12))
    coarse = rng.integers(0, 256, (side, side, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(coarse).resize((_SIDE, _SIDE), Image.Resampling.BICUBIC))


def _blank(rng: np.random.Generator) -> np.ndarray:
    wall = rng.integers(0, 256, 3) + rng.normal(0, 2, (_SIDE, _SIDE, 3))
    return np.clip(wall, 0, 255).astype(np.uint8)


def _gradient(rng: np.random.Generator) -> np.ndarray:
    ends = rng.integers(0, 256, (2, 3))
    fraction = np.linspace(0, 1, _SIDE)[:, None, None]
    row = np.broadcast_to(ends[0] * (1 - fraction) + ends[1] * fraction, (_SIDE, _SIDE, 3))
    return np.ascontiguousarray(np.rot90(row, int(rng.integers(4)))).astype(np.uint8)


def _tiles(rng: np.random.Generator) -> np.ndarray:
    colours = rng.integers(0, 256, (2, 3), dtype=np.uint8)
    step = int(rng.integers(6, 40))
    y, x = np.indices((_SIDE, _SIDE)) // step
    return colours[(x + y * int(rng.integers(2))) % 2]


_DRAWN: dict[str, Callable[[np.random.Generator], np.ndarray]] = {
    "noise": _noise,
    "clouds": _clouds,
    "blank wall": _blank,
    "gradient": _gradient,
    "tiles and stripes": _tiles,
}


def _text(rng: np.random.Generator) -> Image.Image:
    page = Image.new("RGB", (_SIDE, int(_SIDE * 1.4)), "white")
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(int(rng.integers(9, 16)))
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz     "))
    for top in range(12, page.height - 16, 18):
        draw.text((14, top), "".join(rng.choice(letters, 26)), "black", font)
    return page


def _photographs() -> Iterator[tuple[str, list[Image.Image]]]:
    rows, columns = _CUTS
    for name, pixels in zip(("a palace", "a flower"), load_sample_images().images, strict=True):
        height, width = pixels.shape[0] // rows, pixels.shape[1] // columns
        cuts = [
            pixels[y * height : (y + 1) * height, x * width : (x + 1) * width]
            for y in range(rows)
            for x in range(columns)
        ]
        yield name, [Image.fromarray(pixels), *map(Image.fromarray, cuts)]

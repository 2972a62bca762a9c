"""Pictures that show no product: does the index notice that it has nothing similar?

`recommender.index.product_detector` learns it while an index is built, from what is drawn in code.
The parts of two real photographs are the harder test here: nothing like them was there to learn
from.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from sklearn.datasets import load_sample_images

from recommender.building.assemble import EncodedCatalogue
from recommender.building.non_products import fit_product_detector_on
from recommender.evaluation.feature_cache import Encoded
from recommender.evaluation.query_vectors import QueryPath
from recommender.features.table import FeatureTable
from recommender.metrics.splits import Split

PICTURES_A_KIND = 20
_SIDE = 240
# A landscape is cut into so many rows and columns: different pictures of one place.
_CUTS = (3, 4)


@dataclass(frozen=True)
class Strangers:
    """Shares of pictures of which the index says that it has nothing similar."""

    false_alarms: dict[str, float]
    """Of pictures that do show a product, by where they come from."""
    caught: dict[str, float]
    """Of pictures that show none, by kind."""

    def to_json(self) -> dict[str, Any]:
        """The fields as JSON has them."""
        return asdict(self)


def strangers(
    encoded: Encoded,
    split: Split,
    photographs: EncodedCatalogue | None,
    path: QueryPath,
    seed: int = 0,
) -> Strangers:
    """Ask with pictures that show no product, and with such that do.

    Args:
        encoded: the catalogue.
        split: of it; what is no product is learned from the index alone.
        photographs: of products, if there are any.
        path: the network.
        seed: of what is drawn.
    """
    products = encoded.products
    index = products.take(split.index)
    product_detector = fit_product_detector_on(index, encoded.extractor(), encoded.pictures)

    def unfamiliar(features: FeatureTable) -> float:
        scores = [product_detector.score(*block.in_memory[:2]) for _, block in features.blocks()]
        return float((np.concatenate(scores) < 0).mean())

    false_alarms = {"held-out products": unfamiliar(products.features.take(split.queries))}
    if photographs is not None:
        false_alarms["photographs of clothes"] = unfamiliar(photographs.features)
    drawn = draw_strangers(seed)
    return Strangers(
        false_alarms, {kind: unfamiliar(path.features(views)) for kind, views in drawn.items()}
    )


def draw_strangers(seed: int = 0) -> dict[str, list[Image.Image]]:
    """Pictures without a product, RGB, by kind: drawn, and parts of two photographs.

    The photographs, of a flower and of a palace, come with scikit-learn.
    """
    rng = np.random.default_rng(seed)
    drawn = {
        kind: [Image.fromarray(draw(rng)) for _ in range(PICTURES_A_KIND)]
        for kind, draw in _DRAWN.items()
    }
    return {**drawn, "text": [_text(rng) for _ in range(PICTURES_A_KIND)], **dict(_photographs())}


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
    share = np.linspace(0, 1, _SIDE)[:, None, None]
    row = np.broadcast_to(ends[0] * (1 - share) + ends[1] * share, (_SIDE, _SIDE, 3))
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

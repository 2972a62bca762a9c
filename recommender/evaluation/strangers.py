"""Pictures that show no product: does the index notice that it has nothing similar?

An index doubts a query when even its nearest item is less similar than a threshold. The threshold
is set so that it doubts one in twenty of the held-out products, which are not strangers.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from sklearn.datasets import load_sample_images
from tqdm import tqdm

from recommender.evaluation.held_out import HeldOut
from recommender.evaluation.queries import QueryPath

FALSE_ALARMS = 0.05
PICTURES_A_KIND = 20
_SIDE = 240
# A landscape is cut into so many rows and columns: different pictures of one place.
_CUTS = (3, 4)


@dataclass(frozen=True)
class Strangers:
    """How well the nearest similarity tells products from everything else."""

    threshold: float
    """Similarity of the nearest item below which a query is doubted."""
    caught: dict[str, float]
    """Share that is doubted, by kind of picture without a product."""
    false_alarms: dict[str, float]
    """Share of pictures with a product that is doubted: of held-out products, and photographs."""

    def to_json(self) -> dict[str, Any]:
        """The fields as JSON has them."""
        return asdict(self)


def strangers(
    held_out: HeldOut,
    garments: dict[str, np.ndarray],
    path: QueryPath,
    colour_weight: float,
    seed: int = 0,
) -> Strangers:
    """Ask with pictures that show no product.

    Args:
        held_out: the index that is asked.
        garments: similarities of the nearest items to pictures of products, by where they come
            from; the threshold is set on the first.
        path: embeds a picture as the app does.
        colour_weight: the index's own.
        seed: of what is drawn.
    """
    items = held_out.learned[1]
    nearest = {
        kind: (held_out.parts.weighed(path.learned(pictures), colour_weight) @ items.T).max(axis=1)
        for kind, pictures in tqdm(draw_strangers(seed).items(), unit=" kinds", desc="Strangers")
    }
    return doubt(nearest, garments)


def doubt(nearest: dict[str, np.ndarray], garments: dict[str, np.ndarray]) -> Strangers:
    """Set the threshold on the first of the garments, and count who is below it.

    Args:
        nearest: similarities of the nearest items to pictures without a product, by kind.
        garments: the same of pictures with a product.
    """
    threshold = float(np.quantile(next(iter(garments.values())), FALSE_ALARMS))
    caught, false_alarms = (
        {kind: float((values < threshold).mean()) for kind, values in group.items()}
        for group in (nearest, garments)
    )
    return Strangers(threshold, caught, false_alarms)


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

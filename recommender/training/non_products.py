"""Non-products: drawn pictures without a product, from which the product detector learns.

Backdrops alone, noise, gradients, pages of text and scenes (`recommender.index.product_detector`).
The same seed gives the same pictures.
"""

from collections.abc import Iterator

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from recommender.training.synthetic_photos import backdrop, to_bytes

# Width and height, pixels: photographs are larger than a shop's thumbnails.
DRAWN_SIZE = (240, 320)


def non_products(
    count: int, random: np.random.Generator, size: tuple[int, int]
) -> Iterator[np.ndarray]:
    """Non-products: pictures without a product, (h, w, 3) uint8 RGB, of seven sorts in turn.

    Args:
        count: number of pictures.
        random: decides what is drawn.
        size: width and height of the catalogue's pictures, pixels, for one of the sorts.
    """
    painters = (
        _plain,
        _noise,
        _gradient,
        lambda r: backdrop(r, DRAWN_SIZE),
        lambda r: backdrop(r, size),
        _page,
        _scene,
    )
    for number in range(count):
        yield painters[number % len(painters)](random)


def _plain(random: np.random.Generator) -> np.ndarray:
    return np.full((DRAWN_SIZE[1], DRAWN_SIZE[0], 3), random.integers(0, 256, 3), np.uint8)


def _noise(random: np.random.Generator) -> np.ndarray:
    height, width = random.integers(4, 200, 2)
    grain = random.integers(0, 256, (height, width, 3)).astype(np.uint8)
    how = int(random.choice([cv2.INTER_NEAREST, cv2.INTER_LINEAR, cv2.INTER_CUBIC]))
    return cv2.resize(grain, DRAWN_SIZE, interpolation=how)


def _gradient(random: np.random.Generator) -> np.ndarray:
    corners = random.integers(0, 256, (2, 2, 3)).astype(np.float32)
    if random.random() < 0.5:
        corners[:, 1] = corners[:, 0]
    return to_bytes(cv2.resize(corners, DRAWN_SIZE, interpolation=cv2.INTER_LINEAR))


def _page(random: np.random.Generator) -> np.ndarray:
    """Page of text."""
    page = Image.new("RGB", DRAWN_SIZE, tuple(int(v) for v in random.integers(200, 256, 3)))
    draw, size = ImageDraw.Draw(page), int(random.integers(8, 28))
    font, ink = ImageFont.load_default(size), int(random.integers(0, 110))
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz      "))
    for top in range(8, DRAWN_SIZE[1] - size, int(size * random.uniform(1.1, 1.8))):
        line = "".join(random.choice(letters, 60))
        draw.text((int(random.integers(4, 20)), top), line, fill=(ink, ink, ink), font=font)
    return np.asarray(page)


def _scene(random: np.random.Generator) -> np.ndarray:
    """Scene of sky, ground, hills, boxes, ellipses and lines, blurred."""
    width, height = DRAWN_SIZE

    def paint() -> tuple[int, int, int]:
        red, green, blue = random.integers(0, 256, 3)
        return int(red), int(green), int(blue)

    horizon = int(random.uniform(0.25, 0.8) * height)
    scene = Image.fromarray(_gradient(random))
    draw = ImageDraw.Draw(scene)
    draw.rectangle((0, horizon, width, height), fill=paint())
    ridge = [(x, horizon - int(random.exponential(30))) for x in range(0, width + 30, 30)]
    draw.polygon([(0, horizon), *ridge, (width, horizon)], fill=paint())
    for _ in range(int(random.integers(2, 14))):
        left, top = int(random.uniform(-20, width)), int(random.uniform(-20, height))
        box = (left, top, left + int(random.uniform(8, 90)), top + int(random.uniform(8, 90)))
        shape = random.choice(["house", "tree", "line"])
        if shape == "house":
            draw.rectangle(box, fill=paint(), outline=paint())
        elif shape == "tree":
            draw.ellipse(box, fill=paint())
        else:
            draw.line(box, fill=paint(), width=int(random.integers(1, 9)))
    grain = random.standard_normal((height, width, 3)) * random.exponential(6)
    soft = cv2.GaussianBlur(np.asarray(scene), (0, 0), random.uniform(0.3, 2))
    return to_bytes(soft + grain)

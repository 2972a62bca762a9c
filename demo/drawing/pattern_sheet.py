"""Drawing surface for pattern tiles."""

import numpy as np
from PIL import Image, ImageDraw

from demo.drawing.textures import TILE

OVERSAMPLING = 2


Ink = tuple[int, int, int]


FIRST, SECOND, THIRD, NONE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (0, 0, 0)


class Sheet:
    """Drawing surface of a pattern tile, in tile coordinates."""

    def __init__(self, seed: int) -> None:
        side = TILE * OVERSAMPLING
        self.image = Image.new("RGB", (side, side))
        self.draw = ImageDraw.Draw(self.image)
        self.rng = np.random.default_rng(seed)

    def polygon(self, points: np.ndarray, ink: Ink) -> None:
        self.draw.polygon([tuple(p) for p in (points * OVERSAMPLING).tolist()], fill=ink)

    def bars(self, period: float, start: float, width: float, ink: Ink, upright: bool) -> None:
        for i in range(int(TILE / period) + 1):
            a, b = ((i * period + start + d) * OVERSAMPLING for d in (0, width))
            far = TILE * OVERSAMPLING
            self.draw.rectangle((a, 0, b - 1, far) if upright else (0, a, far, b - 1), fill=ink)

    def tint(self, period: float, start: float, width: float, channel: int, amount: int) -> None:
        """Add vertical and horizontal bars to one channel, like the threads of a woven check."""
        side = TILE * OVERSAMPLING
        at = ((np.arange(side) / OVERSAMPLING - start) % period) < width
        level = (at[:, None].astype(np.int32) + at[None, :]) * amount
        pixels = np.array(self.image)
        pixels[..., channel] = np.minimum(pixels[..., channel] + level, 255)
        self.image = Image.fromarray(pixels)
        self.draw = ImageDraw.Draw(self.image)

    def scatter(self, spacing: float, jitter: float) -> list[tuple[float, float]]:
        """Points of a staggered grid, each moved at random by up to `jitter` times the spacing."""
        points = []
        for row in range(-1, int(TILE / spacing) + 2):
            for column in range(-1, int(TILE / spacing) + 2):
                dx, dy = self.rng.uniform(-jitter, jitter, 2) * spacing
                shift = 0.5 * (row % 2)
                points.append(((column + shift) * spacing + dx, row * spacing * 0.9 + dy))
        return points

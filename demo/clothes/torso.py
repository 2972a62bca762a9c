"""What all upper garments share: the trunk, the sleeves, the neck and the folds."""

import math
from dataclasses import dataclass

import numpy as np

from demo.drawing.paths import AXIS, Points, mirror, outline, smooth
from demo.product_style import ProductStyle

SLEEVE_REACH = 292.0  # pixels from the shoulder to the wrist


@dataclass(frozen=True)
class Torso:
    """Half widths and heights, in pixels; y grows downwards."""

    neck: float = 37
    shoulder: float = 92
    chest: float = 93
    waist: float = 90
    hem: float = 93
    top: float = 66  # y of the points where neck and shoulder meet
    drop: float = 20  # how far the shoulder falls
    armpit: float = 172
    middle: float = 280  # y of the waist
    bottom: float = 398
    dip: float = 5  # how much lower the hem is in the middle (negative: shirt tails)
    depth: float = 26  # neckline below the top
    shape: str = "crew"  # crew, v, scoop, boat, square, sweetheart

    def neckline(self, grow: float = 0.0) -> list[tuple[float, float]]:
        """From the left neck point to the middle; `grow` widens it, as for the edge of a rib."""
        x, y, d = AXIS - self.neck - grow, self.top, self.depth + grow
        if self.shape == "v":
            return [(x, y), (AXIS - self.neck * 0.52, y + d * 0.5), (AXIS, y + d)]
        if self.shape == "square":
            return [
                (x, y),
                (x + 5, y + d * 0.6),
                (x + 9, y + d * 0.97),
                (x + 16, y + d),
                (AXIS, y + d),
            ]
        if self.shape == "sweetheart":
            return [
                (x, y),
                (x + 4, y + d * 0.72),
                (AXIS - self.neck * 0.5, y + d * 0.72),
                (AXIS, y + d),
            ]
        if self.shape == "boat":
            return [(x, y), (x + self.neck * 0.4, y + d * 0.7), (AXIS, y + d)]
        return [
            (x, y),
            (x + self.neck * 0.16, y + d * 0.52),
            (x + self.neck * 0.52, y + d * 0.9),
            (AXIS, y + d),
        ]

    @property
    def shoulder_point(self) -> tuple[float, float]:
        return AXIS - self.shoulder, self.top + self.drop

    @property
    def armpit_point(self) -> tuple[float, float]:
        return AXIS - self.chest, self.armpit

    def shoulder_line(self) -> list[tuple[float, float]]:
        (x0, y0), (x1, y1) = self.neckline()[0], self.shoulder_point
        return [(x0, y0), ((x0 + x1) / 2, (y0 + y1) / 2 - 1.5), (x1 + 6, y1 - 3), (x1, y1 + 3)]

    def side(self) -> list[tuple[float, float]]:
        """From the left shoulder down to the hem."""
        sx, sy = self.shoulder_point
        return [
            (sx, sy + 3),
            (sx + 7, sy + (self.armpit - sy) * 0.5),
            self.armpit_point,
        ]

    def flank(self) -> list[tuple[float, float]]:
        return [
            self.armpit_point,
            (AXIS - (self.chest + self.waist) / 2 + 0.5, (self.armpit + self.middle) / 2),
            (AXIS - self.waist, self.middle),
            (AXIS - (self.waist + self.hem) / 2 - 1, (self.middle + self.bottom) / 2),
            (AXIS - self.hem, self.bottom + min(self.dip, 0) - 4),
        ]

    def hemline(self) -> list[tuple[float, float]]:
        left = AXIS - self.hem
        if self.dip < 0:
            y = self.bottom + self.dip
            return [
                (left, y - 4),
                (left + self.hem * 0.25, y + 4),
                (left + self.hem * 0.55, self.bottom - 3),
                (AXIS, self.bottom),
            ]
        y = self.bottom
        return [
            (left, y - 4),
            (left + 5, y),
            (AXIS - self.hem * 0.5, y + self.dip * 0.8),
            (AXIS, y + self.dip),
        ]

    def trunk(self) -> Points:
        half = outline(
            self.neckline()[::-1],
            self.shoulder_line(),
            self.side(),
            self.flank(),
            self.hemline(),
        )
        return np.vstack([half, mirror(half)])

    def hem_band(self, height: float) -> Points:
        """The lowest strip of the trunk: a rib or a coloured border."""
        low = self.hemline()
        left = low[0][0]
        half = np.vstack(
            [
                smooth(
                    [
                        (AXIS, self.bottom + self.dip - height),
                        (AXIS - self.hem * 0.5, self.bottom + self.dip * 0.8 - height),
                        (left, self.bottom - 4 - height),
                    ]
                ),
                smooth(low),
            ]
        )
        return np.vstack([half, mirror(half)])

    def sleeve(self, reach: float, wrist: float, angle: float, bulge: float = 3.0) -> Points:
        """Left sleeve: share of the arm covered, half width at the end, degrees outwards."""
        (sx, sy), (ux, uy) = self.shoulder_point, self.armpit_point
        a = math.radians(angle)
        dx, dy = -math.sin(a), math.cos(a)
        nx, ny = -dy, dx  # outwards
        length = SLEEVE_REACH * reach
        ex, ey = sx + 8 + dx * length, sy + dy * length
        outer, inner = (ex + nx * wrist, ey + ny * wrist), (ex - nx * wrist, ey - ny * wrist)
        k = min(1.0, 70 / length)
        upper = (sx - 7 * k - 3 + dx * length * 0.22, sy + 4 + dy * length * 0.2)
        mid = ((upper[0] + outer[0]) / 2 + nx * bulge, (upper[1] + outer[1]) / 2 + ny * bulge)
        low = ((ux + inner[0]) / 2 - nx * 2, (uy + inner[1]) / 2 - ny * 2)
        return outline(
            [(sx + 16, sy - 4), (sx + 4, sy + 0.5), upper, mid, outer],
            [
                outer,
                ((outer[0] + inner[0]) / 2 + dx * 3, (outer[1] + inner[1]) / 2 + dy * 3),
                inner,
            ],
            [inner, low, (ux, uy), (ux + 12, uy - 8)],
        )

    def cuff(
        self, reach: float, wrist: float, angle: float, length: float, flare: float = 1.0
    ) -> Points:
        """The end of the left sleeve, `length` pixels long."""
        sx, sy = self.shoulder_point
        a = math.radians(angle)
        dx, dy = -math.sin(a), math.cos(a)
        nx, ny = -dy, dx
        end = SLEEVE_REACH * reach + 1
        c = np.array([sx + 8 + dx * end, sy + dy * end])
        n, d = np.array([nx, ny]), np.array([dx, dy])
        w = wrist * flare
        return outline(
            np.array([c + n * w - d * length, c - d * (length - 3), c - n * w - d * length]),
            np.array([c - n * w, c + d * 3, c + n * w]),
        )


def trunk_of(style: ProductStyle, **cut: float | str) -> Torso:
    """The trunk of the gender: women's are narrower, with a waist."""
    base: dict[str, float | str] = {}
    if style.female:
        base = {"shoulder": 78, "chest": 78, "waist": 70, "hem": 80, "neck": 36, "drop": 17}
    return Torso(**{**base, **cut})  # type: ignore[arg-type]

"""What all garments for the legs share: the cut, the folds and the waist."""

from dataclasses import dataclass

import numpy as np

from demo.drawing.canvas import Canvas
from demo.drawing.materials import Fold
from demo.drawing.paths import AXIS, Points, mirror, outline
from demo.product_style import ProductStyle, darker, plain

SHORT = 190.0  # pixels; shorter legs end above the knee


@dataclass(frozen=True)
class Legs:
    """Half widths of the waist and hips, and where the legs stand; pixels."""

    waist: float = 60
    hip: float = 78
    top: float = 34
    crotch: float = 168
    bottom: float = 452
    knee: float = 25  # half width of a leg at the knee
    hem: float = 21
    stance: float = 44  # distance of a leg's middle from the axis, at the hem
    rise: float = 6  # how much the front waist sags

    def outer(self) -> list[tuple[float, float]]:
        """The left leg's outer edge, from the waist down."""
        mid = (self.crotch + self.bottom) / 2 - 8
        knee_x = AXIS - (self.stance + self.hip * 0.5) / 2 - 1
        knee = [(knee_x - self.knee, mid)] if self.bottom - self.crotch > SHORT else []
        return [
            (AXIS - self.waist, self.top),
            (AXIS - self.hip + 5, self.top + 46),
            (AXIS - self.hip, self.crotch - 20),
            *knee,
            (AXIS - self.stance - self.hem, self.bottom),
        ]

    def left(self) -> Points:
        """Left half with its leg."""
        mid = (self.crotch + self.bottom) / 2 - 8
        knee_x = AXIS - (self.stance + self.hip * 0.5) / 2 - 1
        hem_x = AXIS - self.stance
        long = self.bottom - self.crotch > SHORT
        knee_in = [(knee_x + self.knee, mid)] if long else []
        return outline(
            [
                (AXIS, self.top + self.rise),
                (AXIS - self.waist * 0.6, self.top + self.rise * 0.7),
                (AXIS - self.waist, self.top),
            ],
            self.outer(),
            [
                (hem_x - self.hem, self.bottom),
                (hem_x, self.bottom + 4),
                (hem_x + self.hem, self.bottom + 1),
            ],
            [
                (hem_x + self.hem, self.bottom + 1),
                *knee_in,
                (AXIS - 3, self.crotch + 14),
                (AXIS, self.crotch),
            ],
        )

    def whole(self) -> Points:
        half = self.left()
        return np.vstack([half, mirror(half)])

    def leg_middle(self, share: float) -> tuple[float, float]:
        """Point in the middle of the left leg; share 0 at the crotch, 1 at the hem."""
        x0, x1 = self.hip * 0.52, self.stance
        return AXIS - (x0 + (x1 - x0) * share), self.crotch + (self.bottom - self.crotch) * share


def leg_folds(canvas: Canvas, legs: Legs, strength: float = 1.0) -> list[Fold]:
    """Whiskers at the crotch, creases behind the knees, stacks above the ankles."""
    rng, found = canvas.rng, []
    long = legs.bottom - legs.crotch > SHORT
    for k in (-1, 1):
        for i in range(3):
            y = legs.crotch - 12 + i * 13 + rng.uniform(-4, 4)
            found.append(
                Fold(
                    [
                        (AXIS + k * 4, y),
                        (AXIS + k * 30, y - 7 + i * 3),
                        (AXIS + k * rng.uniform(52, 68), y - 20 + i * 6),
                    ],
                    rng.uniform(7, 11),
                    strength * rng.uniform(1.2, 2.2) * (-1) ** i,
                )
            )
        if long:
            for share in (0.38, 0.45, 0.53, *rng.uniform(0.78, 0.97, 3)):
                x, y = legs.leg_middle(share)
                x = AXIS + k * (AXIS - x)
                half = legs.knee * rng.uniform(0.5, 0.85)
                tilt = rng.uniform(-8, 8)
                found.append(
                    Fold(
                        [(x - half, y + tilt), (x, y + rng.uniform(-2, 5)), (x + half, y - tilt)],
                        rng.uniform(7, 11),
                        strength * rng.uniform(1.0, 2.2) * rng.choice([-1, 1]),
                    )
                )
        x, y = legs.leg_middle(0.1)
        x1, y1 = legs.leg_middle(0.9)
        found.append(
            Fold(
                [(AXIS + k * (AXIS - x) + rng.uniform(-8, 8), y), (AXIS + k * (AXIS - x1), y1)],
                10,
                0.9 * strength,
            )
        )
    return found


def inner_waist(canvas: Canvas, legs: Legs, style: ProductStyle) -> None:
    """The inside of the back, which shows above the front of the waist."""
    t, w = legs.top, legs.waist
    back = outline(
        [(AXIS - w + 1, t), (AXIS, t - 6), (AXIS + w - 1, t)],
        [(AXIS + w - 1, t + 4), (AXIS, t + legs.rise + 8), (AXIS - w + 1, t + 4)],
    )
    inside = plain(darker(style.colour, 0.35), "twill")
    canvas.panel(back, inside, volume=0.2, dim=0.75, shadow=0)


def waist_line(legs: Legs, height: float) -> Points:
    """Outline of the waistband."""
    t, w, r = legs.top, legs.waist, legs.rise
    return outline(
        [(AXIS - w - 0.5, t), (AXIS, t + r * 1.25), (AXIS + w + 0.5, t)],
        [(AXIS + w + 4, t + height), (AXIS, t + r * 1.25 + height), (AXIS - w - 4, t + height)],
    )


def fly(canvas: Canvas, legs: Legs, height: float, thread: tuple[int, int, int] | None) -> None:
    y = legs.top + legs.rise * 1.25 + height
    curve = [(AXIS + 17, y), (AXIS + 16, y + 40), (AXIS + 10, y + 58), (AXIS, y + 66)]
    canvas.seam([(AXIS + 1, y), (AXIS, legs.crotch)], strength=1.2)
    if thread:
        canvas.stitches(curve, [(x - 3, yy - 2) for x, yy in curve], colour=thread)
    else:
        canvas.seam(curve, strength=0.6)

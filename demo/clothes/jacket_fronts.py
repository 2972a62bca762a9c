"""Closures, pockets and collars of jackets."""

import numpy as np

from demo.clothes.details import (
    ZIP_TEETH,
    button,
    collar,
    pocket,
    zipper,
)
from demo.clothes.torso import Torso
from demo.drawing.canvas import Canvas
from demo.drawing.materials import Material
from demo.drawing.paths import AXIS, ellipse, outline, ribbon, rounded, smooth
from demo.product_style import (
    COLOURS,
    ProductStyle,
    contrast,
    darker,
    metal,
    plain,
)


def front(canvas: Canvas, style: ProductStyle, t: Torso, skin: Material, s: str) -> None:
    """Closure, pockets and collar of a jacket."""
    thread = (214, 158, 84) if s == "denim jacket" else contrast(style.colour, 0.35)
    if s == "denim jacket":
        y = t.top + 74
        canvas.seam([(AXIS - t.chest + 6, y), (AXIS, y + 2), (AXIS + t.chest - 6, y)])
        canvas.stitches(
            [(AXIS - t.chest + 6, y + 3), (AXIS, y + 5), (AXIS + t.chest - 6, y + 3)], colour=thread
        )
        for k in (-1, 1):
            pocket(canvas, AXIS + k * 45, y + 2, 40, 44, skin, thread, flap=True)
            for a, b in ((66, 40), (22, 20)):
                line = [(AXIS + k * a, y + 48), (AXIS + k * b, t.bottom - 22)]
                canvas.stitches(line, colour=thread)
        canvas.panel(t.hem_band(20), skin, volume=0.5)
        canvas.panel(
            rounded(AXIS - 9, t.top + t.depth, AXIS + 9, t.bottom + 2, 1), skin, volume=0.4
        )
        canvas.stitches(
            [(AXIS - 6, t.top + 40), (AXIS - 6, t.bottom)],
            [(AXIS + 6, t.top + 40), (AXIS + 6, t.bottom)],
            colour=thread,
        )
        for y in np.linspace(t.top + t.depth + 12, t.bottom - 8, 6):
            canvas.panel(ellipse(AXIS, y, 4.2), plain((176, 120, 78), None, 0.5), volume=0.5)
        collar(canvas, t, skin, 30, 16)
    elif s == "biker jacket":
        zipper(canvas, t.top + 96, t.bottom - 4, AXIS + 12)
        for k, points in (
            (
                -1,
                [
                    (AXIS - 6, t.top + 104),
                    (AXIS - 58, t.top + 86),
                    (AXIS - 64, t.top + 36),
                    (AXIS - 34, t.top - 2),
                    (AXIS - 22, t.top + 30),
                ],
            ),
            (
                1,
                [
                    (AXIS + 12, t.top + 104),
                    (AXIS + 62, t.top + 84),
                    (AXIS + 64, t.top + 34),
                    (AXIS + 34, t.top - 2),
                    (AXIS + 22, t.top + 30),
                ],
            ),
        ):
            lapel = outline(points[:2], points[1:3], points[2:4], [points[3], points[4], points[0]])
            canvas.panel(lapel, skin, volume=0.7, shadow=0.45)
            canvas.panel(ellipse(AXIS + k * 50, t.top + 80, 2.6), metal("steel"), volume=0.3)
        for k in (-1, 1):
            canvas.line([(AXIS + k * 30, 300), (AXIS + k * 66, 276)], (30, 30, 34), 4.6, 0.8)
            canvas.line(
                [(AXIS + k * 30, 300), (AXIS + k * 66, 276)], (196, 198, 204), 2.4, 0.95, (1.3, 1.1)
            )
        canvas.panel(t.hem_band(16), skin, volume=0.5)
        canvas.panel(
            rounded(AXIS - 30, t.bottom - 13, AXIS - 12, t.bottom + 1, 2),
            metal("steel"),
            volume=0.5,
        )
        collar(canvas, t, skin, 16, 14, 8)
    elif s in ("trench coat", "wool coat"):
        double = s == "trench coat"
        canvas.seam(
            [
                (AXIS + (20 if double else 10), t.top + 96),
                (AXIS + (22 if double else 12), t.bottom),
            ],
            strength=1.4,
        )
        for k in (-1, 1):
            lapel = outline(
                [(AXIS + (k * 2 + 4), t.top + 118), (AXIS + k * 50, t.top + 82)],
                [(AXIS + k * 50, t.top + 82), (AXIS + k * 58, t.top + 50)],
                [
                    (AXIS + k * 58, t.top + 50),
                    (AXIS + k * 38, t.top + 2),
                    (AXIS + k * 22, t.top + 20),
                    (AXIS + (k * 2 + 4), t.top + 118),
                ],
            )
            canvas.panel(lapel, skin, volume=0.6, shadow=0.4)
        collar(canvas, t, skin, 24, 16, 14)
        for y in np.linspace(t.top + 136, t.bottom - 130, 3):
            for x in (AXIS - 18, AXIS + 30) if double else (AXIS + 4,):
                button(canvas, x, y, 5, darker(style.colour, 0.6))
        if double:
            canvas.panel(
                rounded(AXIS - t.waist - 2, 246, AXIS + t.waist + 2, 266, 3),
                skin,
                volume=0.6,
                shadow=0.4,
            )
            canvas.panel(
                rounded(AXIS - 14, 242, AXIS + 14, 270, 3),
                plain(COLOURS["Coffee Brown"], "leather", 0.2),
                volume=0.5,
            )
            canvas.panel(rounded(AXIS - 8, 248, AXIS + 8, 264, 2), skin, volume=0.2)
        for k in (-1, 1):
            canvas.panel(
                ribbon([(AXIS + k * 48, 320), (AXIS + k * 68, 356)], 13, 13),
                skin,
                volume=0.5,
                shadow=0.35,
            )
    elif s == "suede jacket":
        zipper(canvas, t.top + t.depth, t.bottom - 2)
        collar(canvas, t, skin, 26, 16)
        for k in (-1, 1):
            pocket(canvas, AXIS + k * 48, t.bottom - 96, 44, 52, skin, thread, flap=True)
    else:
        for k in (-1, 1):
            x = AXIS + k * 52
            canvas.line(
                [(x - k * 8, t.bottom - 112), (x + k * 10, t.bottom - 66)], (20, 20, 24), 3.4, 0.6
            )
            canvas.line(
                [(x - k * 8, t.bottom - 112), (x + k * 10, t.bottom - 66)],
                ZIP_TEETH,
                1.5,
                0.8,
                (1.3, 1.1),
            )
        if s == "parka":
            canvas.panel(
                rounded(AXIS - 10, t.top + t.depth + 4, AXIS + 10, t.bottom, 1), skin, volume=0.5
            )
            for y in np.linspace(t.top + 50, t.bottom - 40, 6):
                button(canvas, AXIS, y, 3.6, (120, 112, 96))
            for k in (-1, 1):
                pocket(canvas, AXIS + k * 54, t.bottom - 130, 52, 62, skin, thread, flap=True)
            fur = smooth(
                [
                    (AXIS - 62, t.top + 12),
                    (AXIS - 58, t.top - 22),
                    (AXIS, t.top - 40),
                    (AXIS + 58, t.top - 22),
                    (AXIS + 62, t.top + 12),
                ]
            )
            canvas.panel(ribbon(fur, 16, 22, 24, 22, 16), plain((196, 172, 138), "fur"), volume=1.3)
        if s == "track jacket":
            for k in (-1, 1):
                arm = [
                    (AXIS + k * 94, t.top + 26),
                    (AXIS + k * 126, t.top + 130),
                    (AXIS + k * 154, t.top + 252),
                ]
                for d in (0, 7):
                    canvas.line([(x + k * d, y) for x, y in arm], style.accent, 3.4, 0.95)

"""Chino, sports, beach and cargo shorts."""

import numpy as np

from demo.clothes.details import button
from demo.clothes.legs import Legs, fly, inner_waist, leg_folds, waist_line
from demo.drawing.canvas import Canvas
from demo.drawing.materials import Inlay
from demo.drawing.paths import AXIS, mirror, moved, rotate, rounded, smooth
from demo.product_style import ProductStyle, contrast, darker, mix, plain


def shorts(canvas: Canvas, style: ProductStyle) -> None:
    """Chino, sports, board and cargo shorts."""
    s = style.model
    soft = s in ("sports shorts", "board shorts")
    length = {
        "chino shorts": 346,
        "sports shorts": 330,
        "board shorts": 366,
        "cargo shorts": 376,
        "tailored shorts": 312,
    }[s] + canvas.rng.uniform(-8, 8)
    cloth = style.cloth(
        "satin" if soft else "twill", 0.06 if s == "sports shorts" else 0.0, rumple=1.5
    )
    legs = Legs(
        waist=72,
        hip=92,
        top=100,
        crotch=226,
        bottom=length,
        hem=50 if not style.female else 46,
        stance=54,
        rise=6,
    )
    inner_waist(canvas, legs, style)
    half = legs.left()
    inlays = []
    if style.pattern == "colour block":
        edge = smooth(legs.outer())[4:]
        band = np.vstack([moved(edge, -6, 0), moved(edge, 20, 0)[::-1]])
        inlays = [Inlay(p, plain(style.accent, "satin")) for p in (band, mirror(band))]
    for path in (mirror(half), half):
        canvas.panel(path, cloth, folds=leg_folds(canvas, legs, 1.2), inlays=inlays, shadow=0.12)
    for k in (-1, 1):
        canvas.seam(
            [
                (AXIS + k * (legs.waist - 16), legs.top + 22),
                (AXIS + k * (legs.hip - 8), legs.top + 74),
            ],
            strength=1.4,
        )
        x = AXIS + k * legs.stance
        hem = np.array([(x - 48, legs.bottom - 9), (x, legs.bottom - 6), (x + 48, legs.bottom - 8)])
        if not style.female:
            canvas.stitches(
                rotate(hem, 0, (x, legs.bottom)), colour=contrast(style.colour, 0.4), opacity=0.6
            )
        if s == "cargo shorts":
            px, py = AXIS + k * 76, legs.crotch + 30
            canvas.panel(rounded(px - 24, py, px + 24, py + 62, 3), cloth, volume=0.5, shadow=0.4)
            canvas.panel(
                rounded(px - 26, py - 6, px + 26, py + 15, 3), cloth, volume=0.5, shadow=0.4
            )
    if soft:
        canvas.seam([(AXIS, legs.top + 24), (AXIS, legs.crotch)])
        canvas.panel(
            waist_line(legs, 22),
            plain(mix(style.colour, contrast(style.colour), 0.2), "wide rib"),
            volume=0.9,
            shadow=0.3,
        )
        for k in (-1, 1):
            canvas.line(
                [
                    (AXIS + k * 7, legs.top + 20),
                    (AXIS + k * 13, legs.top + 46),
                    (AXIS + k * 10, legs.top + 70),
                ],
                (244, 244, 240),
                2.8,
            )
    else:
        fly(canvas, legs, 18, None)
        canvas.panel(waist_line(legs, 18), cloth, volume=0.6, shadow=0.3)
        for x in (-0.62, 0.62):
            y = legs.top + 7.5 * (1 - x * x)
            canvas.panel(
                rounded(AXIS + x * legs.waist - 3, y - 2, AXIS + x * legs.waist + 3, y + 21, 1.5),
                cloth,
                volume=0.4,
                shadow=0.4,
            )
        button(canvas, AXIS + 2, legs.top + 17, 3.8, darker(style.colour, 0.45))

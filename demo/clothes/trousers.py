"""Trousers, track pants and leggings."""

import numpy as np

from demo.clothes.details import button
from demo.clothes.legs import Legs, fly, inner_waist, leg_folds, waist_line
from demo.drawing.canvas import Canvas
from demo.drawing.materials import Fold, Inlay
from demo.drawing.paths import AXIS, ellipse, mirror, moved, rounded, smooth
from demo.product_style import ProductStyle, contrast, darker, leather, metal, mix, plain


def trousers(canvas: Canvas, style: ProductStyle) -> None:
    """Suit trousers, chinos, cargo, wide and cropped trousers, cords, leather."""
    s = style.model
    cuts = {
        "suit trousers": (27, 22),
        "chinos": (25, 19),
        "cargo trousers": (32, 26),
        "wide trousers": (42, 52),
        "cropped trousers": (26, 20),
        "corduroy trousers": (27, 23),
        "leather trousers": (20, 14),
    }
    knee, hem = cuts[s]
    legs = Legs(
        knee=knee,
        hem=hem,
        waist=58 if style.female else 63,
        bottom=398 if s == "cropped trousers" else 452,
        stance=44 + max(0, hem - 22) * 0.5,
    )
    cloth = {
        "suit trousers": style.cloth("wool", rumple=0.6),
        "corduroy trousers": style.cloth("corduroy"),
        "wide trousers": style.cloth("satin", 0.04),
        "leather trousers": leather(style.colour, 0.34),
    }.get(s, style.cloth("twill"))
    inner_waist(canvas, legs, style)
    creases = leg_folds(canvas, legs, 0.6 if s == "suit trousers" else 1.1)
    if s in ("suit trousers", "wide trousers", "cropped trousers"):
        for k in (-1, 1):
            line = [legs.leg_middle(v) for v in (-0.4, 0.0, 0.5, 1.0)]
            creases.append(Fold([(AXIS + k * (AXIS - x), y) for x, y in line], 9, 3.2))
    half = legs.left()
    for path in (mirror(half), half):
        canvas.panel(path, cloth, folds=creases, shadow=0.12)
    for k in (-1, 1):
        canvas.seam(
            [
                (AXIS + k * (legs.waist - 16), legs.top + 20),
                (AXIS + k * (legs.hip - 7), legs.top + 76),
            ],
            strength=1.4,
        )
        if s == "cargo trousers":
            x, y = legs.leg_middle(0.24)
            x = AXIS + k * (AXIS - x + 12)
            canvas.panel(rounded(x - 24, y, x + 24, y + 58, 3), cloth, volume=0.5, shadow=0.4)
            canvas.panel(rounded(x - 26, y - 7, x + 26, y + 13, 3), cloth, volume=0.5, shadow=0.4)
            button(canvas, x, y + 7, 2.8, darker(style.colour, 0.5))
        if s == "chinos" or s == "cropped trousers":
            canvas.stitches(
                [
                    (AXIS + k * legs.stance - hem, legs.bottom - 8),
                    (AXIS + k * legs.stance + hem, legs.bottom - 8),
                ],
                colour=contrast(style.colour, 0.4),
                opacity=0.5,
            )
    fly(canvas, legs, 17, None)
    canvas.panel(waist_line(legs, 17), cloth, volume=0.6, shadow=0.3)
    r = legs.rise * 1.25
    for x in (-0.62, 0.62):
        y = legs.top + r * (1 - x * x)
        canvas.panel(
            rounded(AXIS + x * legs.waist - 3, y - 2, AXIS + x * legs.waist + 3, y + 20, 1.5),
            cloth,
            volume=0.4,
            shadow=0.4,
        )
    if s == "wide trousers":
        for x in (-10, 10):
            button(canvas, AXIS + x, legs.top + r + 9, 3.6, darker(style.colour, 0.5))
    else:
        button(canvas, AXIS + 2, legs.top + r + 9, 3.6, darker(style.colour, 0.45))


def track_pants(canvas: Canvas, style: ProductStyle) -> None:
    """Joggers and track pants with side stripes."""
    s = style.model
    jogger = s == "joggers"
    cloth = style.cloth(
        "melange" if style.pattern == "melange" else "fleece" if jogger else "satin",
        0.0 if jogger else 0.07,
        rumple=1.8,
    )
    legs = Legs(
        waist=58,
        hip=80,
        knee=31 if jogger else 29,
        hem=19 if jogger else 25,
        bottom=436 if jogger else 452,
        stance=46,
    )
    rib = plain(mix(style.colour, contrast(style.colour), 0.15), "rib")
    half = legs.left()
    inlays = []
    if not jogger:
        edge = smooth(legs.outer())[4:]
        for d, w in ((5, 5), (14, 5)) if style.pattern != "colour block" else ((3, 22),):
            band = np.vstack([moved(edge, d, 0), moved(edge, d + w, 0)[::-1]])
            inlays += [Inlay(p, plain(style.accent, "satin")) for p in (band, mirror(band))]
    for path in (mirror(half), half):
        canvas.panel(path, cloth, folds=leg_folds(canvas, legs, 1.5), inlays=inlays, shadow=0.12)
    canvas.seam([(AXIS, legs.top + 24), (AXIS, legs.crotch)])
    for k in (-1, 1):
        canvas.seam(
            [
                (AXIS + k * (legs.waist - 6), legs.top + 26),
                (AXIS + k * (legs.hip - 10), legs.top + 84),
            ],
            strength=1.4,
        )
        if jogger:
            x = AXIS + k * legs.stance
            canvas.panel(
                rounded(x - 15, legs.bottom - 6, x + 15, legs.bottom + 20, 4), rib, volume=0.8
            )
    canvas.panel(waist_line(legs, 20), rib, volume=0.8, shadow=0.3)
    for k in (-1, 1):
        canvas.panel(ellipse(AXIS + k * 8, legs.top + 16, 2.2), metal("steel"), volume=0.3)
        canvas.line(
            [
                (AXIS + k * 8, legs.top + 17),
                (AXIS + k * 13, legs.top + 44),
                (AXIS + k * 11, legs.top + 70),
            ],
            (240, 240, 236),
            2.6,
        )


def leggings(canvas: Canvas, style: ProductStyle) -> None:
    """Leggings: close to the leg, with a broad waistband."""
    sport = style.model == "sports leggings"
    cloth = style.cloth("satin" if sport else "jersey", 0.10 if sport else 0.02, rumple=0.6)
    legs = Legs(
        waist=50,
        hip=66,
        knee=19,
        hem=11.5,
        stance=36,
        top=36,
        crotch=160,
        rise=4,
        bottom=380 if style.model == "capri leggings" else 454,
    )
    half = legs.left()
    inlays = []
    if style.pattern == "colour block":
        edge = smooth(legs.outer())[4:]
        band = np.vstack([moved(edge, -6, 0), moved(edge, 17, 0)[::-1]])
        inlays = [Inlay(p, plain(style.accent, "mesh")) for p in (band, mirror(band))]
    for path in (mirror(half), half):
        canvas.panel(
            path, cloth, folds=leg_folds(canvas, legs, 0.55), inlays=inlays, shadow=0.12, volume=1.3
        )
    canvas.panel(waist_line(legs, 30 if sport else 16), cloth, volume=0.7, shadow=0.25)
    canvas.seam([(AXIS, legs.top + 34), (AXIS, legs.crotch)], strength=0.7)

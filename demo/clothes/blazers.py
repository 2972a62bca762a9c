"""Blazers and waistcoats."""

import numpy as np

from demo.clothes.details import button
from demo.clothes.knitwear import bulky
from demo.clothes.upper_parts import folds, sleeves
from demo.drawing.canvas import Canvas
from demo.drawing.paths import AXIS, mirror, moved, outline, ribbon, rounded
from demo.product_style import ProductStyle, darker, plain


def blazer(canvas: Canvas, style: ProductStyle) -> None:
    """Single and double breasted blazers, and waistcoats."""
    s = style.model
    waistcoat, double = s == "waistcoat", s == "double blazer"
    cloth = style.cloth("wool", rumple=0.8)
    base: dict[str, float | str] = {
        "bottom": 402,
        "depth": 150,
        "shape": "v",
        "neck": 34,
        "middle": 262,
        "dip": 0,
    }
    t = bulky(
        style, **base, waist=86 if not style.female else 72, hem=96 if not style.female else 88
    )
    if waistcoat:
        t = bulky(
            style,
            bottom=352,
            depth=110,
            shape="v",
            neck=30,
            shoulder=64,
            chest=84,
            waist=76,
            hem=80,
            drop=12,
            armpit=190,
            middle=280,
        )
    lining = plain(darker(style.accent, 0.1), "satin", 0.1)
    back = outline(
        [(AXIS - t.neck - 2, t.top), (AXIS, t.top - 9), (AXIS + t.neck + 2, t.top)],
        [(AXIS + t.neck + 2, t.top), (AXIS, t.top + t.depth + 6), (AXIS - t.neck - 2, t.top)],
    )
    canvas.panel(back, lining, volume=0.3, dim=0.75)
    canvas.panel(
        rounded(AXIS - 12, t.top + 12, AXIS + 12, t.top + 24, 1),
        plain((30, 30, 34), None),
        volume=0.1,
    )
    if not waistcoat:
        sleeves(canvas, t, cloth, 0.98, 18, 12, bulge=7, crease=1.0)
        for k in (-1, 1):
            end = t.cuff(0.98, 18, 12, 30)
            for i in range(3):
                x, y = moved(end, 9, -12 + i * 8).mean(axis=0)
                button(canvas, AXIS + k * (AXIS - x), y, 2.2, darker(style.colour, 0.6))
    canvas.panel(t.trunk(), cloth, folds=folds(canvas, t, 0.7))
    reach = 14 if double else 0
    y0 = t.top + t.depth
    opening = [
        (AXIS + reach, y0 - 6),
        (AXIS + reach + 2, y0 + 60),
        (AXIS + reach - 4, t.bottom - 2),
    ]
    canvas.seam(opening, strength=1.6)
    if waistcoat:
        for path in (
            [(AXIS - 78, t.bottom - 4), (AXIS - 40, t.bottom + 12), (AXIS, t.bottom - 10)],
        ):
            point = outline(
                [
                    (AXIS - t.hem, t.bottom - 8),
                    (AXIS - 34, t.bottom + 22),
                    (AXIS - 1, t.bottom - 8),
                ],
                [(AXIS - 1, t.bottom - 8), (AXIS - t.hem, t.bottom - 8)],
            )
            for p in (point, mirror(point)):
                canvas.panel(p, cloth, volume=0.3, shadow=0)
            del path
        canvas.seam([(AXIS, y0 - 4), (AXIS, t.bottom)], strength=1.5)
    for k in (-1, 1):
        lapel = outline(
            [
                (AXIS + k * 2 + reach * 0.3, y0 + 2),
                (AXIS + k * 36, t.top + t.depth * 0.62),
                (AXIS + k * (60 if double else 54), t.top + t.depth * 0.36),
            ],
            [
                (AXIS + k * (60 if double else 54), t.top + t.depth * 0.36),
                (AXIS + k * 44, t.top + t.depth * 0.34),
            ],
            [(AXIS + k * 44, t.top + t.depth * 0.34), (AXIS + k * 40, t.top + 4)],
            [
                (AXIS + k * 40, t.top + 4),
                (AXIS + k * 28, t.top + t.depth * 0.3),
                (AXIS + k * 2 + reach * 0.3, y0 + 2),
            ],
        )
        canvas.panel(lapel, cloth, volume=0.5, shadow=0.42, angle=k * 14)
        if not waistcoat:
            upper = outline(
                [
                    (AXIS + k * 30, t.top - 10),
                    (AXIS + k * 48, t.top + 8),
                    (AXIS + k * 57, t.top + t.depth * 0.28),
                ],
                [(AXIS + k * 57, t.top + t.depth * 0.28), (AXIS + k * 41, t.top + t.depth * 0.33)],
                [
                    (AXIS + k * 41, t.top + t.depth * 0.33),
                    (AXIS + k * 33, t.top + 22),
                    (AXIS + k * 30, t.top - 10),
                ],
            )
            canvas.panel(upper, cloth, volume=0.5, shadow=0.3, angle=-k * 20)
        flap_y = t.bottom - 98 if not waistcoat else t.bottom - 62
        x = AXIS + k * 52
        canvas.panel(
            np.array(
                [
                    (x - 24, flap_y),
                    (x + 24, flap_y - k * 0 + 2),
                    (x + 24, flap_y + 15),
                    (x - 24, flap_y + 13),
                ]
            ),
            cloth,
            volume=0.35,
            shadow=0.4,
        )
        canvas.seam([(AXIS + k * 46, flap_y - 4), (AXIS + k * 42, t.armpit + 30)], strength=0.6)
    shade = darker(style.colour, 0.65)
    rows = (y0 + 8, y0 + 50) if not waistcoat else np.linspace(y0 + 6, t.bottom - 14, 5)
    for y in rows:
        button(
            canvas,
            AXIS + (reach - 2 if double else 3 if not waistcoat else 2),
            y,
            4.6 if not waistcoat else 3.4,
            shade,
        )
        if double:
            button(canvas, AXIS - 34, y, 4.6, shade)
    if not waistcoat:
        canvas.panel(
            ribbon([(AXIS + 40, 158), (AXIS + 70, 152)], 9, 9), cloth, volume=0.3, shadow=0.35
        )
        if style.gender == "Men":
            white = plain((248, 248, 246), "poplin")
            canvas.panel(
                np.array(
                    [
                        (AXIS + 42, 155),
                        (AXIS + 48, 142),
                        (AXIS + 55, 150),
                        (AXIS + 61, 139),
                        (AXIS + 68, 151),
                    ]
                ),
                white,
                volume=0.4,
            )

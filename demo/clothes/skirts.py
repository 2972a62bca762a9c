"""Skirts: hanging folds and wavy hems."""

import numpy as np

from demo.drawing.canvas import Canvas
from demo.drawing.materials import Flutes, Fold, Inlay
from demo.drawing.paths import AXIS, Points, ellipse, outline
from demo.product_style import ProductStyle, darker, leather, lighter, metal, plain


def drape(
    top: float,
    waist: float,
    bottom: float,
    hem: float,
    waves: float,
    swing: float,
    bulge: float = 0.0,
    round_: float = 10.0,
) -> Points:
    """A skirt: half widths at waist and hem; the hem has `waves` of height `swing`."""
    x = np.linspace(-1, 1, int(waves * 6) + 7)
    y = bottom + round_ * (1 - x**2) + swing * np.cos(x * waves * np.pi)
    hemline = np.stack([AXIS + x * hem, y], axis=1)[::-1]
    mid = (top + bottom) / 2
    left = [
        (AXIS - hem, float(hemline[-1, 1])),
        (AXIS - (hem + waist) / 2 - bulge, mid),
        (AXIS - waist - (hem - waist) * 0.21 - bulge * 0.7, top + (bottom - top) * 0.2),
        (AXIS - waist, top),
    ]
    right = [(2 * AXIS - a, b) for a, b in left[::-1]]
    return outline(
        [(AXIS - waist, top), (AXIS, top + 4), (AXIS + waist, top)], right, hemline, left
    )


def skirt(canvas: Canvas, style: ProductStyle) -> None:
    """Pencil, A-line, pleated, circle, denim, tiered, maxi, leather skirts."""
    rng, s = canvas.rng, style.model
    waist = 66 if not style.child else 64
    cloth = {
        "denim skirt": style.cloth("denim"),
        "leather skirt": leather(style.colour, 0.32),
        "pencil skirt": style.cloth("wool"),
    }.get(s, style.cloth("poplin", 0.04, rumple=1.2))
    top = {"maxi skirt": 44, "tiered skirt": 70}.get(s, 96)
    bottom = {
        "maxi skirt": 446,
        "denim skirt": 316,
        "leather skirt": 330,
        "pencil skirt": 396,
        "tiered skirt": 420,
        "circle skirt": 350,
        "pleated skirt": 372,
    }.get(s, 362) + rng.uniform(-8, 8)
    thread = (214, 158, 84)
    back = outline(
        [(AXIS - waist + 3, top - 12), (AXIS, top - 17), (AXIS + waist - 3, top - 12)],
        [(AXIS + waist - 3, top - 12), (AXIS, top + 6), (AXIS - waist + 3, top - 12)],
    )
    canvas.panel(back, plain(darker(style.colour, 0.3), "satin"), volume=0.2, dim=0.75)
    if s == "pleated skirt":
        canvas.panel(
            drape(top, waist, bottom, 122, 9, 2.2, round_=12),
            cloth,
            flutes=Flutes(15, 3.4, 0.2, -0.2, sharp=True),
            volume=0.6,
        )
    elif s == "tiered skirt":
        for i, (a, b, w0, w1) in enumerate(
            ((304, bottom, 104, 138), (200, 316, 86, 112), (top, 212, waist, 94))
        ):
            canvas.panel(
                drape(a, w0, b, w1, 6, 2.5),
                cloth,
                flutes=Flutes(11 - i, 1.8, rng.random()),
                volume=0.8,
                shadow=0.4,
            )
    elif s in ("pencil skirt", "denim skirt", "leather skirt"):
        hem = {"pencil skirt": 68, "denim skirt": 96, "leather skirt": 90}[s]
        shape = drape(
            top, waist, bottom, hem, 1, 1, bulge=16 if s == "pencil skirt" else 6, round_=7
        )
        inlays = []
        if s == "denim skirt":
            inlays = [
                Inlay(
                    ellipse(AXIS + k * 40, 220, 22, 70),
                    plain(lighter(style.colour, 0.45), "denim"),
                    0.45,
                    13,
                )
                for k in (-1, 1)
            ]
        creases = [
            Fold(
                [
                    (AXIS + k * waist, top + 62 + rng.uniform(0, 40)),
                    (AXIS + k * 30, top + 70),
                    (AXIS + k * 6, top + 66),
                ],
                9,
                -1.6,
            )
            for k in (-1, 1)
        ]
        canvas.panel(
            shape,
            cloth,
            folds=creases,
            flutes=Flutes(3, 1.0, rng.random(), 0.2),
            inlays=inlays,
            volume=1.2,
        )
    else:
        hem = {"circle skirt": 140, "maxi skirt": 116}.get(s, 112)
        n = 7 if s == "circle skirt" else 4
        canvas.panel(
            drape(top, waist, bottom, hem, n, 4.5),
            cloth,
            flutes=Flutes(n + 2, 2.1, rng.random()),
            volume=0.9,
        )
    band = outline(
        [(AXIS - waist - 1, top - 13), (AXIS, top - 4), (AXIS + waist + 1, top - 13)],
        [(AXIS + waist + 2, top + 7), (AXIS, top + 15), (AXIS - waist - 2, top + 7)],
    )
    canvas.panel(
        band,
        cloth if style.pattern == "plain" else plain(style.accent, "satin"),
        volume=0.6,
        shadow=0.35,
    )
    if s == "denim skirt":
        canvas.stitches(
            [(AXIS - waist + 2, top + 5), (AXIS, top + 13), (AXIS + waist - 2, top + 5)],
            [(AXIS - waist + 2, top - 10), (AXIS, top - 1), (AXIS + waist - 2, top - 10)],
            colour=thread,
        )
        for k in (-1, 1):
            scoop = [
                (AXIS + k * 22, top + 14),
                (AXIS + k * 34, top + 38),
                (AXIS + k * 70, top + 44),
            ]
            canvas.seam(scoop)
            canvas.stitches([(x, y + 4) for x, y in scoop], colour=thread)
        for y in np.linspace(top + 30, bottom - 20, 6):
            canvas.panel(ellipse(AXIS, y, 4.2), metal("gold"), volume=0.5)
        canvas.seam([(AXIS + 12, top + 14), (AXIS + 12, bottom + 6)])
        canvas.panel(ellipse(AXIS, top + 4, 4.6), metal("gold"), volume=0.5)
    if s == "pencil skirt":
        canvas.seam(*[[(AXIS + k * 34, top + 14), (AXIS + k * 38, top + 60)] for k in (-1, 1)])
        canvas.seam([(AXIS + 20, bottom - 60), (AXIS + 20, bottom + 5)], strength=1.5)
    if s == "leather skirt":
        canvas.line([(AXIS, top + 12), (AXIS, bottom + 4)], (40, 40, 44), 5, 0.7)
        canvas.line([(AXIS, top + 12), (AXIS, bottom + 4)], (190, 192, 198), 2.6, 0.9, (1.3, 1.1))

"""Sweaters, cardigans and sweatshirts."""

import numpy as np

from demo.clothes.details import button, zipper
from demo.clothes.torso import Torso, trunk_of
from demo.clothes.upper_parts import folds, inside_back, neck_rib, sleeves
from demo.drawing.canvas import Canvas
from demo.drawing.materials import Fold
from demo.drawing.paths import AXIS, ellipse, mirror, outline, ribbon, rounded
from demo.drawing.prints import graphic
from demo.product_style import ProductStyle, contrast, darker, metal, mix, plain


def bulky(style: ProductStyle, **cut: float | str) -> Torso:
    """A trunk for thick cloth: wider than a shirt's."""
    wide = {"shoulder": 96, "chest": 97, "waist": 95, "hem": 94, "bottom": 396, "armpit": 178}
    if style.female:
        wide = {"shoulder": 84, "chest": 84, "waist": 78, "hem": 84, "bottom": 386, "armpit": 174}
    return trunk_of(style, **{**wide, **cut})


def sweater(canvas: Canvas, style: ProductStyle) -> None:
    """Crew, V and roll necks, cable knits, cardigans, sleeveless vests."""
    s = style.model
    knit = {"cable sweater": "cable", "ribbed sweater": "wide rib"}.get(s, "knit")
    body = style.cloth(knit, rumple=1.3)
    rib = plain(
        style.accent if s == "vest sweater" else mix(style.colour, contrast(style.colour), 0.14),
        "rib",
    )
    v = s in ("v sweater", "cardigan", "vest sweater")
    t = bulky(
        style,
        shape="v" if v else "crew",
        depth=96 if s == "cardigan" else 62 if v else 18,
        neck=38 if v else 34,
    )
    inside_back(canvas, t, style, "knit")
    if s == "vest sweater":
        t = bulky(style, shape="v", depth=72, shoulder=72, chest=84, waist=82, hem=82, drop=12)
    else:
        sleeves(
            canvas, t, body, 0.98, 19, 13, bulge=8, cuff=rib, cuff_length=26, flare=0.86, crease=1.5
        )
    canvas.panel(t.trunk(), body, folds=folds(canvas, t, 1.2), volume=1.25)
    canvas.panel(t.hem_band(26), rib, volume=0.8, shadow=0.2)
    if s == "cardigan":
        half = [*t.neckline(-1), (AXIS, t.bottom)]
        canvas.panel(ribbon(half[:3], 15, 15, 15), rib, volume=0.6)
        canvas.panel(ribbon(mirror(half[:3]), 15, 15, 15), rib, volume=0.6)
        canvas.panel(
            rounded(AXIS - 8, t.top + t.depth - 6, AXIS + 8, t.bottom + 3, 2), rib, volume=0.5
        )
        for y in np.linspace(t.top + t.depth + 10, t.bottom - 14, 5):
            button(canvas, AXIS, y, 4.2, darker(style.colour, 0.55))
        for side in (-1, 1):
            x = AXIS + side * 48
            canvas.panel(rounded(x - 24, 306, x + 24, 356, 3), body, volume=0.35)
            canvas.panel(rounded(x - 24, 302, x + 24, 314, 2), rib, volume=0.4)
    elif s == "roll neck sweater":
        roll = outline(
            [(AXIS - 38, t.top + 20), (AXIS - 42, t.top - 4), (AXIS - 36, t.top - 26)],
            [(AXIS - 36, t.top - 26), (AXIS, t.top - 33), (AXIS + 36, t.top - 26)],
            [(AXIS + 36, t.top - 26), (AXIS + 42, t.top - 4), (AXIS + 38, t.top + 20)],
            [(AXIS + 38, t.top + 20), (AXIS, t.top + 32), (AXIS - 38, t.top + 20)],
        )
        canvas.panel(
            roll,
            rib,
            volume=1.1,
            folds=[
                Fold([(AXIS - 34, t.top - 4), (AXIS, t.top + 4), (AXIS + 34, t.top - 4)], 9, -2.4)
            ],
        )
        canvas.panel(
            ellipse(AXIS, t.top - 26, 33, 6),
            plain(darker(style.colour, 0.5), "rib"),
            volume=0.2,
            shadow=0,
        )
    else:
        neck_rib(canvas, t, rib, 12)
    if s == "vest sweater":
        arm = t.side()
        for line in (arm, mirror(arm)):
            canvas.panel(ribbon(line, 10, 10, 10), rib, volume=0.6)


def sweatshirt(canvas: Canvas, style: ProductStyle) -> None:
    """Hoodies with kangaroo pocket or zip, and crew-neck sweatshirts."""
    s = style.model
    body = style.cloth("melange" if style.pattern == "melange" else "fleece", rumple=1.6)
    rib = plain(mix(style.colour, contrast(style.colour), 0.16), "rib")
    hood = "hoodie" in s
    t = bulky(
        style,
        depth=30 if hood else 20,
        shape="v" if hood else "crew",
        top=84 if hood else 66,
        bottom=404,
    )
    if hood:
        back = outline(
            [(AXIS - 52, t.top + 8), (AXIS - 62, t.top - 26), (AXIS - 40, t.top - 58)],
            [(AXIS - 40, t.top - 58), (AXIS, t.top - 68), (AXIS + 40, t.top - 58)],
            [(AXIS + 40, t.top - 58), (AXIS + 62, t.top - 26), (AXIS + 52, t.top + 8)],
            [(AXIS + 52, t.top + 8), (AXIS, t.top + 30), (AXIS - 52, t.top + 8)],
        )
        canvas.panel(back, body, volume=1.3)
        lining = outline(
            [
                (AXIS - 34, t.top + 8),
                (AXIS - 42, t.top - 22),
                (AXIS - 26, t.top - 46),
                (AXIS, t.top - 52),
                (AXIS + 26, t.top - 46),
                (AXIS + 42, t.top - 22),
                (AXIS + 34, t.top + 8),
            ],
            [(AXIS + 34, t.top + 8), (AXIS, t.top + 40), (AXIS - 34, t.top + 8)],
        )
        canvas.panel(
            lining,
            plain(
                darker(style.accent if style.pattern == "colour block" else style.colour, 0.35),
                "fleece",
            ),
            volume=0.7,
            dim=0.72,
            folds=[Fold([(AXIS, t.top - 50), (AXIS + 2, t.top - 20), (AXIS, t.top + 10)], 6, -2)],
        )
    else:
        inside_back(canvas, t, style, "fleece")
    sleeves(
        canvas,
        t,
        plain(style.accent, "fleece", rumple=1.4) if style.pattern == "colour block" else body,
        0.97,
        20,
        13,
        bulge=9,
        cuff=rib,
        cuff_length=24,
        flare=0.82,
        crease=1.8,
    )
    inlays = graphic(canvas, style, AXIS, t.top + 118) if style.pattern == "graphic" else []
    canvas.panel(t.trunk(), body, folds=folds(canvas, t, 1.5), volume=1.25, inlays=inlays)
    canvas.panel(t.hem_band(24), rib, volume=0.8, shadow=0.2)
    if hood:
        side = outline(
            [(AXIS - 58, t.top + 4), (AXIS - 52, t.top - 18), (AXIS - 38, t.top - 20)],
            [(AXIS - 38, t.top - 20), (AXIS - 30, t.top + 12), (AXIS - 1, t.top + 44)],
            [(AXIS - 1, t.top + 44), (AXIS - 40, t.top + 36), (AXIS - 58, t.top + 4)],
        )
        for path in (side, mirror(side)):
            canvas.panel(path, body, volume=0.9, shadow=0.35)
        if s == "zip hoodie":
            zipper(canvas, t.top + 42, t.bottom - 2)
        for k in (-1, 1):
            cord = [
                (AXIS + k * 14, t.top + 34),
                (AXIS + k * 17, t.top + 70),
                (AXIS + k * 15, t.top + 108),
            ]
            canvas.panel(
                ribbon(cord, 3.6, 3.6), plain((240, 238, 232), "rib"), volume=0.6, shadow=0.4
            )
            canvas.panel(ellipse(AXIS + k * 14, t.top + 32, 3), metal("steel"), volume=0.3)
    else:
        neck_rib(canvas, t, rib, 11)
        vee = [
            (AXIS - 12, t.top + t.depth + 5),
            (AXIS, t.top + t.depth + 24),
            (AXIS + 12, t.top + t.depth + 5),
        ]
        canvas.seam(vee[:2], vee[1:], strength=0.8)
    if hood:
        low, high = t.bottom - 24, t.bottom - 104
        pouch = outline(
            [(AXIS - 62, low), (AXIS - 62, low - 34)],
            [(AXIS - 62, low - 34), (AXIS - 50, low - 52), (AXIS - 40, high)],
            [(AXIS - 40, high), (AXIS + 40, high)],
            [(AXIS + 40, high), (AXIS + 50, low - 52), (AXIS + 62, low - 34)],
            [(AXIS + 62, low - 34), (AXIS + 62, low)],
        )
        canvas.panel(pouch, body, volume=0.7, shadow=0.35)
        canvas.stitches(
            [(AXIS - 58, low - 34), (AXIS - 46, low - 52), (AXIS - 37, high + 3)],
            [(AXIS + 58, low - 34), (AXIS + 46, low - 52), (AXIS + 37, high + 3)],
            colour=contrast(style.colour, 0.5),
            opacity=0.5,
        )
        if s == "zip hoodie":
            zipper(canvas, t.top + 42, t.bottom - 2)

"""Women's tops."""

import numpy as np

from demo.clothes.details import bow, button, ruffle
from demo.clothes.torso import Torso, trunk_of
from demo.clothes.upper_parts import folds, inside_back, sleeves
from demo.drawing.canvas import Canvas
from demo.drawing.materials import Flutes
from demo.drawing.paths import AXIS, along, ellipse, mirror, outline, rounded
from demo.product_style import WHITE, ProductStyle, contrast, lighter, plain


def top(canvas: Canvas, style: ProductStyle) -> None:
    """Women's tops: camisole, tank, off-shoulder, peplum, blouse with bow, crop, tunic."""
    rng = canvas.rng
    s = style.model
    crepe = style.cloth("satin", gloss=0.05, rumple=1.2)
    if s in ("camisole top", "tank top"):
        wide = s == "tank top"
        t = Torso(
            neck=42 if wide else 50,
            shoulder=60 if wide else 55,
            drop=4,
            chest=76,
            waist=70,
            hem=86,
            top=78,
            armpit=170,
            bottom=378,
            depth=62 if wide else 66,
            shape="crew" if wide else "sweetheart",
        )
        inside_back(canvas, t, style, "satin", 26)
        canvas.panel(t.trunk(), crepe, folds=folds(canvas, t))
        half = t.neckline()
        canvas.seam([*half, *mirror(half)[1:].tolist()][::2])
        if not wide:
            lace = along([*half[1:], *mirror(half)[1:-1].tolist()], 15)
            for x, y in lace:
                canvas.panel(
                    ellipse(x, y + 1, 5.4),
                    plain(lighter(style.colour, 0.35), None),
                    volume=0.3,
                    shadow=0.12,
                )
        return
    if s == "off-shoulder top":
        t = Torso(
            neck=80,
            shoulder=84,
            drop=8,
            chest=76,
            waist=68,
            hem=80,
            top=112,
            armpit=190,
            middle=290,
            bottom=368,
            depth=16,
            shape="boat",
        )
        sleeves(canvas, t, crepe, 0.4, 34, 22, bulge=9)
        canvas.panel(t.trunk(), crepe, folds=folds(canvas, t))
        ruffle(canvas, 98, 262, 112, 52, crepe)
        return
    shape = {"bow blouse": "v", "tunic top": "v"}.get(s, "scoop")
    long = s == "tunic top"
    t = trunk_of(
        style,
        shape=shape if shape == "v" else "boat",
        depth=48 if shape == "v" else 24,
        neck=40,
        bottom=430 if long else 330 if s == "crop top" else 380,
        hem=96 if long else 78 if s == "crop top" else 84,
        top=54 if long else 74,
    )
    inside_back(canvas, t, style, "satin")
    if s in ("bow blouse", "bell sleeve top"):
        bell = s == "bell sleeve top"
        sleeves(
            canvas,
            t,
            crepe,
            0.8 if bell else 0.96,
            34 if bell else 15,
            15,
            bulge=-6 if bell else 10,
            cuff=None if bell else crepe,
            cuff_length=22,
            crease=1.4,
        )
    else:
        sleeves(canvas, t, crepe, rng.uniform(0.2, 0.5), 27, 24, bulge=6)
    if s == "peplum top":
        skirt = outline(
            [(AXIS - 70, 285), (AXIS - 92, 330), (AXIS - 112, 378)],
            [(AXIS - 112, 378), (AXIS - 56, 392), (AXIS, 384), (AXIS + 56, 392), (AXIS + 112, 378)],
            [(AXIS + 112, 378), (AXIS + 92, 330), (AXIS + 70, 285)],
        )

        canvas.panel(skirt, crepe, flutes=Flutes(7, 3.2), volume=0.6)
        t = trunk_of(
            style, shape="boat", depth=24, neck=40, top=74, bottom=292, middle=270, hem=70, waist=69
        )
    canvas.panel(t.trunk(), crepe, folds=folds(canvas, t))
    if s == "peplum top":
        canvas.panel(
            rounded(AXIS - 72, 281, AXIS + 72, 294, 3),
            plain(contrast(style.colour, 0.5), "satin", 0.1),
            volume=0.5,
        )
    half = t.neckline(-1)
    canvas.seam([*half, *mirror(half)[1:].tolist()][::2])
    if s == "bow blouse":
        bow(canvas, AXIS, t.top + t.depth + 4, 34, crepe)
        for y in np.linspace(t.top + t.depth + 44, t.bottom - 28, 5):
            button(canvas, AXIS, y, 2.4, WHITE)

"""Jackets and coats."""

import numpy as np

from demo.clothes.details import (
    collar_stand,
    zipper,
)
from demo.clothes.jacket_fronts import front
from demo.clothes.knitwear import bulky
from demo.clothes.upper_parts import folds, sleeves
from demo.drawing.canvas import Canvas
from demo.drawing.materials import Fold, Inlay, Material
from demo.drawing.paths import AXIS, ellipse, mirror, outline, rounded
from demo.product_style import (
    ProductStyle,
    darker,
    leather,
    lighter,
    plain,
)


def _skin(style: ProductStyle) -> Material:
    return {
        "biker jacket": leather(style.colour, 0.3),
        "denim jacket": style.cloth("denim", rumple=1.2),
        "puffer jacket": style.cloth("poplin", 0.22),
        "parka": style.cloth("twill", rumple=1.6),
        "trench coat": style.cloth("twill", rumple=1.4),
        "wool coat": style.cloth("wool", rumple=1.0),
        "suede jacket": style.cloth("suede"),
        "rain jacket": style.cloth(None, 0.3, rumple=2.0),
    }.get(style.model, style.cloth("satin", 0.10, rumple=1.8))


def jacket(canvas: Canvas, style: ProductStyle) -> None:
    """Denim, biker, bomber, puffer, parka, suede, rain and track jackets, coats."""
    s = style.model
    skin = _skin(style)
    coat = s in ("parka", "trench coat", "wool coat", "rain jacket")
    short = s in ("biker jacket", "denim jacket", "bomber jacket")
    puffy = s == "puffer jacket"
    stand = s in ("bomber jacket", "puffer jacket", "track jacket", "rain jacket")
    scale = {"top": 56 if coat else 68, "bottom": 448 if coat else 366 if short else 388}
    t = bulky(
        style,
        depth=22 if stand else 34,
        shape="v",
        armpit=172 if not coat else 152,
        hem=102 if coat else 90 if not style.female else 82,
        middle=250,
        **scale,
    )
    rib = plain(style.accent if s == "bomber jacket" else darker(style.colour, 0.15), "rib")
    if s in ("parka", "rain jacket"):
        hood = outline(
            [(AXIS - 52, t.top + 14), (AXIS - 60, t.top - 12), (AXIS - 34, t.top - 34)],
            [(AXIS - 34, t.top - 34), (AXIS, t.top - 38), (AXIS + 34, t.top - 34)],
            [(AXIS + 34, t.top - 34), (AXIS + 60, t.top - 12), (AXIS + 52, t.top + 14)],
            [(AXIS + 52, t.top + 14), (AXIS, t.top + 40), (AXIS - 52, t.top + 14)],
        )
        canvas.panel(hood, skin, volume=1.2)
        canvas.panel(
            ellipse(AXIS, t.top - 2, 36, 25),
            plain(darker(style.colour, 0.5), "satin"),
            volume=0.6,
            dim=0.7,
        )
    else:
        collar_stand(canvas, t, plain(darker(style.colour, 0.2), "satin"), 12)
    cuff = (
        rib
        if s in ("bomber jacket", "track jacket")
        else skin
        if s in ("denim jacket", "trench coat", "rain jacket")
        else None
    )
    arm = plain(style.accent, "satin", 0.1, rumple=1.6) if style.pattern == "colour block" else skin
    sleeves(
        canvas,
        t,
        arm,
        0.98,
        20,
        13,
        bulge=9,
        cuff=cuff,
        cuff_length=20,
        flare=0.9 if cuff is rib else 1.04,
        crease=0.6 if puffy else 1.9,
    )
    creases = folds(canvas, t, 1.3)
    if puffy:
        creases = [
            Fold([(AXIS - 110, y), (AXIS, y + 5), (AXIS + 110, y)], 9, -6.5)
            for y in np.arange(t.top + 44, t.bottom - 8, 33)
        ]
    inlays = []
    if s == "denim jacket":
        pale = plain(lighter(style.colour, 0.4), "denim")
        inlays = [Inlay(ellipse(AXIS + k * 50, 280, 26, 60), pale, 0.4, 14) for k in (-1, 1)]
    if style.pattern == "colour block":
        inlays = [Inlay(rounded(20, 20, 340, t.top + 92, 1), arm)]
    canvas.panel(t.trunk(), skin, folds=creases, volume=1.5 if puffy else 1.15, inlays=inlays)
    if puffy:
        for side in (False, True):
            line = t.sleeve(0.98, 20, 13, 9)
            for y in np.arange(t.top + 60, 350, 32):
                row = line[np.abs(line[:, 1] - y) < 12]
                if len(row) > 1:
                    seam = np.array([(row[:, 0].min() + 4, y - 3), (row[:, 0].max() - 3, y + 4)])
                    canvas.seam(mirror(seam) if side else seam, strength=0.9)
        canvas.seam(
            *[
                [(AXIS - t.chest + 4, y), (AXIS, y + 5), (AXIS + t.chest - 4, y)]
                for y in np.arange(t.top + 44, t.bottom - 8, 33)
            ],
            strength=0.9,
        )
    if s in ("bomber jacket", "track jacket"):
        canvas.panel(t.hem_band(22), rib, volume=0.8, shadow=0.2)
    front(canvas, style, t, skin, s)
    if stand:
        band = outline(
            [
                (AXIS - 2, t.top + t.depth + 8),
                (AXIS - t.neck * 0.6, t.top + t.depth * 0.6),
                (AXIS - t.neck - 4, t.top + 4),
            ],
            [(AXIS - t.neck - 4, t.top + 4), (AXIS - t.neck + 2, t.top - 17)],
            [
                (AXIS - t.neck + 2, t.top - 17),
                (AXIS - t.neck * 0.5, t.top + 1),
                (AXIS - 2, t.top + 6),
            ],
        )
        for path in (band, mirror(band)):
            canvas.panel(path, rib if s == "bomber jacket" else skin, volume=0.8, shadow=0.3)
        zipper(canvas, t.top + 8, t.bottom - 2)

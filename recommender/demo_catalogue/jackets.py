"""Jackets and coats."""

import numpy as np

from recommender.demo_catalogue.canvas import Canvas
from recommender.demo_catalogue.details import (
    ZIP_TEETH,
    button,
    collar,
    collar_stand,
    pocket,
    zipper,
)
from recommender.demo_catalogue.knitwear import bulky
from recommender.demo_catalogue.look import (
    COLOURS,
    Look,
    contrast,
    darker,
    leather,
    lighter,
    metal,
    plain,
)
from recommender.demo_catalogue.materials import Fold, Inlay, Material
from recommender.demo_catalogue.paths import AXIS, ellipse, mirror, outline, ribbon, rounded, smooth
from recommender.demo_catalogue.torso import Torso
from recommender.demo_catalogue.upper_parts import folds, sleeves


def _skin(look: Look) -> Material:
    return {
        "biker jacket": leather(look.colour, 0.3),
        "denim jacket": look.cloth("denim", rumple=1.2),
        "puffer jacket": look.cloth("poplin", 0.22),
        "parka": look.cloth("twill", rumple=1.6),
        "trench coat": look.cloth("twill", rumple=1.4),
        "wool coat": look.cloth("wool", rumple=1.0),
        "suede jacket": look.cloth("suede"),
        "rain jacket": look.cloth(None, 0.3, rumple=2.0),
    }.get(look.style, look.cloth("satin", 0.10, rumple=1.8))


def jacket(canvas: Canvas, look: Look) -> None:
    """Denim, biker, bomber, puffer, parka, suede, rain and track jackets, coats."""
    s = look.style
    skin = _skin(look)
    coat = s in ("parka", "trench coat", "wool coat", "rain jacket")
    short = s in ("biker jacket", "denim jacket", "bomber jacket")
    puffy = s == "puffer jacket"
    stand = s in ("bomber jacket", "puffer jacket", "track jacket", "rain jacket")
    scale = {"top": 56 if coat else 68, "bottom": 448 if coat else 366 if short else 388}
    t = bulky(
        look,
        depth=22 if stand else 34,
        shape="v",
        armpit=172 if not coat else 152,
        hem=102 if coat else 90 if not look.female else 82,
        middle=250,
        **scale,
    )
    rib = plain(look.accent if s == "bomber jacket" else darker(look.colour, 0.15), "rib")
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
            plain(darker(look.colour, 0.5), "satin"),
            volume=0.6,
            dim=0.7,
        )
    else:
        collar_stand(canvas, t, look, plain(darker(look.colour, 0.2), "satin"), 12)
    cuff = (
        rib
        if s in ("bomber jacket", "track jacket")
        else skin
        if s in ("denim jacket", "trench coat", "rain jacket")
        else None
    )
    arm = plain(look.accent, "satin", 0.1, rumple=1.6) if look.pattern == "colour block" else skin
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
        pale = plain(lighter(look.colour, 0.4), "denim")
        inlays = [Inlay(ellipse(AXIS + k * 50, 280, 26, 60), pale, 0.4, 14) for k in (-1, 1)]
    if look.pattern == "colour block":
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
    _front(canvas, look, t, skin, s)
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


def _front(canvas: Canvas, look: Look, t: Torso, skin: Material, s: str) -> None:
    """Closure, pockets and collar of a jacket."""
    thread = (214, 158, 84) if s == "denim jacket" else contrast(look.colour, 0.35)
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
                button(canvas, x, y, 5, darker(look.colour, 0.6))
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
                    canvas.line([(x + k * d, y) for x, y in arm], look.accent, 3.4, 0.95)

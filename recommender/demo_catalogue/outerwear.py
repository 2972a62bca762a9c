"""Sweaters, sweatshirts, jackets, coats and blazers."""

import numpy as np

from recommender.demo_catalogue.canvas import Canvas, Fold, Inlay, Material
from recommender.demo_catalogue.look import (
    COLOURS,
    Look,
    contrast,
    darker,
    leather,
    lighter,
    metal,
    mix,
    plain,
)
from recommender.demo_catalogue.paths import AXIS, ellipse, mirror, outline, ribbon, rounded, smooth
from recommender.demo_catalogue.prints import graphic
from recommender.demo_catalogue.tops import (
    button,
    collar,
    collar_stand,
    neck_rib,
    pocket,
    sleeves,
    trunk_of,
)
from recommender.demo_catalogue.torso import Torso, folds, inside_back

ZIP_TEETH = (150, 152, 158)


def _bulky(look: Look, **cut: float | str) -> Torso:
    """A trunk for thick cloth: wider than a shirt's."""
    wide = {"shoulder": 96, "chest": 97, "waist": 95, "hem": 94, "bottom": 396, "armpit": 178}
    if look.female:
        wide = {"shoulder": 84, "chest": 84, "waist": 78, "hem": 84, "bottom": 386, "armpit": 174}
    return trunk_of(look, **{**wide, **cut})


def zipper(canvas: Canvas, top: float, bottom: float, x: float = AXIS) -> None:
    """A metal zip with its pull."""
    canvas.line([(x, top), (x, bottom)], (40, 40, 46), 5.0, 0.75)
    canvas.line([(x, top), (x, bottom)], ZIP_TEETH, 2.8, 0.95, (1.3, 1.1))
    canvas.panel(rounded(x - 2.6, top + 2, x + 2.6, top + 9, 2), metal("steel"), volume=0.4)
    canvas.panel(rounded(x - 1.8, top + 9, x + 1.8, top + 20, 1.6), metal("steel"), volume=0.4)


def sweater(canvas: Canvas, look: Look) -> None:
    """Crew, V and roll necks, cable knits, cardigans, sleeveless vests."""
    s = look.style
    knit = {"cable sweater": "cable", "ribbed sweater": "wide rib"}.get(s, "knit")
    body = look.cloth(knit, rumple=1.3)
    rib = plain(
        look.accent if s == "vest sweater" else mix(look.colour, contrast(look.colour), 0.14), "rib"
    )
    v = s in ("v sweater", "cardigan", "vest sweater")
    t = _bulky(
        look,
        shape="v" if v else "crew",
        depth=96 if s == "cardigan" else 62 if v else 18,
        neck=38 if v else 34,
    )
    inside_back(canvas, t, look, "knit")
    if s == "vest sweater":
        t = _bulky(look, shape="v", depth=72, shoulder=72, chest=84, waist=82, hem=82, drop=12)
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
            button(canvas, AXIS, y, 4.2, darker(look.colour, 0.55))
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
            plain(darker(look.colour, 0.5), "rib"),
            volume=0.2,
            shadow=0,
        )
    else:
        neck_rib(canvas, t, rib, 12)
    if s == "vest sweater":
        arm = t.side()
        for line in (arm, mirror(arm)):
            canvas.panel(ribbon(line, 10, 10, 10), rib, volume=0.6)


def sweatshirt(canvas: Canvas, look: Look) -> None:
    """Hoodies with kangaroo pocket or zip, and crew-neck sweatshirts."""
    s = look.style
    body = look.cloth("melange" if look.pattern == "melange" else "fleece", rumple=1.6)
    rib = plain(mix(look.colour, contrast(look.colour), 0.16), "rib")
    hood = "hoodie" in s
    t = _bulky(
        look,
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
                darker(look.accent if look.pattern == "colour block" else look.colour, 0.35),
                "fleece",
            ),
            volume=0.7,
            dim=0.72,
            folds=[Fold([(AXIS, t.top - 50), (AXIS + 2, t.top - 20), (AXIS, t.top + 10)], 6, -2)],
        )
    else:
        inside_back(canvas, t, look, "fleece")
    sleeves(
        canvas,
        t,
        plain(look.accent, "fleece", rumple=1.4) if look.pattern == "colour block" else body,
        0.97,
        20,
        13,
        bulge=9,
        cuff=rib,
        cuff_length=24,
        flare=0.82,
        crease=1.8,
    )
    inlays = graphic(canvas, look, AXIS, t.top + 118) if look.pattern == "graphic" else []
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
            colour=contrast(look.colour, 0.5),
            opacity=0.5,
        )
        if s == "zip hoodie":
            zipper(canvas, t.top + 42, t.bottom - 2)


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
    scale = {"top": 44 if coat else 68, "bottom": 446 if coat else 366 if short else 388}
    t = _bulky(
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


def blazer(canvas: Canvas, look: Look) -> None:
    """Single and double breasted blazers, and waistcoats."""
    s = look.style
    waistcoat, double = s == "waistcoat", s == "double blazer"
    cloth = look.cloth("wool", rumple=0.8)
    base = {"bottom": 402, "depth": 150, "shape": "v", "neck": 34, "middle": 262, "dip": 0}
    t = _bulky(look, **base, waist=86 if not look.female else 72, hem=96 if not look.female else 88)
    if waistcoat:
        t = _bulky(
            look,
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
    lining = plain(darker(look.accent, 0.1), "satin", 0.1)
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
                x, y = end.mean(axis=0) + (9, -12 + i * 8)
                button(canvas, AXIS + k * (AXIS - x), y, 2.2, darker(look.colour, 0.6))
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
    shade = darker(look.colour, 0.65)
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
        if look.gender == "Men":
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

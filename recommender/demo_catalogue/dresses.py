"""Dresses and skirts: bodices, hanging folds and wavy hems."""

import numpy as np

from recommender.demo_catalogue.canvas import Canvas, Flutes, Fold, Inlay, Material
from recommender.demo_catalogue.look import Look, contrast, darker, leather, lighter, metal, plain
from recommender.demo_catalogue.paths import AXIS, Points, ellipse, mirror, outline, ribbon, rounded
from recommender.demo_catalogue.tops import (
    bow,
    button,
    collar,
    collar_stand,
    pocket,
    ruffle,
    sleeves,
)
from recommender.demo_catalogue.torso import Torso, folds, inside_back


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
        (AXIS - waist - bulge * 0.7, top + (bottom - top) * 0.2),
        (AXIS - waist, top),
    ]
    right = [(2 * AXIS - a, b) for a, b in left[::-1]]
    return outline(
        [(AXIS - waist, top), (AXIS, top + 4), (AXIS + waist, top)], right, hemline, left
    )


def dress(canvas: Canvas, look: Look) -> None:
    """Sheath, A-line, skater, maxi, shirt, wrap, slip, tiered and off-shoulder dresses."""
    rng, s = canvas.rng, look.style
    texture = {
        "sheath dress": "wool",
        "shirt dress": "poplin",
        "sweater dress": "knit",
        "slip dress": "satin",
        "denim dress": "denim",
    }.get(s, "poplin")
    cloth = look.cloth(texture, 0.16 if s == "slip dress" else 0.03, rumple=1.2)
    waist_y = {"maxi dress": 186, "slip dress": 230}.get(s, 206)
    bottom = {
        "maxi dress": 452,
        "tiered dress": 440,
        "slip dress": 436,
        "sheath dress": 420,
        "skater dress": 372,
        "off-shoulder dress": 380,
    }.get(s, 404) + rng.uniform(-8, 8)
    waist = 57 if not look.child else 62
    bare = s in ("slip dress", "maxi dress", "tiered dress")
    bodice = Torso(
        neck=45 if bare else 38,
        shoulder=52 if bare else 70,
        drop=4 if bare else 14,
        chest=68,
        waist=waist + 3,
        hem=waist,
        top=44 if bare else 40,
        armpit=118,
        middle=waist_y - 20,
        bottom=waist_y,
        dip=4,
        depth=52 if bare else 30,
        shape="sweetheart"
        if s == "slip dress"
        else "v"
        if s in ("wrap dress", "shirt dress", "maxi dress")
        else "square"
        if s == "skater dress"
        else "crew",
    )
    if s == "wrap dress":
        bodice = Torso(**{**bodice.__dict__, "depth": 84})
    if s == "off-shoulder dress":
        bodice = Torso(
            **{
                **bodice.__dict__,
                "neck": 66,
                "shoulder": 70,
                "drop": 6,
                "top": 66,
                "depth": 14,
                "shape": "boat",
                "armpit": 130,
            }
        )
    if s == "shirt dress":
        collar_stand(canvas, bodice, look, cloth, 13)
    elif s != "off-shoulder dress":
        inside_back(canvas, bodice, look, "satin", -16 if bare else 6)
    if s == "sweater dress":
        sleeves(
            canvas,
            bodice,
            cloth,
            0.9,
            17,
            13,
            bulge=7,
            cuff=plain(darker(look.colour, 0.1), "rib"),
            cuff_length=24,
            flare=0.9,
        )
    elif s == "off-shoulder dress":
        sleeves(canvas, bodice, cloth, 0.3, 25, 22, bulge=8)
    elif not bare and s != "sheath dress":
        reach = 0.55 if s in ("wrap dress", "shirt dress") else 0.22
        sleeves(
            canvas,
            bodice,
            cloth,
            reach,
            23,
            17 if reach > 0.4 else 26,
            bulge=6,
            cuff=cloth if s == "shirt dress" else None,
            flare=1.04,
        )
    elif s == "sheath dress" and rng.random() < 0.5:
        sleeves(canvas, bodice, cloth, 0.18, 22, 26)
    if s in ("sheath dress", "sweater dress", "slip dress"):
        flare = 64 if s != "slip dress" else 84
        skirt = drape(
            waist_y - 3,
            waist,
            bottom,
            flare,
            1 if s != "slip dress" else 3,
            1.5,
            bulge=13,
            round_=5,
        )
        flutes = (
            Flutes(2.6, 1.1, rng.random(), 0.1)
            if s != "slip dress"
            else Flutes(5, 1.5, rng.random())
        )
        canvas.panel(
            skirt,
            cloth,
            flutes=flutes,
            volume=1.1,
            folds=[
                Fold(
                    [(AXIS - 30, waist_y + 14), (AXIS, waist_y + 22), (AXIS + 34, waist_y + 12)],
                    8,
                    -1.2,
                )
            ],
        )
    elif s == "tiered dress":
        for i, (top, low, w0, w1) in enumerate(
            ((332, bottom, 96, 132), (262, 344, 78, 104), (waist_y - 2, 272, waist, 84))
        ):
            canvas.panel(
                drape(top, w0, low, w1, 5 + i, 2.5),
                cloth,
                flutes=Flutes(9 - i, 1.7, rng.random()),
                volume=0.8,
                shadow=0.4,
            )
    else:
        hem = {
            "maxi dress": 118,
            "skater dress": 124,
            "wrap dress": 104,
            "shirt dress": 98,
            "off-shoulder dress": 120,
            "denim dress": 104,
        }.get(s, 112)
        waves = {"skater dress": 6, "maxi dress": 5}.get(s, 4)
        canvas.panel(
            drape(waist_y - 3, waist, bottom, hem, waves, 4),
            cloth,
            flutes=Flutes(waves + 2, 1.9, rng.random()),
            volume=0.9,
        )
    canvas.panel(bodice.trunk(), cloth, folds=folds(canvas, bodice, 0.8), volume=1.1, shadow=0.15)
    _dress_details(canvas, look, bodice, cloth, waist_y, bottom, waist)


def _dress_details(
    canvas: Canvas,
    look: Look,
    t: Torso,
    cloth: Material,
    waist_y: float,
    bottom: float,
    waist: float,
) -> None:
    s = look.style
    belt = plain(
        look.accent if look.pattern != "plain" else contrast(look.colour, 0.45), "satin", 0.12
    )
    if s in ("skater dress", "a-line dress", "off-shoulder dress", "maxi dress", "wrap dress"):
        canvas.panel(
            rounded(AXIS - waist - 2, waist_y - 8, AXIS + waist + 2, waist_y + 7, 3),
            belt if s != "maxi dress" else cloth,
            volume=0.7,
        )
    if s == "wrap dress":
        canvas.seam(
            [
                (AXIS + t.neck - 2, t.top + 10),
                (AXIS - 8, t.top + 88),
                (AXIS - waist + 6, waist_y - 8),
            ],
            strength=1.5,
        )
        bow(canvas, AXIS - waist + 14, waist_y, 19, belt)
        canvas.seam(
            [(AXIS - 34, waist_y + 10), (AXIS - 12, 310), (AXIS + 8, bottom + 4)], strength=1.4
        )
    if s == "shirt dress" or s == "denim dress":
        thread = contrast(look.colour, 0.4)
        canvas.panel(
            rounded(AXIS - 8, t.top + t.depth - 4, AXIS + 8, bottom + 6, 1), cloth, volume=0.35
        )
        for y in np.linspace(t.top + t.depth + 14, bottom - 40, 8):
            button(canvas, AXIS, y, 2.9)
        for k in (-1, 1):
            pocket(canvas, AXIS + k * 36, 110, 32, 34, cloth, thread, flap=s == "denim dress")
        collar(canvas, t, cloth, 26, 17)
        canvas.panel(
            rounded(AXIS - waist - 2, waist_y - 7, AXIS + waist + 2, waist_y + 8, 3),
            belt,
            volume=0.7,
        )
        canvas.panel(
            rounded(AXIS - 12, waist_y - 10, AXIS + 12, waist_y + 11, 3), metal("gold"), volume=0.5
        )
        canvas.panel(rounded(AXIS - 7, waist_y - 5, AXIS + 7, waist_y + 6, 2), belt, volume=0.3)
    if s == "off-shoulder dress":
        ruffle(canvas, AXIS - 84, AXIS + 84, 66, 44, cloth)
    if s == "sheath dress":
        canvas.seam(
            *[
                [
                    (AXIS + k * 30, t.armpit + 12),
                    (AXIS + k * 27, waist_y),
                    (AXIS + k * 33, waist_y + 60),
                ]
                for k in (-1, 1)
            ],
            strength=0.7,
        )
        if look.pattern == "colour block":
            canvas.panel(
                rounded(AXIS - waist - 2, waist_y - 12, AXIS + waist + 2, waist_y + 12, 3),
                belt,
                volume=0.7,
            )
    if s == "sweater dress":
        line = [*t.neckline(-1), *mirror(t.neckline(-1))[1:].tolist()]
        canvas.panel(ribbon(line, 12, 12, 12), plain(darker(look.colour, 0.1), "rib"), volume=0.6)
    elif s not in ("shirt dress", "denim dress", "off-shoulder dress"):
        line = [*t.neckline(-1.5), *mirror(t.neckline(-1.5))[1:].tolist()]
        canvas.seam(line[::2] if len(line) > 7 else line, strength=0.7)


def skirt(canvas: Canvas, look: Look) -> None:
    """Pencil, A-line, pleated, circle, denim, tiered, maxi, leather skirts."""
    rng, s = canvas.rng, look.style
    waist = 66 if not look.child else 64
    cloth = {
        "denim skirt": look.cloth("denim"),
        "leather skirt": leather(look.colour, 0.32),
        "pencil skirt": look.cloth("wool"),
    }.get(s, look.cloth("poplin", 0.04, rumple=1.2))
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
    canvas.panel(back, plain(darker(look.colour, 0.3), "satin"), volume=0.2, dim=0.75)
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
                    plain(lighter(look.colour, 0.45), "denim"),
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
        cloth if look.pattern == "plain" else plain(look.accent, "satin"),
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

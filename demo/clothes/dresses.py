"""Dresses: a bodice, and a skirt that hangs from it."""

import numpy as np

from demo.clothes.details import bow, button, collar, collar_stand, pocket, ruffle
from demo.clothes.skirts import drape
from demo.clothes.torso import Torso
from demo.clothes.upper_parts import folds, inside_back, sleeves
from demo.drawing.canvas import Canvas
from demo.drawing.materials import Flutes, Fold, Material
from demo.drawing.paths import AXIS, mirror, ribbon, rounded
from demo.product_style import ProductStyle, contrast, darker, metal, plain


def dress(canvas: Canvas, style: ProductStyle) -> None:
    """Sheath, A-line, skater, maxi, shirt, wrap, slip, tiered and off-shoulder dresses."""
    rng, s = canvas.rng, style.model
    texture = {
        "sheath dress": "wool",
        "shirt dress": "poplin",
        "sweater dress": "knit",
        "slip dress": "satin",
        "denim dress": "denim",
    }.get(s, "poplin")
    cloth = style.cloth(texture, 0.16 if s == "slip dress" else 0.03, rumple=1.2)
    waist_y = {"maxi dress": 186, "slip dress": 230}.get(s, 206)
    bottom = {
        "maxi dress": 452,
        "tiered dress": 440,
        "slip dress": 436,
        "sheath dress": 420,
        "skater dress": 372,
        "off-shoulder dress": 380,
    }.get(s, 404) + rng.uniform(-8, 8)
    waist = 57 if not style.child else 62
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
        collar_stand(canvas, bodice, cloth, 13)
    elif s != "off-shoulder dress":
        inside_back(canvas, bodice, style, "satin", 22 if bare else 6)
    if s == "sweater dress":
        sleeves(
            canvas,
            bodice,
            cloth,
            0.9,
            17,
            13,
            bulge=7,
            cuff=plain(darker(style.colour, 0.1), "rib"),
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
    _dress_details(canvas, style, bodice, cloth, waist_y, bottom, waist)


def _dress_details(
    canvas: Canvas,
    style: ProductStyle,
    t: Torso,
    cloth: Material,
    waist_y: float,
    bottom: float,
    waist: float,
) -> None:
    s = style.model
    belt = plain(
        style.accent if style.pattern != "plain" else contrast(style.colour, 0.45), "satin", 0.12
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
        thread = contrast(style.colour, 0.4)
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
        if style.pattern == "colour block":
            canvas.panel(
                rounded(AXIS - waist - 2, waist_y - 12, AXIS + waist + 2, waist_y + 12, 3),
                belt,
                volume=0.7,
            )
    if s == "sweater dress":
        line = [*t.neckline(-1), *mirror(t.neckline(-1))[1:].tolist()]
        canvas.panel(ribbon(line, 12, 12, 12), plain(darker(style.colour, 0.1), "rib"), volume=0.6)
    elif s not in ("shirt dress", "denim dress", "off-shoulder dress"):
        line = [*t.neckline(-1.5), *mirror(t.neckline(-1.5))[1:].tolist()]
        canvas.seam(line[::2] if len(line) > 7 else line, strength=0.7)

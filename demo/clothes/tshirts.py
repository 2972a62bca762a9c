"""Tshirts and polo shirts."""

from demo.clothes.details import collar, collar_stand, placket
from demo.clothes.torso import trunk_of
from demo.clothes.upper_parts import folds, hem_stitch, inside_back, neck_rib, sleeves
from demo.drawing.canvas import Canvas
from demo.drawing.materials import Inlay
from demo.drawing.paths import AXIS, mirror, outline, rounded, smooth
from demo.drawing.prints import graphic
from demo.product_style import ProductStyle, contrast, mix, plain


def tshirt(canvas: Canvas, style: ProductStyle) -> None:
    """Crew, V and scoop necks, short and long sleeves, raglan, henley, graphic prints."""
    rng = canvas.rng
    shape = {"v tshirt": "v", "scoop tshirt": "scoop"}.get(style.model, "crew")
    depth = {"v": rng.uniform(50, 66), "scoop": rng.uniform(46, 56)}.get(shape, rng.uniform(20, 28))
    t = trunk_of(
        style, shape="v" if shape == "v" else "crew", depth=depth, bottom=398 + rng.uniform(-10, 10)
    )
    texture = "melange" if "Melange" in style.model or style.pattern == "melange" else "jersey"
    body = style.cloth(texture)
    arm = (
        plain(style.accent, texture) if style.model in ("raglan tshirt", "ringer tshirt") else body
    )
    arm = body if style.model == "ringer tshirt" else arm
    trim = plain(
        style.accent
        if style.model in ("raglan tshirt", "ringer tshirt")
        else mix(style.colour, contrast(style.colour), 0.25),
        "rib",
    )
    inside_back(canvas, t, style, texture)
    cuff = trim if style.model == "ringer tshirt" else None
    if style.model == "long tshirt":
        sleeves(canvas, t, body, 0.98, 14, 13, cuff=trim, cuff_length=13)
    elif style.model == "raglan tshirt":
        sleeves(canvas, t, arm, 0.66, 18, 16)
    elif style.female:
        sleeves(canvas, t, arm, rng.uniform(0.22, 0.32), 27, 27, cuff=cuff, cuff_length=7, flare=1)
    else:
        sleeves(canvas, t, arm, rng.uniform(0.33, 0.38), 33, 27, cuff=cuff, cuff_length=8, flare=1)
    inlays: list[Inlay] = []
    if style.model == "raglan tshirt":
        yoke = outline(
            [(AXIS - t.neck - 4, t.top - 6), (AXIS - 68, t.top + 50), t.armpit_point],
            [t.armpit_point, (AXIS - 140, 130), (AXIS - 90, 40)],
        )
        inlays = [Inlay(p, arm) for p in (yoke, mirror(yoke))]
    if style.pattern == "colour block":
        y = t.top + rng.uniform(80, 130)
        inlays.append(Inlay(rounded(20, y, 340, y + 400, 1), plain(style.accent, texture)))
        y += rng.uniform(60, 90)
        inlays.append(Inlay(rounded(20, y, 340, y + 400, 1), plain(style.accents[1], texture)))
    if style.pattern == "graphic":
        inlays += graphic(canvas, style, AXIS, t.top + 118)
    canvas.panel(t.trunk(), body, folds=folds(canvas, t), inlays=inlays)
    hem_stitch(canvas, t)
    if style.model == "henley tshirt":
        placket(canvas, t, body, 74, 3)
    neck_rib(canvas, t, trim)


def polo(canvas: Canvas, style: ProductStyle) -> None:
    """Polo shirts, with tipped collars when there is an accent."""
    rng = canvas.rng
    t = trunk_of(style, depth=30, shape="v", bottom=398 + rng.uniform(-8, 8))
    body = style.cloth("weave", grain=0.7)
    tipped = style.model == "tipped polo"
    rib = plain(
        style.accent
        if tipped or style.pattern != "plain"
        else mix(style.colour, contrast(style.colour), 0.12),
        "rib",
    )
    collar_stand(canvas, t, rib, 12)
    sleeves(
        canvas,
        t,
        body,
        0.36 if not style.female else 0.26,
        32 if not style.female else 27,
        27,
        cuff=rib,
        cuff_length=9,
        flare=1,
    )
    inlays = []
    if style.pattern == "colour block":
        y = t.top + 100
        inlays = [
            Inlay(rounded(20, y, 340, y + 66, 1), plain(style.accent, "weave")),
            Inlay(rounded(20, y + 66, 340, y + 78, 1), plain(style.accents[1], "weave")),
        ]
    canvas.panel(t.trunk(), body, folds=folds(canvas, t), inlays=inlays)
    hem_stitch(canvas, t)
    placket(canvas, t, body, 82, 3 if not style.female else 4)
    collar(canvas, t, rib, 24, 14)
    x, y = AXIS + 44, t.top + 84
    canvas.panel(
        smooth(
            [
                (x - 4, y + 5),
                (x - 6, y - 3),
                (x, y - 6),
                (x + 6, y - 3),
                (x + 4, y + 5),
                (x, y + 8),
            ],
            closed=True,
        ),
        plain(style.accent if tipped else contrast(style.colour, 0.7), None),
        volume=0.2,
        shadow=0,
    )

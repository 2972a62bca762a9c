"""Buttoned shirts."""

import numpy as np

from demo.clothes.details import BUTTON, button, collar, collar_stand, pocket
from demo.clothes.torso import trunk_of
from demo.clothes.upper_parts import folds, sleeves
from demo.drawing.canvas import Canvas
from demo.drawing.materials import Inlay
from demo.drawing.paths import AXIS, ellipse, mirror, outline
from demo.product_style import ProductStyle, brightness, contrast, lighter, plain


def shirt(canvas: Canvas, style: ProductStyle) -> None:
    """Buttoned shirts: formal, casual, short-sleeved, denim, mandarin collar."""
    rng = canvas.rng
    short = "short" in style.model
    denim = style.model == "denim shirt"
    t = trunk_of(
        style, depth=24, shape="v", dip=-24, bottom=414, hem=92 if not style.female else 82
    )
    body = style.cloth("denim" if denim else "poplin", rumple=1.3)
    if style.model == "corduroy shirt":
        body = style.cloth("corduroy")
    thread = (206, 150, 80) if denim else contrast(style.colour, 0.3)
    collar_stand(canvas, t, body, 14)
    if short:
        sleeves(
            canvas,
            t,
            body,
            0.40,
            35 if not style.female else 28,
            25,
            cuff=body,
            cuff_length=13,
            flare=1.02,
            crease=1.2,
        )
    elif style.model == "rolled shirt":
        sleeves(canvas, t, body, 0.58, 24, 19, cuff=body, cuff_length=26, flare=1.12, crease=1.3)
    else:
        sleeves(
            canvas, t, body, 1.0, 15, 13, cuff=body, cuff_length=30, flare=1.02, bulge=6, crease=1.4
        )
        for side in (-1, 1):
            wrist = t.sleeve(1.0, 15, 13)
            x, y = wrist[wrist[:, 1].argmax()]
            button(canvas, AXIS + side * (AXIS - x) - side * 5, y - 13, 2.2)
    inlays = []
    if denim:
        pale = plain(lighter(style.colour, 0.4), "denim")
        inlays = [Inlay(ellipse(AXIS + s * 46, 290, 24, 80), pale, 0.35, 14) for s in (-1, 1)]
    canvas.panel(t.trunk(), body, folds=folds(canvas, t, 1.2), inlays=inlays)
    yoke = [(AXIS - t.shoulder + 4, t.top + t.drop + 14), (AXIS - t.neck - 8, t.top + 12)]
    canvas.seam(yoke, mirror(yoke), strength=0.8)
    top = t.top + t.depth - 4
    canvas.panel(
        np.array(
            [(AXIS - 9, top), (AXIS + 9, top), (AXIS + 9, t.bottom - 1), (AXIS - 9, t.bottom - 1)]
        ),
        body,
        volume=0.3,
        shadow=0.25,
        edge=0.5,
    )
    canvas.stitches(
        [(AXIS - 6, top + 6), (AXIS - 6, t.bottom - 3)],
        [(AXIS + 6, top + 6), (AXIS + 6, t.bottom - 3)],
        colour=thread,
        opacity=0.55,
    )
    shade = (
        (70, 56, 46) if denim or (brightness(style.colour) > 200 and rng.random() < 0.3) else BUTTON
    )
    for y in np.linspace(top + 26, t.bottom - 38, 7):
        button(canvas, AXIS, y, 2.9, shade)
    if style.model != "formal shirt":
        for side in (-1, 1) if denim else (1,):
            pocket(canvas, AXIS + side * 50, t.top + 92, 42, 46, body, thread, flap=denim)
    if style.model == "mandarin shirt":
        band = outline(
            [
                (AXIS - 3, t.top + t.depth + 2),
                (AXIS - t.neck * 0.62, t.top + t.depth * 0.52),
                (AXIS - t.neck - 3, t.top + 3),
            ],
            [(AXIS - t.neck - 3, t.top + 3), (AXIS - t.neck + 3, t.top - 12)],
            [
                (AXIS - t.neck + 3, t.top - 12),
                (AXIS - t.neck * 0.5, t.top + t.depth * 0.2),
                (AXIS - 3, t.top + t.depth - 16),
            ],
        )
        for path in (band, mirror(band)):
            canvas.panel(path, body, volume=0.4, shadow=0.3)
    else:
        collar(canvas, t, body, 30 if style.model == "formal shirt" else 26, 20)
        button(canvas, AXIS, top + 6, 2.6, shade)

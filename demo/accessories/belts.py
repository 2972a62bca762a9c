"""Coiled belts."""

import numpy as np

from demo.drawing.canvas import Canvas
from demo.drawing.paths import AXIS, ellipse, outline, ribbon, rounded
from demo.product_style import ProductStyle, contrast, darker, leather, lighter, metal, plain


def belt(canvas: Canvas, style: ProductStyle) -> None:
    """Coiled belts with a frame, plate or double-ring buckle; plain, braided, canvas."""
    s = style.model
    hide = (
        style.cloth("weave")
        if s == "canvas belt"
        else style.cloth("cable")
        if s == "braided belt"
        else plain(style.colour, "suede")
        if s == "suede belt"
        else leather(style.colour, 0.34)
    )
    wide = {"skinny belt": 34, "wide belt": 78}.get(s, 54)
    dark = plain(darker(style.colour, 0.35), "leather", 0.12)
    y0 = 214.0
    canvas.shadow(ellipse(AXIS, y0 + wide + 42, 126, 12), 0.3, 8)
    for i, shrink in enumerate((1.0, 0.86, 0.72)):
        rx, ry = 134 * shrink, 42 * shrink
        back = np.vstack(
            [ellipse(AXIS, y0, rx, ry, 180, 360), ellipse(AXIS, y0 + wide * 0.72, rx, ry, 360, 180)]
        )
        canvas.panel(back, dark, volume=0.5, dim=0.9 - 0.1 * i, shadow=0.3)
    for i, shrink in enumerate((0.72, 0.86, 1.0)):
        rx, ry = 134 * shrink, 42 * shrink
        front = np.vstack(
            [ellipse(AXIS, y0, rx, ry, 180, 0), ellipse(AXIS, y0 + wide, rx, ry, 0, 180)]
        )
        canvas.panel(
            front,
            hide if i == 2 else plain(darker(style.colour, 0.15), "leather", 0.2),
            volume=0.9,
            shadow=0.4,
        )
        canvas.line(ellipse(AXIS, y0, rx, ry, 180, 0), lighter(style.colour, 0.35), 1.6, 0.5)
    if s not in ("canvas belt", "braided belt"):
        for dy in (6, wide - 6):
            canvas.stitches(
                ellipse(AXIS, y0 + dy, 133, 42, 172, 8),
                colour=contrast(style.colour, 0.5),
                opacity=0.7,
            )
    name = style.metal
    x, y = AXIS - 24, y0 + 41 + wide / 2
    h = wide / 2 + 8
    tail = outline(
        [(x + 20, y - wide / 2 + 3), (x + 96, y - wide / 2 - 12)],
        [(x + 96, y - wide / 2 - 12), (x + 114, y - 14), (x + 100, y + wide / 2 - 14)],
        [(x + 100, y + wide / 2 - 14), (x + 20, y + wide / 2 + 1)],
    )
    canvas.panel(tail, hide, volume=0.8, shadow=0.45)
    for i in range(4):
        canvas.panel(
            ellipse(x + 40 + i * 15, y - 4 - i * 2.4, 2.6, 3.2),
            plain((20, 18, 18), None),
            volume=0,
            shadow=0,
        )
    if s == "plate belt":
        canvas.panel(rounded(x - 36, y - h, x + 32, y + h, 8), metal(name), volume=1.3, shadow=0.5)
        canvas.panel(
            rounded(x - 26, y - h + 10, x + 22, y + h - 10, 4), metal(name), volume=-0.4, shadow=0
        )
    elif s in ("canvas belt", "wide belt"):
        for d in (-14, 2):
            canvas.panel(
                ribbon(ellipse(x + d, y, 20, h), 7, 7), metal(name), volume=0.8, shadow=0.5
            )
    else:
        ring = np.asarray(rounded(x - 32, y - h, x + 26, y + h, 11))
        canvas.panel(ribbon(np.vstack([ring, ring[:2]]), 9, 9), metal(name), volume=1.0, shadow=0.5)
        canvas.panel(
            ribbon([(x - 28, y), (x + 30, y - 1)], 7, 5), metal(name), volume=0.8, shadow=0.5
        )
    canvas.panel(
        rounded(x + 46, y - wide / 2 - 7, x + 60, y + wide / 2 - 1, 3), hide, volume=0.8, shadow=0.5
    )

"""Oxfords, brogues, derbies, loafers and monk straps."""

import numpy as np

from demo.drawing.canvas import Canvas
from demo.drawing.materials import Fold
from demo.drawing.paths import along, ellipse, outline, ribbon, rotate, rounded
from demo.product_style import (
    ProductStyle,
    contrast,
    darker,
    leather,
    lighter,
    metal,
    mix,
    plain,
)
from demo.shoes.shoe_parts import GROUND, ground, lace_bow, laces


def formal(canvas: Canvas, style: ProductStyle) -> None:
    """Oxfords, brogues, derbies, loafers and monk straps."""
    s = style.model
    skin = plain(style.colour, "suede") if s == "suede loafers" else leather(style.colour, 0.36)
    ground(canvas)
    slip = "loafers" in s
    low = 18 if slip else 4  # loafers are cut lower
    canvas.panel(
        outline(
            [(196, 226), (230, 206 + low), (280, 202 + low), (319, 194 + low)],
            [(319, 194 + low), (300, 240), (236, 244), (196, 226)],
        ),
        plain(mix(style.colour, (196, 156, 110), 0.6), "leather"),
        volume=0.4,
        dim=0.75,
    )
    throat = (
        [(128, 254), (160, 238), (196, 208)] if not slip else [(150, 250), (176, 240), (198, 230)]
    )
    if not slip:
        canvas.panel(
            outline(
                [(150, 240), (178, 208), (196, 186)],
                [(196, 186), (212, 188), (216, 202)],
                [(216, 202), (200, 228), (170, 250)],
            ),
            skin,
            volume=0.8,
        )
    top = [throat[-1], (236, 226 + low), (282, 222 + low), (320, 192 + low)]
    heel = [(320, 192 + low), (327, 218 + low), (322, 260), (326, 306)]
    front = [(22, 312), (26, 296), (56, 278), (96, 266), throat[0]]
    upper = outline(throat, top + heel[1:], [(326, 312), (22, 312)], front)
    canvas.panel(
        upper,
        skin,
        volume=1.6,
        folds=[
            Fold([(112, 262), (124, 282), (128, 300)], 7, -1.5),
            Fold([(132, 258), (144, 280), (146, 298)], 7, -1.3),
        ],
    )
    dark = darker(style.colour, 0.45)
    if slip:
        apron = [(46, 288), (70, 274), (110, 266), (150, 258), (178, 256)]
        canvas.panel(ribbon(apron, 5, 6, 5), skin, volume=0.7, shadow=0.35)
        if s == "loafers" or s == "suede loafers":
            canvas.panel(
                outline(
                    [(152, 251), (176, 241), (198, 231)],
                    [(198, 231), (218, 266), (224, 308)],
                    [(198, 310), (186, 276), (152, 251)],
                ),
                skin,
                volume=0.6,
                shadow=0.4,
            )
            canvas.panel(
                rotate(rounded(170, 250, 190, 256, 2), -24, (180, 253)),
                plain(dark, None),
                volume=0.2,
                shadow=0,
            )
        else:
            for k in (-8, 8):
                canvas.panel(
                    outline(
                        [(168, 242), (168 + k - 6, 262), (164 + k - 7, 280)],
                        [(164 + k + 7, 282)],
                        [(174 + k, 262), (168, 242)],
                    ),
                    skin,
                    volume=0.6,
                    shadow=0.4,
                )
                for d in (-3, 1, 5):
                    canvas.line([(167 + k * 0.4, 252), (165 + k + d, 280)], dark, 0.8, 0.6)
            canvas.panel(ribbon([(156, 246), (170, 240), (184, 238)], 9, 9), skin, volume=0.6)
    else:
        cap = [(84, 268), (96, 286), (94, 310)]
        quarter = (
            [(126, 256), (158, 282), (206, 292), (252, 308)]
            if s != "derby shoes"
            else [(140, 262), (170, 286), (186, 310)]
        )
        back = [(296, 208), (286, 254), (292, 308)]
        canvas.seam(cap, quarter, back, strength=1.3)
        canvas.stitches(
            *[[(x + 4, y + 1) for x, y in line] for line in (cap, quarter, back)],
            colour=contrast(style.colour, 0.5),
            opacity=0.5,
        )
        if s == "brogues":
            for line in (cap, quarter, back):
                for x, y in along(line, 12, 0.04):
                    canvas.panel(
                        ellipse(x - 5, y - 1, 1.9),
                        plain(darker(style.colour, 0.75), None),
                        volume=0,
                        shadow=0,
                    )
            for x, y in [
                (58 + 7 * np.cos(a), 288 + 6 * np.sin(a)) for a in np.linspace(0, 6.28, 8)
            ]:
                canvas.panel(
                    ellipse(x, y, 1.5), plain(darker(style.colour, 0.75), None), volume=0, shadow=0
                )
        if s == "monk shoes":
            canvas.panel(
                outline(
                    [(150, 240), (180, 222), (200, 214)],
                    [(200, 214), (226, 244), (262, 262)],
                    [(252, 282), (200, 274), (150, 240)],
                ),
                skin,
                volume=0.7,
                shadow=0.45,
            )
            canvas.panel(rounded(222, 246, 246, 268, 3), metal("gold"), volume=0.6, shadow=0.4)
            canvas.panel(rounded(227, 251, 241, 263, 2), skin, volume=0.3)
        else:
            edge = [(146, 264), (176, 248), (210, 222)]
            facing = outline(
                [(126, 256), (160, 240), (198, 208)],
                [(224, 224), (192, 258), (154, 276), (126, 256)],
            )
            canvas.panel(facing, skin, volume=0.5, shadow=0.35)
            laces(canvas, throat, edge, 5, darker(style.colour, 0.55), 4.2)
            lace_bow(canvas, 194, 206, darker(style.colour, 0.55))
    heel_sole(canvas)


def heel_sole(canvas: Canvas) -> None:
    """A welted leather sole with a stacked heel."""
    colour, thick = (48, 36, 30), 8
    y = GROUND - 20
    sole = outline(
        [(18, y), (40, y + 2), (180, y + 2), (332, y - 2)],
        [(333, y + thick)],
        [
            (333, y + thick),
            (260, y + thick + 2),
            (210, y + thick - 2),
            (110, y + thick + 6),
            (44, y + thick + 4),
            (18, y),
        ],
    )
    block = outline(
        [(258, y + 7), (333, y + 5)],
        [(333, y + 5), (330, GROUND + 1)],
        [(330, GROUND + 1), (264, GROUND + 1), (258, y + 7)],
    )
    canvas.panel(block, plain(darker(colour, 0.2), "leather", 0.12), volume=0.6)
    canvas.panel(sole, plain(colour, "leather", 0.12), volume=0.6, shadow=0.3)
    canvas.line([(262, y + 13), (331, y + 12)], lighter(colour, 0.3), 0.9, 0.5)
    canvas.stitches([(22, y + 2), (180, y + 4), (330, y)], colour=lighter(colour, 0.5), opacity=0.5)

"""Ties and scarves."""

import numpy as np

from demo.drawing.canvas import Canvas
from demo.drawing.materials import Flutes, Fold
from demo.drawing.paths import AXIS, ellipse, outline, rounded
from demo.product_style import ProductStyle, darker, plain


def tie(canvas: Canvas, style: ProductStyle) -> None:
    """Neckties with a knot, knitted ties and bow ties."""
    s = style.model
    silk = style.cloth(
        "knit" if s == "knitted tie" else "satin", 0.0 if s == "knitted tie" else 0.12, rumple=0.8
    )
    if s == "bow tie":
        for k in (-1, 1):
            wing = outline(
                [(AXIS + k * 14, 224), (AXIS + k * 70, 186), (AXIS + k * 142, 176)],
                [(AXIS + k * 142, 176), (AXIS + k * 150, 240), (AXIS + k * 142, 304)],
                [(AXIS + k * 142, 304), (AXIS + k * 70, 294), (AXIS + k * 14, 256)],
            )
            canvas.panel(
                wing,
                silk,
                volume=1.8,
                folds=[
                    Fold(
                        [(AXIS + k * 14, 236), (AXIS + k * 60, 226), (AXIS + k * 96, 220)], 12, -3
                    ),
                    Fold(
                        [(AXIS + k * 14, 246), (AXIS + k * 60, 258), (AXIS + k * 90, 264)], 12, -3
                    ),
                ],
            )
        canvas.panel(
            rounded(AXIS - 21, 208, AXIS + 21, 272, 12),
            silk,
            volume=1.5,
            shadow=0.5,
            folds=[Fold([(AXIS - 6, 212), (AXIS - 4, 240), (AXIS - 7, 268)], 7, -2)],
        )
        return
    narrow = 27 if s in ("slim tie", "knitted tie") else 38
    loop = outline(
        [(AXIS - 24, 66), (AXIS - 52, 42), (AXIS - 40, 22)],
        [(AXIS - 40, 22), (AXIS, 12), (AXIS + 40, 22)],
        [(AXIS + 40, 22), (AXIS + 52, 42), (AXIS + 24, 66)],
        [(AXIS + 24, 66), (AXIS + 34, 42), (AXIS, 30), (AXIS - 34, 42), (AXIS - 24, 66)],
    )
    canvas.panel(loop, silk, volume=0.9, dim=0.85)
    tail = outline(
        [(AXIS - 8, 100), (AXIS + 12, 100)],
        [(AXIS + 12, 100), (AXIS + 24, 300), (AXIS + 26, 384)],
        [(AXIS + 26, 384), (AXIS + 8, 404), (AXIS - 10, 384)],
        [(AXIS - 10, 384), (AXIS - 8, 100)],
    )
    canvas.panel(tail, silk, volume=0.7, angle=-40, dim=0.85)
    end = (
        [(AXIS + narrow, 420), (AXIS, 458), (AXIS - narrow, 420)]
        if s != "knitted tie"
        else [(AXIS + narrow, 436), (AXIS - narrow, 436)]
    )
    blade = outline(
        [(AXIS - 15, 104), (AXIS + 15, 104)],
        [(AXIS + 15, 104), (AXIS + narrow * 0.72, 260), (AXIS + narrow, 420)],
        end[:2],
        end[1:],
        [(AXIS - narrow, 420), (AXIS - narrow * 0.72, 260), (AXIS - 15, 104)],
    )
    canvas.panel(
        blade,
        silk,
        volume=1.1,
        angle=-40 if style.pattern != "plain" else 0,
        shadow=0.4,
        folds=[Fold([(AXIS, 106), (AXIS + 3, 150), (AXIS, 200)], 13, -3.2)],
    )
    knot = outline(
        [(AXIS - 27, 60), (AXIS, 54), (AXIS + 27, 60)],
        [(AXIS + 27, 60), (AXIS + 18, 110)],
        [(AXIS + 18, 110), (AXIS, 116), (AXIS - 16, 108)],
        [(AXIS - 16, 108), (AXIS - 27, 60)],
    )
    canvas.panel(
        knot,
        silk,
        volume=1.2,
        angle=40 if style.pattern != "plain" else 0,
        shadow=0.5,
        folds=[Fold([(AXIS - 20, 66), (AXIS - 4, 90), (AXIS + 10, 108)], 8, -1.8)],
    )


def scarf(canvas: Canvas, style: ProductStyle) -> None:
    """Looped winter scarves, hanging scarves with fringe, silk squares, snoods."""
    s = style.model
    cloth = (
        style.cloth("satin", 0.14, rumple=2.2)
        if s == "silk scarf"
        else style.cloth(
            "cable" if s == "snood" else "wool" if style.pattern != "plain" else "knit", rumple=1.6
        )
    )
    if s == "silk scarf":
        body = outline(
            [(180, 60), (250, 140), (330, 210)],
            [(330, 210), (270, 320), (190, 424)],
            [(190, 424), (100, 330), (30, 216)],
            [(30, 216), (110, 150), (180, 60)],
        )
        rays = [
            Fold([(180, 66), (180 + d * 0.5, 220), (180 + d, 360)], 22, (-1) ** i * 3.4)
            for i, d in enumerate((-90, -50, -16, 20, 56, 92))
        ]
        canvas.panel(body, cloth, volume=1.0, folds=rays, angle=45)
        rim = (body - (180, 240)) * 0.94 + (180, 240)
        canvas.line(np.vstack([rim, rim[:1]])[::3], style.accents[1], 5, 0.7)
        return
    if s == "snood":
        canvas.panel(ellipse(AXIS, 178, 128, 70), cloth, volume=1.6, dim=0.85)
        canvas.panel(
            ellipse(AXIS, 170, 78, 34),
            plain(darker(style.colour, 0.45), "knit"),
            volume=0.4,
            dim=0.7,
        )
        front = outline(
            [(50, 168), (70, 196), (180, 214), (290, 196), (310, 168)],
            [(310, 168), (330, 250), (296, 350)],
            [(296, 350), (180, 384), (64, 350)],
            [(64, 350), (30, 250), (50, 168)],
        )
        canvas.panel(
            front,
            cloth,
            volume=1.8,
            folds=[
                Fold([(44, 230), (180, 276), (316, 230)], 22, -5),
                Fold([(56, 296), (180, 338), (304, 296)], 22, -4),
                Fold([(60, 196), (180, 238), (300, 196)], 20, 3),
            ],
        )
        return
    for k, x0, end in ((1, 30, 432), (-1, -34, 404)):
        fall = outline(
            [(AXIS + x0 - 34, 150), (AXIS + x0 + 34, 150)],
            [(AXIS + x0 + 34, 150), (AXIS + x0 + 40 + k * 8, 300), (AXIS + x0 + 42 + k * 12, end)],
            [(AXIS + x0 + 42 + k * 12, end), (AXIS + x0 - 30 + k * 12, end)],
            [(AXIS + x0 - 30 + k * 12, end), (AXIS + x0 - 36 + k * 6, 300), (AXIS + x0 - 34, 150)],
        )
        strands = [
            [
                (AXIS + x0 - 27 + k * 12 + i * 7.2, end - 3),
                (AXIS + x0 - 28 + k * 12 + i * 7.4, end + 16),
                (AXIS + x0 - 28 + k * 13 + i * 7.4, end + 30),
            ]
            for i in range(10)
        ]
        canvas.lines(strands, darker(style.colour, 0.18), 3.6, 0.95)
        canvas.lines(strands, style.colour, 2.0, 0.9)
        canvas.panel(
            fall,
            cloth,
            volume=1.2,
            flutes=Flutes(2.4, 1.6, canvas.rng.random()),
            shadow=0.45,
            angle=-k * 4,
        )
    canvas.panel(ellipse(AXIS, 92, 96, 50), cloth, volume=1.5, dim=0.85)
    canvas.panel(
        ellipse(AXIS, 84, 56, 22), plain(darker(style.colour, 0.5), "wool"), volume=0.4, dim=0.7
    )
    front = outline(
        [(86, 84), (120, 108), (180, 116), (240, 108), (274, 84)],
        [(274, 84), (288, 130), (262, 178)],
        [(262, 178), (180, 200), (98, 178)],
        [(98, 178), (72, 130), (86, 84)],
    )
    canvas.panel(
        front,
        cloth,
        volume=1.6,
        shadow=0.5,
        angle=90,
        folds=[
            Fold([(78, 124), (180, 156), (282, 124)], 18, -4),
            Fold([(90, 100), (180, 134), (270, 100)], 14, 2.4),
            Fold([(96, 160), (180, 184), (264, 156)], 14, -3),
        ],
    )

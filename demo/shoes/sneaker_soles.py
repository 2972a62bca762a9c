"""Soles of sneakers and sports shoes."""

from demo.drawing.canvas import Canvas
from demo.drawing.materials import Fold
from demo.drawing.paths import outline
from demo.product_style import (
    COLOURS,
    ProductStyle,
    brightness,
    darker,
    plain,
)

RUBBER = (238, 236, 228)


GUM = (186, 130, 80)


def sneaker_sole(canvas: Canvas, style: ProductStyle, s: str) -> None:
    if s in ("running shoes", "training shoes"):
        foam = outline(
            [(26, 300), (70, 296), (150, 296), (230, 288), (300, 274), (338, 268)],
            [(338, 268), (346, 290), (332, 322)],
            [(332, 322), (300, 330), (180, 326), (90, 330), (46, 326), (26, 300)],
        )
        canvas.panel(
            foam,
            plain(COLOURS["White"], None),
            volume=1.3,
            shadow=0.3,
            folds=[Fold([(60, 312), (180, 308), (330, 292)], 7, -2.2)],
        )
        canvas.panel(
            outline(
                [(250, 322), (300, 296), (340, 280)],
                [(340, 280), (343, 296), (334, 320)],
                [(334, 322), (250, 324)],
            ),
            plain(style.accent, None),
            volume=0.6,
            shadow=0.2,
        )
        canvas.panel(
            outline(
                [(36, 318), (90, 325), (180, 322), (334, 322)],
                [(332, 331), (180, 331), (60, 332), (36, 318)],
            ),
            plain(darker(style.accents[1], 0.3), None),
            volume=0.5,
            shadow=0.2,
        )
        for x in range(64, 320, 17):
            canvas.line([(x, 333), (x + 4, 325)], (20, 20, 24), 1.8, 0.5)
        return
    gum = s == "suede sneakers"
    colour = GUM if gum else RUBBER
    sole = outline(
        [(27, 304), (40, 298), (100, 300), (220, 298), (332, 292)],
        [(332, 292), (336, 310), (331, 328)],
        [(331, 328), (180, 331), (60, 331), (34, 324), (27, 304)],
    )
    canvas.panel(sole, plain(colour, None, 0.08), volume=0.9, shadow=0.35)
    if s in ("canvas shoes", "high-top sneakers"):
        canvas.line(
            [(30, 309), (100, 306), (220, 305), (334, 299)],
            style.accent if brightness(style.accent) < 200 else COLOURS["Navy Blue"],
            2.4,
            0.9,
        )
    canvas.line([(34, 322), (180, 325), (333, 321)], darker(colour, 0.35), 1.3, 0.7)
    canvas.stitches(
        [(34, 304), (100, 304), (220, 302), (330, 296)], colour=darker(colour, 0.3), opacity=0.5
    )

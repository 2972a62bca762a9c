"""Baseball, trucker and flat caps."""

from demo.drawing.canvas import Canvas
from demo.drawing.materials import Fold
from demo.drawing.paths import ellipse, outline, ribbon
from demo.drawing.prints import emblem
from demo.product_style import ProductStyle, contrast, darker, plain


def cap(canvas: Canvas, style: ProductStyle) -> None:
    """Baseball, trucker and flat caps."""
    s = style.model
    cloth = style.cloth("twill", rumple=0.8)
    if s == "flat cap":
        tweed = style.cloth("wool", rumple=0.8)
        canvas.panel(
            outline(
                [(60, 300), (120, 318), (200, 320), (262, 304)],
                [(262, 304), (190, 290), (110, 288), (60, 300)],
            ),
            plain(darker(style.colour, 0.4), "wool"),
            volume=0.6,
        )
        crown = outline(
            [(52, 286), (60, 232), (130, 186), (230, 180), (300, 214), (318, 268)],
            [(318, 268), (312, 292), (270, 306)],
            [(270, 306), (180, 290), (100, 284), (52, 292)],
        )
        canvas.panel(
            crown,
            tweed,
            volume=2.0,
            folds=[
                Fold([(300, 226), (250, 262), (240, 300)], 14, -2),
                Fold([(120, 198), (170, 240), (180, 284)], 9, 1.2),
            ],
        )
        canvas.panel(
            outline(
                [(34, 306), (44, 276), (100, 264), (180, 276), (226, 298)],
                [(226, 298), (150, 300), (70, 312), (34, 306)],
            ),
            tweed,
            volume=1.0,
            shadow=0.5,
        )
        canvas.seam([(230, 182), (240, 240), (236, 298)])
        return
    back = plain(style.accent, "mesh") if s == "trucker cap" else cloth
    brim = plain(style.accent, "twill") if style.pattern == "colour block" else cloth
    crown = outline(
        [(110, 292), (104, 230), (130, 160), (196, 126), (264, 142), (314, 206), (322, 286)],
        [(322, 286), (260, 308), (170, 306), (110, 292)],
    )
    canvas.panel(crown, back, volume=2.2)
    front = outline(
        [(110, 292), (104, 230), (130, 160), (196, 126)],
        [(196, 126), (226, 200), (222, 306)],
        [(222, 306), (160, 304), (110, 292)],
    )
    canvas.panel(front, cloth, volume=1.2, shadow=0.0, edge=0.5)
    canvas.seam(
        [(196, 126), (226, 200), (222, 304)],
        [(196, 126), (286, 190), (300, 292)],
        [(196, 126), (150, 180), (142, 298)],
        strength=0.9,
    )
    canvas.stitches(
        [(192, 130), (222, 200), (218, 302)],
        [(200, 130), (290, 190), (305, 290)],
        colour=contrast(style.colour, 0.4),
        opacity=0.5,
    )
    canvas.panel(ellipse(197, 126, 8, 5), cloth, volume=0.9)
    for x, y in ((262, 186), (172, 186)):
        canvas.panel(
            ribbon(ellipse(x, y, 3.4), 2, 2),
            plain(contrast(style.colour, 0.4), None),
            volume=0.4,
            shadow=0.1,
        )
    under = outline(
        [(112, 284), (64, 296), (24, 330)],
        [(24, 330), (60, 340), (150, 326), (224, 304)],
        [(224, 304), (112, 284)],
    )
    canvas.panel(under, plain(darker(style.colour, 0.5), "twill"), volume=0.4)
    peak = outline(
        [(108, 282), (60, 292), (18, 326)],
        [(18, 326), (22, 334), (36, 332)],
        [(36, 332), (110, 310), (180, 308), (226, 306)],
        [(226, 306), (166, 300), (108, 282)],
    )
    canvas.panel(peak, brim, volume=1.1, shadow=0.45)
    for i in range(3):
        canvas.stitches(
            [(100 - i * 16, 290 + i * 7), (60 - i * 8, 302 + i * 6), (34, 322 + i * 2)],
            colour=contrast(style.colour, 0.4),
            opacity=0.4,
        )
    emblem(canvas, style, 164, 232)
    canvas.seam([(112, 280), (170, 296), (222, 298)], strength=0.8)

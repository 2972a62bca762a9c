"""Ballerinas from the side."""

from demo.drawing.canvas import Canvas
from demo.drawing.paths import ellipse, outline, ribbon, rounded, smooth
from demo.product_style import ProductStyle, darker, leather, metal, plain
from demo.shoes.heels import SOLE
from demo.shoes.shoe_parts import ground


def flats(canvas: Canvas, style: ProductStyle) -> None:
    """Ballerinas from the side: round and pointed, with bow, strap or plain."""
    s = style.model
    skin = (
        style.cloth("suede" if s == "suede ballerinas" else "satin", 0.1)
        if style.pattern != "plain" or s == "suede ballerinas"
        else leather(style.colour, 0.34)
    )
    ground(canvas, 44, 322, 334)
    pointed = s == "pointed flats"
    toe = (24, 322) if pointed else (34, 318)
    throat = (122, 278)
    top = [throat, (146, 300), (210, 302), (274, 290), (322, 250)]
    canvas.panel(
        outline(
            [throat, (160, 284), (230, 284), (290, 266), (322, 250)],
            [(322, 250), (316, 306), (140, 316), throat],
        ),
        plain((226, 196, 164), "leather"),
        volume=0.4,
        dim=0.85,
    )
    front = [(toe[0], 328), toe, (56 if pointed else 46, 300), (84, 284), throat]
    canvas.panel(
        outline(top, [(322, 250), (330, 280), (327, 328)], [(327, 328), (toe[0], 328)], front),
        skin,
        volume=1.5,
    )
    canvas.panel(
        ribbon(top, 5, 5, 5), plain(darker(style.colour, 0.2), "rib"), volume=0.6, shadow=0.2
    )
    if s == "cap-toe flats":
        canvas.panel(
            outline([(toe[0], 329), toe, (46, 300), (78, 286)], [(78, 286), (90, 306), (86, 329)]),
            leather(style.accent, 0.5),
            volume=0.9,
            shadow=0.25,
        )
    if s in ("ballerinas", "suede ballerinas", "cap-toe flats"):
        for k in (-1, 1):
            canvas.panel(
                smooth(
                    [(116, 284), (116 + k * 15, 274), (116 + k * 22, 285), (116 + k * 13, 294)],
                    closed=True,
                ),
                skin,
                volume=0.9,
                shadow=0.4,
            )
        canvas.panel(ellipse(116, 284, 4.4, 5), skin, volume=0.8)
    elif s == "strap flats":
        canvas.panel(
            ribbon([(172, 300), (196, 268), (230, 262), (254, 296)], 9, 9, 9),
            skin,
            volume=0.7,
            shadow=0.4,
        )
        canvas.panel(ellipse(240, 275, 5.5), metal("gold"), volume=0.5)
    else:
        canvas.panel(rounded(98, 284, 122, 293, 3), metal("gold"), volume=0.5, shadow=0.4)
    canvas.panel(
        outline(
            [(toe[0] - 1, 325), (180, 326), (330, 323)],
            [(330, 334), (286, 335), (280, 331), (60, 332), (toe[0] - 1, 325)],
        ),
        plain(SOLE, "leather", 0.1),
        volume=0.5,
        shadow=0.25,
    )

"""Sneakers and sports shoes, seen from the side, toe to the left."""

from demo.drawing.canvas import Canvas
from demo.drawing.materials import Fold
from demo.drawing.paths import ellipse, outline, ribbon
from demo.product_style import (
    COLOURS,
    ProductStyle,
    brightness,
    contrast,
    darker,
    leather,
    plain,
)
from demo.shoes.shoe_parts import ground, lace_bow, laces
from demo.shoes.sneaker_soles import RUBBER, sneaker_sole


def sneaker(canvas: Canvas, style: ProductStyle) -> None:
    """Low and high sneakers, canvas shoes, slip-ons, running and training shoes."""
    s, rng = style.model, canvas.rng
    running = s in ("running shoes", "training shoes")
    high = s == "high-top sneakers"
    slip = s == "slip-on shoes"
    vulcanised = s in ("canvas shoes", "high-top sneakers", "slip-on shoes")
    skin = style.cloth(
        "mesh"
        if running
        else "weave"
        if vulcanised
        else "suede"
        if s == "suede sneakers"
        else "leather",
        0.0 if running or vulcanised or s == "suede sneakers" else 0.22,
        rumple=0.8,
    )
    trim = leather(style.accent if not vulcanised else darker(style.colour, 0.12), 0.2)
    lace = (
        COLOURS["White"]
        if brightness(style.colour) < 170 or vulcanised
        else contrast(style.colour, 0.6)
        if rng.random() < 0.4
        else COLOURS["White"]
    )
    ground(canvas)
    # The far side of the opening, and the tongue in front of it.
    lining = plain(darker(style.accent if running else style.colour, 0.3), "mesh")
    if high:
        canvas.panel(
            outline([(206, 118), (250, 104), (306, 112)], [(318, 150), (230, 180), (206, 150)]),
            lining,
            volume=0.5,
            dim=0.8,
        )
        canvas.panel(
            outline(
                [(176, 172), (184, 120), (204, 92)],
                [(204, 92), (222, 92), (230, 104)],
                [(230, 104), (222, 170), (190, 240)],
            ),
            skin,
            volume=0.9,
        )
        top = [(212, 122), (246, 130), (280, 124), (312, 112)]
        heel = [(312, 112), (322, 150), (319, 210), (327, 292)]
        throat = [(128, 242), (160, 216), (188, 184), (204, 150), (212, 122)]
    else:
        canvas.panel(
            outline([(212, 178), (254, 174), (314, 166)], [(320, 190), (260, 214), (212, 196)]),
            lining,
            volume=0.5,
            dim=0.8,
        )
        if not slip:
            canvas.panel(
                outline(
                    [(150, 224), (176, 184), (196, 158)],
                    [(196, 158), (214, 154), (226, 164)],
                    [(226, 164), (216, 200), (180, 240)],
                ),
                skin,
                volume=0.9,
            )
        top = [(216, 182), (246, 202), (284, 196), (316, 166)]
        heel = [(316, 166), (325, 188), (321, 232), (328, 292)]
        throat = [(118, 246), (150, 228), (184, 202), (216, 182)]
    toe = 262 if not running else 268
    front = [(34, 306), (36, toe + 18), (56, toe), (88, toe - 10), throat[0]]
    upper = outline(throat, top + heel[1:], [(328, 308), (34, 308)], front)
    canvas.panel(
        upper,
        skin,
        volume=1.5,
        folds=[
            Fold([(96, 262), (112, 280), (118, 298)], 8, -1.6),
            Fold([(122, 256), (136, 276), (140, 294)], 8, -1.6),
        ],
        shadow=0.25,
    )
    if vulcanised:
        cap = outline(
            [(32, 312), (34, 284), (54, 264), (80, 256)], [(80, 256), (94, 280), (92, 312)]
        )
        if not slip:
            canvas.panel(cap, plain(RUBBER, None, 0.15), volume=1.0, shadow=0.2)
        canvas.panel(
            outline([(304, 300), (306, 250), (314, 200)], [(322, 200), (322, 240), (329, 300)]),
            trim,
            volume=0.5,
            shadow=0.2,
        )
        if high:
            canvas.panel(ellipse(262, 178, 17), plain(RUBBER, None), volume=0.3)
            badge = style.accent if brightness(style.accent) < 200 else COLOURS["Red"]
            canvas.panel(ellipse(262, 178, 11), plain(badge, None), volume=0.2, shadow=0)
            canvas.line([(252, 182), (258, 174), (264, 180), (272, 172)], RUBBER, 2.6)
        if slip:
            gore = outline(
                [(170, 212), (200, 240)],
                [(200, 240), (232, 226), (240, 200)],
                [(240, 200), (216, 182), (170, 212)],
            )
            canvas.panel(gore, plain(darker(style.colour, 0.35), "rib"), volume=0.4, shadow=0.2)
    else:
        guard = outline(
            [(33, 310), (36, 280), (56, 262), (82, 256)],
            [(82, 256), (104, 282), (150, 294), (200, 298)],
            [(200, 310), (33, 310)],
        )
        canvas.panel(guard, trim, volume=0.7, shadow=0.3)
        counter = outline(
            [(252, 300), (262, 258), (294, 234), (318, 196)],
            [(318, 196), (324, 210), (322, 240), (329, 302)],
            [(329, 306), (252, 306)],
        )
        canvas.panel(counter, trim, volume=0.7, shadow=0.3)
        _flash(canvas, style)
    if not slip:
        edge = [(x + 16, y + 15) for x, y in throat]
        stay = outline(
            [(throat[0][0] - 10, throat[0][1] + 3), *throat[1:]],
            [
                (throat[-1][0] + 14, throat[-1][1] + 6),
                *[(x + 15, y + 10) for x, y in edge[::-1]],
                (throat[0][0] - 4, throat[0][1] + 14),
            ],
        )
        canvas.panel(stay, trim if not vulcanised else skin, volume=0.6, shadow=0.35)
        canvas.stitches(
            [(x + 12, y + 7) for x, y in edge], colour=contrast(style.colour, 0.5), opacity=0.5
        )
        laces(canvas, [(x - 6, y - 1) for x, y in throat], edge, 8 if high else 6, lace)
        lace_bow(canvas, throat[-1][0] - 4, throat[-1][1] - 2, lace)
    canvas.panel(
        ribbon(top, 9, 9, 9),
        plain(darker(style.accent if running else style.colour, 0.2), "mesh"),
        volume=0.7,
        shadow=0.2,
    )
    sneaker_sole(canvas, style, s)


def _flash(canvas: Canvas, style: ProductStyle) -> None:
    """The side decoration of a sneaker."""
    shade = plain(
        style.accents[1] if style.accents[1] != style.colour else contrast(style.colour),
        "leather",
        0.15,
    )
    kind = int(canvas.rng.integers(0, 4))
    if kind == 0:
        for i in range(2):
            x = 196 + i * 22
            canvas.panel(
                ribbon([(x, 240), (x + 12, 270), (x + 8, 298)], 9, 9), shade, volume=0.4, shadow=0.2
            )
    elif kind == 1:
        canvas.panel(
            ribbon([(170, 292), (206, 280), (236, 250), (300, 228)], 16, 13, 5, 1),
            shade,
            volume=0.4,
            shadow=0.2,
        )
    elif kind == 2:
        canvas.panel(
            outline([(186, 296), (214, 246), (234, 238)], [(234, 238), (226, 262), (244, 296)]),
            shade,
            volume=0.4,
            shadow=0.2,
        )
    else:
        canvas.panel(
            ribbon([(178, 262), (222, 262), (250, 236)], 8, 8), shade, volume=0.4, shadow=0.2
        )
        canvas.panel(
            ribbon([(184, 282), (232, 280), (256, 258)], 8, 8), shade, volume=0.4, shadow=0.2
        )

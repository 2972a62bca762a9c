"""Boots, low and high."""

from demo.drawing.canvas import Canvas
from demo.drawing.materials import Fold
from demo.drawing.paths import Coordinates, ellipse, outline, ribbon, rounded
from demo.product_style import ProductStyle, contrast, darker, leather, metal, mix, plain
from demo.shoes.shoe_parts import GROUND, ground, laces
from demo.shoes.sneaker_soles import GUM


def boots(canvas: Canvas, style: ProductStyle) -> None:
    """Chelsea, combat, desert, knee-high, ankle-heel and rain boots."""
    s = style.model
    knee = s in ("knee boots", "rain boots")
    skin = (
        plain(style.colour, "suede")
        if s == "desert boots"
        else leather(style.colour, 0.5 if s == "rain boots" else 0.34)
    )
    lift = 96 if knee else 40  # the boot stands lower on the picture than a shoe
    up = {
        "desert boots": 118,
        "chelsea boots": 86,
        "combat boots": 30,
        "knee boots": -44,
        "rain boots": -20,
        "ankle boots": 92,
    }[s]

    def low(points: Coordinates) -> list[tuple[float, float]]:
        return [(x, y + lift) for x, y in points]

    ground(canvas, y=GROUND + lift)
    top_y = up + lift
    wide = 206 if not knee else 200
    canvas.panel(
        ellipse((wide + 322) / 2, top_y, (322 - wide) / 2 - 1, 9),
        plain(mix(style.colour, (150, 120, 90), 0.4), "suede"),
        volume=0.3,
        dim=0.6,
    )
    front = [
        (wide, top_y),
        (wide + 3, (top_y + 215 + lift) / 2),
        (196, 205 + lift),
        (160, 240 + lift),
        (110, 260 + lift),
        (62, 272 + lift),
        (34, 292 + lift),
        (32, 312 + lift),
    ]
    back = [
        (326, 312 + lift),
        (320, 262 + lift),
        (314, 215 + lift),
        (321, (top_y + 205 + lift) / 2),
        (322, top_y),
    ]
    rim = [(322, top_y), ((wide + 322) / 2, top_y + 10), (wide, top_y)]
    ankle = [
        Fold(low([(200, 196), (240, 206), (290, 196)]), 9, -2.2),
        Fold(low([(196, 220), (236, 222), (268, 206)]), 9, 2.0),
        Fold(low([(120, 258), (134, 280), (136, 300)]), 8, -1.8),
    ]
    if knee:
        ankle += [Fold(low([(206, 160), (250, 172), (300, 160)]), 10, -1.8)]
    canvas.panel(
        outline(front, [(32, 312 + lift), (326, 312 + lift)], back, rim),
        skin,
        volume=1.7,
        folds=ankle,
    )
    thread = contrast(style.colour, 0.45)
    if s == "chelsea boots":
        gore = outline(
            [(238, top_y + 12), (286, top_y + 10)],
            [
                (286, top_y + 10),
                (280, 190 + lift),
                (264, 222 + lift),
                (248, 190 + lift),
                (238, top_y + 12),
            ],
        )
        canvas.panel(gore, plain(darker(style.colour, 0.45), "rib"), volume=0.5, shadow=0.15)
        canvas.panel(
            ribbon([(322, top_y + 10), (332, top_y - 8), (318, top_y - 12)], 5, 5, 5),
            plain(darker(style.colour, 0.3), "rib"),
            volume=0.5,
        )
    elif s in ("combat boots", "desert boots"):
        throat = [(124, 256 + lift), (166, 234 + lift), (198, 200 + lift), (wide + 2, top_y + 6)]
        if s == "desert boots":
            throat = throat[1:]
        edge = [(x + 20, y + 8) for x, y in throat]
        canvas.panel(
            outline(throat, [(x + 32, y + 10) for x, y in throat[::-1]]),
            skin,
            volume=0.6,
            shadow=0.35,
        )
        canvas.stitches([(x + 29, y + 10) for x, y in throat], colour=thread, opacity=0.7)
        laces(
            canvas,
            [(x - 4, y) for x, y in throat],
            edge,
            9 if s == "combat boots" else 3,
            darker(style.colour, 0.55)
            if s == "combat boots"
            else mix(style.colour, (70, 50, 30), 0.5),
            5,
        )
        canvas.seam(
            low([(96, 266), (106, 286), (104, 312)]),
            low([(300, 196), (286, 256), (292, 310)]),
            strength=1.2,
        )
        canvas.panel(
            ribbon([(wide - 2, top_y), (260, top_y + 9), (324, top_y)], 10, 10, 10),
            plain(darker(style.colour, 0.3), "leather"),
            volume=0.8,
        )
    elif s == "knee boots":
        canvas.seam([(292, top_y + 8), (290, 200 + lift), (300, 300 + lift)], strength=1.2)
        canvas.panel(
            ribbon(low([(196, 206), (240, 218), (312, 206)]), 11, 11, 11),
            skin,
            volume=0.7,
            shadow=0.4,
        )
        canvas.panel(rounded(226, 206 + lift, 246, 226 + lift, 3), metal("gold"), volume=0.6)
        canvas.panel(rounded(230, 210 + lift, 242, 222 + lift, 2), skin, volume=0.3)
    elif s == "ankle boots":
        canvas.line([(264, top_y + 10), (262, 200 + lift), (268, 256 + lift)], (44, 42, 44), 5, 0.8)
        canvas.line(
            [(264, top_y + 10), (262, 200 + lift), (268, 256 + lift)],
            (206, 180, 120),
            2.4,
            0.95,
            (1.3, 1.1),
        )
        canvas.panel(rounded(262, 250 + lift, 267, 270 + lift, 2), metal("gold"), volume=0.5)
    else:
        canvas.panel(
            ribbon([(wide - 1, top_y + 2), (260, top_y + 12), (323, top_y + 2)], 15, 15, 15),
            plain(darker(style.colour, 0.25), None, 0.5),
            volume=0.9,
        )
        canvas.panel(
            rounded(300, top_y + 34, 322, top_y + 62, 3),
            plain(darker(style.colour, 0.25), None, 0.4),
            volume=0.5,
        )
    _boot_sole(canvas, s, lift)


def _boot_sole(canvas: Canvas, s: str, lift: float) -> None:
    y = GROUND + lift
    if s in ("combat boots", "rain boots"):
        sole = outline(
            [(24, y - 22), (180, y - 18), (334, y - 24)],
            [(336, y - 4)],
            [(334, y), (262, y), (252, y - 8), (210, y - 8), (196, y), (40, y), (24, y - 22)],
        )
        canvas.panel(sole, plain((40, 38, 38), "suede"), volume=0.9, shadow=0.35)
        for x in range(48, 330, 16):
            canvas.line([(x, y - 1), (x, y - 9)], (90, 88, 86), 2.2, 0.55)
        canvas.stitches(
            [(28, y - 17), (180, y - 14), (332, y - 19)],
            colour=(220, 190, 80) if s == "combat boots" else (120, 118, 114),
            opacity=0.8,
        )
    elif s == "desert boots":
        sole = outline(
            [(26, y - 20), (180, y - 17), (330, y - 20)],
            [(332, y)],
            [(330, y), (60, y), (26, y - 20)],
        )
        canvas.panel(sole, plain(GUM, "suede"), volume=0.7, shadow=0.35)
    else:
        tall = s in ("ankle boots",)
        sole = outline(
            [(26, y - 20), (180, y - 18), (330, y - 20)],
            [(331, y - 11)],
            [(331, y - 11), (250, y - 8), (200, y - 10), (120, y), (50, y - 3), (26, y - 20)],
        )
        block = outline(
            [(262 if not tall else 270, y - 12), (330, y - 13)],
            [(330, y - 13), (324, y)],
            [(324, y), (270, y), (262, y - 12)],
        )
        canvas.panel(block, plain((44, 34, 30), "leather", 0.15), volume=0.7)
        canvas.panel(sole, plain((54, 42, 34), "leather", 0.12), volume=0.6, shadow=0.3)

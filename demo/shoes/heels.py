"""Shoes on heels, seen from the side, toe to the left."""

from demo.drawing.canvas import Canvas
from demo.drawing.materials import Fold, Material
from demo.drawing.paths import ellipse, outline, ribbon, rounded, smooth
from demo.product_style import ProductStyle, darker, leather, metal, plain
from demo.shoes.shoe_parts import ground

GROUND = 346.0


SOLE = (70, 52, 44)


def sole_line(rise: float) -> list[tuple[float, float]]:
    """Upper side of the sole from the toe to the heel seat."""
    y = GROUND - 8
    return [
        (34, y - 4),
        (70, y),
        (118, y - 2),
        (168, y - 0.16 * rise),
        (222, y - 0.55 * rise),
        (276, y - 0.88 * rise),
        (324, y - rise),
    ]


def heels(canvas: Canvas, style: ProductStyle) -> None:
    """Pumps on stiletto, kitten and block heels, wedges, platforms, strappy and peep-toe heels."""
    s, rng = style.model, canvas.rng
    rise = {"kitten heels": 62, "wedges": 92, "block heels": 84, "strappy block heels": 84}.get(
        s, 112
    ) + rng.uniform(-6, 6)
    platform = 16 if s in ("platform heels", "wedges") else 0
    skin = (
        style.cloth("suede")
        if s == "suede pumps"
        else leather(style.colour, 0.62 if s in ("patent pumps", "platform heels") else 0.34)
    )
    if style.pattern != "plain":
        skin = style.cloth("satin", 0.1)
    line = [(x, y - platform) for x, y in sole_line(rise)]
    strappy = "strappy" in s
    ground(canvas, 44, 318, GROUND)
    heel_x, heel_y = line[-1]
    heel_skin = (
        skin
        if s not in ("wedges", "block heels", "strappy block heels") or rng.random() < 0.4
        else plain((190, 150, 104), "straw" if s == "wedges" else "leather")
    )
    _heel(canvas, s, heel_x, heel_y, line, heel_skin)
    inner = plain((222, 190, 156), "leather", 0.1)
    if strappy:
        _straps(canvas, style, skin, line)
    else:
        throat = (136 + rng.uniform(-8, 10), line[2][1] - 58)
        top = [
            throat,
            (168, throat[1] + 16 - rise * 0.04),
            (216, line[4][1] - 28),
            (274, line[5][1] - 40),
            (322, heel_y - 62),
        ]
        far = [(x, y - 7) for x, y in top]
        canvas.panel(
            outline([throat, *far[1:-1], top[-1]], [top[-1], (300, heel_y - 8), line[3], throat]),
            inner,
            volume=0.4,
            dim=0.82,
        )
        toe = [
            (26, GROUND - 8 - platform),
            (40, GROUND - 24 - platform),
            (84, line[2][1] - 36),
            throat,
        ]
        if s == "peep-toe heels":
            toe = [
                (50, GROUND - 14 - platform),
                (62, GROUND - 30 - platform),
                (92, line[2][1] - 38),
                throat,
            ]
        back = [(322, heel_y - 62), (331, heel_y - 34), (326, heel_y)]
        if s == "slingbacks":
            cut = [throat, (150, throat[1] + 34), (186, line[3][1] - 6)]
            canvas.panel(outline(cut, [(186, line[3][1] - 6), *line[2::-1]], toe), skin, volume=1.3)
            canvas.panel(
                ribbon(
                    [
                        (156, line[2][1] - 40),
                        (230, heel_y - 18),
                        (300, heel_y - 52),
                        (328, heel_y - 56),
                    ],
                    7,
                    7,
                    7,
                ),
                skin,
                volume=0.7,
                shadow=0.35,
            )
        else:
            canvas.panel(
                outline([*top, *back[1:]], line[::-1], toe),
                skin,
                volume=1.5,
                folds=[Fold([(104, line[2][1] - 30), (114, line[2][1] - 14)], 6, -1.0)],
            )
        canvas.seam([(x, y + 3) for x, y in top] if s != "slingbacks" else cut, strength=0.7)
        if s == "bow pumps":
            for k in (-1, 1):
                canvas.panel(
                    smooth(
                        [
                            (126, throat[1] + 3),
                            (126 + k * 18, throat[1] - 11),
                            (126 + k * 25, throat[1] + 5),
                            (126 + k * 15, throat[1] + 15),
                        ],
                        closed=True,
                    ),
                    skin,
                    volume=0.9,
                    shadow=0.4,
                )
            canvas.panel(ellipse(126, throat[1] + 3, 5, 6), skin, volume=0.8)
        if s == "ankle-strap heels" or (s == "block heels" and rng.random() < 0.5):
            canvas.panel(
                ribbon([(210, heel_y - 92), (262, heel_y - 80), (322, heel_y - 92)], 8, 8, 8),
                skin,
                volume=0.7,
                shadow=0.3,
            )
            canvas.panel(ribbon([(314, heel_y - 56), (320, heel_y - 92)], 8, 8), skin, volume=0.6)
            canvas.panel(rounded(244, heel_y - 90, 258, heel_y - 74, 3), metal("gold"), volume=0.5)
    canvas.panel(ribbon(line, 6, 7, 6, 5), plain(SOLE, "leather", 0.1), volume=0.5, shadow=0.2)
    if platform:
        front = outline(
            [(30, GROUND - 24), (90, GROUND - 22), (166, GROUND - 30)],
            [(180, GROUND - 20), (150, GROUND - 2)],
            [(60, GROUND - 1), (34, GROUND - 8), (30, GROUND - 24)],
        )
        canvas.panel(front, heel_skin, volume=0.8)


def _heel(
    canvas: Canvas,
    s: str,
    x: float,
    y: float,
    line: list[tuple[float, float]],
    skin: Material,
) -> None:
    if s == "wedges":
        wedge = outline(
            line[2:],
            [(x, y), (x + 2, (y + GROUND) / 2), (x - 8, GROUND)],
            [(x - 8, GROUND), (120, GROUND), (96, GROUND - 4), line[2]],
        )
        canvas.panel(wedge, skin, volume=1.2)
        return
    width, tip = {
        "block heels": (58, 46),
        "strappy block heels": (58, 46),
        "kitten heels": (44, 11),
        "platform heels": (54, 22),
    }.get(s, (50, 8))
    front = [
        (x - width, y + 26),
        (x - width * 0.45 - tip * 0.3, (y + GROUND) / 2 + 4),
        (x - 14 - tip, GROUND),
    ]
    back = [(x - 14, GROUND), (x - 4, (y + GROUND) / 2), (x + 2, y)]
    canvas.panel(
        outline(
            front,
            [(x - 14 - tip, GROUND), (x - 14, GROUND)],
            back,
            [(x + 2, y), (x - width, y + 10)],
        ),
        skin,
        volume=1.0,
    )
    canvas.panel(
        rounded(x - 15 - tip, GROUND - 4, x - 13, GROUND + 1, 1),
        plain((30, 28, 28), None),
        volume=0.2,
        shadow=0,
    )


def _straps(
    canvas: Canvas, style: ProductStyle, skin: Material, line: list[tuple[float, float]]
) -> None:
    """An open sandal on a heel."""
    _, heel_y = line[-1]
    far = plain(darker(style.colour, 0.25), "leather", 0.2)
    canvas.panel(
        ribbon([(212, heel_y - 74), (262, heel_y - 96), (318, heel_y - 86)], 7, 7),
        far,
        volume=0.6,
        dim=0.85,
    )
    canvas.panel(
        ribbon([(x, y - 4) for x, y in line], 9, 10, 9),
        plain((224, 194, 160), "leather", 0.1),
        volume=0.5,
    )
    y = line[2][1]
    for x0, h in ((60, 34), (92, 48)):
        canvas.panel(
            outline(
                [(x0, y - 3), (x0 + 12, y - h * 0.8), (x0 + 38, y - h)],
                [(x0 + 50, y - h + 4), (x0 + 38, y - h * 0.5), (x0 + 34, y - 3)],
            ),
            skin,
            volume=0.9,
            shadow=0.35,
        )
    counter = outline(
        [(272, line[5][1]), (300, heel_y - 26), (316, heel_y - 66)],
        [(316, heel_y - 66), (330, heel_y - 66), (330, heel_y - 30), (326, heel_y)],
        [(326, heel_y), (272, line[5][1])],
    )
    canvas.panel(counter, skin, volume=0.9)
    canvas.panel(
        ribbon([(210, heel_y - 78), (258, heel_y - 64), (326, heel_y - 76)], 8, 8, 8),
        skin,
        volume=0.7,
        shadow=0.4,
    )
    canvas.panel(rounded(236, heel_y - 76, 250, heel_y - 60, 3), metal("gold"), volume=0.5)
    canvas.panel(rounded(239, heel_y - 73, 247, heel_y - 63, 1.5), skin, volume=0.2)

"""Heels, ballerinas, sandals and flip flops."""

import numpy as np

from recommender.demo_catalogue.canvas import Canvas, Fold
from recommender.demo_catalogue.look import Look, contrast, darker, leather, lighter, metal, plain
from recommender.demo_catalogue.paths import (
    Points,
    along,
    ellipse,
    mirror,
    outline,
    ribbon,
    rotate,
    rounded,
    smooth,
)
from recommender.demo_catalogue.shoes import ground

GROUND = 346.0
SOLE = (70, 52, 44)


def _sole_line(rise: float) -> list[tuple[float, float]]:
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


def heels(canvas: Canvas, look: Look) -> None:
    """Pumps on stiletto, kitten and block heels, wedges, platforms, strappy and peep-toe heels."""
    s, rng = look.style, canvas.rng
    rise = {"kitten heels": 62, "wedges": 92, "block heels": 84, "strappy block heels": 84}.get(
        s, 112
    ) + rng.uniform(-6, 6)
    platform = 16 if s in ("platform heels", "wedges") else 0
    skin = (
        look.cloth("suede")
        if s == "suede pumps"
        else leather(look.colour, 0.62 if s in ("patent pumps", "platform heels") else 0.34)
    )
    if look.pattern != "plain":
        skin = look.cloth("satin", 0.1)
    line = [(x, y - platform) for x, y in _sole_line(rise)]
    strappy = "strappy" in s
    ground(canvas, 44, 318, GROUND)
    heel_x, heel_y = line[-1]
    heel_skin = (
        skin
        if s not in ("wedges", "block heels", "strappy block heels") or rng.random() < 0.4
        else plain((190, 150, 104), "straw" if s == "wedges" else "leather")
    )
    _heel(canvas, s, heel_x, heel_y, line, heel_skin, platform)
    inner = plain((222, 190, 156), "leather", 0.1)
    if strappy:
        _straps(canvas, look, skin, line)
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
                outline(top, back, line[::-1], toe),
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
        if s == "ankle-strap heels" or s == "block heels" and rng.random() < 0.5:
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
    skin,
    platform: float,
) -> None:  # type: ignore[no-untyped-def]
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


def _straps(canvas: Canvas, look: Look, skin, line: list[tuple[float, float]]) -> None:  # type: ignore[no-untyped-def]
    """An open sandal on a heel."""
    heel_x, heel_y = line[-1]
    far = plain(darker(look.colour, 0.25), "leather", 0.2)
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


def flats(canvas: Canvas, look: Look) -> None:
    """Ballerinas from the side: round and pointed, with bow, strap or plain."""
    s = look.style
    skin = (
        look.cloth("suede" if s == "suede ballerinas" else "satin", 0.1)
        if look.pattern != "plain" or s == "suede ballerinas"
        else leather(look.colour, 0.34)
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
        ribbon(top, 5, 5, 5), plain(darker(look.colour, 0.2), "rib"), volume=0.6, shadow=0.2
    )
    if s == "cap-toe flats":
        canvas.panel(
            outline([(toe[0], 329), toe, (46, 300), (78, 286)], [(78, 286), (90, 306), (86, 329)]),
            leather(look.accent, 0.5),
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


def _footbed(x: float) -> Points:
    """Outline of a left sole from above."""
    return smooth(
        [
            (x - 2, 78),
            (x + 34, 96),
            (x + 47, 148),
            (x + 38, 214),
            (x + 28, 270),
            (x + 33, 334),
            (x + 26, 384),
            (x, 400),
            (x - 27, 384),
            (x - 34, 334),
            (x - 32, 262),
            (x - 43, 190),
            (x - 46, 140),
            (x - 32, 98),
        ],
        closed=True,
    )


def pair(canvas: Canvas, look: Look) -> None:
    """Flip flops, slides and flat sandals: a pair from above."""
    s = look.style
    leathery = s in ("leather sandals", "cross sandals", "gladiator sandals", "thong sandals")
    bed = plain((196, 150, 104), "leather", 0.08) if leathery else look.cloth("suede")
    if s == "cork sandals":
        bed = plain((206, 166, 118), "fur")
    strap = (
        leather(look.colour, 0.3)
        if leathery or s == "cork sandals"
        else plain(look.accent, None, 0.2)
    )
    for flip in (False, True):

        def at(points: Points, flip: bool = flip) -> Points:
            p = rotate(points, 5, (96, 240))
            return mirror(p) if flip else p

        base = _footbed(96)
        canvas.panel(
            at(base + (3, 7)),
            plain(darker(look.accent if not leathery else SOLE, 0.3), None),
            volume=0.6,
            shadow=0.2,
        )
        canvas.panel(at(base), bed, volume=0.8, shadow=0.25)
        rim = (base - (96, 240)) * 0.93 + (96, 240)
        if leathery or s == "cork sandals":
            canvas.stitches(
                at(rim[::3]), colour=(240, 226, 200) if leathery else (150, 110, 70), opacity=0.6
            )
        else:
            canvas.seam(at(rim[::3]), strength=0.5)
        for line, widths in _strap_lines(s):
            canvas.panel(at(ribbon(line, *widths)), strap, volume=1.1, shadow=0.5)
            if leathery and len(widths) > 2 and widths[1] > 14:
                for shift in (-widths[1] / 2 + 3, widths[1] / 2 - 3):
                    canvas.stitches(
                        at(smooth(np.asarray(line) + (0, shift))[2:-2:2]),
                        colour=contrast(look.colour, 0.6),
                        opacity=0.6,
                    )
        if s in ("cork sandals", "leather sandals"):
            for y in (160, 228) if s == "cork sandals" else (246,):
                canvas.panel(
                    at(rounded(114, y - 10, 128, y + 10, 3)),
                    metal("gold" if leathery else "steel"),
                    volume=0.5,
                )
                canvas.panel(at(rounded(117, y - 6, 125, y + 6, 2)), strap, volume=0.3)
        if s in ("flip flops", "thong sandals"):
            canvas.panel(
                at(ellipse(94, 142, 5.5)),
                strap if s == "flip flops" else metal("gold"),
                volume=0.8,
                shadow=0.4,
            )
        if s == "slides":
            for x, y in along([(70, 172), (96, 166), (124, 178)], 3, 0.1):
                canvas.panel(
                    at(rounded(x - 7, y - 8, x + 7, y + 10, 3)),
                    plain(lighter(look.colour, 0.1), None),
                    volume=0.4,
                    shadow=0.1,
                )


Strap = tuple[list[tuple[float, float]], tuple[float, ...]]


def _strap_lines(s: str) -> list[Strap]:
    wide = [(48.0, 176.0), (70.0, 160.0), (110.0, 160.0), (144.0, 182.0)]
    if s == "flip flops":
        return [
            ([(94, 140), (72, 176), (56, 246)], (9, 13, 17)),
            ([(94, 140), (120, 178), (132, 250)], (9, 13, 17)),
        ]
    if s == "thong sandals":
        return [
            ([(94, 140), (92, 180), (96, 214)], (8, 8, 10)),
            ([(52, 246), (94, 214), (134, 250)], (14, 16, 14)),
            ([(60, 330), (96, 300), (130, 332)], (11, 11, 11)),
        ]
    if s == "slides":
        return [(wide, (70, 78, 78, 70))]
    if s == "cork sandals":
        return [
            ([(48, 166), (94, 150), (144, 168)], (30, 32, 30)),
            ([(50, 232), (94, 216), (138, 236)], (30, 32, 30)),
        ]
    if s == "cross sandals":
        return [
            ([(48, 150), (84, 176), (138, 226)], (26, 28, 26)),
            ([(145, 150), (108, 174), (52, 226)], (26, 28, 26)),
            ([(60, 330), (96, 296), (130, 332)], (15, 15, 15)),
        ]
    if s == "gladiator sandals":
        rows = [
            ([(48.0, y), (94.0, y - 12), (144.0 - (y - 140) * 0.08, y)], (12.0, 13.0, 12.0))
            for y in (138, 178, 218, 258, 298)
        ]
        return [*rows, ([(96, 126), (96, 212), (96, 292)], (10, 12, 10))]
    return [
        ([(48, 160), (94, 142), (145, 162)], (26, 28, 26)),
        ([(50, 246), (94, 230), (136, 248)], (20, 22, 20)),
        ([(61, 340), (96, 312), (130, 342)], (13, 13, 13)),
    ]

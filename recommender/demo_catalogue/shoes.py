"""Closed shoes seen from the side, toe to the left: sneakers, sports shoes, formal shoes, boots."""

import numpy as np

from recommender.demo_catalogue.canvas import Canvas, Colour, Fold
from recommender.demo_catalogue.look import (
    COLOURS,
    Look,
    brightness,
    contrast,
    darker,
    leather,
    lighter,
    metal,
    mix,
    plain,
)
from recommender.demo_catalogue.paths import (
    Coordinates,
    Points,
    along,
    ellipse,
    outline,
    ribbon,
    rounded,
)

GROUND = 330.0
RUBBER = (238, 236, 228)
GUM = (186, 130, 80)


def ground(canvas: Canvas, left: float = 40, right: float = 326, y: float = GROUND) -> None:
    """The soft shadow a shoe stands on."""
    canvas.shadow(ellipse((left + right) / 2, y, (right - left) / 2, 5), 0.42, 7)


def laces(
    canvas: Canvas, a: Coordinates, b: Coordinates, count: int, colour: Colour, width: float = 6.5
) -> None:
    """Rungs between the two edges of the throat."""
    left, right = along(a, count, 0.05), along(b, count, 0.05)
    material = plain(colour, "rib")
    for i in range(count):
        p, q = left[i], right[i]
        middle = (p + q) / 2 + (-2.5, -4.5)
        canvas.panel(
            ribbon([tuple(p), tuple(middle), tuple(q)], width * 0.85, width, width * 0.85),
            material,
            volume=0.8,
            shadow=0.45,
        )
    for p in right:
        canvas.panel(ellipse(p[0] + 1, p[1] + 1, 2.6), metal("steel"), volume=0.4, shadow=0.3)


def lace_bow(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    """The tied ends."""
    material = plain(colour, "rib")
    for points in (
        [(x, y), (x + 16, y - 9), (x + 27, y + 3), (x + 14, y + 8), (x, y)],
        [(x, y), (x - 14, y - 7), (x - 22, y + 5), (x - 10, y + 8), (x, y)],
    ):
        canvas.panel(ribbon(points, 4, 4, 4), material, volume=0.7, shadow=0.4)
    canvas.panel(
        ribbon([(x, y), (x + 12, y + 16), (x + 18, y + 30)], 4, 4), material, volume=0.7, shadow=0.4
    )
    canvas.panel(ellipse(x, y, 4.4), material, volume=0.7)


def sneaker(canvas: Canvas, look: Look) -> None:
    """Low and high sneakers, canvas shoes, slip-ons, running and training shoes."""
    s, rng = look.style, canvas.rng
    running = s in ("running shoes", "training shoes")
    high = s == "high-top sneakers"
    slip = s == "slip-on shoes"
    vulcanised = s in ("canvas shoes", "high-top sneakers", "slip-on shoes")
    skin = look.cloth(
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
    trim = leather(look.accent if not vulcanised else darker(look.colour, 0.12), 0.2)
    lace = (
        COLOURS["White"]
        if brightness(look.colour) < 170 or vulcanised
        else contrast(look.colour, 0.6)
        if rng.random() < 0.4
        else COLOURS["White"]
    )
    ground(canvas)
    # The far side of the opening, and the tongue in front of it.
    lining = plain(darker(look.accent if running else look.colour, 0.3), "mesh")
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
    upper = outline(throat, top, heel, [(328, 308), (34, 308)], front)
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
    low = 318.0
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
            canvas.panel(
                _star(262, 178, 11),
                plain(look.accent if brightness(look.accent) < 200 else COLOURS["Red"], None),
                volume=0.2,
                shadow=0,
            )
        if slip:
            gore = outline(
                [(170, 212), (200, 240)],
                [(200, 240), (232, 226), (240, 200)],
                [(240, 200), (216, 182), (170, 212)],
            )
            canvas.panel(gore, plain(darker(look.colour, 0.35), "rib"), volume=0.4, shadow=0.2)
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
        _flash(canvas, look, s)
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
            [(x + 12, y + 7) for x, y in edge], colour=contrast(look.colour, 0.5), opacity=0.5
        )
        laces(canvas, [(x - 6, y - 1) for x, y in throat], edge, 8 if high else 6, lace)
        lace_bow(canvas, throat[-1][0] - 4, throat[-1][1] - 2, lace)
    canvas.panel(
        ribbon(top, 9, 9, 9),
        plain(darker(look.accent if running else look.colour, 0.2), "mesh"),
        volume=0.7,
        shadow=0.2,
    )
    _sneaker_sole(canvas, look, s, low)


def _star(x: float, y: float, radius: float) -> Points:
    a = np.arange(10) * np.pi / 5 - np.pi / 2
    r = np.where(np.arange(10) % 2, radius * 0.42, radius)
    return np.stack([x + r * np.cos(a), y + r * np.sin(a)], axis=1)


def _flash(canvas: Canvas, look: Look, s: str) -> None:
    """The side decoration of a sneaker."""
    shade = plain(
        look.accents[1] if look.accents[1] != look.colour else contrast(look.colour),
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


def _sneaker_sole(canvas: Canvas, look: Look, s: str, low: float) -> None:
    if s in ("running shoes", "training shoes"):
        foam = outline(
            [(26, 300), (70, 296), (150, 296), (230, 288), (300, 274), (338, 268)],
            [(338, 268), (346, 290), (332, 322)],
            [(332, 322), (300, 330), (180, 326), (90, 330), (46, 326), (26, 300)],
        )
        canvas.panel(
            foam,
            plain(COLOURS["White"], "suede"),
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
            plain(look.accent, None),
            volume=0.6,
            shadow=0.2,
        )
        canvas.panel(
            outline(
                [(36, 318), (90, 325), (180, 322), (334, 322)],
                [(332, 331), (180, 331), (60, 332), (36, 318)],
            ),
            plain(darker(look.accents[1], 0.3), None),
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
            look.accent if brightness(look.accent) < 200 else COLOURS["Navy Blue"],
            2.4,
            0.9,
        )
    canvas.line([(34, 322), (180, 325), (333, 321)], darker(colour, 0.35), 1.3, 0.7)
    canvas.stitches(
        [(34, 304), (100, 304), (220, 302), (330, 296)], colour=darker(colour, 0.3), opacity=0.5
    )


def formal(canvas: Canvas, look: Look) -> None:
    """Oxfords, brogues, derbies, loafers and monk straps."""
    s = look.style
    skin = plain(look.colour, "suede") if s == "suede loafers" else leather(look.colour, 0.36)
    ground(canvas)
    slip = "loafers" in s
    canvas.panel(
        outline([(196, 210), (250, 200), (320, 190)], [(322, 216), (250, 236), (196, 226)]),
        plain(mix(look.colour, (196, 156, 110), 0.6), "leather"),
        volume=0.4,
        dim=0.75,
    )
    throat = (
        [(128, 254), (160, 238), (196, 208)] if not slip else [(150, 250), (176, 240), (200, 226)]
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
    top = [throat[-1], (236, 228), (282, 224), (320, 188)]
    heel = [(320, 188), (327, 214), (322, 260), (326, 306)]
    front = [(22, 312), (26, 296), (56, 278), (96, 266), throat[0]]
    upper = outline(throat, top, heel, [(326, 312), (22, 312)], front)
    canvas.panel(
        upper,
        skin,
        volume=1.6,
        folds=[
            Fold([(112, 262), (124, 282), (128, 300)], 7, -1.5),
            Fold([(132, 258), (144, 280), (146, 298)], 7, -1.3),
        ],
    )
    dark = darker(look.colour, 0.45)
    if slip:
        apron = [(46, 288), (70, 274), (110, 266), (150, 258), (178, 256)]
        canvas.panel(ribbon(apron, 5, 6, 5), skin, volume=0.7, shadow=0.35)
        if s == "loafers" or s == "suede loafers":
            canvas.panel(
                outline(
                    [(146, 246), (176, 232), (192, 228)],
                    [(192, 228), (214, 262), (222, 308)],
                    [(196, 310), (186, 272), (146, 246)],
                ),
                skin,
                volume=0.6,
                shadow=0.4,
            )
            canvas.panel(rounded(170, 248, 186, 254, 2), plain(dark, None), volume=0.2, shadow=0)
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
            colour=contrast(look.colour, 0.5),
            opacity=0.5,
        )
        if s == "brogues":
            for line in (cap, quarter, back):
                for x, y in along(line, 12, 0.04):
                    canvas.panel(
                        ellipse(x - 5, y - 1, 1.9),
                        plain(darker(look.colour, 0.75), None),
                        volume=0,
                        shadow=0,
                    )
            for x, y in [
                (58 + 7 * np.cos(a), 288 + 6 * np.sin(a)) for a in np.linspace(0, 6.28, 8)
            ]:
                canvas.panel(
                    ellipse(x, y, 1.5), plain(darker(look.colour, 0.75), None), volume=0, shadow=0
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
            laces(canvas, throat, edge, 5, darker(look.colour, 0.55), 4.2)
            lace_bow(canvas, 194, 206, darker(look.colour, 0.55))
    heel_sole(canvas, look)


def heel_sole(canvas: Canvas, look: Look, thick: float = 8, colour: Colour | None = None) -> None:
    """A welted leather sole with a stacked heel."""
    colour = colour or (48, 36, 30)
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


def boots(canvas: Canvas, look: Look) -> None:
    """Chelsea, combat, desert, knee-high, ankle-heel and rain boots."""
    s = look.style
    knee = s in ("knee boots", "rain boots")
    skin = (
        plain(look.colour, "suede")
        if s == "desert boots"
        else leather(look.colour, 0.5 if s == "rain boots" else 0.34)
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
        plain(mix(look.colour, (150, 120, 90), 0.4), "suede"),
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
    thread = contrast(look.colour, 0.45)
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
        canvas.panel(gore, plain(darker(look.colour, 0.45), "rib"), volume=0.5, shadow=0.15)
        canvas.panel(
            ribbon([(322, top_y + 10), (332, top_y - 8), (318, top_y - 12)], 5, 5, 5),
            plain(darker(look.colour, 0.3), "rib"),
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
            darker(look.colour, 0.55)
            if s == "combat boots"
            else mix(look.colour, (70, 50, 30), 0.5),
            5,
        )
        canvas.seam(
            low([(96, 266), (106, 286), (104, 312)]),
            low([(300, 196), (286, 256), (292, 310)]),
            strength=1.2,
        )
        canvas.panel(
            ribbon([(wide - 2, top_y), (260, top_y + 9), (324, top_y)], 10, 10, 10),
            plain(darker(look.colour, 0.3), "leather"),
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
            plain(darker(look.colour, 0.25), None, 0.5),
            volume=0.9,
        )
        canvas.panel(
            rounded(300, top_y + 34, 322, top_y + 62, 3),
            plain(darker(look.colour, 0.25), None, 0.4),
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

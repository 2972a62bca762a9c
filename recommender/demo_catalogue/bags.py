"""Handbags, clutches, backpacks and wallets."""

import numpy as np

from recommender.demo_catalogue.canvas import Canvas, Colour, Fold, Material
from recommender.demo_catalogue.look import (
    Look,
    contrast,
    darker,
    leather,
    lighter,
    metal,
    mix,
    plain,
)
from recommender.demo_catalogue.paths import (
    AXIS,
    Coordinates,
    ellipse,
    outline,
    ribbon,
    rounded,
    smooth,
)


def _thread(look: Look) -> Colour:
    return contrast(look.colour, 0.5)


def handle(
    canvas: Canvas, line: Coordinates, material: Material, width: float = 10, dim: float = 1.0
) -> None:
    """A rolled handle."""
    canvas.panel(
        ribbon(line, width, width, width, width), material, volume=1.0, shadow=0.35, dim=dim
    )


def ring(canvas: Canvas, x: float, y: float, radius: float = 8, name: str = "gold") -> None:
    """A metal ring."""
    canvas.panel(ribbon(ellipse(x, y, radius, radius), 4, 4), metal(name), volume=0.7, shadow=0.4)


def handbag(canvas: Canvas, look: Look) -> None:
    """Totes, satchels, hobos, cross-body bags, bucket bags, quilted chain bags, clutches, straw bags."""
    s = look.style
    hide = (
        look.cloth("weave")
        if s == "canvas tote"
        else look.cloth("straw")
        if s == "straw bag"
        else leather(look.colour)
        if look.pattern == "plain"
        else look.cloth("leather", 0.2)
    )
    thread, dark = _thread(look), darker(look.colour, 0.3)
    trim = (
        leather(look.accent)
        if look.pattern != "plain" or s in ("straw bag", "canvas tote")
        else leather(dark, 0.3)
    )
    if s in ("tote bag", "canvas tote", "straw bag"):
        _tote(canvas, look, hide, trim, s)
    elif s == "satchel":
        handle(canvas, [(128, 182), (134, 116), (180, 92), (226, 116), (232, 182)], trim, 13)
        body = outline(
            [(72, 186), (180, 178), (288, 186)],
            [(288, 186), (304, 280), (308, 372)],
            [(308, 372), (300, 388), (180, 394), (60, 388), (52, 372)],
            [(52, 372), (56, 280), (72, 186)],
        )
        canvas.panel(body, hide, volume=1.5)
        canvas.panel(
            outline(
                [(66, 182), (180, 172), (294, 182)],
                [(294, 182), (300, 214), (296, 254)],
                [(296, 254), (250, 276), (180, 284), (110, 276), (64, 254)],
                [(64, 254), (60, 214), (66, 182)],
            ),
            hide,
            volume=1.0,
            shadow=0.45,
        )
        canvas.stitches(
            [(68, 252), (112, 272), (180, 279), (248, 272), (292, 252)], colour=thread, opacity=0.6
        )
        for x in (124, 236):
            canvas.panel(rounded(x - 9, 184, x + 9, 316, 5), trim, volume=0.6, shadow=0.4)
            canvas.panel(rounded(x - 13, 274, x + 13, 296, 4), metal("gold"), volume=0.6)
            canvas.panel(rounded(x - 8, 279, x + 8, 291, 2), trim, volume=0.3)
            ring(canvas, x, 180, 7)
    elif s == "hobo bag":
        handle(canvas, [(70, 232), (96, 130), (180, 82), (264, 130), (290, 232)], hide, 20)
        body = outline(
            [(66, 218), (110, 258), (180, 272), (250, 258), (294, 218)],
            [(294, 218), (324, 300), (302, 368)],
            [(302, 368), (240, 398), (120, 398), (58, 368)],
            [(58, 368), (36, 300), (66, 218)],
        )
        canvas.panel(
            body,
            hide,
            volume=1.8,
            folds=[
                Fold([(90, 246), (110, 300), (112, 350)], 14, -2.8),
                Fold([(268, 246), (252, 300), (248, 344)], 14, -2.8),
                Fold([(140, 268), (160, 300), (200, 268)], 16, 2.4),
            ],
        )
        for x in (70, 290):
            ring(canvas, x, 226, 10)
        canvas.line(
            [(84, 244), (120, 264), (180, 276), (240, 264), (276, 244)], (60, 54, 50), 4, 0.7
        )
        canvas.line(
            [(84, 244), (120, 264), (180, 276), (240, 264), (276, 244)],
            (206, 180, 120),
            2,
            0.95,
            (1.3, 1.1),
        )
    elif s == "bucket bag":
        handle(canvas, [(112, 186), (120, 96), (180, 58), (240, 96), (248, 186)], trim, 9)
        body = outline(
            [(104, 180), (180, 192), (256, 180)],
            [(256, 180), (262, 250), (276, 360), (270, 388)],
            [(270, 388), (180, 404), (90, 388)],
            [(90, 388), (84, 360), (98, 250), (104, 180)],
        )
        canvas.panel(
            ellipse(180, 180, 76, 12),
            plain(darker(look.colour, 0.45), "suede"),
            volume=0.3,
            dim=0.7,
        )
        canvas.panel(
            body,
            hide,
            volume=1.7,
            folds=[
                Fold([(x, 200), (x + (x - 180) * 0.06, 250), (x + (x - 180) * 0.1, 290)], 11, -2.4)
                for x in (124, 148, 172, 196, 220, 240)
            ],
        )
        canvas.panel(
            outline([(86, 356), (180, 372), (274, 356)], [(272, 388), (180, 405), (88, 388)]),
            trim,
            volume=0.6,
            shadow=0.2,
        )
        canvas.panel(ribbon([(102, 214), (180, 226), (258, 214)], 5, 5, 5), trim, volume=0.7)
        for k in (-1, 1):
            canvas.panel(
                ribbon([(180, 228), (180 + k * 10, 262), (180 + k * 14, 296)], 5, 5),
                trim,
                volume=0.7,
                shadow=0.4,
            )
            canvas.panel(
                outline(
                    [(180 + k * 14 - 4, 294), (180 + k * 14 + 4, 294)],
                    [(180 + k * 14 + 8, 322), (180 + k * 14 - 8, 322)],
                ),
                trim,
                volume=0.5,
            )
        for x in (110, 250):
            ring(canvas, x, 184, 7)
    elif s in ("chain bag", "crossbody bag", "saddle bag"):
        _flap_bag(canvas, look, hide, trim, s)
    else:
        _clutch(canvas, look, hide, s)


def _tote(canvas: Canvas, look: Look, hide: Material, trim: Material, s: str) -> None:
    back = [(126, 196), (130, 110), (180, 74), (230, 110), (234, 196)]
    handle(canvas, [(x, y - 8) for x, y in back], trim, 9, 0.8)
    wide = 118 if s == "straw bag" else 104
    canvas.panel(
        outline(
            [(AXIS - wide, 188), (180, 178), (AXIS + wide, 188)],
            [(AXIS + wide, 206), (180, 214), (AXIS - wide, 206)],
        ),
        plain(darker(look.colour, 0.35), "suede"),
        volume=0.3,
        dim=0.8,
    )
    lean = 8 if s != "straw bag" else -18
    body = outline(
        [(AXIS - wide, 190), (180, 204), (AXIS + wide, 190)],
        [(AXIS + wide, 190), (AXIS + wide + 4, 290), (AXIS + wide + lean - 2, 400)],
        [(AXIS + wide + lean - 2, 400), (180, 412), (AXIS - wide - lean + 2, 400)],
        [(AXIS - wide - lean + 2, 400), (AXIS - wide - 4, 290), (AXIS - wide, 190)],
    )
    folds = [
        Fold([(AXIS + k * 60, 210), (AXIS + k * 66, 300), (AXIS + k * 80, 390)], 18, 1.8 * k)
        for k in (-1, 1)
    ]
    canvas.panel(body, hide, volume=1.4, folds=folds)
    canvas.seam([(AXIS - wide + 2, 202), (180, 216), (AXIS + wide - 2, 202)], strength=0.7)
    if s == "straw bag":
        canvas.panel(
            ribbon([(AXIS - wide - 2, 196), (180, 210), (AXIS + wide + 2, 196)], 12, 12, 12),
            hide,
            volume=0.9,
        )
    handle(canvas, [(122, 232), (122, 150), (150, 96), (210, 96), (238, 150), (238, 232)], trim, 10)
    for x in (122, 238):
        canvas.panel(rounded(x - 9, 206, x + 9, 246, 4), trim, volume=0.6, shadow=0.4)
        canvas.panel(ellipse(x, 236, 3), metal("gold"), volume=0.4)
    if s == "tote bag":
        canvas.stitches(
            [(AXIS - wide, 360), (180, 372), (AXIS + wide, 360)], colour=_thread(look), opacity=0.5
        )
        canvas.panel(
            rounded(158, 290, 202, 306, 3),
            plain(mix(look.colour, contrast(look.colour), 0.4), "leather", 0.2),
            volume=0.4,
        )
        canvas.line([(166, 298), (194, 298)], contrast(look.colour, 0.8), 1.6, 0.7)


def _flap_bag(canvas: Canvas, look: Look, hide: Material, trim: Material, s: str) -> None:
    chain = s == "chain bag"
    arc = smooth([(72, 232), (62, 130), (118, 62), (180, 48), (242, 62), (298, 130), (288, 232)])
    if chain:
        canvas.line(arc, (120, 96, 50), 6.5, 1.0, (7, 3))
        canvas.line(arc, (226, 192, 120), 4.2, 1.0, (6, 4))
    else:
        handle(canvas, arc[::4], trim, 8)
    skin = (
        Material(look.colour, "quilt", None, (), 0.22, 18.0, 0.5)
        if chain and look.pattern == "plain"
        else hide
    )
    if s == "saddle bag":
        body = outline(
            [(70, 230), (180, 220), (290, 230)],
            [(290, 230), (306, 320), (262, 394), (180, 408), (98, 394), (54, 320), (70, 230)],
        )
        flap = outline(
            [(66, 226), (180, 214), (294, 226)],
            [(294, 226), (304, 290), (262, 338), (180, 356), (98, 338), (56, 290), (66, 226)],
        )
    else:
        body = outline(
            [(66, 228), (180, 222), (294, 228)],
            [(294, 228), (302, 310), (300, 386)],
            [(300, 386), (290, 398), (180, 402), (70, 398), (60, 386)],
            [(60, 386), (58, 310), (66, 228)],
        )
        flap = outline(
            [(62, 224), (180, 216), (298, 224)],
            [(298, 224), (304, 280), (300, 326)],
            [(300, 326), (252, 340), (180, 346), (108, 340), (60, 326)],
            [(60, 326), (56, 280), (62, 224)],
        )
    canvas.panel(body, skin, volume=1.5)
    canvas.panel(flap, skin, volume=1.1, shadow=0.5)
    rim = (flap - (180, 280)) * (0.955, 0.94) + (180, 280)
    if not chain:
        canvas.stitches(rim[18::3], colour=_thread(look), opacity=0.6)
    for x in (74, 286):
        ring(canvas, x, 232, 8)
    if chain:
        canvas.panel(rounded(162, 326, 198, 350, 5), metal("gold"), volume=0.8, shadow=0.45)
        canvas.panel(rounded(170, 332, 190, 344, 3), metal("gold"), volume=-0.5, shadow=0)
    elif s == "saddle bag":
        canvas.panel(rounded(170, 316, 190, 372, 4), trim, volume=0.6, shadow=0.4)
        ring(canvas, 180, 352, 9)
    else:
        canvas.panel(rounded(168, 318, 192, 352, 4), trim, volume=0.6, shadow=0.4)
        canvas.panel(ellipse(180, 340, 6), metal("gold"), volume=0.7)


def _clutch(canvas: Canvas, look: Look, hide: Material, s: str) -> None:
    satin = look.cloth("satin", 0.22) if s != "envelope clutch" else hide
    body = rounded(40, 182, 320, 338, 10)
    if s == "envelope clutch":
        canvas.panel(body, hide, volume=1.2)
        flap = outline(
            [(38, 180), (322, 180)],
            [(322, 180), (318, 196), (196, 286)],
            [(196, 286), (180, 294), (164, 286)],
            [(164, 286), (42, 196), (38, 180)],
        )
        canvas.panel(flap, hide, volume=0.8, shadow=0.5)
        canvas.stitches(
            [(48, 196), (166, 280)], [(312, 196), (194, 280)], colour=_thread(look), opacity=0.6
        )
        canvas.panel(ellipse(180, 280, 8), metal("gold"), volume=0.8)
    else:
        canvas.panel(
            outline(
                [(44, 206), (180, 196), (316, 206)],
                [(316, 206), (330, 280), (318, 340)],
                [(318, 340), (180, 352), (42, 340)],
                [(42, 340), (30, 280), (44, 206)],
            ),
            satin,
            volume=1.7,
            folds=[
                Fold(
                    [(x, 214), (180 + (x - 180) * 1.2, 270), (180 + (x - 180) * 1.15, 330)],
                    14,
                    (-1) ** i * 2.2,
                )
                for i, x in enumerate(range(70, 300, 26))
            ],
        )
        canvas.panel(
            outline([(40, 196), (180, 184), (320, 196)], [(318, 212), (180, 201), (42, 212)]),
            metal("gold"),
            volume=0.9,
        )
        for x in (171, 189):
            canvas.panel(ellipse(x, 180, 9), metal("gold"), volume=1.0)


def backpack(canvas: Canvas, look: Look) -> None:
    """School, hiking, leather and roll-top backpacks."""
    s = look.style
    hide = (
        leather(look.colour) if s == "leather backpack" else look.cloth("weave", 0.03, rumple=1.4)
    )
    trim = (
        leather(look.accent)
        if s in ("leather backpack", "flap backpack")
        else plain(look.accent, "weave")
    )
    thread = _thread(look)
    for k in (-1, 1):
        strap = [
            (AXIS + k * 60, 120),
            (AXIS + k * 122, 190),
            (AXIS + k * 126, 320),
            (AXIS + k * 96, 400),
        ]
        canvas.panel(
            ribbon(strap, 22, 26, 20, 11),
            plain(darker(look.colour, 0.3), "mesh"),
            volume=0.9,
            shadow=0.2,
            dim=0.9,
        )
    canvas.panel(ribbon([(158, 84), (160, 54), (200, 54), (202, 84)], 9, 9, 9), trim, volume=0.9)
    body = outline(
        [(92, 140), (110, 92), (180, 74), (250, 92), (268, 140)],
        [(268, 140), (280, 260), (276, 390)],
        [(276, 390), (264, 418), (180, 424), (96, 418), (84, 390)],
        [(84, 390), (80, 260), (92, 140)],
    )
    canvas.panel(body, hide, volume=1.8)
    if s == "flap backpack" or s == "leather backpack":
        flap = outline(
            [(90, 136), (110, 90), (180, 72), (250, 90), (270, 136)],
            [(270, 136), (276, 190), (268, 232)],
            [(268, 232), (180, 248), (92, 232)],
            [(92, 232), (84, 190), (90, 136)],
        )
        canvas.panel(
            outline(
                [(98, 280), (180, 274), (262, 280)],
                [(262, 280), (268, 340), (262, 398)],
                [(262, 398), (180, 408), (98, 398)],
                [(98, 398), (92, 340), (98, 280)],
            ),
            hide,
            volume=1.2,
            shadow=0.5,
        )
        canvas.panel(flap, hide, volume=1.3, shadow=0.55)
        canvas.stitches([(96, 226), (180, 241), (264, 226)], colour=thread, opacity=0.7)
        for x in (134, 226):
            canvas.panel(rounded(x - 9, 176, x + 9, 300, 4), trim, volume=0.6, shadow=0.45)
            canvas.panel(rounded(x - 13, 252, x + 13, 274, 4), metal("gold"), volume=0.6)
            canvas.panel(rounded(x - 8, 257, x + 8, 269, 2), trim, volume=0.3)
        return
    arc = [(100, 236), (102, 150), (136, 106), (180, 98), (224, 106), (258, 150), (260, 236)]
    canvas.line(arc, darker(look.colour, 0.65), 6, 0.8)
    canvas.line(arc, (176, 178, 184), 1.8, 0.8, (1.4, 1.2))
    pouch = outline(
        [(100, 272), (180, 262), (260, 272)],
        [(260, 272), (270, 340), (262, 400)],
        [(262, 400), (180, 410), (98, 400)],
        [(98, 400), (90, 340), (100, 272)],
    )
    canvas.panel(pouch, trim if look.pattern == "colour block" else hide, volume=1.5, shadow=0.55)
    zip_line = [(102, 296), (140, 282), (180, 279), (220, 282), (258, 296)]
    canvas.line(zip_line, darker(look.colour, 0.65), 6, 0.8)
    canvas.line(zip_line, (176, 178, 184), 1.8, 0.8, (1.4, 1.2))
    for x, y in ((250, 293), (259, 232)):
        canvas.panel(ribbon([(x, y), (x + 3, y + 24)], 5, 7), trim, volume=0.5, shadow=0.5)
    canvas.panel(
        rounded(152, 196, 208, 222, 4),
        plain(mix(look.accent, look.colour, 0.2), "leather", 0.15),
        volume=0.5,
        shadow=0.4,
    )
    canvas.line([(162, 209), (198, 209)], contrast(look.accent, 0.8), 2, 0.7)
    if s == "hiking backpack":
        for k in (-1, 1):
            pocket = outline(
                [(AXIS + k * 94, 306), (AXIS + k * 118, 312)],
                [(AXIS + k * 118, 312), (AXIS + k * 120, 370), (AXIS + k * 106, 404)],
                [(AXIS + k * 106, 404), (AXIS + k * 92, 404), (AXIS + k * 94, 306)],
            )
            canvas.panel(pocket, plain(darker(look.accent, 0.1), "mesh"), volume=1.0)
            canvas.panel(
                ribbon([(AXIS + k * 92, 180), (AXIS + k * 62, 250), (AXIS + k * 86, 330)], 7, 7, 7),
                trim,
                volume=0.6,
                shadow=0.45,
            )
        canvas.panel(
            ribbon([(92, 250), (180, 242), (268, 250)], 10, 10, 10), trim, volume=0.6, shadow=0.4
        )
        canvas.panel(rounded(166, 234, 194, 254, 4), plain((40, 40, 44), None, 0.2), volume=0.7)


def wallet(canvas: Canvas, look: Look) -> None:
    """Bifold, zip-around, long flap and open wallets."""
    s = look.style
    hide = leather(look.colour, 0.24) if look.pattern == "plain" else look.cloth("leather", 0.2)
    thread = _thread(look)
    if s == "long wallet" or s == "zip wallet":
        canvas.panel(rounded(34, 166, 326, 322, 12), hide, volume=1.4)
        canvas.stitches(rounded(42, 174, 318, 314, 8), colour=thread, opacity=0.6)
        if s == "zip wallet":
            line = [(36, 300), (34, 180), (46, 167), (314, 167), (326, 180), (324, 300)]
            canvas.lines([line[i : i + 2] for i in range(5)], (206, 180, 120), 4, 0.95, (1.6, 1.2))
            canvas.panel(
                ribbon([(324, 250), (336, 280), (332, 320)], 9, 12, 9), hide, volume=0.8, shadow=0.5
            )
            canvas.panel(rounded(150, 232, 210, 254, 4), metal("gold"), volume=0.5)
        else:
            canvas.panel(
                outline(
                    [(32, 164), (328, 164)],
                    [(328, 164), (330, 210), (326, 248)],
                    [(326, 248), (180, 262), (34, 248)],
                    [(34, 248), (30, 210), (32, 164)],
                ),
                hide,
                volume=0.9,
                shadow=0.5,
            )
            canvas.panel(ellipse(180, 244, 9), metal("gold"), volume=0.9)
        return
    if s == "open wallet":
        canvas.panel(rounded(26, 150, 334, 330, 10), hide, volume=1.2)
        for k in (-1, 1):
            x0, x1 = (36, 172) if k < 0 else (188, 324)
            for i in range(4):
                y = 168 + i * 32
                canvas.panel(
                    rounded(x0, y, x1, 322, 5),
                    plain(lighter(look.colour, 0.06 * i), "leather", 0.2),
                    volume=0.5,
                    shadow=0.5,
                )
                if i in (0, 2) and canvas.rng.random() < 0.7:
                    canvas.panel(
                        rounded(x0 + 7, y + 5, x1 - 7, y + 34, 4),
                        plain(look.accents[i // 2], None, 0.1),
                        volume=0.2,
                    )
            canvas.stitches([(x0 + 3, 318), (x1 - 3, 318)], colour=thread, opacity=0.6)
        canvas.seam([(180, 152), (180, 328)], strength=1.5)
        return
    canvas.panel(
        rounded(78, 154, 288, 322, 10), plain(darker(look.colour, 0.3), "leather", 0.2), volume=1.0
    )
    canvas.panel(rounded(72, 160, 282, 328, 10), hide, volume=1.5, shadow=0.5)
    canvas.stitches(rounded(80, 168, 274, 320, 7), colour=thread, opacity=0.75)
    if s == "card holder":
        for i in range(3):
            canvas.panel(
                outline(
                    [(74, 212 + i * 32), (180, 218 + i * 32), (280, 212 + i * 32)],
                    [(280, 326), (74, 326)],
                ),
                hide,
                volume=0.5,
                shadow=0.5,
            )
    else:
        canvas.panel(
            rounded(232, 286, 264, 308, 3),
            plain(darker(look.colour, 0.25), "leather", 0.15),
            volume=0.3,
            shadow=0.1,
        )
        canvas.line([(238, 297), (258, 297)], contrast(look.colour, 0.6), 1.6, 0.6)
        canvas.seam([(78, 226), (180, 224), (276, 226)], strength=0.5)

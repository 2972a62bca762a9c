"""Watches, sunglasses, belts, ties, scarves and socks."""

import math

import numpy as np

from recommender.demo_catalogue.canvas import Canvas, Flutes, Fold, Inlay, Material
from recommender.demo_catalogue.look import (
    METALS,
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
    AXIS,
    Points,
    ellipse,
    mirror,
    outline,
    ribbon,
    rounded,
    smooth,
)

MIDDLE = 240.0


def _metal_of(look: Look) -> str:
    """The product's own metal: gold with warm accents, dark with dark ones, else steel."""
    r, _, b = look.accent
    if brightness(look.accent) < 80:
        return "dark"
    return "gold" if r - b > 60 else "steel"


def watch(canvas: Canvas, look: Look) -> None:
    """Wrist watches: round, square, chronograph, diver, digital; leather, steel, rubber straps."""
    s = look.style
    case = metal(_metal_of(look))
    steel, square, digital = "bracelet" in s, "square" in s, s == "digital watch"
    radius = (62 if not look.female else 52) + canvas.rng.uniform(-3, 3)
    width = radius * (0.74 if not look.female else 0.62)
    strap = (
        case
        if steel
        else plain(look.colour, "suede", 0.12)
        if s in ("diver watch", "digital watch")
        else leather(look.colour)
    )
    for flip in (False, True):
        y0, y1 = MIDDLE - radius * 0.8, 22.0
        path = outline(
            [(AXIS - width, y0), (AXIS - width * 0.86, (y0 + y1) / 2), (AXIS - width * 0.72, y1)],
            [(AXIS - width * 0.72, y1), (AXIS, y1 - 7), (AXIS + width * 0.72, y1)],
            [(AXIS + width * 0.72, y1), (AXIS + width * 0.86, (y0 + y1) / 2), (AXIS + width, y0)],
        )
        if flip:
            path[:, 1] = 2 * MIDDLE - path[:, 1]
        rungs = []
        if steel:
            rungs = [
                Fold([(AXIS - width, y), (AXIS + width, y)], 5, -3.0)
                for y in (2 * MIDDLE - np.arange(34, y0, 13.0) if flip else np.arange(34, y0, 13.0))
            ]
        canvas.panel(path, strap, volume=1.0, folds=rungs)
        ys = 2 * MIDDLE - np.arange(34, y0, 13.0) if flip else np.arange(34, y0, 13.0)
        if steel:
            canvas.lines(
                [[(AXIS - width * 0.92, y), (AXIS + width * 0.92, y)] for y in ys],
                (60, 60, 64),
                1.1,
                0.55,
            )
            for k in (-0.33, 0.33):
                canvas.line(
                    [(AXIS + k * width * 0.8, float(ys[0])), (AXIS + k * width, float(ys[-1]))],
                    (60, 60, 64),
                    1.0,
                    0.45,
                )
        elif s not in ("diver watch", "digital watch"):
            sides = [
                [
                    (AXIS + k * (width - 6), y0 if not flip else 2 * MIDDLE - y0),
                    (AXIS + k * (width * 0.72 - 5), y1 + 6 if not flip else 2 * MIDDLE - y1 - 6),
                ]
                for k in (-1, 1)
            ]
            canvas.stitches(*sides, colour=contrast(look.colour, 0.6), opacity=0.75)
        else:
            for y in ys[::2]:
                canvas.line(
                    [(AXIS - width * 0.6, float(y)), (AXIS + width * 0.6, float(y))],
                    darker(look.colour, 0.5),
                    3,
                    0.6,
                )
    canvas.panel(
        rounded(AXIS + radius - 2, MIDDLE - 8, AXIS + radius + 12, MIDDLE + 8, 4), case, volume=0.6
    )
    if s == "chronograph":
        for dy in (-30, 30):
            canvas.panel(
                rounded(AXIS + radius - 10, MIDDLE + dy - 5, AXIS + radius + 7, MIDDLE + dy + 5, 3),
                case,
                volume=0.6,
            )
    body = (
        rounded(AXIS - radius, MIDDLE - radius, AXIS + radius, MIDDLE + radius, 16)
        if square or digital
        else ellipse(AXIS, MIDDLE, radius + 3)
    )
    canvas.panel(body, case if not digital else strap, volume=1.4, shadow=0.45)
    inner = (body - (AXIS, MIDDLE)) * 0.86 + (AXIS, MIDDLE)
    if s == "diver watch":
        canvas.panel(
            (body - (AXIS, MIDDLE)) * 0.97 + (AXIS, MIDDLE),
            plain(darker(look.accents[1], 0.3), None, 0.25),
            volume=0.5,
            shadow=0.1,
        )
        for i in range(12):
            canvas.panel(
                ellipse(
                    AXIS + radius * 0.89 * math.sin(i * math.pi / 6),
                    MIDDLE - radius * 0.89 * math.cos(i * math.pi / 6),
                    2.2,
                ),
                plain((240, 240, 236), None),
                volume=0,
                shadow=0,
            )
        inner = (body - (AXIS, MIDDLE)) * 0.78 + (AXIS, MIDDLE)
    if digital:
        _digits(canvas, look, inner)
        return
    dial = look.accents[1] if s != "bracelet watch" else look.colour
    canvas.panel(inner, plain(darker(METALS[_metal_of(look)], 0.4), None), volume=0.3, shadow=0)
    canvas.panel(
        (inner - (AXIS, MIDDLE)) * 0.97 + (AXIS, MIDDLE),
        plain(dial, "satin", 0.1),
        volume=-0.25,
        shadow=0,
        edge=1.4,
    )
    _dial(canvas, look, radius * (0.74 if s == "diver watch" else 0.82), dial, s)


def _dial(canvas: Canvas, look: Look, r: float, dial: tuple[int, int, int], s: str) -> None:
    ink = contrast(dial, 0.85)

    def at(share: float, turn: float) -> tuple[float, float]:
        a = 2 * math.pi * turn
        return AXIS + r * share * math.sin(a), MIDDLE - r * share * math.cos(a)

    canvas.lines(
        [[at(0.86, i / 12), at(0.97, i / 12)] for i in range(12)],
        ink,
        2.6 if s != "square watch" else 1.8,
        0.9,
    )
    canvas.lines([[at(0.92, i / 60), at(0.97, i / 60)] for i in range(60) if i % 5], ink, 0.8, 0.6)
    if s == "chronograph":
        for turn in (0.25, 0.5, 0.75):
            x, y = at(0.46, turn)
            canvas.panel(
                ellipse(x, y, r * 0.22),
                plain(mix(dial, contrast(dial), 0.3), None),
                volume=-0.2,
                shadow=0.1,
            )
            canvas.lines([[(x, y), (x + r * 0.1, y - r * 0.13)]], ink, 1.3, 0.9)
    else:
        canvas.panel(
            rounded(AXIS + r * 0.52, MIDDLE - 6, AXIS + r * 0.78, MIDDLE + 6, 1),
            plain((244, 244, 240), None),
            volume=0.1,
            shadow=0.1,
        )
        canvas.line([(AXIS - 10, MIDDLE - r * 0.4), (AXIS + 10, MIDDLE - r * 0.4)], ink, 2, 0.7)
    hour, minute = at(0.52, 10.15 / 12), at(0.78, 9 / 60)
    for tip, width in ((hour, 5), (minute, 3.8)):
        canvas.panel(
            ribbon([(AXIS, MIDDLE), tip], width, width * 0.6),
            plain(ink, None, 0.2),
            volume=0.4,
            shadow=0.4,
        )
    canvas.line([at(-0.18, 0.55), at(0.88, 0.55)], (196, 40, 44), 1.2, 0.9)
    canvas.panel(ellipse(AXIS, MIDDLE, 4.2), plain(ink, None, 0.3), volume=0.5)
    canvas.lines([[at(0.9, 0.74), at(0.93, 0.84), at(0.9, 0.94)]], (255, 255, 255), 5, 0.22)


SEGMENTS = {
    "0": "abcdef",
    "1": "bc",
    "2": "abged",
    "4": "fgbc",
    "5": "afgcd",
    "8": "abcdefg",
    "9": "abcdfg",
}


def _digits(canvas: Canvas, look: Look, glass: Points) -> None:
    canvas.panel(glass, plain((30, 32, 36), None, 0.2), volume=0.2, shadow=0)
    canvas.panel(
        (glass - (AXIS, MIDDLE)) * (0.86, 0.6) + (AXIS, MIDDLE),
        plain((176, 190, 168), None),
        volume=-0.3,
        shadow=0,
    )
    places = {
        "a": ((0, 0), (1, 0)),
        "b": ((1, 0), (1, 1)),
        "c": ((1, 1), (1, 2)),
        "d": ((0, 2), (1, 2)),
        "e": ((0, 1), (0, 2)),
        "f": ((0, 0), (0, 1)),
        "g": ((0, 1), (1, 1)),
    }
    lines = []
    for digit, x in zip("1025", (-33, -15, 7, 25), strict=True):
        for name in SEGMENTS[digit]:
            (x0, y0), (x1, y1) = places[name]
            lines.append(
                [
                    (AXIS + x + x0 * 10, MIDDLE - 13 + y0 * 13),
                    (AXIS + x + x1 * 10, MIDDLE - 13 + y1 * 13),
                ]
            )
    lines += [[(AXIS, MIDDLE - 6), (AXIS, MIDDLE - 4)], [(AXIS, MIDDLE + 5), (AXIS, MIDDLE + 7)]]
    canvas.lines(lines, (24, 28, 26), 2.8, 0.95)
    canvas.line([(AXIS - 30, MIDDLE - 42), (AXIS + 30, MIDDLE - 42)], look.accent, 3, 0.9)


def sunglasses(canvas: Canvas, look: Look) -> None:
    """Aviators, wayfarers, round, cat-eye, sports and oversized sunglasses, from the front."""
    s = look.style
    wire = s in ("aviator sunglasses", "round sunglasses")
    frame = (
        metal(_metal_of(look))
        if wire
        else Material(
            look.colour,
            None,
            "leopard" if look.pattern == "leopard" else None,
            look.accents,
            0.4,
            20.0,
            0,
        )
    )
    tint = look.colour if wire else look.accent
    lens_shapes = {
        "aviator sunglasses": [
            (42, 214),
            (80, 204),
            (160, 210),
            (168, 232),
            (148, 282),
            (104, 304),
            (58, 286),
            (38, 244),
        ],
        "round sunglasses": ellipse(104, 248, 52, 52)[:-1:6],
        "wayfarer sunglasses": [
            (40, 212),
            (100, 206),
            (162, 214),
            (164, 244),
            (146, 286),
            (100, 294),
            (56, 284),
            (40, 246),
        ],
        "cat-eye sunglasses": [
            (22, 190),
            (70, 208),
            (158, 216),
            (166, 246),
            (144, 284),
            (98, 292),
            (54, 272),
            (34, 234),
        ],
        "oversized sunglasses": [
            (36, 200),
            (100, 190),
            (164, 204),
            (170, 250),
            (150, 300),
            (100, 314),
            (50, 300),
            (32, 250),
        ],
        "sports sunglasses": [
            (26, 218),
            (90, 208),
            (170, 220),
            (172, 244),
            (140, 276),
            (84, 282),
            (44, 266),
            (24, 238),
        ],
    }
    lens = smooth(np.asarray(lens_shapes[s], dtype=np.float64), closed=True)
    centre = lens.mean(axis=0)
    grow = {"aviator sunglasses": 1.05, "round sunglasses": 1.06}.get(s, 1.17)
    for k in (-1, 1):
        hinge = [
            (AXIS + k * 146, 214),
            (AXIS + k * 152, 196),
            (AXIS + k * 120, 176),
            (AXIS + k * 66, 168),
        ]
        canvas.panel(
            ribbon(hinge, 8 if not wire else 4, 7 if not wire else 3.4, 6 if not wire else 3, 8),
            frame,
            volume=0.7,
            dim=0.8,
            shadow=0.15,
        )
    bridge = (
        [(164, 228), (180, 219), (196, 228)]
        if s != "aviator sunglasses"
        else [(162, 232), (180, 226), (198, 232)]
    )
    canvas.panel(
        ribbon(bridge, 12 if not wire else 4.4, 9 if not wire else 4.4, 12 if not wire else 4.4),
        frame,
        volume=0.9,
    )
    if s == "aviator sunglasses":
        canvas.panel(ribbon([(140, 206), (180, 202), (220, 206)], 4.4, 4.4, 4.4), frame, volume=0.9)
    for flip in (False, True):
        rim = (lens - centre) * grow + centre
        canvas.panel(mirror(rim) if flip else rim, frame, volume=1.0, shadow=0.3)
        glass = Material(darker(tint, 0.5), None, None, (), 0.22, 10.0, 0.0)
        pale = plain(lighter(mix(tint, (200, 180, 150), 0.3), 0.25), None)
        low = outline([(0, centre[1] + 26), (360, centre[1] + 26)], [(360, 420), (0, 420)])
        canvas.panel(
            mirror(lens) if flip else lens,
            glass,
            volume=0.5,
            shadow=0,
            inlays=[Inlay(low, pale, 0.75, 22)],
        )
        shift = 152 if flip else 0
        x0 = centre[0] + shift - (0 if not flip else 2 * (centre[0] - 104))
        canvas.lines([[(x0 - 26, 270), (x0 + 8, 226)]], (255, 255, 255), 9, 0.16)
        canvas.lines([[(x0 - 10, 274), (x0 + 20, 234)]], (255, 255, 255), 3, 0.16)
        if not wire:
            corner = (AXIS + (138 if flip else -138), 219)
            canvas.panel(ellipse(*corner, 3), metal("steel"), volume=0.4, shadow=0.1)
    if wire:
        for k in (-1, 1):
            canvas.panel(
                ellipse(AXIS + k * 15, 246, 4, 8),
                plain((232, 226, 214), None, 0.3),
                volume=0.6,
                shadow=0.2,
            )


def belt(canvas: Canvas, look: Look) -> None:
    """Coiled belts with a frame, plate or double-ring buckle; plain, braided, canvas."""
    s = look.style
    hide = (
        look.cloth("weave")
        if s == "canvas belt"
        else look.cloth("cable")
        if s == "braided belt"
        else plain(look.colour, "suede")
        if s == "suede belt"
        else leather(look.colour, 0.34)
    )
    wide = {"skinny belt": 34, "wide belt": 78}.get(s, 54)
    dark = plain(darker(look.colour, 0.35), "leather", 0.12)
    y0 = 214.0
    canvas.shadow(ellipse(AXIS, y0 + wide + 42, 126, 12), 0.3, 8)
    for i, shrink in enumerate((1.0, 0.86, 0.72)):
        rx, ry = 134 * shrink, 42 * shrink
        back = np.vstack(
            [ellipse(AXIS, y0, rx, ry, 180, 360), ellipse(AXIS, y0 + wide * 0.72, rx, ry, 360, 180)]
        )
        canvas.panel(back, dark, volume=0.5, dim=0.9 - 0.1 * i, shadow=0.3)
    for i, shrink in enumerate((0.72, 0.86, 1.0)):
        rx, ry = 134 * shrink, 42 * shrink
        front = np.vstack(
            [ellipse(AXIS, y0, rx, ry, 180, 0), ellipse(AXIS, y0 + wide, rx, ry, 0, 180)]
        )
        canvas.panel(
            front,
            hide if i == 2 else plain(darker(look.colour, 0.15), "leather", 0.2),
            volume=0.9,
            shadow=0.4,
        )
        canvas.line(ellipse(AXIS, y0, rx, ry, 180, 0), lighter(look.colour, 0.35), 1.6, 0.5)
    if s not in ("canvas belt", "braided belt"):
        for dy in (6, wide - 6):
            canvas.stitches(
                ellipse(AXIS, y0 + dy, 133, 42, 172, 8),
                colour=contrast(look.colour, 0.5),
                opacity=0.7,
            )
    name = _metal_of(look)
    x, y = AXIS - 24, y0 + 41 + wide / 2
    h = wide / 2 + 8
    tail = outline(
        [(x + 20, y - wide / 2 + 3), (x + 96, y - wide / 2 - 12)],
        [(x + 96, y - wide / 2 - 12), (x + 114, y - 14), (x + 100, y + wide / 2 - 14)],
        [(x + 100, y + wide / 2 - 14), (x + 20, y + wide / 2 + 1)],
    )
    canvas.panel(tail, hide, volume=0.8, shadow=0.45)
    for i in range(4):
        canvas.panel(
            ellipse(x + 40 + i * 15, y - 4 - i * 2.4, 2.6, 3.2),
            plain((20, 18, 18), None),
            volume=0,
            shadow=0,
        )
    if s == "plate belt":
        canvas.panel(rounded(x - 36, y - h, x + 32, y + h, 8), metal(name), volume=1.3, shadow=0.5)
        canvas.panel(
            rounded(x - 26, y - h + 10, x + 22, y + h - 10, 4), metal(name), volume=-0.4, shadow=0
        )
    elif s in ("canvas belt", "wide belt"):
        for d in (-14, 2):
            canvas.panel(
                ribbon(ellipse(x + d, y, 20, h), 7, 7), metal(name), volume=0.8, shadow=0.5
            )
    else:
        ring = np.asarray(rounded(x - 32, y - h, x + 26, y + h, 11))
        canvas.panel(ribbon(np.vstack([ring, ring[:2]]), 9, 9), metal(name), volume=1.0, shadow=0.5)
        canvas.panel(
            ribbon([(x - 28, y), (x + 30, y - 1)], 7, 5), metal(name), volume=0.8, shadow=0.5
        )
    canvas.panel(
        rounded(x + 46, y - wide / 2 - 7, x + 60, y + wide / 2 - 1, 3), hide, volume=0.8, shadow=0.5
    )


def tie(canvas: Canvas, look: Look) -> None:
    """Neckties with a knot, knitted ties and bow ties."""
    s = look.style
    silk = look.cloth(
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
        angle=-40 if look.pattern != "plain" else 0,
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
        angle=40 if look.pattern != "plain" else 0,
        shadow=0.5,
        folds=[Fold([(AXIS - 20, 66), (AXIS - 4, 90), (AXIS + 10, 108)], 8, -1.8)],
    )


def scarf(canvas: Canvas, look: Look) -> None:
    """Looped winter scarves, hanging scarves with fringe, silk squares, snoods."""
    s = look.style
    cloth = (
        look.cloth("satin", 0.14, rumple=2.2)
        if s == "silk scarf"
        else look.cloth(
            "cable" if s == "snood" else "wool" if look.pattern != "plain" else "knit", rumple=1.6
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
        canvas.line(np.vstack([rim, rim[:1]])[::3], look.accents[1], 5, 0.7)
        return
    if s == "snood":
        canvas.panel(ellipse(AXIS, 178, 128, 70), cloth, volume=1.6, dim=0.85)
        canvas.panel(
            ellipse(AXIS, 170, 78, 34),
            plain(darker(look.colour, 0.45), "knit"),
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
        canvas.lines(strands, darker(look.colour, 0.18), 3.6, 0.95)
        canvas.lines(strands, look.colour, 2.0, 0.9)
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
        ellipse(AXIS, 84, 56, 22), plain(darker(look.colour, 0.5), "wool"), volume=0.4, dim=0.7
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


def socks(canvas: Canvas, look: Look) -> None:
    """Pairs of ankle, crew and knee socks."""
    s = look.style
    knit = look.cloth("rib" if look.pattern == "plain" else "jersey", rumple=1.2, grain=0.7)
    top = {"ankle socks": 210, "knee socks": 40}.get(s, 112)
    trim = plain(look.accent, "rib")
    for dx, dy, dim in ((46, -16, 0.93), (-14, 10, 1.0)):

        def at(
            points: list[tuple[float, float]], dx: float = dx, dy: float = dy
        ) -> list[tuple[float, float]]:
            return [(x + dx, y + dy) for x, y in points]

        leg = 4 if s == "knee socks" else 0
        shape = outline(
            at([(158 - leg, top), (196, top - 4), (236 + leg, top)]),
            at([(236 + leg, top), (238, (top + 300) / 2), (240, 310), (246, 352), (228, 384)]),
            at([(228, 384), (180, 392), (120, 404), (70, 410), (42, 390), (48, 362)]),
            at(
                [
                    (48, 362),
                    (90, 348),
                    (136, 334),
                    (158, 302),
                    (160, (top + 290) / 2),
                    (158 - leg, top),
                ]
            ),
        )
        creases = [
            Fold(at([(160, 306), (190, 320), (214, 322)]), 9, -2.2),
            Fold(at([(166, 290), (200, 300), (236, 290)]), 9, 1.6),
            Fold(at([(140, 336), (170, 352), (186, 372)]), 9, -1.6),
        ]
        canvas.panel(shape, knit, volume=1.3, folds=creases, dim=dim, shadow=0.4)
        heel = outline(
            at([(242, 322), (250, 356), (228, 386)]),
            at([(228, 386), (196, 391)]),
            at([(196, 391), (206, 352), (242, 322)]),
        )
        toe = outline(
            at([(84, 350), (46, 360), (40, 390), (70, 411)]),
            at([(70, 411), (100, 407)]),
            at([(100, 407), (82, 380), (84, 350)]),
        )
        for patch in (heel, toe):
            canvas.panel(patch, trim, volume=0.7, shadow=0.1, dim=dim)
        canvas.panel(
            outline(
                at([(156 - leg, top - 2), (196, top - 6), (238 + leg, top - 2)]),
                at([(238 + leg, top + 26), (196, top + 23), (157 - leg, top + 26)]),
            ),
            trim if s != "ankle socks" else plain(look.colour, "rib"),
            volume=0.9,
            shadow=0.2,
            dim=dim,
        )
        if look.style == "sports socks":
            for y in (top + 34, top + 46):
                canvas.panel(
                    outline(
                        at([(158, y), (196, y - 3), (237, y)]),
                        at([(237, y + 7), (196, y + 4), (158, y + 7)]),
                    ),
                    trim,
                    volume=0.3,
                    shadow=0,
                    dim=dim,
                )

"""Wrist watches, seen from the front."""

import math

import numpy as np

from demo.drawing.canvas import Canvas
from demo.drawing.materials import Fold
from demo.drawing.paths import AXIS, Points, ellipse, outline, ribbon, rounded
from demo.product_style import (
    METALS,
    ProductStyle,
    contrast,
    darker,
    leather,
    metal,
    mix,
    plain,
)

MIDDLE = 240.0  # y of the dial


def watch(canvas: Canvas, style: ProductStyle) -> None:
    """Wrist watches: round, square, chronograph, diver, digital; leather, steel, rubber straps."""
    s = style.model
    case = metal(style.metal)
    steel, square, digital = "bracelet" in s, "square" in s, s == "digital watch"
    radius = (62 if not style.female else 52) + canvas.rng.uniform(-3, 3)
    width = radius * (0.74 if not style.female else 0.62)
    strap = (
        case
        if steel
        else plain(style.colour, "suede", 0.12)
        if s in ("diver watch", "digital watch")
        else leather(style.colour)
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
            canvas.stitches(*sides, colour=contrast(style.colour, 0.6), opacity=0.75)
        else:
            for y in ys[::2]:
                canvas.line(
                    [(AXIS - width * 0.6, float(y)), (AXIS + width * 0.6, float(y))],
                    darker(style.colour, 0.5),
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
            plain(darker(style.accents[1], 0.3), None, 0.25),
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
        _digits(canvas, style, inner)
        return
    dial = style.accents[1] if s != "bracelet watch" else style.colour
    canvas.panel(inner, plain(darker(METALS[style.metal], 0.4), None), volume=0.3, shadow=0)
    canvas.panel(
        (inner - (AXIS, MIDDLE)) * 0.97 + (AXIS, MIDDLE),
        plain(dial, "satin", 0.1),
        volume=-0.25,
        shadow=0,
        edge=1.4,
    )
    _dial(canvas, radius * (0.74 if s == "diver watch" else 0.82), dial, s)


def _dial(canvas: Canvas, r: float, dial: tuple[int, int, int], s: str) -> None:
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


def _digits(canvas: Canvas, style: ProductStyle, glass: Points) -> None:
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
    canvas.line([(AXIS - 30, MIDDLE - 42), (AXIS + 30, MIDDLE - 42)], style.accent, 3, 0.9)

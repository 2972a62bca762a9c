"""Printed and woven patterns: tiles with the coverage of three accent colours.

Tiles have no colours, so that one tile serves all products. Channels 0, 1 and 2 are the coverage
of the first, second and third accent, laid over the base colour in this order.
"""

import math
from collections.abc import Callable
from functools import cache

import numpy as np
from PIL import Image

from demo.drawing.paths import ellipse, moved, rotate, smooth
from demo.drawing.pattern_sheet import FIRST, OVERSAMPLING, SECOND, THIRD, Ink, Sheet
from demo.drawing.textures import TILE, undulation


def _stripes(s: Sheet) -> None:
    s.bars(15, 0, 5, FIRST, False)


def _bold_stripes(s: Sheet) -> None:
    s.bars(56, 0, 28, FIRST, False)


def _multi_stripes(s: Sheet) -> None:
    s.bars(48, 0, 12, FIRST, False)
    s.bars(48, 18, 5, SECOND, False)
    s.bars(48, 30, 9, THIRD, False)


def _pinstripes(s: Sheet) -> None:
    s.bars(11, 0, 1.1, FIRST, True)


def _candy_stripes(s: Sheet) -> None:
    s.bars(12, 0, 6, FIRST, True)


def _gingham(s: Sheet) -> None:
    s.tint(16, 0, 8, 0, 120)


def _plaid(s: Sheet) -> None:
    s.tint(58, 0, 26, 0, 105)
    s.tint(58, 38, 5, 1, 120)
    s.tint(58, 11, 3, 2, 110)


def _tartan(s: Sheet) -> None:
    s.tint(44, 0, 18, 0, 115)
    s.tint(44, 24, 3, 1, 125)
    s.tint(44, 34, 3, 1, 125)
    s.tint(44, 8, 2, 2, 127)


def _windowpane(s: Sheet) -> None:
    s.tint(34, 0, 1.6, 0, 110)


def _dots(s: Sheet) -> None:
    for x, y in s.scatter(19, 0):
        s.polygon(ellipse(x, y, 5), FIRST)


def _small_dots(s: Sheet) -> None:
    for x, y in s.scatter(10, 0):
        s.polygon(ellipse(x, y, 1.7), FIRST)


def _flower(s: Sheet, x: float, y: float, size: float, petals: int, ink: Ink, eye: Ink) -> None:
    turn = s.rng.uniform(0, 360)
    for i in range(petals):
        petal = ellipse(x + size * 0.62, y, size * 0.52, size * 0.36)
        s.polygon(rotate(petal, turn + 360 / petals * i, (x, y)), ink)
    s.polygon(ellipse(x, y, size * 0.3), eye)


def _leaf(s: Sheet, x: float, y: float, size: float, ink: Ink, degrees: float) -> None:
    blade = smooth([(x, y), (x + size * 0.45, y - size * 0.28), (x + size, y),
                    (x + size * 0.45, y + size * 0.28), (x, y)])  # fmt: skip
    s.polygon(rotate(blade, degrees, (x, y)), ink)


def _floral(s: Sheet) -> None:
    for x, y in s.scatter(38, 0.2):
        for _ in range(3):
            _leaf(s, x, y, s.rng.uniform(14, 20), SECOND, s.rng.uniform(0, 360))
        _flower(s, x, y, s.rng.uniform(9, 13), 5, FIRST, THIRD)
    for x, y in s.scatter(38, 0.2):
        _flower(s, x + 19, y + 4, 5, 5, THIRD, FIRST)


def _ditsy(s: Sheet) -> None:
    for x, y in s.scatter(16, 0.25):
        _leaf(s, x, y, 7, SECOND, s.rng.uniform(0, 360))
        _flower(s, x, y, 3.6, 5, FIRST, THIRD)


def _tropical(s: Sheet) -> None:
    for x, y in s.scatter(52, 0.2):
        turn = s.rng.uniform(0, 360)
        ink = FIRST if s.rng.random() < 0.6 else SECOND
        for step in range(9):
            at = 6 + step * 5.5
            px = x + at * math.cos(math.radians(turn))
            py = y + at * math.sin(math.radians(turn))
            length = 24 - abs(step - 3.5) * 3
            for side in (-58, 58):
                _leaf(s, px, py, length, ink, turn + side)
    for x, y in s.scatter(78, 0.25):
        _flower(s, x, y, 13, 5, THIRD, SECOND)


def _camouflage(s: Sheet) -> None:
    pixels = np.zeros((TILE, TILE, 3), np.uint8)
    for channel, (scale, level) in enumerate(((13, 0.35), (11, 0.75), (9, 1.1))):
        wave = np.roll(undulation(scale), 97 * (channel + 1), axis=1)
        pixels[wave > level] = 0
        pixels[..., channel][wave > level] = 255
    side = TILE * OVERSAMPLING
    s.image = Image.fromarray(pixels).resize((side, side), Image.Resampling.BICUBIC)


def _tie_dye(s: Sheet) -> None:
    y, x = np.mgrid[0:TILE, 0:TILE].astype(np.float32) - TILE / 2
    angle = np.arctan2(y, x)
    radius = np.hypot(x, y) + 7 * undulation(9)
    wave = angle * 3 + radius / 24 + 0.35 * undulation(6)
    pixels = np.stack([np.clip(1.1 * np.sin(wave + k * 2.1), 0, 1) for k in range(3)], axis=2)
    side = TILE * OVERSAMPLING
    s.image = Image.fromarray((pixels * 215).astype(np.uint8)).resize((side, side))


def _leopard(s: Sheet) -> None:
    for x, y in s.scatter(17, 0.22):
        size, turn = s.rng.uniform(4.6, 6.6), s.rng.uniform(0, 360)
        wobble = s.rng.uniform(0.75, 1.2, 9)
        a = np.linspace(0, 2 * np.pi, 10)[:-1]
        spot = np.stack([x + size * wobble * np.cos(a), y + size * 0.85 * wobble * np.sin(a)], 1)
        spot = rotate(smooth(spot, closed=True), turn, (x, y))
        s.polygon(spot, FIRST)
        centre = np.array([x, y]) + s.rng.uniform(-1.4, 1.4, 2)
        s.polygon(centre + (spot - [x, y]) * 0.5, SECOND)


def _chevron(s: Sheet) -> None:
    x = np.arange(-20, TILE + 40, 10.0)
    zigzag = np.where(np.arange(len(x)) % 2, 9.0, 0.0)
    for i, y in enumerate(np.arange(-20, TILE + 20, 17.0)):
        edge = np.stack([x, y + zigzag], axis=1)
        s.polygon(np.vstack([edge, moved(edge[::-1], 0, 7)]), (FIRST, SECOND, THIRD)[i % 3])


def _argyle(s: Sheet) -> None:
    for row in range(-1, int(TILE / 30) + 2):
        for column in range(-1, int(TILE / 40) + 2):
            x, y = column * 40 + 20 * (row % 2), row * 30
            diamond = np.array([(x, y - 30), (x + 20, y), (x, y + 30), (x - 20, y)], float)
            if row % 2 == 0:
                s.polygon(diamond, FIRST if column % 2 else SECOND)
    for offset in range(-2 * TILE, 2 * TILE, 40):
        for slope in (1.5, -1.5):
            a = (offset * OVERSAMPLING, 0)
            b = ((offset + TILE / slope) * OVERSAMPLING, TILE * OVERSAMPLING)
            s.draw.line([a, b], fill=THIRD, width=2)


def _fair_isle(s: Sheet) -> None:
    step = 4.0
    bands = ("x...x...", ".x.x.x.x", "..x...x.", "........", "xxx.xxx.", "x.x.x.x.", "xxx.xxx.",
             "........", "...x....", "..xxx...", ".xxxxx..", "..xxx...", "...x....", "........",
             "x.x.x.x.", "........", "........")  # fmt: skip
    for row in range(int(TILE / step)):
        band = row % len(bands)
        for column in range(int(TILE / step)):
            if bands[band][column % 8] == "x":
                x, y = column * step, row * step
                ink = FIRST if band < 8 else SECOND if band < 14 else THIRD
                s.polygon(
                    np.array([(x, y), (x + step, y), (x + step, y + step), (x, y + step)]), ink
                )


def _houndstooth(s: Sheet) -> None:
    side = TILE * OVERSAMPLING
    y, x = np.mgrid[0:side, 0:side] // 6
    warp, weft = (x % 8) < 4, (y % 8) < 4
    on_top = (x + y) % 4 < 2
    coverage = np.where(on_top, warp, weft)
    pixels = np.zeros((side, side, 3), np.uint8)
    pixels[..., 0] = coverage * 255
    s.image = Image.fromarray(pixels)


_MAKERS: dict[str, Callable[[Sheet], None]] = {
    "stripes": _stripes,
    "bold stripes": _bold_stripes,
    "multi stripes": _multi_stripes,
    "pinstripes": _pinstripes,
    "candy stripes": _candy_stripes,
    "gingham": _gingham,
    "plaid": _plaid,
    "tartan": _tartan,
    "windowpane": _windowpane,
    "dots": _dots,
    "small dots": _small_dots,
    "floral": _floral,
    "ditsy": _ditsy,
    "tropical": _tropical,
    "camouflage": _camouflage,
    "tie dye": _tie_dye,
    "leopard": _leopard,
    "chevron": _chevron,
    "argyle": _argyle,
    "fair isle": _fair_isle,
    "houndstooth": _houndstooth,
}
TILED_PATTERNS = tuple(_MAKERS)


@cache
def pattern(name: str) -> Image.Image:
    """Pattern tile: coverage of the three accents, RGB, `TILE` pixels wide and high."""
    sheet = Sheet(list(_MAKERS).index(name))
    _MAKERS[name](sheet)
    return sheet.image.reduce(OVERSAMPLING)

"""Pictures printed on the chest of Tshirts and sweatshirts."""

from collections.abc import Callable

import numpy as np

from demo.drawing.canvas import Canvas
from demo.drawing.materials import Colour, Inlay
from demo.drawing.paths import Points, ellipse, ribbon, rotate, rounded, smooth
from demo.product_style import ProductStyle, contrast, mix, plain

Shapes = list[tuple[Points, Colour]]
# Each glyph: strokes on a grid 2 wide and 4 high.
GLYPHS: dict[str, list[list[tuple[float, float]]]] = {
    "A": [[(0, 4), (1, 0)], [(1, 0), (2, 4)], [(0.4, 2.6), (1.6, 2.6)]],
    "C": [[(2, 0.5), (1, 0), (0, 1.2), (0, 2.8), (1, 4), (2, 3.5)]],
    "D": [[(0, 0), (0, 4)], [(0, 0), (1.2, 0), (2, 1.2), (2, 2.8), (1.2, 4), (0, 4)]],
    "E": [[(0, 0), (0, 4)], [(0, 0), (2, 0)], [(0, 2), (1.6, 2)], [(0, 4), (2, 4)]],
    "H": [[(0, 0), (0, 4)], [(2, 0), (2, 4)], [(0, 2), (2, 2)]],
    "I": [[(1, 0), (1, 4)]],
    "L": [[(0, 0), (0, 4)], [(0, 4), (2, 4)]],
    "N": [[(0, 4), (0, 0)], [(0, 0), (2, 4)], [(2, 4), (2, 0)]],
    "O": [[(1, 0), (0, 1), (0, 3), (1, 4), (2, 3), (2, 1), (1, 0)]],
    "R": [[(0, 0), (0, 4)], [(0, 0), (1.4, 0), (2, 1), (1.4, 2), (0, 2)], [(0.9, 2), (2, 4)]],
    "S": [[(2, 0.5), (1, 0), (0, 0.9), (1, 2), (2, 3.1), (1, 4), (0, 3.5)]],
    "T": [[(0, 0), (2, 0)], [(1, 0), (1, 4)]],
    "V": [[(0, 0), (1, 4)], [(1, 4), (2, 0)]],
    "W": [[(0, 0), (0.5, 4)], [(0.5, 4), (1, 1)], [(1, 1), (1.5, 4)], [(1.5, 4), (2, 0)]],
}
WORDS = ("COAST", "NORTH", "WILD", "SOLEIL", "HELLO", "RIVER", "OCEAN")


def _word(word: str, x: float, y: float, height: float, colour: Colour) -> Shapes:
    unit = height / 4
    start = x - (len(word) * 2.9 - 0.9) * unit / 2
    shapes: Shapes = []
    for i, letter in enumerate(word):
        for stroke in GLYPHS.get(letter, []):
            line = [(start + (i * 2.9 + px) * unit, y + py * unit) for px, py in stroke]
            shapes.append((ribbon(line, unit * 0.62, unit * 0.62), colour))
    return shapes


def _sunset(c: Canvas, style: ProductStyle, x: float, y: float) -> Shapes:
    sun, sea = style.accents[0], style.accents[1]
    shapes: Shapes = [(ellipse(x, y, 42), sun)]
    for i, gap in enumerate((6, 16, 25, 33)):
        shapes.append((rounded(x - 46, y + gap, x + 46, y + gap + 1.6 + i * 1.1, 1), style.colour))
    for i in range(3):
        wave = [(x - 44 + k * 11, y + 50 + i * 9 + (3 if k % 2 else -3)) for k in range(9)]
        shapes.append((ribbon(wave, 3.2, 3.2), sea))
    return shapes


def _mountain(c: Canvas, style: ProductStyle, x: float, y: float) -> Shapes:
    a, b, snow = style.accents
    peak = np.array([(x - 56, y + 44), (x - 14, y - 36), (x + 22, y + 44)], float)
    second = np.array([(x - 14, y + 44), (x + 24, y - 12), (x + 58, y + 44)], float)
    cap = np.array(
        [
            (x - 26, y - 12),
            (x - 14, y - 36),
            (x - 3, y - 12),
            (x - 9, y - 18),
            (x - 15, y - 9),
            (x - 20, y - 17),
        ],
        float,
    )
    shapes: Shapes = [
        (ellipse(x + 26, y - 30, 13), snow),
        (second, b),
        (peak, a),
        (cap, contrast(a, 0.8)),
    ]
    return shapes + _word(
        WORDS[int(c.rng.integers(0, 2))], x, y + 54, 15, contrast(style.colour, 0.8)
    )


def _flower(c: Canvas, style: ProductStyle, x: float, y: float) -> Shapes:
    a, b, centre = style.accents
    shapes: Shapes = [(ribbon([(x, y), (x + 4, y + 40), (x - 3, y + 76)], 4, 4), b)]
    for side in (-1, 1):
        leaf = smooth(
            [
                (x, y + 58),
                (x + side * 20, y + 38),
                (x + side * 36, y + 40),
                (x + side * 20, y + 56),
            ],
            closed=True,
        )
        shapes.append((leaf, b))
    for i in range(10):
        shapes.append((rotate(ellipse(x + 26, y - 10, 19, 7.5), i * 36, (x, y - 10)), a))
    return [*shapes, (ellipse(x, y - 10, 12), centre)]


def _varsity(c: Canvas, style: ProductStyle, x: float, y: float) -> Shapes:
    word = WORDS[int(c.rng.integers(0, len(WORDS)))]
    shapes = _word(word, x, y - 16, 30, style.accent)
    for gap in (24, 32):
        shapes.append((rounded(x - 52, y + gap, x + 52, y + gap + 3, 1), style.accents[1]))
    return shapes


def _heart(c: Canvas, style: ProductStyle, x: float, y: float) -> Shapes:
    t = np.linspace(0, 2 * np.pi, 70)
    px, py = (
        16 * np.sin(t) ** 3,
        -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)),
    )
    big = np.stack([x + px * 2.9, y + py * 2.9], axis=1)
    small = np.stack([x + px * 1.9, y + py * 1.9], axis=1)
    return [(big, style.accent), (small, mix(style.accent, style.colour, 0.75))]


def _star(c: Canvas, style: ProductStyle, x: float, y: float) -> Shapes:
    shapes: Shapes = []
    for radius, colour in ((50, style.accent), (37, style.colour), (28, style.accents[1])):
        angle = np.arange(10) * np.pi / 5 - np.pi / 2
        r = np.where(np.arange(10) % 2, radius * 0.45, radius)
        shapes.append((np.stack([x + r * np.cos(angle), y + r * np.sin(angle)], axis=1), colour))
    return shapes


def _cat(c: Canvas, style: ProductStyle, x: float, y: float) -> Shapes:
    a, b, _ = style.accents
    shapes: Shapes = [
        (
            smooth(
                [
                    (x - 40, y + 4),
                    (x - 40, y - 44),
                    (x - 16, y - 28),
                    (x + 16, y - 28),
                    (x + 40, y - 44),
                    (x + 40, y + 4),
                    (x + 22, y + 34),
                    (x - 22, y + 34),
                ],
                closed=True,
            ),
            a,
        )
    ]
    for side in (-1, 1):
        shapes += [
            (ellipse(x + side * 17, y - 2, 8, 9), (250, 250, 246)),
            (ellipse(x + side * 16, y - 1, 3.6, 6.5), (20, 20, 24)),
        ]
        for k in (-4, 2, 8):
            shapes.append(
                (
                    ribbon(
                        [(x + side * 12, y + 16 + k * 0.4), (x + side * 46, y + 11 + k)], 1.4, 1.0
                    ),
                    contrast(style.colour, 0.8),
                )
            )
    return [*shapes, (ellipse(x, y + 12, 5, 3.6), b)]


PRINTS: tuple[Callable[[Canvas, ProductStyle, float, float], Shapes], ...] = (
    _sunset,
    _varsity,
    _mountain,
    _flower,
    _heart,
    _star,
    _cat,
)


def graphic(canvas: Canvas, style: ProductStyle, x: float, y: float) -> list[Inlay]:
    """One of the prints, chosen by the product's own chance, centred at (x, y)."""
    draw = PRINTS[int(canvas.rng.integers(0, len(PRINTS)))]
    return [Inlay(path, plain(colour, None)) for path, colour in draw(canvas, style, x, y)]


def emblem(canvas: Canvas, style: ProductStyle, x: float, y: float) -> None:
    """A small embroidered badge: a letter, a shield, a sun or a bar."""
    thread = style.accent if style.accent != style.colour else contrast(style.colour, 0.8)
    kind = int(canvas.rng.integers(0, 4))
    if kind == 0:
        letter = str(canvas.rng.choice(list(GLYPHS)))
        for path, colour in _word(letter, x, y - 22, 44, thread):
            canvas.panel(path, plain(colour, "rib"), volume=0.6, shadow=0.3)
    elif kind == 1:
        shield = smooth(
            [
                (x - 20, y - 18),
                (x, y - 22),
                (x + 20, y - 18),
                (x + 17, y + 10),
                (x, y + 26),
                (x - 17, y + 10),
            ],
            closed=True,
        )
        canvas.panel(shield, plain(thread, "rib"), volume=0.5, shadow=0.3)
        canvas.panel(
            (shield - (x, y)) * 0.6 + (x, y), plain(style.accents[1], "rib"), volume=0.4, shadow=0.2
        )
    elif kind == 2:
        canvas.panel(ellipse(x, y, 20, 20), plain(thread, "rib"), volume=0.5, shadow=0.3)
        canvas.panel(
            rounded(x - 20, y + 2, x + 20, y + 6, 1), plain(style.colour, None), volume=0, shadow=0
        )
        canvas.panel(
            rounded(x - 17, y + 10, x + 17, y + 13, 1),
            plain(style.colour, None),
            volume=0,
            shadow=0,
        )
    else:
        canvas.panel(
            rounded(x - 26, y - 8, x + 26, y + 14, 3), plain(thread, "rib"), volume=0.5, shadow=0.3
        )
        canvas.line([(x - 16, y + 3), (x + 16, y + 3)], contrast(thread, 0.8), 3, 0.8)

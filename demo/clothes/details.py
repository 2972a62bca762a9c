"""Garment details: buttons, collars, pockets, bows, zips."""

import numpy as np

from demo.clothes.torso import Torso
from demo.drawing.canvas import Canvas
from demo.drawing.materials import Flutes, Material
from demo.drawing.paths import AXIS, Points, ellipse, mirror, outline, rounded, smooth
from demo.product_style import contrast, metal, plain

BUTTON = (236, 232, 224)


def button(
    canvas: Canvas, x: float, y: float, radius: float = 3.0, colour: tuple[int, int, int] = BUTTON
) -> None:
    """Draw a round button with its thread."""
    canvas.panel(ellipse(x, y, radius), plain(colour, None, 0.2), volume=0.35, shadow=0.45)
    canvas.lines(
        [[(x - 0.9, y - 0.9), (x + 0.9, y + 0.9)], [(x - 0.9, y + 0.9), (x + 0.9, y - 0.9)]],
        contrast(colour, 0.5),
        0.6,
        0.8,
    )


def placket(canvas: Canvas, t: Torso, material: Material, length: float, count: int) -> None:
    """Draw the buttoned strip below the neck."""
    top = t.top + t.depth - 4
    strip = rounded(AXIS - 8, top, AXIS + 8, top + length, 2)
    canvas.panel(strip, material, volume=0.35, shadow=0.3)
    canvas.seam(
        [(AXIS - 5.5, top + 4), (AXIS - 5.5, top + length - 3)],
        [(AXIS + 5.5, top + 4), (AXIS + 5.5, top + length - 3)],
        [(AXIS - 7, top + length - 8), (AXIS + 7, top + length - 8)],
        strength=0.5,
    )
    for i in range(count):
        button(canvas, AXIS, top + 12 + i * (length - 22) / max(count - 1, 1), 2.8)


def collar(
    canvas: Canvas, t: Torso, material: Material, spread: float, height: float, gap: float = 4
) -> None:
    """Draw a turned-down collar: two leaves that meet at the neck."""
    y = t.top
    leaf = outline(
        [
            (AXIS - gap, y + t.depth),
            (AXIS - t.neck * 0.62, y + t.depth * 0.35),
            (AXIS - t.neck * 0.86, y - height * 0.62),
        ],
        [
            (AXIS - t.neck * 0.86, y - height * 0.62),
            (AXIS - t.neck - 6, y - height * 0.2),
            (AXIS - t.neck - 9, y + 8),
        ],
        [
            (AXIS - t.neck - 9, y + 8),
            (AXIS - t.neck * 0.9, y + t.depth + spread * 0.55),
            (AXIS - t.neck * 0.62, y + t.depth + spread),
        ],
        [(AXIS - t.neck * 0.62, y + t.depth + spread), (AXIS - gap, y + t.depth)],
    )
    for path in (leaf, mirror(leaf)):
        canvas.panel(path, material, volume=0.45, shadow=0.38, angle=20 if path is leaf else -20)


def collar_stand(canvas: Canvas, t: Torso, material: Material, height: float) -> None:
    """Draw the inside of a collar behind the neck."""
    back = outline(
        [
            (AXIS - t.neck - 2, t.top + 2),
            (AXIS - t.neck * 0.82, t.top - height * 0.7),
            (AXIS, t.top - height),
            (AXIS + t.neck * 0.82, t.top - height * 0.7),
            (AXIS + t.neck + 2, t.top + 2),
        ],
        [
            (AXIS + t.neck + 2, t.top + 2),
            (AXIS, t.top + t.depth + 12),
            (AXIS - t.neck - 2, t.top + 2),
        ],
    )
    canvas.panel(back, material, volume=0.2, dim=0.78, edge=0.6)
    y = t.top - height * 0.25
    canvas.seam([(AXIS - t.neck * 0.9, y + 3), (AXIS, y + 6), (AXIS + t.neck * 0.9, y + 3)])
    canvas.panel(
        rounded(AXIS - 10, y + 10, AXIS + 10, y + 18, 1),
        plain((230, 226, 216), None),
        volume=0.1,
        edge=0.2,
    )
    canvas.line([(AXIS - 5, y + 14), (AXIS + 5, y + 14)], (80, 80, 90), 1.2, 0.7)


def pocket(
    canvas: Canvas,
    x: float,
    y: float,
    width: float,
    height: float,
    material: Material,
    thread: tuple[int, int, int],
    flap: bool = False,
) -> None:
    """Draw a patch pocket with a pointed end."""
    w = width / 2
    body = np.array(
        [
            (x - w, y),
            (x + w, y),
            (x + w, y + height * 0.82),
            (x, y + height),
            (x - w, y + height * 0.82),
        ]
    )
    canvas.panel(body, material, volume=0.25, shadow=0.25, edge=0.5)
    inner = (body - (x, y + height / 2)) * 0.88 + (x, y + height / 2)
    canvas.stitches(
        inner[[0, 4]], inner[[4, 3]], inner[[3, 2]], inner[[2, 1]], colour=thread, opacity=0.6
    )
    if flap:
        lid = np.array(
            [
                (x - w - 1, y - 4),
                (x + w + 1, y - 4),
                (x + w + 1, y + 9),
                (x, y + 18),
                (x - w - 1, y + 9),
            ]
        )
        canvas.panel(lid, material, volume=0.3, shadow=0.35, edge=0.5)
        button(canvas, x, y + 10, 2.4)
    else:
        canvas.seam([(x - w, y + 8), (x + w, y + 8)], strength=0.6)


ZIP_TEETH = (150, 152, 158)


def zipper(canvas: Canvas, top: float, bottom: float, x: float = AXIS) -> None:
    """Draw a metal zip with its pull."""
    canvas.line([(x, top), (x, bottom)], (40, 40, 46), 5.0, 0.75)
    canvas.line([(x, top), (x, bottom)], ZIP_TEETH, 2.8, 0.95, (1.3, 1.1))
    canvas.panel(rounded(x - 2.6, top + 2, x + 2.6, top + 9, 2), metal("steel"), volume=0.4)
    canvas.panel(rounded(x - 1.8, top + 9, x + 1.8, top + 20, 1.6), metal("steel"), volume=0.4)


def bow(canvas: Canvas, x: float, y: float, size: float, material: Material) -> None:
    """Draw a tied bow with hanging ends."""
    for side in (-1, 1):
        tail = outline(
            [
                (x, y),
                (x + side * size * 0.4, y + size * 0.9),
                (x + side * size * 0.42, y + size * 2),
            ],
            [(x + side * size * 0.8, y + size * 1.85)],
            [(x + side * size * 0.72, y + size * 0.8), (x + side * 5, y - 2)],
        )
        canvas.panel(tail, material, volume=0.5, shadow=0.35)
    for side in (-1, 1):
        loop: Points = smooth(
            [
                (x, y),
                (x + side * size * 0.6, y - size * 0.42),
                (x + side * size * 1.1, y - size * 0.1),
                (x + side * size * 0.85, y + size * 0.34),
            ],
            closed=True,
        )
        canvas.panel(loop, material, volume=0.9, shadow=0.35)
    canvas.panel(ellipse(x, y, size * 0.2, size * 0.24), material, volume=0.8, dim=0.95)


def ruffle(
    canvas: Canvas, left: float, right: float, y: float, height: float, material: Material
) -> None:
    """Draw a wide frill across the chest."""

    reach = 26
    wave: list[tuple[float, float]] = []
    for i, x in enumerate(np.linspace(right + reach, left - reach, 15)):
        wave.append((float(x), y + height + (5 if i % 2 else -3) - abs(x - AXIS) * 0.06))
    path = outline(
        [(left - 8, y + 4), (AXIS, y + 12), (right + 8, y + 4)],
        [(right + 8, y + 4), wave[0]],
        wave,
        [wave[-1], (left - 8, y + 4)],
    )
    canvas.panel(path, material, flutes=Flutes(8, 3.4), volume=0.6, shadow=0.4)
    canvas.seam([(left - 4, y + 12), (AXIS, y + 19), (right + 4, y + 12)])

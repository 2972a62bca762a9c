"""Sleeves, necklines, hems and folds of upper garments."""

import numpy as np

from demo.clothes.torso import Torso
from demo.drawing.canvas import Canvas
from demo.drawing.materials import Fold, Material
from demo.drawing.paths import AXIS, Points, mirror, outline, ribbon, smooth
from demo.product_style import ProductStyle, darker, plain


def folds(canvas: Canvas, t: Torso, strength: float = 1.0) -> list[Fold]:
    """Drags from the armpits and soft waves above the hem."""
    rng, found = canvas.rng, []
    for side in (-1, 1):
        for i in range(3):
            x, y = AXIS + side * (t.chest - 4), t.armpit - 4 + 17 * i
            reach = rng.uniform(28, 52)
            found.append(
                Fold(
                    [
                        (x, y),
                        (x - side * reach * 0.5, y + rng.uniform(4, 14)),
                        (x - side * reach, y + rng.uniform(16, 40)),
                    ],
                    rng.uniform(7, 12),
                    strength * rng.uniform(1.2, 2.6) * (1 if i % 2 else -1),
                )
            )
        for _ in range(2):
            x = AXIS + side * rng.uniform(0.25, 0.85) * t.hem
            y = t.bottom - rng.uniform(2, 14)
            rise = rng.uniform(60, 150)
            lean = rng.uniform(-10, 10)
            found.append(
                Fold(
                    [(x, y), (x + lean * 0.4, y - rise * 0.5), (x + lean, y - rise)],
                    rng.uniform(9, 17),
                    strength * rng.uniform(1.2, 2.4) * rng.choice([-1, 1]),
                )
            )
    y = t.middle + rng.uniform(-20, 20)
    side = rng.choice([-1, 1])
    found.append(
        Fold(
            [
                (AXIS + side * t.waist * 0.9, y - 12),
                (AXIS + side * 20, y + 4),
                (AXIS - side * 22, y + 2),
            ],
            12,
            -1.3 * strength,
        )
    )
    return found


def sleeve_folds(canvas: Canvas, sleeve: Points, strength: float = 1.0) -> list[Fold]:
    """Creases across a sleeve, closest together at the elbow."""
    rng = canvas.rng
    low, high = sleeve.min(axis=0), sleeve.max(axis=0)
    height = high[1] - low[1]
    found = []
    for _ in range(max(2, int(height / 30))):
        share = float(np.clip(rng.normal(0.5, 0.2), 0.18, 0.85))
        y = low[1] + share * height
        row = sleeve[np.abs(sleeve[:, 1] - y) < height * 0.12]
        if len(row) < 2:
            continue
        x0, x1 = row[:, 0].min(), row[:, 0].max()
        wide = x1 - x0
        tilt = rng.uniform(-0.35, 0.75) * wide
        a = x0 + wide * rng.uniform(0.0, 0.25)
        b = x0 + wide * rng.uniform(0.65, 1.0)
        found.append(
            Fold(
                [(a, y - tilt / 2), ((a + b) / 2, y + rng.uniform(-3, 6)), (b, y + tilt / 2)],
                rng.uniform(6, 10),
                strength * rng.uniform(1.3, 2.6) * rng.choice([-1, 1]),
            )
        )
    return found


def inside_back(
    canvas: Canvas, t: Torso, style: ProductStyle, texture: str, sag: float = 7.0
) -> None:
    """The inner back that shows through the neckline, its middle `sag` below the top; a label."""
    half = outline(
        [
            (AXIS, t.top + sag * 0.9),
            (AXIS - t.neck * 0.6, t.top + sag * 0.45),
            (AXIS - t.neck - 2, t.top - 2),
        ],
        [
            (AXIS - t.neck - 4, t.top + 4),
            (AXIS - t.neck * 0.7, t.top + t.depth * 0.85 + 8),
            (AXIS, t.top + t.depth + 10),
        ],
    )
    canvas.panel(
        np.vstack([half, mirror(half)]),
        plain(darker(style.colour, 0.3), texture),
        volume=0.2,
        dim=0.8,
        edge=0.6,
    )
    if t.depth > 18:
        x, y = AXIS, t.top + sag + 4
        label = np.array([(x - 9, y), (x + 9, y), (x + 9, y + 8), (x - 9, y + 8)])
        canvas.panel(label, plain((226, 222, 212), None), volume=0.1, edge=0.2)
        canvas.line([(x - 5, y + 4), (x + 5, y + 4)], (90, 90, 96), 1.2, 0.7)


def sleeves(
    canvas: Canvas,
    t: Torso,
    material: Material,
    reach: float,
    wrist: float,
    angle: float,
    *,
    bulge: float = 3.0,
    cuff: Material | None = None,
    cuff_length: float = 16,
    flare: float = 0.92,
    crease: float = 1.0,
) -> None:
    """Both sleeves, to be drawn before the trunk."""
    for flip in (False, True):
        path = t.sleeve(reach, wrist, angle, bulge)
        end = t.cuff(reach, wrist, angle, cuff_length, flare)
        if flip:
            path, end = mirror(path), mirror(end)
        turn = -angle if flip else angle
        canvas.panel(path, material, folds=sleeve_folds(canvas, path, crease), angle=turn)
        if cuff:
            canvas.panel(end, cuff, angle=turn, volume=0.7, shadow=0.2)


def neck_rib(canvas: Canvas, t: Torso, material: Material, width: float = 7) -> None:
    """The band around the neckline."""
    half = t.neckline(-0.5)
    half[0] = (half[0][0] + 1, half[0][1] + width * 0.3)  # its ends must not stick out
    line = [*half, *mirror(half)[1:].tolist()]
    canvas.panel(ribbon(line, width, width, width), material, volume=0.5, shadow=0.15, edge=0.7)


def hem_stitch(canvas: Canvas, t: Torso, rise: float = 9) -> None:
    """The stitched hem of a jersey."""
    low = smooth(t.hemline())[4:]
    line = np.vstack([low, mirror(low)]) - (0, rise)
    canvas.seam(line[::3], strength=0.7)

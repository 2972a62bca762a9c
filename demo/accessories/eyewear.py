"""Sunglasses from the front."""

import numpy as np

from demo.drawing.canvas import Canvas
from demo.drawing.materials import Inlay, Material
from demo.drawing.paths import AXIS, ellipse, mirror, outline, ribbon, smooth
from demo.product_style import ProductStyle, darker, lighter, metal, mix, plain


def sunglasses(canvas: Canvas, style: ProductStyle) -> None:
    """Aviators, wayfarers, round, cat-eye, sports and oversized sunglasses, from the front."""
    s = style.model
    wire = s in ("aviator sunglasses", "round sunglasses")
    frame = (
        metal(style.metal)
        if wire
        else Material(
            style.colour,
            None,
            "leopard" if style.pattern == "leopard" else None,
            style.accents,
            0.4,
            20.0,
            0,
        )
    )
    tint = style.colour if wire else style.accent
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
            (AXIS + k * 132, 182),
            (AXIS + k * 96, 172),
        ]
        canvas.panel(
            ribbon(hinge, 8 if not wire else 4, 7 if not wire else 3.4, 5 if not wire else 3, 3),
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

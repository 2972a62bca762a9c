"""Fedoras, straw hats, bucket hats and beanies."""

import numpy as np

from demo.drawing.canvas import Canvas
from demo.drawing.materials import Fold
from demo.drawing.paths import AXIS, ellipse, outline, rounded, smooth
from demo.product_style import ProductStyle, contrast, darker, lighter, mix, plain


def hat(canvas: Canvas, style: ProductStyle) -> None:
    """Fedoras, straw sun hats, bucket hats, beanies and bobble hats, cloches."""
    s = style.model
    if s in ("beanie", "bobble hat", "slouchy beanie"):
        _beanie(canvas, style, s)
        return
    if s == "bucket hat":
        cloth = style.cloth("twill")
        canvas.panel(
            outline(
                [(112, 262), (122, 172), (138, 156)],
                [(138, 156), (180, 148), (222, 156)],
                [(222, 156), (238, 172), (248, 262)],
                [(248, 262), (180, 276), (112, 262)],
            ),
            cloth,
            volume=1.7,
        )
        brim = outline(
            [(112, 250), (180, 268), (248, 250)],
            [(248, 250), (290, 290), (318, 326)],
            [(318, 326), (250, 352), (110, 352), (42, 326)],
            [(42, 326), (70, 290), (112, 250)],
        )
        canvas.panel(
            brim,
            cloth,
            volume=1.1,
            shadow=0.4,
            folds=[Fold([(90, 290), (70, 330)], 16, -1.6), Fold([(262, 280), (290, 330)], 16, 1.6)],
        )
        for i in range(4):
            d = i * 17
            canvas.stitches(
                [
                    (104 - d * 0.8, 266 + d * 0.9),
                    (140 - d * 0.4, 278 + d * 1.15),
                    (180, 282 + d * 1.15),
                    (220 + d * 0.4, 278 + d * 1.15),
                    (256 + d * 0.8, 266 + d * 0.9),
                ],
                colour=contrast(style.colour, 0.45),
                opacity=0.5,
            )
        canvas.seam([(136, 164), (180, 172), (224, 164)], strength=0.8)
        return
    felt = style.cloth("straw" if s in ("sun hat", "panama hat") else "wool", rumple=0.7)
    wide = 158 if s == "sun hat" else 138
    brim_y = 300
    canvas.panel(ellipse(AXIS, brim_y, wide, 44 if s == "sun hat" else 36), felt, volume=1.0)
    canvas.panel(
        ellipse(AXIS, brim_y - 5, wide - 10, 34 if s == "sun hat" else 26),
        felt,
        volume=0.3,
        shadow=0.0,
        dim=0.94,
    )
    canvas.shadow(ellipse(AXIS, brim_y + 2, 96, 20), 0.35, 6)
    if s in ("fedora", "panama hat"):
        crown = outline(
            [(96, 296), (104, 220), (120, 168), (146, 150)],
            [(146, 150), (166, 158), (180, 168), (196, 157), (216, 150)],
            [(216, 150), (240, 168), (256, 220), (264, 296)],
            [(264, 296), (180, 320), (96, 296)],
        )
        creases = [
            Fold([(180, 166), (178, 200), (176, 236)], 26, -4.5),
            Fold([(126, 176), (140, 210), (148, 240)], 20, -3.0),
            Fold([(236, 176), (222, 210), (214, 240)], 20, -3.0),
        ]
    else:
        crown = outline(
            [(94, 296), (98, 226), (130, 172), (180, 160), (230, 172), (262, 226), (266, 296)],
            [(266, 296), (180, 322), (94, 296)],
        )
        creases = []
    canvas.panel(crown, felt, volume=2.0, folds=creases, shadow=0.45)
    band = outline([(97, 266), (180, 290), (263, 266)], [(265, 297), (180, 322), (95, 297)])
    canvas.panel(band, plain(style.accent, "rib"), volume=0.7, shadow=0.2)
    if s in ("fedora", "panama hat"):
        canvas.panel(
            rounded(238, 266, 254, 302, 3), plain(style.accent, "rib"), volume=0.7, shadow=0.4
        )
        canvas.panel(
            outline([(236, 270), (256, 262), (262, 284)], [(262, 284), (250, 300), (236, 304)]),
            plain(darker(style.accent, 0.1), "rib"),
            volume=0.6,
        )
    else:
        for k in (-1, 1):
            canvas.panel(
                smooth(
                    [(236, 292), (236 + k * 24, 276), (236 + k * 32, 294), (236 + k * 20, 306)],
                    closed=True,
                ),
                plain(style.accent, "satin", 0.1),
                volume=0.9,
                shadow=0.4,
            )
            canvas.panel(
                outline(
                    [(236, 294), (236 + k * 16, 320), (236 + k * 22, 344)],
                    [(236 + k * 6, 342)],
                    [(236 + k * 3, 320), (236, 294)],
                ),
                plain(style.accent, "satin", 0.1),
                volume=0.6,
                shadow=0.3,
            )
        canvas.panel(ellipse(236, 293, 6, 7), plain(style.accent, "satin", 0.1), volume=0.8)
    canvas.seam(
        [
            (AXIS - wide + 6, brim_y + 8),
            (AXIS, brim_y + (38 if s == "sun hat" else 31)),
            (AXIS + wide - 6, brim_y + 8),
        ],
        strength=0.5,
    )


def _beanie(canvas: Canvas, style: ProductStyle, s: str) -> None:
    knit = style.cloth("wide rib" if style.pattern == "plain" else "knit", rumple=0.8)
    top = 130 if s != "slouchy beanie" else 96
    lean = 34 if s == "slouchy beanie" else 0
    crown = outline(
        [
            (92, 300),
            (88, 220),
            (120, top + 24),
            (180 + lean, top),
            (240 + lean * 0.6, top + 24),
            (272, 220),
            (268, 300),
        ],
        [(268, 300), (180, 312), (92, 300)],
    )
    slouch = (
        [
            Fold([(110, 190), (180, 170), (250, 200)], 14, -3),
            Fold([(120, 150), (200, 140), (250, 160)], 14, 3),
        ]
        if lean
        else []
    )
    canvas.panel(crown, knit, volume=2.2, folds=slouch)
    cuff = outline(
        [(84, 290), (180, 304), (276, 290)],
        [(276, 290), (282, 330), (276, 362)],
        [(276, 362), (180, 378), (84, 362)],
        [(84, 362), (78, 330), (84, 290)],
    )
    canvas.panel(
        cuff,
        plain(style.accent if style.pattern != "plain" else style.colour, "wide rib"),
        volume=1.5,
        shadow=0.5,
    )
    if s == "bobble hat":
        for radius, shade in (
            (42, darker(style.accent, 0.15)),
            (36, style.accent),
            (26, lighter(style.accent, 0.12)),
        ):
            a = np.linspace(0, 2 * np.pi, 90)[:-1]
            r = radius + canvas.rng.uniform(-5, 5, len(a))
            puff = np.stack([AXIS + r * np.cos(a), 108 + r * np.sin(a)], axis=1)
            canvas.panel(
                puff,
                plain(shade, "fur"),
                volume=1.4 if radius == 42 else 0.4,
                shadow=0.2 if radius == 42 else 0.05,
            )
    else:
        canvas.panel(
            rounded(222, 322, 254, 350, 2),
            plain(mix((150, 110, 70), style.colour, 0.2), "leather"),
            volume=0.3,
            shadow=0.3,
        )

"""Sandals and flip flops: a pair from above."""

from demo.drawing.canvas import Canvas
from demo.drawing.paths import (
    Coordinates,
    Points,
    ellipse,
    mirror,
    moved,
    ribbon,
    rotate,
    rounded,
    smooth,
)
from demo.product_style import ProductStyle, contrast, darker, leather, metal, plain
from demo.shoes.heels import SOLE


def _footbed(x: float) -> Points:
    """Outline of a left sole from above."""
    return smooth(
        [
            (x - 2, 78),
            (x + 34, 96),
            (x + 47, 148),
            (x + 38, 214),
            (x + 28, 270),
            (x + 33, 334),
            (x + 26, 384),
            (x, 400),
            (x - 27, 384),
            (x - 34, 334),
            (x - 32, 262),
            (x - 43, 190),
            (x - 46, 140),
            (x - 32, 98),
        ],
        closed=True,
    )


def pair(canvas: Canvas, style: ProductStyle) -> None:
    """Flip flops, slides and flat sandals: a pair from above."""
    s = style.model
    leathery = s in ("leather sandals", "cross sandals", "gladiator sandals", "thong sandals")
    bed = plain((196, 150, 104), "leather", 0.08) if leathery else style.cloth("suede")
    if s == "cork sandals":
        bed = plain((206, 166, 118), "fur")
    strap = (
        leather(style.colour, 0.3)
        if leathery or s == "cork sandals"
        else plain(style.accent, None, 0.2)
    )
    for flip in (False, True):

        def at(points: Points, flip: bool = flip) -> Points:
            p = rotate(points, 5, (96, 240))
            return mirror(p) if flip else p

        base = _footbed(96)
        canvas.panel(
            at(moved(base, 3, 7)),
            plain(darker(style.accent if not leathery else SOLE, 0.3), None),
            volume=0.6,
            shadow=0.2,
        )
        canvas.panel(at(base), bed, volume=0.8, shadow=0.25)
        rim = (base - (96, 240)) * 0.93 + (96, 240)
        if leathery or s == "cork sandals":
            canvas.stitches(
                at(rim[::3]), colour=(240, 226, 200) if leathery else (150, 110, 70), opacity=0.6
            )
        else:
            canvas.seam(at(rim[::3]), strength=0.5)
        for line, widths in _strap_lines(s):
            canvas.panel(at(ribbon(line, *widths)), strap, volume=1.1, shadow=0.5)
            if leathery and len(widths) > 2 and widths[1] > 14:
                for shift in (-widths[1] / 2 + 3, widths[1] / 2 - 3):
                    canvas.stitches(
                        at(smooth(moved(line, 0, shift))[2:-2:2]),
                        colour=contrast(style.colour, 0.6),
                        opacity=0.6,
                    )
        if s in ("cork sandals", "leather sandals"):
            for y in (160, 228) if s == "cork sandals" else (246,):
                canvas.panel(
                    at(rounded(114, y - 10, 128, y + 10, 3)),
                    metal("gold" if leathery else "steel"),
                    volume=0.5,
                )
                canvas.panel(at(rounded(117, y - 6, 125, y + 6, 2)), strap, volume=0.3)
        if s in ("flip flops", "thong sandals"):
            canvas.panel(
                at(ellipse(94, 142, 5.5)),
                strap if s == "flip flops" else metal("gold"),
                volume=0.8,
                shadow=0.4,
            )
        if s == "slides":
            canvas.panel(
                at(rounded(66, 156, 124, 188, 8)),
                plain(contrast(style.accent, 0.8), None),
                volume=0.3,
                shadow=0.1,
            )
            canvas.panel(at(rounded(76, 168, 114, 176, 4)), strap, volume=0.2, shadow=0)


Strap = tuple[Coordinates, tuple[float, ...]]


def _strap_lines(s: str) -> list[Strap]:
    wide = [(47.0, 178.0), (72.0, 172.0), (118.0, 172.0), (143.0, 178.0)]
    if s == "flip flops":
        return [
            ([(94, 140), (72, 176), (56, 246)], (9, 13, 17)),
            ([(94, 140), (120, 178), (132, 250)], (9, 13, 17)),
        ]
    if s == "thong sandals":
        return [
            ([(94, 140), (92, 180), (96, 214)], (8, 8, 10)),
            ([(52, 246), (94, 214), (134, 250)], (14, 16, 14)),
            ([(60, 330), (96, 300), (130, 332)], (11, 11, 11)),
        ]
    if s == "slides":
        return [(wide, (76, 70, 70, 76))]
    if s == "cork sandals":
        return [
            ([(48, 166), (94, 150), (144, 168)], (30, 32, 30)),
            ([(50, 232), (94, 216), (138, 236)], (30, 32, 30)),
        ]
    if s == "cross sandals":
        return [
            ([(48, 150), (84, 176), (138, 226)], (26, 28, 26)),
            ([(145, 150), (108, 174), (52, 226)], (26, 28, 26)),
            ([(60, 330), (96, 296), (130, 332)], (15, 15, 15)),
        ]
    if s == "gladiator sandals":
        rows = [
            (
                [(50.0 + (y - 138) * 0.08, y), (94.0, y - 11), (143.0 - (y - 138) * 0.1, y)],
                (14.0, 15.0, 14.0),
            )
            for y in (138, 178, 218, 258, 298)
        ]
        return [*rows, ([(96, 126), (96, 212), (96, 292)], (10, 12, 10))]
    return [
        ([(48, 160), (94, 142), (145, 162)], (26, 28, 26)),
        ([(50, 246), (94, 230), (136, 248)], (20, 22, 20)),
        ([(61, 340), (96, 312), (130, 342)], (13, 13, 13)),
    ]

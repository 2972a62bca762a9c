"""Pairs of socks."""

from demo.drawing.canvas import Canvas
from demo.drawing.materials import Fold
from demo.drawing.paths import outline
from demo.product_style import ProductStyle, plain


def socks(canvas: Canvas, style: ProductStyle) -> None:
    """Pairs of ankle, crew and knee socks."""
    s = style.model
    knit = style.cloth("rib" if style.pattern == "plain" else "jersey", rumple=1.2, grain=0.7)
    top = {"ankle socks": 210, "knee socks": 40}.get(s, 112)
    trim = plain(style.accent, "rib")
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
            trim if s != "ankle socks" else plain(style.colour, "rib"),
            volume=0.9,
            shadow=0.2,
            dim=dim,
        )
        if style.model == "sports socks":
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

"""Jeans and denim shorts."""

from demo.clothes.legs import Legs, fly, inner_waist, leg_folds, waist_line
from demo.drawing.canvas import Canvas
from demo.drawing.materials import Inlay
from demo.drawing.paths import AXIS, ellipse, mirror, moved, rounded
from demo.product_style import ProductStyle, darker, lighter, metal, plain

GOLD_THREAD = (214, 158, 84)


def jeans(canvas: Canvas, style: ProductStyle) -> None:
    """Skinny, straight, bootcut, wide and boyfriend jeans, and denim shorts."""
    rng, s = canvas.rng, style.model
    cuts = {
        "skinny jeans": (20, 14),
        "straight jeans": (26, 23),
        "bootcut jeans": (23, 31),
        "wide jeans": (34, 38),
        "distressed jeans": (25, 20),
        "rolled jeans": (26, 23),
        "denim shorts": (40, 46),
    }
    knee, hem = cuts[s]
    shorts = s == "denim shorts"
    legs = Legs(
        knee=knee,
        hem=hem,
        waist=58 if style.female else 63,
        hip=77 if style.female else 78,
        bottom=(224 if style.female else 262) if shorts else 430 if s == "rolled jeans" else 452,
        stance=46 + hem * 0.14,
    )
    if shorts:
        legs = Legs(
            **{
                **legs.__dict__,
                "top": 100,
                "crotch": 236,
                "bottom": 300 if style.female else 358,
                "hip": 88,
                "waist": 70,
                "stance": 50,
            }
        )
    denim = style.cloth("denim", rumple=1.1)
    pale = plain(lighter(style.colour, 0.5), "denim")
    wash = rng.uniform(0.25, 0.75)
    inlays = []
    for k in (-1, 1):
        for share, rx, ry, level in (
            ((0.2, 17, 62, 0.75), (0.52, 14, 34, 0.45)) if not shorts else ((0.2, 24, 50, 0.6),)
        ):
            x, y = legs.leg_middle(share)
            inlays.append(Inlay(ellipse(AXIS + k * (AXIS - x), y, rx, ry), pale, wash * level, 13))
    inner_waist(canvas, legs, style)
    half = legs.left()
    creases = leg_folds(canvas, legs, 1.1)
    for path in (mirror(half), half):
        canvas.panel(path, denim, folds=creases, inlays=inlays, shadow=0.12)
    for k in (-1, 1):
        scoop = [
            (AXIS + k * 24, legs.top + 22),
            (AXIS + k * 36, legs.top + 46),
            (AXIS + k * (legs.hip - 8), legs.top + 54),
        ]
        canvas.seam(scoop, strength=1.3)
        canvas.stitches(
            [(x, y + 3.5) for x, y in scoop], [(x, y + 6.5) for x, y in scoop], colour=GOLD_THREAD
        )
        outer = [(2 * AXIS - p[0] if k > 0 else p[0], p[1]) for p in half[20:44:6]]
        canvas.seam([(x - k * 4, y) for x, y in outer], strength=0.6)
        inseam = half[-1:-16:-5]
        canvas.seam(
            [(2 * AXIS - p[0] if k > 0 else p[0], p[1]) for p in moved(inseam, -4, 0)], strength=0.6
        )
    fly(canvas, legs, 17, GOLD_THREAD)
    canvas.panel(waist_line(legs, 17), denim, volume=0.6, shadow=0.35)
    t, r = legs.top, legs.rise * 1.25
    canvas.stitches(
        [(AXIS - legs.waist, t + 3), (AXIS, t + r + 3), (AXIS + legs.waist, t + 3)],
        [(AXIS - legs.waist - 2, t + 14), (AXIS, t + r + 14), (AXIS + legs.waist + 2, t + 14)],
        colour=GOLD_THREAD,
    )
    for x in (-0.62, 0.62):
        y = t + r * (1 - x * x)
        canvas.panel(
            rounded(AXIS + x * legs.waist - 3.5, y - 2, AXIS + x * legs.waist + 3.5, y + 21, 1.5),
            denim,
            volume=0.4,
            shadow=0.4,
        )
    canvas.panel(ellipse(AXIS + 2, t + r + 9, 5), metal("gold"), volume=0.6, shadow=0.4)
    if s == "distressed jeans":
        _rips(canvas, legs, style)
    for k in (-1, 1):
        x0 = AXIS + k * legs.stance
        if s == "rolled jeans" or (shorts and not style.female):
            canvas.panel(
                rounded(x0 - hem - 3, legs.bottom - 22, x0 + hem + 3, legs.bottom + 4, 4),
                plain(lighter(style.colour, 0.35), "denim"),
                volume=0.7,
                shadow=0.35,
            )
        elif shorts:
            for _ in range(16):
                x = x0 + rng.uniform(-hem, hem)
                canvas.line(
                    [(x, legs.bottom), (x + rng.uniform(-3, 3), legs.bottom + rng.uniform(6, 12))],
                    lighter(style.colour, 0.75),
                    0.9,
                    0.9,
                )
        else:
            canvas.stitches(
                [(x0 - hem, legs.bottom - 7), (x0, legs.bottom - 4), (x0 + hem, legs.bottom - 6)],
                colour=GOLD_THREAD,
            )


def _rips(canvas: Canvas, legs: Legs, style: ProductStyle) -> None:
    """Torn knees with white threads."""
    for k, share in ((-1, 0.5), (1, 0.3), (1, 0.6)):
        x, y = legs.leg_middle(share)
        x = AXIS + k * (AXIS - x)
        hole = ellipse(x, y, legs.knee * 0.62, 8)
        hole = hole + canvas.rng.uniform(-1.6, 1.6, hole.shape)
        canvas.panel(hole, plain(darker(style.colour, 0.45), "twill"), volume=-0.5, shadow=0)
        threads = [
            [(x - legs.knee * 0.58, y + d), (x, y + d + 1), (x + legs.knee * 0.58, y + d - 1)]
            for d in (-6, -3.5, -1, 1.5, 4, 6.5)
        ]
        canvas.lines(threads, (232, 234, 238), 1.2, 0.9)

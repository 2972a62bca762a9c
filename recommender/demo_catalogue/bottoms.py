"""Jeans, trousers, track pants, leggings and shorts."""

from dataclasses import dataclass

import numpy as np

from recommender.demo_catalogue.canvas import Canvas, Fold, Inlay, Material
from recommender.demo_catalogue.look import (
    Look,
    contrast,
    darker,
    leather,
    lighter,
    metal,
    mix,
    plain,
)
from recommender.demo_catalogue.paths import AXIS, Points, ellipse, mirror, outline, rotate, rounded
from recommender.demo_catalogue.tops import button

GOLD_THREAD = (214, 158, 84)


@dataclass(frozen=True)
class Legs:
    """Half widths of the waist and hips, and where the legs stand; pixels."""

    waist: float = 60
    hip: float = 78
    top: float = 34
    crotch: float = 168
    bottom: float = 452
    knee: float = 25  # half width of a leg at the knee
    hem: float = 21
    stance: float = 44  # distance of a leg's middle from the axis, at the hem
    rise: float = 6  # how much the front waist sags

    def left(self) -> Points:
        """Left half with its leg."""
        mid = (self.crotch + self.bottom) / 2 - 8
        knee_x = AXIS - (self.stance + self.hip * 0.5) / 2 - 1
        hem_x = AXIS - self.stance
        long = self.bottom - self.crotch > 190
        knee_out = [(knee_x - self.knee, mid)] if long else []
        knee_in = [(knee_x + self.knee, mid)] if long else []
        return outline(
            [
                (AXIS, self.top + self.rise),
                (AXIS - self.waist * 0.6, self.top + self.rise * 0.7),
                (AXIS - self.waist, self.top),
            ],
            [
                (AXIS - self.waist, self.top),
                (AXIS - self.hip + 5, self.top + 46),
                (AXIS - self.hip, self.crotch - 20),
                *knee_out,
                (hem_x - self.hem, self.bottom),
            ],
            [
                (hem_x - self.hem, self.bottom),
                (hem_x, self.bottom + 4),
                (hem_x + self.hem, self.bottom + 1),
            ],
            [
                (hem_x + self.hem, self.bottom + 1),
                *knee_in,
                (AXIS - 3, self.crotch + 14),
                (AXIS, self.crotch),
            ],
        )

    def whole(self) -> Points:
        half = self.left()
        return np.vstack([half, mirror(half)])

    def leg_middle(self, share: float) -> tuple[float, float]:
        """Point in the middle of the left leg; share 0 at the crotch, 1 at the hem."""
        x0, x1 = self.hip * 0.52, self.stance
        return AXIS - (x0 + (x1 - x0) * share), self.crotch + (self.bottom - self.crotch) * share


def leg_folds(canvas: Canvas, legs: Legs, strength: float = 1.0) -> list[Fold]:
    """Whiskers at the crotch, creases behind the knees, stacks above the ankles."""
    rng, found = canvas.rng, []
    long = legs.bottom - legs.crotch > 190
    for k in (-1, 1):
        for i in range(3):
            y = legs.crotch - 12 + i * 13 + rng.uniform(-4, 4)
            found.append(
                Fold(
                    [
                        (AXIS + k * 4, y),
                        (AXIS + k * 30, y - 7 + i * 3),
                        (AXIS + k * rng.uniform(52, 68), y - 20 + i * 6),
                    ],
                    rng.uniform(7, 11),
                    strength * rng.uniform(1.2, 2.2) * (-1) ** i,
                )
            )
        if long:
            for share in (0.38, 0.45, 0.53, *rng.uniform(0.78, 0.97, 3)):
                x, y = legs.leg_middle(share)
                x = AXIS + k * (AXIS - x)
                half = legs.knee * rng.uniform(0.5, 0.85)
                tilt = rng.uniform(-8, 8)
                found.append(
                    Fold(
                        [(x - half, y + tilt), (x, y + rng.uniform(-2, 5)), (x + half, y - tilt)],
                        rng.uniform(7, 11),
                        strength * rng.uniform(1.0, 2.2) * rng.choice([-1, 1]),
                    )
                )
        x, y = legs.leg_middle(0.1)
        x1, y1 = legs.leg_middle(0.9)
        found.append(
            Fold(
                [(AXIS + k * (AXIS - x) + rng.uniform(-8, 8), y), (AXIS + k * (AXIS - x1), y1)],
                10,
                0.9 * strength,
            )
        )
    return found


def waistband(
    canvas: Canvas,
    legs: Legs,
    material: Material,
    height: float = 17,
    inside: bool = True,
    tint: Look | None = None,
) -> None:
    """The band, and the inner back of the waist above it."""
    if inside and tint:
        back = outline(
            [
                (AXIS - legs.waist + 1, legs.top),
                (AXIS, legs.top - 6),
                (AXIS + legs.waist - 1, legs.top),
            ],
            [
                (AXIS + legs.waist - 1, legs.top + 4),
                (AXIS, legs.top + legs.rise + 8),
                (AXIS - legs.waist + 1, legs.top + 4),
            ],
        )
        canvas.panel(
            back, plain(darker(tint.colour, 0.35), "twill"), volume=0.2, dim=0.75, shadow=0
        )


def _band(legs: Legs, height: float) -> Points:
    t, w, r = legs.top, legs.waist, legs.rise
    return outline(
        [(AXIS - w - 0.5, t), (AXIS, t + r * 1.25), (AXIS + w + 0.5, t)],
        [(AXIS + w + 4, t + height), (AXIS, t + r * 1.25 + height), (AXIS - w - 4, t + height)],
    )


def _fly(canvas: Canvas, legs: Legs, height: float, thread: tuple[int, int, int] | None) -> None:
    y = legs.top + legs.rise * 1.25 + height
    curve = [(AXIS + 17, y), (AXIS + 16, y + 40), (AXIS + 10, y + 58), (AXIS, y + 66)]
    canvas.seam([(AXIS + 1, y), (AXIS, legs.crotch)], strength=1.2)
    if thread:
        canvas.stitches(curve, [(x - 3, yy - 2) for x, yy in curve], colour=thread)
    else:
        canvas.seam(curve, strength=0.6)


def jeans(canvas: Canvas, look: Look) -> None:
    """Skinny, straight, bootcut, wide and boyfriend jeans, and denim shorts."""
    rng, s = canvas.rng, look.style
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
        waist=58 if look.female else 63,
        hip=77 if look.female else 78,
        bottom=(224 if look.female else 262) if shorts else 430 if s == "rolled jeans" else 452,
        stance=46 + hem * 0.14,
    )
    if shorts:
        legs = Legs(
            **{
                **legs.__dict__,
                "top": 100,
                "crotch": 236,
                "bottom": 300 if look.female else 358,
                "hip": 88,
                "waist": 70,
                "stance": 50,
            }
        )
    denim = look.cloth("denim", rumple=1.1)
    pale = plain(lighter(look.colour, 0.5), "denim")
    wash = rng.uniform(0.25, 0.75)
    inlays = []
    for k in (-1, 1):
        for share, rx, ry, level in (
            ((0.2, 17, 62, 0.75), (0.52, 14, 34, 0.45)) if not shorts else ((0.2, 24, 50, 0.6),)
        ):
            x, y = legs.leg_middle(share)
            inlays.append(Inlay(ellipse(AXIS + k * (AXIS - x), y, rx, ry), pale, wash * level, 13))
    waistband(canvas, legs, denim, tint=look)
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
            [(2 * AXIS - p[0] if k > 0 else p[0], p[1]) for p in inseam + (-4, 0)], strength=0.6
        )
    _fly(canvas, legs, 17, GOLD_THREAD)
    canvas.panel(_band(legs, 17), denim, volume=0.6, shadow=0.35)
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
        _rips(canvas, legs, look)
    for k in (-1, 1):
        x0 = AXIS + k * legs.stance
        if s == "rolled jeans" or (shorts and not look.female):
            canvas.panel(
                rounded(x0 - hem - 3, legs.bottom - 22, x0 + hem + 3, legs.bottom + 4, 4),
                plain(lighter(look.colour, 0.35), "denim"),
                volume=0.7,
                shadow=0.35,
            )
        elif shorts:
            for _ in range(16):
                x = x0 + rng.uniform(-hem, hem)
                canvas.line(
                    [(x, legs.bottom), (x + rng.uniform(-3, 3), legs.bottom + rng.uniform(6, 12))],
                    lighter(look.colour, 0.75),
                    0.9,
                    0.9,
                )
        else:
            canvas.stitches(
                [(x0 - hem, legs.bottom - 7), (x0, legs.bottom - 4), (x0 + hem, legs.bottom - 6)],
                colour=GOLD_THREAD,
            )


def _rips(canvas: Canvas, legs: Legs, look: Look) -> None:
    """Torn knees with white threads."""
    for k, share in ((-1, 0.5), (1, 0.3), (1, 0.6)):
        x, y = legs.leg_middle(share)
        x = AXIS + k * (AXIS - x)
        hole = ellipse(x, y, legs.knee * 0.62, 8)
        hole = hole + canvas.rng.uniform(-1.6, 1.6, hole.shape)
        canvas.panel(hole, plain(darker(look.colour, 0.45), "twill"), volume=-0.5, shadow=0)
        threads = [
            [(x - legs.knee * 0.58, y + d), (x, y + d + 1), (x + legs.knee * 0.58, y + d - 1)]
            for d in (-6, -3.5, -1, 1.5, 4, 6.5)
        ]
        canvas.lines(threads, (232, 234, 238), 1.2, 0.9)


def trousers(canvas: Canvas, look: Look) -> None:
    """Suit trousers, chinos, cargo, wide and cropped trousers, cords, leather."""
    s = look.style
    cuts = {
        "suit trousers": (27, 22),
        "chinos": (25, 19),
        "cargo trousers": (32, 26),
        "wide trousers": (42, 52),
        "cropped trousers": (26, 20),
        "corduroy trousers": (27, 23),
        "leather trousers": (20, 14),
    }
    knee, hem = cuts[s]
    legs = Legs(
        knee=knee,
        hem=hem,
        waist=58 if look.female else 63,
        bottom=398 if s == "cropped trousers" else 452,
        stance=44 + max(0, hem - 22) * 0.5,
    )
    cloth = {
        "suit trousers": look.cloth("wool", rumple=0.6),
        "corduroy trousers": look.cloth("corduroy"),
        "wide trousers": look.cloth("satin", 0.04),
        "leather trousers": leather(look.colour, 0.34),
    }.get(s, look.cloth("twill"))
    waistband(canvas, legs, cloth, tint=look)
    creases = leg_folds(canvas, legs, 0.6 if s == "suit trousers" else 1.1)
    if s in ("suit trousers", "wide trousers", "cropped trousers"):
        for k in (-1, 1):
            line = [legs.leg_middle(v) for v in (-0.4, 0.0, 0.5, 1.0)]
            creases.append(Fold([(AXIS + k * (AXIS - x), y) for x, y in line], 9, 3.2))
    half = legs.left()
    for path in (mirror(half), half):
        canvas.panel(path, cloth, folds=creases, shadow=0.12)
    for k in (-1, 1):
        canvas.seam(
            [
                (AXIS + k * (legs.waist - 16), legs.top + 20),
                (AXIS + k * (legs.hip - 7), legs.top + 76),
            ],
            strength=1.4,
        )
        if s == "cargo trousers":
            x, y = legs.leg_middle(0.24)
            x = AXIS + k * (AXIS - x + 12)
            canvas.panel(rounded(x - 24, y, x + 24, y + 58, 3), cloth, volume=0.5, shadow=0.4)
            canvas.panel(rounded(x - 26, y - 7, x + 26, y + 13, 3), cloth, volume=0.5, shadow=0.4)
            button(canvas, x, y + 7, 2.8, darker(look.colour, 0.5))
        if s == "chinos" or s == "cropped trousers":
            canvas.stitches(
                [
                    (AXIS + k * legs.stance - hem, legs.bottom - 8),
                    (AXIS + k * legs.stance + hem, legs.bottom - 8),
                ],
                colour=contrast(look.colour, 0.4),
                opacity=0.5,
            )
    _fly(canvas, legs, 17, None)
    canvas.panel(_band(legs, 17), cloth, volume=0.6, shadow=0.3)
    r = legs.rise * 1.25
    for x in (-0.62, 0.62):
        y = legs.top + r * (1 - x * x)
        canvas.panel(
            rounded(AXIS + x * legs.waist - 3, y - 2, AXIS + x * legs.waist + 3, y + 20, 1.5),
            cloth,
            volume=0.4,
            shadow=0.4,
        )
    if s == "wide trousers":
        for x in (-10, 10):
            button(canvas, AXIS + x, legs.top + r + 9, 3.6, darker(look.colour, 0.5))
    else:
        button(canvas, AXIS + 2, legs.top + r + 9, 3.6, darker(look.colour, 0.45))


def track_pants(canvas: Canvas, look: Look) -> None:
    """Joggers and track pants with side stripes."""
    s = look.style
    jogger = s == "joggers"
    cloth = look.cloth(
        "melange" if look.pattern == "melange" else "fleece" if jogger else "satin",
        0.0 if jogger else 0.07,
        rumple=1.8,
    )
    legs = Legs(
        waist=58,
        hip=80,
        knee=31 if jogger else 29,
        hem=19 if jogger else 25,
        bottom=436 if jogger else 452,
        stance=46,
    )
    rib = plain(mix(look.colour, contrast(look.colour), 0.15), "rib")
    half = legs.left()
    inlays = []
    if not jogger:
        edge = half[18:40]
        for d, w in ((5, 5), (14, 5)) if look.pattern != "colour block" else ((3, 22),):
            band = np.vstack([edge + (d, 0), (edge + (d + w, 0))[::-1]])
            inlays += [Inlay(p, plain(look.accent, "satin")) for p in (band, mirror(band))]
    for path in (mirror(half), half):
        canvas.panel(path, cloth, folds=leg_folds(canvas, legs, 1.5), inlays=inlays, shadow=0.12)
    canvas.seam([(AXIS, legs.top + 24), (AXIS, legs.crotch)])
    for k in (-1, 1):
        canvas.seam(
            [
                (AXIS + k * (legs.waist - 6), legs.top + 26),
                (AXIS + k * (legs.hip - 10), legs.top + 84),
            ],
            strength=1.4,
        )
        if jogger:
            x = AXIS + k * legs.stance
            canvas.panel(
                rounded(x - 15, legs.bottom - 6, x + 15, legs.bottom + 20, 4), rib, volume=0.8
            )
    canvas.panel(_band(legs, 20), rib, volume=0.8, shadow=0.3)
    for k in (-1, 1):
        canvas.panel(ellipse(AXIS + k * 8, legs.top + 16, 2.2), metal("steel"), volume=0.3)
        canvas.line(
            [
                (AXIS + k * 8, legs.top + 17),
                (AXIS + k * 13, legs.top + 44),
                (AXIS + k * 11, legs.top + 70),
            ],
            (240, 240, 236),
            2.6,
        )


def leggings(canvas: Canvas, look: Look) -> None:
    """Leggings: close to the leg, with a broad waistband."""
    sport = look.style == "sports leggings"
    cloth = look.cloth("satin" if sport else "jersey", 0.10 if sport else 0.02, rumple=0.6)
    legs = Legs(
        waist=50,
        hip=66,
        knee=19,
        hem=11.5,
        stance=36,
        top=36,
        crotch=160,
        rise=4,
        bottom=380 if look.style == "capri leggings" else 454,
    )
    half = legs.left()
    inlays = []
    if look.pattern == "colour block":
        edge = half[18:40]
        band = np.vstack([edge + (-6, 0), (edge + (17, 0))[::-1]])
        inlays = [Inlay(p, plain(look.accent, "mesh")) for p in (band, mirror(band))]
    for path in (mirror(half), half):
        canvas.panel(
            path, cloth, folds=leg_folds(canvas, legs, 0.55), inlays=inlays, shadow=0.12, volume=1.3
        )
    canvas.panel(_band(legs, 30 if sport else 16), cloth, volume=0.7, shadow=0.25)
    canvas.seam([(AXIS, legs.top + 34), (AXIS, legs.crotch)], strength=0.7)


def shorts(canvas: Canvas, look: Look) -> None:
    """Chino, sports, board and cargo shorts."""
    s = look.style
    soft = s in ("sports shorts", "board shorts")
    length = {
        "chino shorts": 346,
        "sports shorts": 330,
        "board shorts": 366,
        "cargo shorts": 376,
        "tailored shorts": 312,
    }[s] + canvas.rng.uniform(-8, 8)
    cloth = look.cloth(
        "satin" if soft else "twill", 0.06 if s == "sports shorts" else 0.0, rumple=1.5
    )
    legs = Legs(
        waist=72,
        hip=92,
        top=100,
        crotch=226,
        bottom=length,
        hem=50 if not look.female else 46,
        stance=54,
        rise=6,
    )
    waistband(canvas, legs, cloth, tint=look)
    half = legs.left()
    inlays = []
    if look.pattern == "colour block":
        edge = half[18:42]
        band = np.vstack([edge + (-6, 0), (edge + (20, 0))[::-1]])
        inlays = [Inlay(p, plain(look.accent, "satin")) for p in (band, mirror(band))]
    for path in (mirror(half), half):
        canvas.panel(path, cloth, folds=leg_folds(canvas, legs, 1.2), inlays=inlays, shadow=0.12)
    for k in (-1, 1):
        canvas.seam(
            [
                (AXIS + k * (legs.waist - 16), legs.top + 22),
                (AXIS + k * (legs.hip - 8), legs.top + 74),
            ],
            strength=1.4,
        )
        x = AXIS + k * legs.stance
        hem = np.array([(x - 48, legs.bottom - 9), (x, legs.bottom - 6), (x + 48, legs.bottom - 8)])
        if not look.female:
            canvas.stitches(
                rotate(hem, 0, (x, legs.bottom)), colour=contrast(look.colour, 0.4), opacity=0.6
            )
        if s == "cargo shorts":
            px, py = AXIS + k * 76, legs.crotch + 30
            canvas.panel(rounded(px - 24, py, px + 24, py + 62, 3), cloth, volume=0.5, shadow=0.4)
            canvas.panel(
                rounded(px - 26, py - 6, px + 26, py + 15, 3), cloth, volume=0.5, shadow=0.4
            )
    if soft:
        canvas.seam([(AXIS, legs.top + 24), (AXIS, legs.crotch)])
        canvas.panel(
            _band(legs, 22),
            plain(mix(look.colour, contrast(look.colour), 0.2), "wide rib"),
            volume=0.9,
            shadow=0.3,
        )
        for k in (-1, 1):
            canvas.line(
                [
                    (AXIS + k * 7, legs.top + 20),
                    (AXIS + k * 13, legs.top + 46),
                    (AXIS + k * 10, legs.top + 70),
                ],
                (244, 244, 240),
                2.8,
            )
    else:
        _fly(canvas, legs, 18, None)
        canvas.panel(_band(legs, 18), cloth, volume=0.6, shadow=0.3)
        for x in (-0.62, 0.62):
            y = legs.top + 7.5 * (1 - x * x)
            canvas.panel(
                rounded(AXIS + x * legs.waist - 3, y - 2, AXIS + x * legs.waist + 3, y + 21, 1.5),
                cloth,
                volume=0.4,
                shadow=0.4,
            )
        button(canvas, AXIS + 2, legs.top + 17, 3.8, darker(look.colour, 0.45))

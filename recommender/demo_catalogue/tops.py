"""Tshirts, polos, shirts and tops."""

import numpy as np

from recommender.demo_catalogue.canvas import Canvas, Inlay, Material
from recommender.demo_catalogue.look import (
    WHITE,
    Look,
    brightness,
    contrast,
    lighter,
    mix,
    plain,
)
from recommender.demo_catalogue.paths import (
    AXIS,
    Points,
    along,
    ellipse,
    mirror,
    outline,
    ribbon,
    rounded,
    smooth,
)
from recommender.demo_catalogue.prints import graphic
from recommender.demo_catalogue.torso import Torso, folds, inside_back, sleeve_folds

BUTTON = (236, 232, 224)


def trunk_of(look: Look, **cut: float | str) -> Torso:
    """The trunk of the gender: women's are narrower, with a waist."""
    base: dict[str, float | str] = {}
    if look.female:
        base = {"shoulder": 78, "chest": 78, "waist": 70, "hem": 80, "neck": 36, "drop": 17}
    return Torso(**{**base, **cut})  # type: ignore[arg-type]


def button(
    canvas: Canvas, x: float, y: float, radius: float = 3.0, colour: tuple[int, int, int] = BUTTON
) -> None:
    """A round button with its thread."""
    canvas.panel(ellipse(x, y, radius), plain(colour, None, 0.2), volume=0.35, shadow=0.45)
    canvas.lines(
        [[(x - 0.9, y - 0.9), (x + 0.9, y + 0.9)], [(x - 0.9, y + 0.9), (x + 0.9, y - 0.9)]],
        contrast(colour, 0.5),
        0.6,
        0.8,
    )


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
    line = [*half, *mirror(half)[1:].tolist()]
    canvas.panel(ribbon(line, width, width, width), material, volume=0.5, shadow=0.15, edge=0.7)


def hem_stitch(canvas: Canvas, t: Torso, colour: tuple[int, int, int], rise: float = 9) -> None:
    """The stitched hem of a jersey."""
    low = smooth(t.hemline())[4:]
    line = np.vstack([low, mirror(low)]) - (0, rise)
    canvas.seam(line[::3], strength=0.7)


def tshirt(canvas: Canvas, look: Look) -> None:
    """Crew, V and scoop necks, short and long sleeves, raglan, henley, graphic prints."""
    rng = canvas.rng
    shape = {"v tshirt": "v", "scoop tshirt": "scoop"}.get(look.style, "crew")
    depth = {"v": rng.uniform(50, 66), "scoop": rng.uniform(46, 56)}.get(shape, rng.uniform(20, 28))
    t = trunk_of(
        look, shape="v" if shape == "v" else "crew", depth=depth, bottom=398 + rng.uniform(-10, 10)
    )
    texture = "melange" if "Melange" in look.style or look.pattern == "melange" else "jersey"
    body = look.cloth(texture)
    arm = plain(look.accent, texture) if look.style in ("raglan tshirt", "ringer tshirt") else body
    arm = body if look.style == "ringer tshirt" else arm
    trim = plain(
        look.accent
        if look.style in ("raglan tshirt", "ringer tshirt")
        else mix(look.colour, contrast(look.colour), 0.25),
        "rib",
    )
    inside_back(canvas, t, look, texture)
    cuff = trim if look.style == "ringer tshirt" else None
    if look.style == "long tshirt":
        sleeves(canvas, t, body, 0.98, 14, 13, cuff=trim, cuff_length=13)
    elif look.style == "raglan tshirt":
        sleeves(canvas, t, arm, 0.66, 18, 16)
    elif look.female:
        sleeves(canvas, t, arm, rng.uniform(0.22, 0.32), 27, 27, cuff=cuff, cuff_length=7, flare=1)
    else:
        sleeves(canvas, t, arm, rng.uniform(0.33, 0.38), 33, 27, cuff=cuff, cuff_length=8, flare=1)
    inlays: list[Inlay] = []
    if look.style == "raglan tshirt":
        yoke = outline(
            [(AXIS - t.neck - 4, t.top - 6), (AXIS - 68, t.top + 50), t.armpit_point],
            [t.armpit_point, (AXIS - 140, 130), (AXIS - 90, 40)],
        )
        inlays = [Inlay(p, arm) for p in (yoke, mirror(yoke))]
    if look.pattern == "colour block":
        y = t.top + rng.uniform(80, 130)
        inlays.append(Inlay(rounded(20, y, 340, y + 400, 1), plain(look.accent, texture)))
        y += rng.uniform(60, 90)
        inlays.append(Inlay(rounded(20, y, 340, y + 400, 1), plain(look.accents[1], texture)))
    if look.pattern == "graphic":
        inlays += graphic(canvas, look, AXIS, t.top + 118)
    canvas.panel(t.trunk(), body, folds=folds(canvas, t), inlays=inlays)
    hem_stitch(canvas, t, look.colour)
    if look.style == "henley tshirt":
        placket(canvas, t, look, body, 74, 3)
    neck_rib(canvas, t, trim)


def placket(
    canvas: Canvas, t: Torso, look: Look, material: Material, length: float, count: int
) -> None:
    """The buttoned strip below the neck."""
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
    """A turned-down collar: two leaves that meet at the neck."""
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


def collar_stand(canvas: Canvas, t: Torso, look: Look, material: Material, height: float) -> None:
    """The inside of a collar behind the neck."""
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


def polo(canvas: Canvas, look: Look) -> None:
    """Polo shirts, with tipped collars when there is an accent."""
    rng = canvas.rng
    t = trunk_of(look, depth=30, shape="v", bottom=398 + rng.uniform(-8, 8))
    body = look.cloth("weave", grain=0.7)
    tipped = look.style == "tipped polo"
    rib = plain(
        look.accent
        if tipped or look.pattern != "plain"
        else mix(look.colour, contrast(look.colour), 0.12),
        "rib",
    )
    collar_stand(canvas, t, look, rib, 12)
    sleeves(
        canvas,
        t,
        body,
        0.36 if not look.female else 0.26,
        32 if not look.female else 27,
        27,
        cuff=rib,
        cuff_length=9,
        flare=1,
    )
    inlays = []
    if look.pattern == "colour block":
        y = t.top + 100
        inlays = [
            Inlay(rounded(20, y, 340, y + 66, 1), plain(look.accent, "weave")),
            Inlay(rounded(20, y + 66, 340, y + 78, 1), plain(look.accents[1], "weave")),
        ]
    canvas.panel(t.trunk(), body, folds=folds(canvas, t), inlays=inlays)
    hem_stitch(canvas, t, look.colour)
    placket(canvas, t, look, body, 82, 3 if not look.female else 4)
    collar(canvas, t, rib, 24, 14)
    x, y = AXIS + 44, t.top + 84
    canvas.panel(
        smooth(
            [
                (x - 4, y + 5),
                (x - 6, y - 3),
                (x, y - 6),
                (x + 6, y - 3),
                (x + 4, y + 5),
                (x, y + 8),
            ],
            closed=True,
        ),
        plain(look.accent if tipped else contrast(look.colour, 0.7), None),
        volume=0.2,
        shadow=0,
    )


def shirt(canvas: Canvas, look: Look) -> None:
    """Buttoned shirts: formal, casual, short-sleeved, denim, mandarin collar."""
    rng = canvas.rng
    short = "short" in look.style
    denim = look.style == "denim shirt"
    t = trunk_of(look, depth=24, shape="v", dip=-24, bottom=414, hem=92 if not look.female else 82)
    body = look.cloth("denim" if denim else "poplin", rumple=1.3)
    if look.style == "corduroy shirt":
        body = look.cloth("corduroy")
    thread = (206, 150, 80) if denim else contrast(look.colour, 0.3)
    collar_stand(canvas, t, look, body, 14)
    if short:
        sleeves(
            canvas,
            t,
            body,
            0.40,
            35 if not look.female else 28,
            25,
            cuff=body,
            cuff_length=13,
            flare=1.02,
            crease=1.2,
        )
    elif look.style == "rolled shirt":
        sleeves(canvas, t, body, 0.58, 24, 19, cuff=body, cuff_length=26, flare=1.12, crease=1.3)
    else:
        sleeves(
            canvas, t, body, 1.0, 15, 13, cuff=body, cuff_length=30, flare=1.02, bulge=6, crease=1.4
        )
        for side in (-1, 1):
            wrist = t.sleeve(1.0, 15, 13)
            x, y = wrist[wrist[:, 1].argmax()]
            button(canvas, AXIS + side * (AXIS - x) - side * 5, y - 13, 2.2)
    inlays = []
    if denim:
        pale = plain(lighter(look.colour, 0.4), "denim")
        inlays = [Inlay(ellipse(AXIS + s * 46, 290, 24, 80), pale, 0.35, 14) for s in (-1, 1)]
    canvas.panel(t.trunk(), body, folds=folds(canvas, t, 1.2), inlays=inlays)
    yoke = [(AXIS - t.shoulder + 4, t.top + t.drop + 14), (AXIS - t.neck - 8, t.top + 12)]
    canvas.seam(yoke, mirror(yoke), strength=0.8)
    top = t.top + t.depth - 4
    canvas.panel(
        np.array(
            [(AXIS - 9, top), (AXIS + 9, top), (AXIS + 9, t.bottom - 1), (AXIS - 9, t.bottom - 1)]
        ),
        body,
        volume=0.3,
        shadow=0.25,
        edge=0.5,
    )
    canvas.stitches(
        [(AXIS - 6, top + 6), (AXIS - 6, t.bottom - 3)],
        [(AXIS + 6, top + 6), (AXIS + 6, t.bottom - 3)],
        colour=thread,
        opacity=0.55,
    )
    shade = (
        (70, 56, 46) if denim or brightness(look.colour) > 200 and rng.random() < 0.3 else BUTTON
    )
    for y in np.linspace(top + 26, t.bottom - 38, 7):
        button(canvas, AXIS, y, 2.9, shade)
    if look.style != "formal shirt":
        for side in (-1, 1) if denim else (1,):
            pocket(canvas, AXIS + side * 50, t.top + 92, 42, 46, body, thread, flap=denim)
    if look.style == "mandarin shirt":
        band = outline(
            [
                (AXIS - 3, t.top + t.depth + 2),
                (AXIS - t.neck * 0.62, t.top + t.depth * 0.52),
                (AXIS - t.neck - 3, t.top + 3),
            ],
            [(AXIS - t.neck - 3, t.top + 3), (AXIS - t.neck + 3, t.top - 12)],
            [
                (AXIS - t.neck + 3, t.top - 12),
                (AXIS - t.neck * 0.5, t.top + t.depth * 0.2),
                (AXIS - 3, t.top + t.depth - 16),
            ],
        )
        for path in (band, mirror(band)):
            canvas.panel(path, body, volume=0.4, shadow=0.3)
    else:
        collar(canvas, t, body, 30 if look.style == "formal shirt" else 26, 20)
        button(canvas, AXIS, top + 6, 2.6, shade)


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
    """A patch pocket with a pointed end."""
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


def top(canvas: Canvas, look: Look) -> None:
    """Women's tops: camisole, tank, off-shoulder, peplum, blouse with bow, crop, tunic."""
    rng = canvas.rng
    s = look.style
    crepe = look.cloth("satin", gloss=0.05, rumple=1.2)
    if s in ("camisole top", "tank top"):
        wide = s == "tank top"
        t = Torso(
            neck=42 if wide else 50,
            shoulder=60 if wide else 55,
            drop=4,
            chest=76,
            waist=70,
            hem=86,
            top=78,
            armpit=170,
            bottom=378,
            depth=62 if wide else 66,
            shape="crew" if wide else "sweetheart",
        )
        inside_back(canvas, t, look, "satin", -22)
        canvas.panel(t.trunk(), crepe, folds=folds(canvas, t))
        half = t.neckline()
        canvas.seam([*half, *mirror(half)[1:].tolist()][::2])
        if not wide:
            lace = along([*half[1:], *mirror(half)[1:-1].tolist()], 15)
            for x, y in lace:
                canvas.panel(
                    ellipse(x, y + 1, 5.4),
                    plain(lighter(look.colour, 0.35), None),
                    volume=0.3,
                    shadow=0.12,
                )
        return
    if s == "off-shoulder top":
        t = Torso(
            neck=80,
            shoulder=84,
            drop=8,
            chest=76,
            waist=68,
            hem=80,
            top=112,
            armpit=190,
            middle=290,
            bottom=368,
            depth=16,
            shape="boat",
        )
        sleeves(canvas, t, crepe, 0.4, 34, 22, bulge=9)
        canvas.panel(t.trunk(), crepe, folds=folds(canvas, t))
        ruffle(canvas, 98, 262, 112, 52, crepe)
        return
    shape = {"bow blouse": "v", "tunic top": "v"}.get(s, "scoop")
    long = s == "tunic top"
    t = trunk_of(
        look,
        shape=shape if shape == "v" else "boat",
        depth=48 if shape == "v" else 24,
        neck=40,
        bottom=430 if long else 330 if s == "crop top" else 380,
        hem=96 if long else 78 if s == "crop top" else 84,
        top=54 if long else 74,
    )
    inside_back(canvas, t, look, "satin")
    if s in ("bow blouse", "bell sleeve top"):
        bell = s == "bell sleeve top"
        sleeves(
            canvas,
            t,
            crepe,
            0.8 if bell else 0.96,
            34 if bell else 15,
            15,
            bulge=-6 if bell else 10,
            cuff=None if bell else crepe,
            cuff_length=22,
            crease=1.4,
        )
    else:
        sleeves(canvas, t, crepe, rng.uniform(0.2, 0.5), 27, 24, bulge=6)
    if s == "peplum top":
        skirt = outline(
            [(AXIS - 70, 285), (AXIS - 92, 330), (AXIS - 112, 378)],
            [(AXIS - 112, 378), (AXIS - 56, 392), (AXIS, 384), (AXIS + 56, 392), (AXIS + 112, 378)],
            [(AXIS + 112, 378), (AXIS + 92, 330), (AXIS + 70, 285)],
        )
        from recommender.demo_catalogue.canvas import Flutes

        canvas.panel(skirt, crepe, flutes=Flutes(7, 3.2), volume=0.6)
        t = trunk_of(
            look, shape="boat", depth=24, neck=40, top=74, bottom=292, middle=270, hem=70, waist=69
        )
    canvas.panel(t.trunk(), crepe, folds=folds(canvas, t))
    if s == "peplum top":
        canvas.panel(
            rounded(AXIS - 72, 281, AXIS + 72, 294, 3),
            plain(contrast(look.colour, 0.5), "satin", 0.1),
            volume=0.5,
        )
    half = t.neckline(-1)
    canvas.seam([*half, *mirror(half)[1:].tolist()][::2])
    if s == "bow blouse":
        bow(canvas, AXIS, t.top + t.depth + 4, 34, crepe)
        for y in np.linspace(t.top + t.depth + 44, t.bottom - 28, 5):
            button(canvas, AXIS, y, 2.4, WHITE)


def ruffle(
    canvas: Canvas, left: float, right: float, y: float, height: float, material: Material
) -> None:
    """A wide frill across the chest."""
    from recommender.demo_catalogue.canvas import Flutes

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


def bow(canvas: Canvas, x: float, y: float, size: float, material: Material) -> None:
    """A tied bow with hanging ends."""
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

"""Handbags and clutches."""

from demo.bags.bag_parts import handle, ring, thread_of
from demo.bags.small_bags import clutch, flap_bag
from demo.drawing.canvas import Canvas
from demo.drawing.materials import Fold, Material
from demo.drawing.paths import AXIS, ellipse, outline, ribbon, rounded
from demo.product_style import ProductStyle, contrast, darker, leather, metal, mix, plain


def handbag(canvas: Canvas, style: ProductStyle) -> None:
    """Totes, satchels, hobos and bucket bags; flap bags and clutches are drawn elsewhere."""
    s = style.model
    hide = (
        style.cloth("weave")
        if s == "canvas tote"
        else style.cloth("straw")
        if s == "straw bag"
        else leather(style.colour)
        if style.pattern == "plain"
        else style.cloth("leather", 0.2)
    )
    thread, dark = thread_of(style), darker(style.colour, 0.3)
    trim = (
        leather(style.accent)
        if style.pattern != "plain" or s in ("straw bag", "canvas tote")
        else leather(dark, 0.3)
    )
    if s in ("tote bag", "canvas tote", "straw bag"):
        _tote(canvas, style, hide, trim, s)
    elif s == "satchel":
        handle(canvas, [(128, 182), (134, 116), (180, 92), (226, 116), (232, 182)], trim, 13)
        body = outline(
            [(72, 186), (180, 178), (288, 186)],
            [(288, 186), (304, 280), (308, 372)],
            [(308, 372), (300, 388), (180, 394), (60, 388), (52, 372)],
            [(52, 372), (56, 280), (72, 186)],
        )
        canvas.panel(body, hide, volume=1.5)
        canvas.panel(
            outline(
                [(66, 182), (180, 172), (294, 182)],
                [(294, 182), (300, 214), (296, 254)],
                [(296, 254), (250, 276), (180, 284), (110, 276), (64, 254)],
                [(64, 254), (60, 214), (66, 182)],
            ),
            hide,
            volume=1.0,
            shadow=0.45,
        )
        canvas.stitches(
            [(68, 252), (112, 272), (180, 279), (248, 272), (292, 252)], colour=thread, opacity=0.6
        )
        for x in (124, 236):
            canvas.panel(rounded(x - 9, 184, x + 9, 316, 5), trim, volume=0.6, shadow=0.4)
            canvas.panel(rounded(x - 13, 274, x + 13, 296, 4), metal("gold"), volume=0.6)
            canvas.panel(rounded(x - 8, 279, x + 8, 291, 2), trim, volume=0.3)
            ring(canvas, x, 180, 7)
    elif s == "hobo bag":
        handle(canvas, [(70, 232), (96, 130), (180, 82), (264, 130), (290, 232)], hide, 20)
        body = outline(
            [(66, 218), (110, 258), (180, 272), (250, 258), (294, 218)],
            [(294, 218), (324, 300), (302, 368)],
            [(302, 368), (240, 398), (120, 398), (58, 368)],
            [(58, 368), (36, 300), (66, 218)],
        )
        canvas.panel(
            body,
            hide,
            volume=1.8,
            folds=[
                Fold([(90, 246), (110, 300), (112, 350)], 14, -2.8),
                Fold([(268, 246), (252, 300), (248, 344)], 14, -2.8),
                Fold([(140, 268), (160, 300), (200, 268)], 16, 2.4),
            ],
        )
        for x in (70, 290):
            ring(canvas, x, 226, 10)
        canvas.line(
            [(84, 244), (120, 264), (180, 276), (240, 264), (276, 244)], (60, 54, 50), 4, 0.7
        )
        canvas.line(
            [(84, 244), (120, 264), (180, 276), (240, 264), (276, 244)],
            (206, 180, 120),
            2,
            0.95,
            (1.3, 1.1),
        )
    elif s == "bucket bag":
        handle(canvas, [(112, 186), (120, 96), (180, 58), (240, 96), (248, 186)], trim, 9)
        body = outline(
            [(104, 180), (180, 192), (256, 180)],
            [(256, 180), (262, 250), (276, 360), (270, 388)],
            [(270, 388), (180, 404), (90, 388)],
            [(90, 388), (84, 360), (98, 250), (104, 180)],
        )
        canvas.panel(
            ellipse(180, 180, 76, 12),
            plain(darker(style.colour, 0.45), "suede"),
            volume=0.3,
            dim=0.7,
        )
        canvas.panel(
            body,
            hide,
            volume=1.7,
            folds=[
                Fold([(x, 200), (x + (x - 180) * 0.06, 250), (x + (x - 180) * 0.1, 290)], 11, -2.4)
                for x in (124, 148, 172, 196, 220, 240)
            ],
        )
        canvas.panel(
            outline([(86, 356), (180, 372), (274, 356)], [(272, 388), (180, 405), (88, 388)]),
            trim,
            volume=0.6,
            shadow=0.2,
        )
        canvas.panel(ribbon([(102, 214), (180, 226), (258, 214)], 5, 5, 5), trim, volume=0.7)
        for k in (-1, 1):
            canvas.panel(
                ribbon([(180, 228), (180 + k * 10, 262), (180 + k * 14, 296)], 5, 5),
                trim,
                volume=0.7,
                shadow=0.4,
            )
            canvas.panel(
                outline(
                    [(180 + k * 14 - 4, 294), (180 + k * 14 + 4, 294)],
                    [(180 + k * 14 + 8, 322), (180 + k * 14 - 8, 322)],
                ),
                trim,
                volume=0.5,
            )
        for x in (110, 250):
            ring(canvas, x, 184, 7)
    elif s in ("chain bag", "crossbody bag", "saddle bag"):
        flap_bag(canvas, style, hide, trim, s)
    else:
        clutch(canvas, style, hide, s)


def _tote(canvas: Canvas, style: ProductStyle, hide: Material, trim: Material, s: str) -> None:
    back = [(126, 196), (130, 110), (180, 74), (230, 110), (234, 196)]
    handle(canvas, [(x, y - 8) for x, y in back], trim, 9, 0.8)
    wide = 118 if s == "straw bag" else 104
    canvas.panel(
        outline(
            [(AXIS - wide, 188), (180, 178), (AXIS + wide, 188)],
            [(AXIS + wide, 206), (180, 214), (AXIS - wide, 206)],
        ),
        plain(darker(style.colour, 0.35), "suede"),
        volume=0.3,
        dim=0.8,
    )
    lean = 8 if s != "straw bag" else -18
    body = outline(
        [(AXIS - wide, 190), (180, 204), (AXIS + wide, 190)],
        [(AXIS + wide, 190), (AXIS + wide + 4, 290), (AXIS + wide + lean - 2, 400)],
        [(AXIS + wide + lean - 2, 400), (180, 412), (AXIS - wide - lean + 2, 400)],
        [(AXIS - wide - lean + 2, 400), (AXIS - wide - 4, 290), (AXIS - wide, 190)],
    )
    folds = [
        Fold([(AXIS + k * 60, 210), (AXIS + k * 66, 300), (AXIS + k * 80, 390)], 18, 1.8 * k)
        for k in (-1, 1)
    ]
    canvas.panel(body, hide, volume=1.4, folds=folds)
    canvas.seam([(AXIS - wide + 2, 202), (180, 216), (AXIS + wide - 2, 202)], strength=0.7)
    if s == "straw bag":
        canvas.panel(
            ribbon([(AXIS - wide - 2, 196), (180, 210), (AXIS + wide + 2, 196)], 12, 12, 12),
            hide,
            volume=0.9,
        )
    handle(canvas, [(122, 232), (122, 150), (150, 96), (210, 96), (238, 150), (238, 232)], trim, 10)
    for x in (122, 238):
        canvas.panel(rounded(x - 9, 206, x + 9, 246, 4), trim, volume=0.6, shadow=0.4)
        canvas.panel(ellipse(x, 236, 3), metal("gold"), volume=0.4)
    if s == "tote bag":
        canvas.stitches(
            [(AXIS - wide, 360), (180, 372), (AXIS + wide, 360)],
            colour=thread_of(style),
            opacity=0.5,
        )
        canvas.panel(
            rounded(158, 290, 202, 306, 3),
            plain(mix(style.colour, contrast(style.colour), 0.4), "leather", 0.2),
            volume=0.4,
        )
        canvas.line([(166, 298), (194, 298)], contrast(style.colour, 0.8), 1.6, 0.7)

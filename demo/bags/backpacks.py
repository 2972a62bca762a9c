"""School, hiking, leather and roll-top backpacks."""

from demo.bags.bag_parts import thread_of
from demo.drawing.canvas import Canvas
from demo.drawing.paths import AXIS, outline, ribbon, rounded
from demo.product_style import ProductStyle, contrast, darker, leather, metal, mix, plain


def backpack(canvas: Canvas, style: ProductStyle) -> None:
    """School, hiking, leather and roll-top backpacks."""
    s = style.model
    hide = (
        leather(style.colour) if s == "leather backpack" else style.cloth("weave", 0.03, rumple=1.4)
    )
    trim = (
        leather(style.accent)
        if s in ("leather backpack", "flap backpack")
        else plain(style.accent, "weave")
    )
    thread = thread_of(style)
    for k in (-1, 1):
        strap = [
            (AXIS + k * 60, 120),
            (AXIS + k * 122, 190),
            (AXIS + k * 126, 320),
            (AXIS + k * 96, 400),
        ]
        canvas.panel(
            ribbon(strap, 22, 26, 20, 11),
            plain(darker(style.colour, 0.3), "mesh"),
            volume=0.9,
            shadow=0.2,
            dim=0.9,
        )
    canvas.panel(ribbon([(158, 84), (160, 54), (200, 54), (202, 84)], 9, 9, 9), trim, volume=0.9)
    body = outline(
        [(92, 140), (110, 92), (180, 74), (250, 92), (268, 140)],
        [(268, 140), (280, 260), (276, 390)],
        [(276, 390), (264, 418), (180, 424), (96, 418), (84, 390)],
        [(84, 390), (80, 260), (92, 140)],
    )
    canvas.panel(body, hide, volume=1.8)
    if s == "flap backpack" or s == "leather backpack":
        flap = outline(
            [(90, 136), (110, 90), (180, 72), (250, 90), (270, 136)],
            [(270, 136), (276, 190), (268, 232)],
            [(268, 232), (180, 248), (92, 232)],
            [(92, 232), (84, 190), (90, 136)],
        )
        canvas.panel(
            outline(
                [(98, 280), (180, 274), (262, 280)],
                [(262, 280), (268, 340), (262, 398)],
                [(262, 398), (180, 408), (98, 398)],
                [(98, 398), (92, 340), (98, 280)],
            ),
            hide,
            volume=1.2,
            shadow=0.5,
        )
        canvas.panel(flap, hide, volume=1.3, shadow=0.55)
        canvas.stitches([(96, 226), (180, 241), (264, 226)], colour=thread, opacity=0.7)
        for x in (134, 226):
            canvas.panel(rounded(x - 9, 176, x + 9, 300, 4), trim, volume=0.6, shadow=0.45)
            canvas.panel(rounded(x - 13, 252, x + 13, 274, 4), metal("gold"), volume=0.6)
            canvas.panel(rounded(x - 8, 257, x + 8, 269, 2), trim, volume=0.3)
        return
    arc = [(100, 236), (102, 150), (136, 106), (180, 98), (224, 106), (258, 150), (260, 236)]
    canvas.line(arc, darker(style.colour, 0.65), 6, 0.8)
    canvas.line(arc, (176, 178, 184), 1.8, 0.8, (1.4, 1.2))
    pouch = outline(
        [(100, 272), (180, 262), (260, 272)],
        [(260, 272), (270, 340), (262, 400)],
        [(262, 400), (180, 410), (98, 400)],
        [(98, 400), (90, 340), (100, 272)],
    )
    canvas.panel(pouch, trim if style.pattern == "colour block" else hide, volume=1.5, shadow=0.55)
    zip_line = [(102, 296), (140, 282), (180, 279), (220, 282), (258, 296)]
    canvas.line(zip_line, darker(style.colour, 0.65), 6, 0.8)
    canvas.line(zip_line, (176, 178, 184), 1.8, 0.8, (1.4, 1.2))
    for x, y in ((250, 293), (259, 232)):
        canvas.panel(ribbon([(x, y), (x + 3, y + 24)], 5, 7), trim, volume=0.5, shadow=0.5)
    canvas.panel(
        rounded(152, 196, 208, 222, 4),
        plain(mix(style.accent, style.colour, 0.2), "leather", 0.15),
        volume=0.5,
        shadow=0.4,
    )
    canvas.line([(162, 209), (198, 209)], contrast(style.accent, 0.8), 2, 0.7)
    if s == "hiking backpack":
        for k in (-1, 1):
            pocket = outline(
                [(AXIS + k * 94, 306), (AXIS + k * 118, 312)],
                [(AXIS + k * 118, 312), (AXIS + k * 120, 370), (AXIS + k * 106, 404)],
                [(AXIS + k * 106, 404), (AXIS + k * 92, 404), (AXIS + k * 94, 306)],
            )
            canvas.panel(pocket, plain(darker(style.accent, 0.1), "mesh"), volume=1.0)
            canvas.panel(
                ribbon([(AXIS + k * 92, 180), (AXIS + k * 62, 250), (AXIS + k * 86, 330)], 7, 7, 7),
                trim,
                volume=0.6,
                shadow=0.45,
            )
        canvas.panel(
            ribbon([(92, 250), (180, 242), (268, 250)], 10, 10, 10), trim, volume=0.6, shadow=0.4
        )
        canvas.panel(rounded(166, 234, 194, 254, 4), plain((40, 40, 44), None, 0.2), volume=0.7)

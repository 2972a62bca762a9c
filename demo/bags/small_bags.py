"""Flap bags, clutches and wallets."""

from demo.bags.bag_parts import handle, ring, thread_of
from demo.drawing.canvas import Canvas
from demo.drawing.materials import Fold, Material
from demo.drawing.paths import ellipse, outline, ribbon, rounded, smooth
from demo.product_style import ProductStyle, contrast, darker, leather, lighter, metal, plain


def flap_bag(canvas: Canvas, style: ProductStyle, hide: Material, trim: Material, s: str) -> None:
    chain = s == "chain bag"
    arc = smooth([(72, 232), (62, 130), (118, 62), (180, 48), (242, 62), (298, 130), (288, 232)])
    if chain:
        canvas.line(arc, (120, 96, 50), 6.5, 1.0, (7, 3))
        canvas.line(arc, (226, 192, 120), 4.2, 1.0, (6, 4))
    else:
        handle(canvas, arc[::4], trim, 8)
    skin = (
        Material(style.colour, "quilt", None, (), 0.22, 18.0, 0.5)
        if chain and style.pattern == "plain"
        else hide
    )
    if s == "saddle bag":
        body = outline(
            [(70, 230), (180, 220), (290, 230)],
            [(290, 230), (306, 320), (262, 394), (180, 408), (98, 394), (54, 320), (70, 230)],
        )
        flap = outline(
            [(66, 226), (180, 214), (294, 226)],
            [(294, 226), (304, 290), (262, 338), (180, 356), (98, 338), (56, 290), (66, 226)],
        )
    else:
        body = outline(
            [(66, 228), (180, 222), (294, 228)],
            [(294, 228), (302, 310), (300, 386)],
            [(300, 386), (290, 398), (180, 402), (70, 398), (60, 386)],
            [(60, 386), (58, 310), (66, 228)],
        )
        flap = outline(
            [(62, 224), (180, 216), (298, 224)],
            [(298, 224), (304, 280), (300, 326)],
            [(300, 326), (252, 340), (180, 346), (108, 340), (60, 326)],
            [(60, 326), (56, 280), (62, 224)],
        )
    canvas.panel(body, skin, volume=1.5)
    canvas.panel(flap, skin, volume=1.1, shadow=0.5)
    rim = (flap - (180, 280)) * (0.955, 0.94) + (180, 280)
    if not chain:
        canvas.stitches(rim[18::3], colour=thread_of(style), opacity=0.6)
    for x in (74, 286):
        ring(canvas, x, 232, 8)
    if chain:
        canvas.panel(rounded(162, 326, 198, 350, 5), metal("gold"), volume=0.8, shadow=0.45)
        canvas.panel(rounded(170, 332, 190, 344, 3), metal("gold"), volume=-0.5, shadow=0)
    elif s == "saddle bag":
        canvas.panel(rounded(170, 316, 190, 372, 4), trim, volume=0.6, shadow=0.4)
        ring(canvas, 180, 352, 9)
    else:
        canvas.panel(rounded(168, 318, 192, 352, 4), trim, volume=0.6, shadow=0.4)
        canvas.panel(ellipse(180, 340, 6), metal("gold"), volume=0.7)


def clutch(canvas: Canvas, style: ProductStyle, hide: Material, s: str) -> None:
    satin = style.cloth("satin", 0.22) if s != "envelope clutch" else hide
    body = rounded(40, 182, 320, 338, 10)
    if s == "envelope clutch":
        canvas.panel(body, hide, volume=1.2)
        flap = outline(
            [(38, 180), (322, 180)],
            [(322, 180), (318, 196), (196, 286)],
            [(196, 286), (180, 294), (164, 286)],
            [(164, 286), (42, 196), (38, 180)],
        )
        canvas.panel(flap, hide, volume=0.8, shadow=0.5)
        canvas.stitches(
            [(48, 196), (166, 280)], [(312, 196), (194, 280)], colour=thread_of(style), opacity=0.6
        )
        canvas.panel(ellipse(180, 280, 8), metal("gold"), volume=0.8)
    else:
        canvas.panel(
            outline(
                [(44, 206), (180, 196), (316, 206)],
                [(316, 206), (330, 280), (318, 340)],
                [(318, 340), (180, 352), (42, 340)],
                [(42, 340), (30, 280), (44, 206)],
            ),
            satin,
            volume=1.7,
            folds=[
                Fold(
                    [(x, 214), (180 + (x - 180) * 1.2, 270), (180 + (x - 180) * 1.15, 330)],
                    14,
                    (-1) ** i * 2.2,
                )
                for i, x in enumerate(range(70, 300, 26))
            ],
        )
        canvas.panel(
            outline([(40, 196), (180, 184), (320, 196)], [(318, 212), (180, 201), (42, 212)]),
            metal("gold"),
            volume=0.9,
        )
        for x in (171, 189):
            canvas.panel(ellipse(x, 180, 9), metal("gold"), volume=1.0)


def wallet(canvas: Canvas, style: ProductStyle) -> None:
    """Bifold, zip-around, long flap and open wallets."""
    s = style.model
    hide = leather(style.colour, 0.24) if style.pattern == "plain" else style.cloth("leather", 0.2)
    thread = thread_of(style)
    if s == "long wallet" or s == "zip wallet":
        canvas.panel(rounded(34, 166, 326, 322, 12), hide, volume=1.4)
        canvas.stitches(rounded(42, 174, 318, 314, 8), colour=thread, opacity=0.6)
        if s == "zip wallet":
            line = [(36, 300), (34, 180), (46, 167), (314, 167), (326, 180), (324, 300)]
            canvas.lines([line[i : i + 2] for i in range(5)], (206, 180, 120), 4, 0.95, (1.6, 1.2))
            canvas.panel(
                ribbon([(324, 250), (336, 280), (332, 320)], 9, 12, 9), hide, volume=0.8, shadow=0.5
            )
            canvas.panel(rounded(150, 232, 210, 254, 4), metal("gold"), volume=0.5)
        else:
            canvas.panel(
                outline(
                    [(32, 164), (328, 164)],
                    [(328, 164), (330, 210), (326, 248)],
                    [(326, 248), (180, 262), (34, 248)],
                    [(34, 248), (30, 210), (32, 164)],
                ),
                hide,
                volume=0.9,
                shadow=0.5,
            )
            canvas.panel(ellipse(180, 244, 9), metal("gold"), volume=0.9)
        return
    if s == "open wallet":
        canvas.panel(rounded(26, 150, 334, 330, 10), hide, volume=1.2)
        for k in (-1, 1):
            x0, x1 = (36, 172) if k < 0 else (188, 324)
            for i in range(4):
                y = 168 + i * 32
                canvas.panel(
                    rounded(x0, y, x1, 322, 5),
                    plain(lighter(style.colour, 0.06 * i), "leather", 0.2),
                    volume=0.5,
                    shadow=0.5,
                )
                if i in (0, 2) and canvas.rng.random() < 0.7:
                    canvas.panel(
                        rounded(x0 + 7, y + 5, x1 - 7, y + 34, 4),
                        plain(style.accents[i // 2], None, 0.1),
                        volume=0.2,
                    )
            canvas.stitches([(x0 + 3, 318), (x1 - 3, 318)], colour=thread, opacity=0.6)
        canvas.seam([(180, 152), (180, 328)], strength=1.5)
        return
    canvas.panel(
        rounded(78, 154, 288, 322, 10), plain(darker(style.colour, 0.3), "leather", 0.2), volume=1.0
    )
    canvas.panel(rounded(72, 160, 282, 328, 10), hide, volume=1.5, shadow=0.5)
    canvas.stitches(rounded(80, 168, 274, 320, 7), colour=thread, opacity=0.75)
    if s == "card holder":
        for i in range(3):
            canvas.panel(
                outline(
                    [(74, 212 + i * 32), (180, 218 + i * 32), (280, 212 + i * 32)],
                    [(280, 326), (74, 326)],
                ),
                hide,
                volume=0.5,
                shadow=0.5,
            )
    else:
        canvas.panel(
            rounded(232, 286, 264, 308, 3),
            plain(darker(style.colour, 0.25), "leather", 0.15),
            volume=0.3,
            shadow=0.1,
        )
        canvas.line([(238, 297), (258, 297)], contrast(style.colour, 0.6), 1.6, 0.6)
        canvas.seam([(78, 226), (180, 224), (276, 226)], strength=0.5)

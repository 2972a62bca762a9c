"""Common parts of shoes from the side: ground shadow and laces."""

from demo.drawing.canvas import Canvas
from demo.drawing.materials import Colour
from demo.drawing.paths import Coordinates, along, ellipse, ribbon
from demo.product_style import metal, plain

GROUND = 330.0


def ground(canvas: Canvas, left: float = 40, right: float = 326, y: float = GROUND) -> None:
    """Draw the soft shadow on the ground below a shoe."""
    canvas.shadow(ellipse((left + right) / 2, y, (right - left) / 2, 5), 0.42, 7)


def laces(
    canvas: Canvas, a: Coordinates, b: Coordinates, count: int, colour: Colour, width: float = 6.5
) -> None:
    """Draw laces as rungs between the two edges of the throat."""
    left, right = along(a, count, 0.05), along(b, count, 0.05)
    material = plain(colour, "rib")
    for i in range(count):
        p, q = left[i], right[i]
        middle = (p + q) / 2 + (-2.5, -4.5)
        canvas.panel(
            ribbon([tuple(p), tuple(middle), tuple(q)], width * 0.85, width, width * 0.85),
            material,
            volume=0.8,
            shadow=0.45,
        )
    for p in right:
        canvas.panel(ellipse(p[0] + 1, p[1] + 1, 2.6), metal("steel"), volume=0.4, shadow=0.3)


def lace_bow(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    """Draw the tied ends of the laces."""
    material = plain(colour, "rib")
    for points in (
        [(x, y), (x + 16, y - 9), (x + 27, y + 3), (x + 14, y + 8), (x, y)],
        [(x, y), (x - 14, y - 7), (x - 22, y + 5), (x - 10, y + 8), (x, y)],
    ):
        canvas.panel(ribbon(points, 4, 4, 4), material, volume=0.7, shadow=0.4)
    canvas.panel(
        ribbon([(x, y), (x + 12, y + 16), (x + 18, y + 30)], 4, 4), material, volume=0.7, shadow=0.4
    )
    canvas.panel(ellipse(x, y, 4.4), material, volume=0.7)

"""What bags share: handles, rings and thread."""

from demo.drawing.canvas import Canvas
from demo.drawing.materials import Colour, Material
from demo.drawing.paths import Coordinates, ellipse, ribbon
from demo.product_style import ProductStyle, contrast, metal


def thread_of(style: ProductStyle) -> Colour:
    return contrast(style.colour, 0.5)


def handle(
    canvas: Canvas, line: Coordinates, material: Material, width: float = 10, dim: float = 1.0
) -> None:
    """A rolled handle."""
    canvas.panel(
        ribbon(line, width, width, width, width), material, volume=1.0, shadow=0.35, dim=dim
    )


def ring(canvas: Canvas, x: float, y: float, radius: float = 8, name: str = "gold") -> None:
    """A metal ring."""
    canvas.panel(ribbon(ellipse(x, y, radius, radius), 4, 4), metal(name), volume=0.7, shadow=0.4)

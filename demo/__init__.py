"""A catalogue of fashion products drawn in code, for a machine without network or data set.

Every picture is our own: outlines, materials and light are computed with NumPy and Pillow.
"""

from demo.draw import draw
from demo.products import DemoProduct, products

# Raised by whoever changes the products or how they are drawn: an index of others is not used.
DRAWING_VERSION = 1

__all__ = ["DRAWING_VERSION", "DemoProduct", "draw", "products"]

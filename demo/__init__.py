"""A catalogue of fashion products drawn in code, for a machine without network or data set.

Every picture is our own: outlines, materials and light are computed with NumPy and Pillow.
"""

from demo.draw import draw
from demo.products import DemoProduct, products

__all__ = ["DemoProduct", "draw", "products"]

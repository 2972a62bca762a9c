"""Demo catalogue: fashion products drawn in code, for a machine without network or data set.

The pictures belong to this project: outlines, materials and light are computed with NumPy and
Pillow.
"""

from demo.draw import draw
from demo.products import DemoProduct, products

# To be increased with every change of the products or their drawing, so that an index of the old
# pictures is recognised as outdated.
DRAWING_VERSION = 1

__all__ = ["DRAWING_VERSION", "DemoProduct", "draw", "products"]

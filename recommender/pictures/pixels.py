"""Pixel operations of several stages: sRGB to CIELAB, and the margin of a picture.

CIELAB is the CIE's colour space (CIE 15:2018, section 8.2.1). Its Euclidean distance, the colour
difference of 1976, is about proportional to the difference that people see.
"""

import numpy as np

# sRGB (IEC 61966-2-1) to CIE XYZ, observer of 1931, white D65; each row is divided by white's
# value.
_TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], np.float32
)
_TO_RELATIVE_XYZ = (_TO_XYZ / _TO_XYZ.sum(axis=1, keepdims=True)).T
_CODES = np.arange(256, dtype=np.float32) / 255
_LINEAR = np.where(_CODES <= 0.04045, _CODES / 12.92, ((_CODES + 0.055) / 1.055) ** 2.4)


def to_cielab(pixels: np.ndarray) -> np.ndarray:
    """sRGB to CIELAB (white D65).

    Args:
        pixels: (..., 3) uint8.

    Returns:
        (..., 3) float32: lightness 0-100, a (green to red), b (blue to yellow).
    """
    relative = _LINEAR.astype(np.float32)[pixels] @ _TO_RELATIVE_XYZ
    # The CIE's function: a cube root, and a straight line below (6/29)^3.
    root = np.where(relative > 216 / 24389, np.cbrt(relative), (24389 / 27 * relative + 16) / 116)
    x, y, z = np.moveaxis(root, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1).astype(np.float32)


def margin(pixels: np.ndarray) -> np.ndarray:
    """Outermost pixels of (h, w, channels), as (2 (h + w), channels)."""
    return np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])

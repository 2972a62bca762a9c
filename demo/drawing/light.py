"""Lighting of panels: height field of an outline, shaded by a lamp at the upper left.

Shading varies slowly, so it is computed at half the picture's size.
"""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from demo.drawing.materials import Flutes
from demo.drawing.paths import Points
from demo.drawing.textures import TILE, FloatArray, box_blur, undulation

MARGIN = 12  # half-size pixels around a panel, so that blurs see the empty surroundings
LAMP = np.array([-0.40, -0.52, 0.755], np.float32)  # unit vector to the light
_TO_EYE = np.array([0, 0, 1], np.float32)
HALF_WAY = (LAMP + _TO_EYE) / np.linalg.norm(LAMP + _TO_EYE)  # Blinn-Phong half vector
AMBIENT = 0.34
EDGE_WINDOW = 15  # rows


def halve(image: FloatArray) -> FloatArray:
    """Image at half the size; each pixel is the mean of four."""
    return np.asarray(Image.fromarray(np.ascontiguousarray(image)).reduce(2))


def enlarge(small: FloatArray) -> FloatArray:
    """Image at twice the size, interpolated bilinearly."""
    image = Image.fromarray(np.ascontiguousarray(small, np.float32))
    size = (small.shape[1] * 2, small.shape[0] * 2)
    return np.asarray(image.resize(size, Image.Resampling.BILINEAR))


def light(
    mask: FloatArray,
    bands: Sequence[tuple[Points, float]],
    flutes: Flutes | None,
    rng: np.random.Generator,
    *,
    volume: float,
    rumple: float,
    gloss: float,
    tightness: float,
    edge: float,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Shading of a panel: Lambert's diffuse light and Blinn-Phong's highlight.

    Args:
        mask: coverage, (h, w) float32, h and w even.
        bands: outlines of the folds, in the mask's coordinates, and their heights.
        flutes: hanging waves.
        rng: for the waves of lying cloth.
        volume: height of the inflated shape.
        rumple: height of the waves of lying cloth.
        gloss: strength of the highlight.
        tightness: exponent of the highlight.
        edge: strength of the darkening at the rim.

    Returns:
        Brightness, a factor around 1, and highlight, to be added, both (h, w) float32; and soft
        coverage for the shadow, at half the size with `MARGIN` pixels around it.
    """
    small = np.pad(halve(mask), MARGIN)
    near, far = box_blur(small, 2), box_blur(small, 10)
    relief = far * np.float32(11 * volume) + near * np.float32(2.6 * volume)
    if rumple:
        y, x = (int(n) for n in rng.integers(0, TILE // 2 - 60, 2))
        y, x = min(y, TILE - small.shape[0]), min(x, TILE - small.shape[1])
        waves = undulation(12)[y : y + small.shape[0], x : x + small.shape[1]]
        relief += waves * np.float32(0.55 * rumple)
    if bands:
        image = Image.new("F", (small.shape[1], small.shape[0]))
        draw = ImageDraw.Draw(image)
        for band, height in bands:
            draw.polygon((band / 2 + MARGIN).ravel().tolist(), fill=float(height))
        relief += box_blur(np.asarray(image), 2)
    if flutes:
        relief += _hang(small, flutes)
    slope_y, slope_x = np.gradient(relief)
    norm = 1 / np.sqrt(slope_x * slope_x + slope_y * slope_y + np.float32(1))
    toward = (LAMP[2] - slope_x * LAMP[0] - slope_y * LAMP[1]) * norm
    inside = np.clip(2 * near - 1, 0, 1) + np.clip(2 * far - 1, 0, 1)
    rim = 1 - np.float32(0.5) * inside
    shade = AMBIENT + np.float32((1 - AMBIENT) / LAMP[2]) * np.maximum(toward, 0)
    shade *= 1 - np.float32(0.26 * edge) * rim * rim
    shine = np.float32(0.10) * np.clip(shade - np.float32(0.9), 0, 0.6)
    if gloss:
        glint = (HALF_WAY[2] - slope_x * HALF_WAY[0] - slope_y * HALF_WAY[1]) * norm
        flat = 0.8 * HALF_WAY[2] ** tightness  # highlight of a flat surface: part of its colour
        shine += np.float32(gloss) * (np.clip(glint, 0, 1) ** np.float32(tightness) - flat)
    inner = (slice(MARGIN, -MARGIN), slice(MARGIN, -MARGIN))
    return enlarge(shade[inner]), enlarge(shine[inner]), near


def _hang(small: FloatArray, flutes: Flutes) -> FloatArray:
    """Height of hanging waves, spread in each row between its left and right edge."""
    covered = small > 0.5
    rows = np.flatnonzero(covered.any(axis=1))
    left = np.argmax(covered, axis=1).astype(np.float32)
    right = small.shape[1] - 1 - np.argmax(covered[:, ::-1], axis=1).astype(np.float32)
    # A skirt hangs from its widest row: its wavy hem must not pull the waves together.
    left[rows] = np.minimum.accumulate(_steady(left[rows]))
    right[rows] = np.maximum.accumulate(_steady(right[rows]))
    width = np.maximum(right - left, 1)[:, None]
    across = (np.arange(small.shape[1], dtype=np.float32) - left[:, None]) / width
    down = (np.arange(len(small)) - rows[0]) / max(len(rows), 1)
    reach = np.clip((down - flutes.top) / max(1 - flutes.top, 1e-6), 0, 1)[:, None] ** 0.7
    turn = across * flutes.count + flutes.phase
    if flutes.sharp:
        wave = np.abs((turn % 1.0) * 2 - 1) * 2 - 1
        wave = np.where(turn % 1.0 < 0.8, turn % 1.0 / 0.8, 1 - (turn % 1.0 - 0.8) / 0.2) * 2 - 1
    else:
        wave = np.sin(2 * np.pi * (turn + 0.12 * np.sin(across * 9 + flutes.phase)))
    inside = (across > 0) & (across < 1)
    return (wave * reach * flutes.depth * width / flutes.count / 6 * inside).astype(np.float32)


def _steady(edge: FloatArray) -> FloatArray:
    """Smoothed edge, so that the waves hang straight."""
    kernel = np.ones(EDGE_WINDOW, np.float32) / EDGE_WINDOW
    return np.convolve(np.pad(edge, EDGE_WINDOW // 2, "edge"), kernel, "valid").astype(np.float32)

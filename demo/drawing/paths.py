"""Outlines of drawn products: polygons of Catmull-Rom curves.

Coordinates are pixels of the finished picture, x to the right and y down, (points, 2) float64.
Garments are drawn around the vertical axis x = `AXIS`.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Coordinates = Sequence[tuple[float, float]] | Points

WIDTH, HEIGHT = 360, 480
AXIS = WIDTH / 2
CURVE_STEPS = 8  # polygon sides per control point: sides of 5 to 10 pixels look smooth


def smooth(points: Coordinates, closed: bool = False) -> Points:
    """Catmull-Rom curve through the points; two points give a straight line."""
    p = np.asarray(points, dtype=np.float64)
    if len(p) < 3:
        return p
    if closed:
        p = np.vstack([p[-1:], p, p[:2]])
    else:
        p = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    t = (np.arange(CURVE_STEPS) / CURVE_STEPS)[None, :, None]
    a, b, c, d = (p[i : len(p) - 3 + i][:, None, :] for i in range(4))
    curve = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    flat = curve.reshape(-1, 2)
    return flat if closed else np.vstack([flat, p[-2:-1]])


def outline(*segments: Coordinates) -> Points:
    """Closed outline of several smooth curves, with corners where they meet."""
    return np.vstack([smooth(segment) for segment in segments])


def moved(points: Coordinates, dx: float, dy: float) -> Points:
    """Points shifted by (dx, dy)."""
    return np.asarray(points, dtype=np.float64) + np.array([dx, dy])


def mirror(points: Coordinates, axis: float = AXIS) -> Points:
    """Mirror image of the points at the axis, in reverse order."""
    p = np.array(points, dtype=np.float64)[::-1]
    p[:, 0] = 2 * axis - p[:, 0]
    return p


def symmetric(*segments: Coordinates) -> Points:
    """Symmetric outline; the segments are its left half, from top centre to bottom centre."""
    half = outline(*segments)
    return np.vstack([half, mirror(half)])


def ellipse(
    cx: float, cy: float, rx: float, ry: float | None = None, start: float = 0, end: float = 360
) -> Points:
    """Arc of an ellipse; angles in degrees, clockwise from the right."""
    steps = max(12, int(abs(end - start) / 6))
    a = np.radians(np.linspace(start, end, steps))
    return np.stack([cx + rx * np.cos(a), cy + (rx if ry is None else ry) * np.sin(a)], axis=1)


def rounded(left: float, top: float, right: float, bottom: float, radius: float) -> Points:
    """Rectangle with rounded corners."""
    r = min(radius, (right - left) / 2, (bottom - top) / 2)
    return np.vstack(
        [
            ellipse(right - r, top + r, r, r, 270, 360),
            ellipse(right - r, bottom - r, r, r, 0, 90),
            ellipse(left + r, bottom - r, r, r, 90, 180),
            ellipse(left + r, top + r, r, r, 180, 270),
        ]
    )


def rotate(points: Coordinates, degrees: float, centre: tuple[float, float]) -> Points:
    """Points turned clockwise about the centre."""
    a = math.radians(degrees)
    turn = np.array([[math.cos(a), math.sin(a)], [-math.sin(a), math.cos(a)]])
    return (np.asarray(points, dtype=np.float64) - centre) @ turn + np.asarray(centre)


def ribbon(points: Coordinates, *widths: float) -> Points:
    """Band along a smooth line; the widths are spread evenly over its length."""
    line = smooth(points)
    direction = np.gradient(line, axis=0)
    length = np.hypot(direction[:, 0], direction[:, 1])[:, None]
    normal = np.stack([-direction[:, 1], direction[:, 0]], axis=1) / np.maximum(length, 1e-6)
    at = np.linspace(0, len(widths) - 1, len(line))
    half = np.interp(at, np.arange(len(widths)), widths)[:, None] / 2
    return np.vstack([line + normal * half, (line - normal * half)[::-1]])


def along(points: Coordinates, count: int, margin: float = 0.0) -> Points:
    """Evenly spaced points along a smooth line; `margin` is the fraction left out at each end."""
    line = smooth(points)
    steps = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    at = np.linspace(margin, 1 - margin, count) * steps[-1]
    return np.stack([np.interp(at, steps, line[:, i]) for i in (0, 1)], axis=1)


def dashes(line: Points, on: float, off: float) -> list[Points]:
    """Pieces of a line `on` pixels long, `off` pixels apart."""
    steps = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    starts = np.arange(0, steps[-1], on + off)
    ends = np.minimum(starts + on, steps[-1])
    return [
        np.stack([np.interp((a, b), steps, line[:, i]) for i in (0, 1)], axis=1)
        for a, b in zip(starts, ends, strict=True)
    ]

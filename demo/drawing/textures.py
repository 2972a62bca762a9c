"""Textures of cloth, leather and straw: brightness tiles, made once and cropped at random."""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

FloatArray = NDArray[np.float32]

TILE = 768  # pixels; larger than any panel, so that a random crop never wraps around
SEED = 20240


def box_blur(image: FloatArray, radius: int, passes: int = 2) -> FloatArray:
    """Repeated box blur (two passes make a tent filter); pixels outside count as 0."""
    size = 2 * radius + 1
    for _ in range(passes):
        for axis in (0, 1):
            long = np.zeros(
                (image.shape[0] + size * (1 - axis), image.shape[1] + size * axis), np.float32
            )
            room = (slice(radius + 1, -radius), slice(None))
            long[room if axis == 0 else room[::-1]] = image
            np.cumsum(long, axis=axis, out=long)
            far, near = (
                (long[size:], long[:-size]) if axis == 0 else (long[:, size:], long[:, :-size])
            )
            image = far - near
        image *= np.float32(1 / size**2)
    return image


def _noise(seed: int, radius_y: int, radius_x: int) -> FloatArray:
    """Smooth periodic noise, mean 0, standard deviation 1; the radii set its grain, pixels."""
    rng = np.random.default_rng([SEED, seed])
    spectrum = np.fft.rfft2(rng.standard_normal((TILE, TILE)))
    fy = np.fft.fftfreq(TILE)[:, None]
    fx = np.fft.rfftfreq(TILE)[None, :]
    kernel = np.exp(-2 * np.pi**2 * ((fy * radius_y) ** 2 + (fx * radius_x) ** 2))
    kernel[0, 0] = 0
    field = np.fft.irfft2(spectrum * kernel, (TILE, TILE))
    return (field / field.std()).astype(np.float32)


@cache
def undulation(scale: int) -> FloatArray:
    """Gentle waves of lying cloth: standard deviation 1, length about `scale` pixels."""
    return _noise(100 + scale, scale, int(scale * 0.7))


def _grid() -> tuple[FloatArray, FloatArray]:
    y, x = np.mgrid[0:TILE, 0:TILE].astype(np.float32)
    return y, x


def _jersey() -> FloatArray:
    return 0.6 * _noise(1, 2, 0) * 0.7 + 0.4 * _noise(2, 1, 1)


def _melange() -> FloatArray:
    return 1.0 * _noise(3, 1, 3) + 0.5 * _noise(4, 0, 2) + 0.4 * _noise(5, 1, 1)


def _twill() -> FloatArray:
    y, x = _grid()
    lines = np.sin((x + y) * (2 * np.pi / 3.6) + 0.6 * _noise(6, 3, 3))
    slubs = _noise(7, 14, 1)
    return 0.55 * lines + 0.75 * slubs + 0.5 * _noise(8, 1, 1)


def _knit() -> FloatArray:
    """Stocking stitch: columns of small Vs."""
    y, x = _grid()
    column = np.abs((x / 7.0) % 1.0 - 0.5) * 2
    v = np.sin((y / 5.2 + column * 0.75) * 2 * np.pi)
    return 0.75 * v + 0.9 * (0.5 - (1 - column) ** 3) + 0.35 * _noise(9, 1, 1)


def _rib() -> FloatArray:
    y, x = _grid()
    wobble = 0.25 * _noise(10, 20, 3)
    return 1.1 * np.sin(x * (2 * np.pi / 5.0) + wobble) + 0.25 * _noise(11, 1, 1) + 0.0 * y


def _wide_rib() -> FloatArray:
    y, x = _grid()
    ridge = np.abs(np.sin(x * (np.pi / 11.0) + 0.1 * _noise(12, 30, 3)))
    return (
        1.7 * (ridge - 0.6) + 0.3 * np.sin(y * 2 * np.pi / 4.5 + ridge * 2) + 0.2 * _noise(9, 1, 1)
    )


def _cable() -> FloatArray:
    """Aran knit: twisted cables between purl columns."""
    y, x = _grid()
    u = (x % 44) / 44
    sway = 0.17 * np.sin(y * 2 * np.pi / 46)
    strand_a = np.exp(-(((u - 0.5 - sway) / 0.11) ** 2))
    strand_b = np.exp(-(((u - 0.5 + sway) / 0.11) ** 2))
    twist = np.maximum(strand_a, strand_b) + 0.25 * np.cos(y * 4 * np.pi / 46)
    edge = np.exp(-(((u - 0.08) / 0.035) ** 2)) + np.exp(-(((u - 0.92) / 0.035) ** 2))
    stitch = np.sin((y / 5.0 + np.abs(u - 0.5) * 6) * 2 * np.pi)
    return 1.9 * (twist + 0.6 * edge - 0.55) + 0.35 * stitch + 0.3 * _noise(9, 1, 1)


def _fleece() -> FloatArray:
    return 0.5 * _noise(13, 3, 3) + 0.5 * _noise(14, 1, 1) + 0.3 * _noise(15, 0, 0)


def _weave() -> FloatArray:
    y, x = _grid()
    cross = np.sin(x * 2 * np.pi / 3.1) * np.sin(y * 2 * np.pi / 3.1)
    return 0.5 * cross + 0.4 * _noise(16, 8, 0) + 0.4 * _noise(17, 0, 8) + 0.3 * _noise(15, 0, 0)


def _poplin() -> FloatArray:
    return 0.45 * _noise(18, 6, 0) + 0.45 * _noise(19, 0, 6) + 0.3 * _noise(15, 0, 0)


def _leather() -> FloatArray:
    cells = np.abs(_noise(20, 2, 2)) + 0.6 * np.abs(_noise(21, 1, 1))
    return -0.8 * (np.minimum(cells, 1.2) - 0.8) * -1 + 0.4 * _noise(22, 14, 14)


def _suede() -> FloatArray:
    return 0.6 * _noise(23, 9, 9) + 0.5 * _noise(24, 1, 1) + 0.4 * _noise(15, 0, 0)


def _corduroy() -> FloatArray:
    _, x = _grid()
    return 1.3 * np.sin(x * (2 * np.pi / 6.4)) + 0.3 * _noise(25, 8, 1) + 0.2 * _noise(15, 0, 0)


def _straw() -> FloatArray:
    y, x = _grid()
    plait = np.sin((x + 3 * np.sin(y * 2 * np.pi / 9)) * 2 * np.pi / 9)
    rows = np.sin(y * 2 * np.pi / 9)
    return 1.0 * plait * rows + 0.7 * rows + 0.5 * _noise(26, 1, 3)


def _mesh() -> FloatArray:
    y, x = _grid()
    holes = np.maximum(np.sin(x * 2 * np.pi / 5), 0) * np.maximum(np.sin(y * 2 * np.pi / 5), 0)
    return 0.5 - 2.2 * holes + 0.2 * _noise(15, 0, 0)


def _quilt() -> FloatArray:
    y, x = _grid()
    a, b = np.sin((x + y) * np.pi / 26), np.sin((x - y) * np.pi / 26)
    return 2.2 * (np.minimum(np.abs(a), np.abs(b)) ** 0.5 - 0.62) + 0.2 * _noise(15, 0, 0)


def _satin() -> FloatArray:
    return 0.3 * _noise(27, 12, 1) + 0.25 * _noise(15, 0, 0)


def _fur() -> FloatArray:
    return 0.9 * _noise(28, 6, 1) + 0.7 * _noise(29, 8, 4) + 0.4 * _noise(15, 0, 0)


def _wool() -> FloatArray:
    return 0.6 * _noise(30, 1, 2) + 0.5 * _noise(31, 3, 1) + 0.5 * _noise(15, 0, 0)


_MAKERS: dict[str, tuple[Callable[[], FloatArray], float]] = {
    "jersey": (_jersey, 0.020),
    "melange": (_melange, 0.050),
    "twill": (_twill, 0.034),
    "denim": (_twill, 0.075),
    "knit": (_knit, 0.060),
    "rib": (_rib, 0.085),
    "wide rib": (_wide_rib, 0.085),
    "cable": (_cable, 0.085),
    "fleece": (_fleece, 0.035),
    "weave": (_weave, 0.045),
    "poplin": (_poplin, 0.022),
    "leather": (_leather, 0.035),
    "suede": (_suede, 0.050),
    "corduroy": (_corduroy, 0.075),
    "straw": (_straw, 0.085),
    "mesh": (_mesh, 0.070),
    "quilt": (_quilt, 0.080),
    "satin": (_satin, 0.020),
    "fur": (_fur, 0.090),
    "wool": (_wool, 0.045),
}
TEXTURES = tuple(_MAKERS)


@cache
def texture(name: str) -> Image.Image:
    """Texture tile: brightness factors around 1, mode F, `TILE` pixels wide and high."""
    make, depth = _MAKERS[name]
    return Image.fromarray((1 + depth * np.clip(make(), -3, 3)).astype(np.float32))

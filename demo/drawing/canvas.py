"""Canvas: panels of cloth, leather or metal, laid over each other and lit.

A panel is an outline filled with a material. Its shape is inflated into a height field, folds are
added to it, and a lamp at the upper left lights it, so that all products have the same light.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw

from demo.drawing.light import MARGIN, enlarge, light
from demo.drawing.materials import Colour, Flutes, Fold, Inlay, Material
from demo.drawing.paths import (
    AXIS,
    HEIGHT,
    WIDTH,
    Coordinates,
    Points,
    dashes,
    moved,
    smooth,
)
from demo.drawing.patterns import pattern
from demo.drawing.textures import TILE, FloatArray, box_blur, texture

OVERSAMPLING = 3  # outlines are drawn at three times the size: nine shades for a pixel at an edge
GROUND_SHADOW = 0.13
BRIGHTEST = 1.1  # more light than this would bleach the colour
HAZE = 0.025  # light scattered by all cloth, so that folds are visible on black
SHADOW_REACH = 4  # width of a shadow's soft edge, in half-size pixels
ROUND_JOINT = 2.2  # pixels: thinner lines show no gaps at their corners, and draw faster


@dataclass
class Canvas:
    """Drawing surface: premultiplied colour and coverage, (480, 360, 3) and (480, 360) float32."""

    seed: int
    scale: float = 1.0  # enlargement about `centre`
    centre: tuple[float, float] = (AXIS, HEIGHT / 2)
    rgb: FloatArray = field(init=False)
    alpha: FloatArray = field(init=False)
    rng: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self.rgb = np.zeros((HEIGHT, WIDTH, 3), np.float32)
        self.alpha = np.zeros((HEIGHT, WIDTH), np.float32)
        self.rng = np.random.default_rng(self.seed)
        self.sway = self.rng.uniform(0, 6.28, 2)

    def place(self, path: Coordinates) -> Points:
        """Canvas coordinates of a path: scaled, and bent by up to 1.1 pixels for a natural look."""
        centre = np.asarray(self.centre)
        p = (np.asarray(path, dtype=np.float64) - centre) * self.scale + centre
        p[:, 0] += 1.1 * np.sin(p[:, 1] / 55 + self.sway[0])
        p[:, 1] += 0.9 * np.sin(p[:, 0] / 60 + self.sway[1])
        return p

    def panel(
        self,
        path: Points,
        material: Material,
        *,
        volume: float = 1.0,
        folds: Sequence[Fold] = (),
        flutes: Flutes | None = None,
        angle: float = 0.0,
        shadow: float = 0.3,
        inlays: Sequence[Inlay] = (),
        dim: float = 1.0,
        edge: float = 1.0,
    ) -> None:
        """Draw a panel on top.

        Args:
            path: closed outline, (n, 2) pixels.
            material: fill of the outline.
            volume: height of the inflated shape; negative for a hollow.
            folds: creases and ridges.
            flutes: hanging waves.
            angle: degrees clockwise, of pattern and texture.
            shadow: strength of the shadow on the panels beneath, 0-1.
            inlays: areas of other materials.
            dim: factor of brightness, below 1 for an inside.
            edge: strength of the darkening at the rim.
        """
        points = self.place(path)
        low = np.floor(points.min(axis=0)).astype(int) - 1
        width, height = (int(n) + 2 for n in (points.max(axis=0) - low) // 2 * 2 + 2)
        mask = self._mask(points - low, width, height)
        offset = self.rng.integers(0, TILE, 2)
        tint = self._paint(material, width, height, angle, offset)
        for inlay in inlays:
            cover = self._mask(self.place(inlay.path) - low, width, height)
            if inlay.blur:
                cover = box_blur(cover, inlay.blur)
            cover = cover[..., None] * np.float32(inlay.opacity)
            other = self._paint(inlay.material, width, height, angle, offset)
            tint = tint + (other - tint) * cover
        bands = [(self._lens(fold) - low, fold.height) for fold in folds]
        shade, shine, soft = light(
            mask,
            bands,
            flutes,
            self.rng,
            volume=volume,
            rumple=material.rumple,
            gloss=material.gloss,
            tightness=material.tightness,
            edge=edge,
        )
        shade = np.minimum(shade, np.float32(BRIGHTEST)) * np.float32(dim)
        shine = shine + shade * np.float32(HAZE)
        shade *= np.float32(1 - 2 * HAZE)
        if material.texture:
            grain = np.asarray(_cut(texture(material.texture), width, height, angle, offset))
            shade *= 1 + (grain - 1) * np.float32(material.grain)
        tint = shade[..., None] * tint
        tint += shine[..., None]
        if shadow:
            self._cast(soft, low, shadow)
        self._lay(tint, mask, low)

    def line(
        self,
        path: Coordinates,
        colour: Colour,
        width: float = 1.2,
        opacity: float = 1.0,
        dash: tuple[float, float] | None = None,
    ) -> None:
        """Draw a thin line along a smooth curve; `dash` is (on, off) in pixels."""
        self.lines([path], colour, width, opacity, dash)

    def lines(
        self,
        paths: Sequence[Coordinates],
        colour: Colour,
        width: float = 1.2,
        opacity: float = 1.0,
        dash: tuple[float, float] | None = None,
    ) -> None:
        """Draw several thin lines of one colour; arguments as in `line`."""
        placed = [self.place(smooth(path)) for path in paths]
        pieces = [q for p in placed for q in (dashes(p, *dash) if dash else [p])]
        every = np.vstack(placed)
        low = np.floor(every.min(axis=0)).astype(int) - 4
        across, down = (int(n) for n in np.ceil(every.max(axis=0)).astype(int) + 5 - low)
        image = Image.new("L", (across * OVERSAMPLING, down * OVERSAMPLING))
        draw = ImageDraw.Draw(image)
        joint = "curve" if width > ROUND_JOINT else None
        for piece in pieces:
            xy = ((piece - low) * OVERSAMPLING).ravel().tolist()
            draw.line(xy, fill=255, width=max(1, round(width * OVERSAMPLING)), joint=joint)
        mask = np.asarray(image.reduce(OVERSAMPLING), np.float32) * np.float32(opacity / 255)
        self._lay(np.asarray(colour, np.float32) / np.float32(255), mask, low)

    def seam(self, *paths: Coordinates, strength: float = 1.0) -> None:
        """Draw seams: a dark groove with a light edge below it."""
        below = [moved(smooth(p), 0.6, 1.3) for p in paths]
        self.lines(below, (255, 255, 255), 1.0, 0.16 * strength)
        self.lines(paths, (12, 10, 14), 1.0, 0.42 * strength)

    def stitches(self, *paths: Coordinates, colour: Colour, opacity: float = 0.8) -> None:
        """Draw visible rows of stitches."""
        self.lines(paths, colour, 1.1, opacity, (3.2, 1.8))

    def shadow(self, path: Points, opacity: float, blur: int) -> None:
        """Draw a soft dark patch, for a shadow beneath the next panels; `blur` in pixels."""
        points = self.place(path)
        low = np.floor(points.min(axis=0)).astype(int) - 3 * blur
        width, height = (int(n) for n in np.ceil(points.max(axis=0)).astype(int) + 3 * blur - low)
        mask = box_blur(self._mask(points - low, width, height), blur) * np.float32(opacity)
        self._lay(np.array([0.05, 0.05, 0.07], np.float32), mask, low)

    def finish(self) -> Image.Image:
        """Finished picture, RGB: on white, vertically centred, with a soft shadow."""
        small = box_blur(self.alpha[::2, ::2], 5)
        cast = np.zeros_like(small)
        cast[4:, 1:] = small[:-4, :-1]
        ground = 1 - GROUND_SHADOW * enlarge(cast)
        picture = self.rgb + ((1 - self.alpha) * ground)[..., None]
        picture *= np.float32(255)
        picture += np.float32(0.5)
        rows = np.flatnonzero(self.alpha.max(axis=1) > 0.5)
        shown = Image.fromarray(np.clip(picture, 0, 255, out=picture).astype(np.uint8))
        middle = Image.new("RGB", (WIDTH, HEIGHT), "white")
        middle.paste(shown, (0, int(HEIGHT - 1 - rows[0] - rows[-1]) // 2))
        return middle

    @staticmethod
    def _mask(points: Points, width: int, height: int) -> FloatArray:
        image = Image.new("L", (width * OVERSAMPLING, height * OVERSAMPLING))
        ImageDraw.Draw(image).polygon((points * OVERSAMPLING).ravel().tolist(), fill=255)
        return np.asarray(image.reduce(OVERSAMPLING), np.float32) / np.float32(255)

    @staticmethod
    def _paint(
        material: Material, width: int, height: int, angle: float, offset: np.ndarray
    ) -> FloatArray:
        """Colour without texture or light: (3,) if uniform, else (height, width, 3)."""
        tint = np.asarray(material.colour, np.float32) / np.float32(255)
        if material.pattern:
            tile = _cut(pattern(material.pattern), width, height, angle, offset)
            cover = np.asarray(tile, np.float32) / np.float32(255)
            for channel, accent in enumerate(material.accents[:3]):
                colour = np.asarray(accent, np.float32) / np.float32(255)
                tint = tint + (colour - tint) * cover[..., channel, None]
        return tint

    def _lens(self, fold: Fold) -> Points:
        """Outline of a fold, pointed at both ends."""
        line = self.place(smooth(fold.line))
        if len(line) == 2:
            line = line[0] + (line[1] - line[0]) * np.linspace(0, 1, 7)[:, None]
        step = np.gradient(line, axis=0)
        normal = np.stack([-step[:, 1], step[:, 0]], axis=1)
        normal /= np.maximum(np.hypot(step[:, 0], step[:, 1]), 1e-6)[:, None]
        half = np.sin(np.linspace(0.15, np.pi - 0.15, len(line)))[:, None] * fold.width / 2
        return np.vstack([line + normal * half, (line - normal * half)[::-1]])

    def _cast(self, soft: FloatArray, low: np.ndarray, strength: float) -> None:
        """Draw a panel's shadow on the panels beneath, 3 pixels below and 1 to the right."""
        near = slice(MARGIN - SHADOW_REACH, SHADOW_REACH - MARGIN)
        dark = enlarge(soft[near, near] * np.float32(-strength))
        box = self._visible(dark.shape, low + np.array([1, 3]) - 2 * SHADOW_REACH)
        if box:
            there, here = box
            self.rgb[there] *= (dark[here] + np.float32(1))[..., None]

    def _lay(self, tint: FloatArray, mask: FloatArray, low: np.ndarray) -> None:
        box = self._visible(mask.shape, low)
        if not box:
            return
        there, here = box
        cover = mask[here]
        colour = tint if tint.ndim == 1 else np.clip(tint[here], 0, 1)
        self.rgb[there] += (colour - self.rgb[there]) * cover[..., None]
        self.alpha[there] += (1 - self.alpha[there]) * cover

    @staticmethod
    def _visible(
        shape: tuple[int, ...], low: np.ndarray
    ) -> tuple[tuple[slice, slice], tuple[slice, slice]] | None:
        """Visible area of a patch at `low`: its slices of the canvas and of the patch, or None."""
        x0, y0 = max(int(low[0]), 0), max(int(low[1]), 0)
        x1, y1 = min(int(low[0]) + shape[1], WIDTH), min(int(low[1]) + shape[0], HEIGHT)
        if x0 >= x1 or y0 >= y1:
            return None
        here = (slice(y0 - low[1], y1 - low[1]), slice(x0 - low[0], x1 - low[0]))
        return (slice(y0, y1), slice(x0, x1)), here


def _cut(
    tile: Image.Image, width: int, height: int, angle: float, offset: np.ndarray
) -> Image.Image:
    """Window of a tile, its content turned clockwise by `angle` (degrees)."""
    room_x, room_y = max(TILE - width, 1), max(TILE - height, 1)
    x, y = int(offset[0]) % room_x, int(offset[1]) % room_y
    if not angle:
        return tile.crop((x, y, x + width, y + height))
    a = np.radians(angle)
    cos, sin = float(np.cos(a)), float(np.sin(a))
    cx, cy, mid = width / 2, height / 2, TILE / 2
    matrix = (cos, sin, mid - cos * cx - sin * cy, -sin, cos, mid + sin * cx - cos * cy)
    return tile.transform(
        (width, height), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR
    )

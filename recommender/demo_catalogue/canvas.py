"""The canvas: lays panels of cloth, leather or metal over each other and lights them.

A panel is an outline filled with a material. Its shape is inflated into a height field, folds are
pressed into it, and one lamp from the upper left lights it, so every product has the same light.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw

from recommender.demo_catalogue.paths import AXIS, HEIGHT, WIDTH, Coordinates, Points, smooth
from recommender.demo_catalogue.patterns import pattern
from recommender.demo_catalogue.textures import TILE, FloatArray, box_blur, texture, undulation

Colour = tuple[int, int, int]
OVERSAMPLING = 3  # outlines are drawn three times as large: nine shades at an edge's pixel
PAD = 12  # half-size pixels around a panel, so that blurs see the empty surroundings
LAMP = np.array([-0.40, -0.52, 0.755], np.float32)  # unit vector to the light: upper left, in front
HALF_WAY = (LAMP + [0, 0, 1]) / np.linalg.norm(LAMP + [0, 0, 1])  # Blinn-Phong half vector
GROUND_SHADOW = 0.13


@dataclass(frozen=True)
class Fold:
    """A crease or ridge: a line on the panel, as wide and as high (negative: deep) as given."""

    line: Coordinates
    width: float = 9.0
    height: float = 2.0


@dataclass(frozen=True)
class Flutes:
    """Waves that hang down, as in a skirt: `count` across the panel, deeper towards the hem."""

    count: float
    depth: float
    phase: float = 0.0
    top: float = 0.0  # share of the panel's height above which there are none
    sharp: bool = False  # pressed pleats instead of waves


@dataclass(frozen=True)
class Material:
    """What a panel is made of."""

    colour: Colour
    texture: str | None = "jersey"
    pattern: str | None = None
    accents: tuple[Colour, ...] = ()
    gloss: float = 0.0  # strength of the highlight: 0 cloth, 0.25 satin, 0.6 patent leather
    tightness: float = 24.0  # exponent of the highlight
    rumple: float = 1.0  # height of the gentle waves of lying cloth
    grain: float = 1.0  # strength of the texture


@dataclass(frozen=True)
class Inlay:
    """Another colour or material within a panel: a print, a colour block, a faded thigh."""

    path: Points
    material: Material
    opacity: float = 1.0
    blur: int = 0


@dataclass
class Canvas:
    """Premultiplied picture and coverage; `finish` puts them on white."""

    seed: int
    scale: float = 1.0  # everything is drawn this much larger, about `centre`
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
        """Canvas coordinates of a path: scaled, and swayed a little so that no product is stiff."""
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
        """Lays a panel on top.

        `volume` inflates it, `angle` (degrees) turns pattern and texture, `shadow` falls on what
        is beneath, `dim` darkens an inside, `edge` is the darkening at the rim.
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
            tint += (self._paint(inlay.material, width, height, angle, offset) - tint) * cover
        shade, shine = self._light(mask, material, volume, folds, flutes, low, edge)
        shade = np.minimum(shade, 1.1)
        tint *= (shade * np.float32(0.94 * dim))[..., None]
        tint += (shine + shade * np.float32(0.025 * dim))[..., None]
        self._cast(mask, low, shadow)
        self._lay(tint, mask, low)

    def line(
        self,
        path: Coordinates,
        colour: Colour,
        width: float = 1.2,
        opacity: float = 1.0,
        dash: tuple[float, float] | None = None,
    ) -> None:
        """Draws a thin line along a smooth curve; `dash` is (on, off) in pixels."""
        self.lines([path], colour, width, opacity, dash)

    def lines(
        self,
        paths: Sequence[Coordinates],
        colour: Colour,
        width: float = 1.2,
        opacity: float = 1.0,
        dash: tuple[float, float] | None = None,
    ) -> None:
        """Several thin lines of one colour."""
        placed = [self.place(smooth(path)) for path in paths]
        pieces = [q for p in placed for q in (_dashes(p, *dash) if dash else [p])]
        every = np.vstack(placed)
        low = np.floor(every.min(axis=0)).astype(int) - 4
        size = np.ceil(every.max(axis=0)).astype(int) + 5 - low
        image = Image.new("L", tuple(int(n) * OVERSAMPLING for n in size))
        draw = ImageDraw.Draw(image)
        for piece in pieces:
            xy = ((piece - low) * OVERSAMPLING).ravel().tolist()
            draw.line(xy, fill=255, width=max(1, round(width * OVERSAMPLING)), joint="curve")
        mask = np.asarray(image.reduce(OVERSAMPLING), np.float32) * np.float32(opacity / 255)
        self._lay(np.asarray(colour, np.float32) / 255, mask, low)

    def seam(self, *paths: Coordinates, strength: float = 1.0) -> None:
        """A sewn seam: a dark groove with a light edge below it."""
        below = [np.asarray(smooth(p)) + (0.6, 1.3) for p in paths]
        self.lines(below, (255, 255, 255), 1.0, 0.16 * strength)
        self.lines(paths, (12, 10, 14), 1.0, 0.42 * strength)

    def stitches(self, *paths: Coordinates, colour: Colour, opacity: float = 0.8) -> None:
        """A visible row of stitches."""
        self.lines(paths, colour, 1.1, opacity, (3.2, 1.8))

    def shadow(self, path: Points, opacity: float, blur: int) -> None:
        """A soft dark patch under what is drawn next."""
        points = self.place(path)
        low = np.floor(points.min(axis=0)).astype(int) - 3 * blur
        width, height = (int(n) for n in np.ceil(points.max(axis=0)).astype(int) + 3 * blur - low)
        mask = box_blur(self._mask(points - low, width, height), blur) * np.float32(opacity)
        self._lay(np.array([0.05, 0.05, 0.07], np.float32), mask, low)

    def finish(self) -> Image.Image:
        """The picture on white, with a soft shadow of the whole product."""
        small = box_blur(self.alpha[::2, ::2], 5)
        cast = np.zeros_like(small)
        cast[4:, 1:] = small[:-4, :-1]
        ground = 1 - GROUND_SHADOW * _enlarge(cast)
        picture = self.rgb + ((1 - self.alpha) * ground)[..., None]
        rows = np.flatnonzero(self.alpha.max(axis=1) > 0.5)
        picture = np.roll(picture, (HEIGHT - 1 - rows[0] - rows[-1]) // 2, axis=0)
        return Image.fromarray((np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8))

    @staticmethod
    def _mask(points: Points, width: int, height: int) -> FloatArray:
        image = Image.new("L", (width * OVERSAMPLING, height * OVERSAMPLING))
        ImageDraw.Draw(image).polygon((points * OVERSAMPLING).ravel().tolist(), fill=255)
        return np.asarray(image.reduce(OVERSAMPLING), np.float32) / np.float32(255)

    @staticmethod
    def _paint(
        material: Material, width: int, height: int, angle: float, offset: np.ndarray
    ) -> FloatArray:
        """Colour of the flat material, (height, width, 3)."""
        tint = np.tile(np.asarray(material.colour, np.float32) / 255, (height, width, 1))
        if material.pattern:
            tile = _cut(pattern(material.pattern), width, height, angle, offset)
            cover = np.asarray(tile, np.float32) / np.float32(255)
            for channel, accent in enumerate(material.accents[:3]):
                colour = np.asarray(accent, np.float32) / 255
                tint += (colour - tint) * cover[..., channel, None]
        if material.texture:
            image = Image.fromarray(texture(material.texture))
            grain = np.asarray(_cut(image, width, height, angle, offset))
            tint *= (1 + (grain - 1) * np.float32(material.grain))[..., None]
        return tint

    def _light(
        self,
        mask: FloatArray,
        material: Material,
        volume: float,
        folds: Sequence[Fold],
        flutes: Flutes | None,
        low: np.ndarray,
        edge: float,
    ) -> tuple[FloatArray, FloatArray]:
        """Brightness and highlight of the panel, worked out at half size."""
        small = np.pad(_halve(mask), PAD)
        low = low - 2 * PAD
        near, far = box_blur(small, 2), box_blur(small, 10)
        relief = np.float32(volume) * (11 * far + 2.6 * near)
        if material.rumple:
            y, x = self.rng.integers(0, TILE // 2 - 60, 2)
            y, x = min(y, TILE - small.shape[0]), min(x, TILE - small.shape[1])
            waves = undulation(12)[y : y + small.shape[0], x : x + small.shape[1]]
            relief = relief + waves * np.float32(0.55 * material.rumple)
        if folds:
            image = Image.new("F", small.shape[::-1])
            draw = ImageDraw.Draw(image)
            for fold in folds:
                band = self._lens(fold) - low
                draw.polygon((band / 2).ravel().tolist(), fill=float(fold.height))
            relief = relief + box_blur(np.asarray(image), 2)
        if flutes:
            relief = relief + _hang(small, flutes)
        slope_y, slope_x = np.gradient(relief)
        norm = 1 / np.sqrt(slope_x**2 + slope_y**2 + 1)
        toward = (-slope_x * LAMP[0] - slope_y * LAMP[1] + LAMP[2]) * norm / LAMP[2]
        inside = np.clip(2 * near - 1, 0, 1) * 0.5 + np.clip(2 * far - 1, 0, 1) * 0.5
        shade = (0.34 + 0.66 * np.clip(toward, 0, None)) * (1 - 0.26 * edge * (1 - inside) ** 2)
        glint = (-slope_x * HALF_WAY[0] - slope_y * HALF_WAY[1] + HALF_WAY[2]) * norm
        shine = 0.10 * np.clip(shade - 0.9, 0, 0.6)
        if material.gloss:
            shine = shine + material.gloss * np.clip(glint, 0, 1) ** material.tightness
            shine = shine - material.gloss * HALF_WAY[2] ** material.tightness * 0.8
        return _enlarge(shade[PAD:-PAD, PAD:-PAD]), _enlarge(shine[PAD:-PAD, PAD:-PAD])

    def _lens(self, fold: Fold) -> Points:
        """Outline of a fold: pointed at both ends."""
        line = self.place(smooth(fold.line))
        if len(line) == 2:
            line = line[0] + (line[1] - line[0]) * np.linspace(0, 1, 7)[:, None]
        step = np.gradient(line, axis=0)
        normal = np.stack([-step[:, 1], step[:, 0]], axis=1)
        normal /= np.maximum(np.hypot(step[:, 0], step[:, 1]), 1e-6)[:, None]
        half = np.sin(np.linspace(0.15, np.pi - 0.15, len(line)))[:, None] * fold.width / 2
        return np.vstack([line + normal * half, (line - normal * half)[::-1]])

    def _cast(self, mask: FloatArray, low: np.ndarray, strength: float) -> None:
        if strength:
            soft = _enlarge(box_blur(np.pad(_halve(mask), 5), 2)) * np.float32(strength)
            box = self._visible(soft.shape, low + (-9, -7))
            if box:
                there, here = box
                self.rgb[there] *= (1 - soft[here])[..., None]

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
        """Where a patch of the given shape at `low` lies on the canvas, and which part of it."""
        x0, y0 = max(int(low[0]), 0), max(int(low[1]), 0)
        x1, y1 = min(int(low[0]) + shape[1], WIDTH), min(int(low[1]) + shape[0], HEIGHT)
        if x0 >= x1 or y0 >= y1:
            return None
        here = (slice(y0 - low[1], y1 - low[1]), slice(x0 - low[0], x1 - low[0]))
        return (slice(y0, y1), slice(x0, x1)), here


def _hang(small: FloatArray, flutes: Flutes) -> FloatArray:
    """Height of hanging waves; each row's own left and right edge decide where they lie."""
    covered = small > 0.5
    rows = np.flatnonzero(covered.any(axis=1))
    left = np.argmax(covered, axis=1).astype(np.float32)
    right = small.shape[1] - 1 - np.argmax(covered[:, ::-1], axis=1).astype(np.float32)
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


def _cut(
    tile: Image.Image, width: int, height: int, angle: float, offset: np.ndarray
) -> Image.Image:
    """A window of a tile, its content turned clockwise by `angle`."""
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


def _halve(image: FloatArray) -> FloatArray:
    return np.asarray(Image.fromarray(np.ascontiguousarray(image)).reduce(2))


def _enlarge(small: FloatArray) -> FloatArray:
    """Twice the size, smoothly."""
    image = Image.fromarray(np.ascontiguousarray(small, np.float32))
    size = (small.shape[1] * 2, small.shape[0] * 2)
    return np.asarray(image.resize(size, Image.Resampling.BILINEAR))


def _dashes(line: Points, on: float, off: float) -> list[Points]:
    steps = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    starts = np.arange(0, steps[-1], on + off)
    ends = np.minimum(starts + on, steps[-1])
    return [
        np.stack([np.interp((a, b), steps, line[:, i]) for i in (0, 1)], axis=1)
        for a, b in zip(starts, ends, strict=True)
    ]

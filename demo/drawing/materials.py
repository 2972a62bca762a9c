"""Materials of panels, and their folds, flutes and inlays."""

from dataclasses import dataclass

from demo.drawing.paths import Coordinates, Points

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Fold:
    """Crease or ridge along a line; width in pixels, height negative for a crease."""

    line: Coordinates
    width: float = 9.0
    height: float = 2.0


@dataclass(frozen=True)
class Flutes:
    """Hanging waves, as in a skirt: `count` across the panel, deeper towards the hem."""

    count: float
    depth: float
    phase: float = 0.0
    top: float = 0.0  # fraction of the panel's height, from its top, without waves
    sharp: bool = False  # pressed pleats instead of waves


@dataclass(frozen=True)
class Material:
    """Material of a panel: colour, texture, pattern and gloss."""

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
    """Area of another material within a panel: a print, a colour block, a faded thigh."""

    path: Points
    material: Material
    opacity: float = 1.0
    blur: int = 0

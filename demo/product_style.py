"""Product style: colours, materials and pattern that one product is drawn with."""

from dataclasses import dataclass

from demo.drawing.materials import Colour, Material
from demo.drawing.patterns import TILED_PATTERNS

COLOURS: dict[str, Colour] = {
    "Black": (38, 38, 42),
    "White": (246, 246, 245),
    "Off White": (240, 235, 224),
    "Grey": (140, 143, 149),
    "Grey Melange": (176, 178, 182),
    "Charcoal": (74, 77, 84),
    "Silver": (196, 199, 204),
    "Gold": (206, 168, 92),
    "Navy Blue": (36, 48, 86),
    "Blue": (52, 104, 178),
    "Turquoise Blue": (58, 176, 190),
    "Teal": (26, 118, 124),
    "Sea Green": (112, 190, 164),
    "Green": (46, 128, 78),
    "Olive": (104, 108, 62),
    "Khaki": (178, 162, 122),
    "Beige": (214, 194, 164),
    "Cream": (243, 229, 200),
    "Tan": (186, 128, 78),
    "Brown": (112, 72, 46),
    "Coffee Brown": (82, 56, 42),
    "Rust": (182, 84, 44),
    "Mustard": (214, 162, 48),
    "Yellow": (246, 208, 74),
    "Orange": (240, 132, 56),
    "Peach": (250, 190, 160),
    "Red": (200, 44, 50),
    "Maroon": (116, 32, 46),
    "Burgundy": (96, 26, 52),
    "Pink": (240, 152, 176),
    "Magenta": (204, 48, 122),
    "Lavender": (188, 170, 222),
    "Purple": (108, 66, 144),
}
WHITE, BLACK, INK = COLOURS["White"], COLOURS["Black"], (24, 24, 28)
METALS: dict[str, Colour] = {
    "steel": (186, 190, 196),
    "gold": (212, 176, 104),
    "rose": (214, 160, 138),
    "dark": (70, 72, 78),
}


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """Colour between a (share 0) and b (share 1)."""
    r, g, b_ = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return r, g, b_


def brightness(colour: Colour) -> float:
    """Perceived brightness, 0 to 255 (Rec. 601 luma)."""
    return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]


def darker(colour: Colour, share: float = 0.25) -> Colour:
    """The colour moved towards black."""
    return mix(colour, (10, 10, 14), share)


def lighter(colour: Colour, share: float = 0.25) -> Colour:
    """The colour moved towards white."""
    return mix(colour, (255, 255, 255), share)


def contrast(colour: Colour, share: float = 0.3) -> Colour:
    """A shade that shows against the colour: darker on light ones, lighter on dark ones."""
    return darker(colour, share) if brightness(colour) > 90 else lighter(colour, share * 0.8)


@dataclass(frozen=True)
class ProductStyle:
    """Colours, pattern and model (such as "v tshirt") of one product."""

    model: str
    gender: str
    colour: Colour
    accents: tuple[Colour, Colour, Colour]
    pattern: str = "plain"

    @property
    def accent(self) -> Colour:
        return self.accents[0]

    @property
    def metal(self) -> str:
        """Its fittings: gold with warm accents, dark with dark ones, else steel."""
        red, _, blue = self.accent
        if brightness(self.accent) < 80:
            return "dark"
        return "gold" if red - blue > 60 else "steel"

    @property
    def female(self) -> bool:
        return self.gender in ("Women", "Girls")

    @property
    def child(self) -> bool:
        return self.gender in ("Boys", "Girls")

    def cloth(
        self, texture: str | None, gloss: float = 0.0, rumple: float = 1.0, grain: float = 1.0
    ) -> Material:
        """The product's own material, with its pattern."""
        tiled = self.pattern if self.pattern in TILED_PATTERNS else None
        return Material(self.colour, texture, tiled, self.accents, gloss, 24.0, rumple, grain)


def plain(
    colour: Colour,
    texture: str | None = "jersey",
    gloss: float = 0.0,
    tightness: float = 24.0,
    rumple: float = 0.4,
) -> Material:
    """A material of one colour."""
    return Material(colour, texture, None, (), gloss, tightness, rumple)


def metal(name: str) -> Material:
    """Polished metal."""
    return Material(METALS[name], None, None, (), 0.55, 14.0, 0.0)


LEATHER_GLOSS = 0.26


def leather(colour: Colour, gloss: float = LEATHER_GLOSS) -> Material:
    """Smooth leather; patent leather with a gloss of 0.6."""
    return Material(colour, "leather" if gloss < 0.5 else None, None, (), gloss, 18.0, 0.6)

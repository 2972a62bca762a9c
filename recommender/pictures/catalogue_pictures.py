"""Picture statistics of a catalogue: size, sharpness, background, and fill by the product.

The product of a photograph is brought to the size, position and background of the catalogue's
pictures (`recommender.pictures.segmentation`); synthetic photographs for fitting use the same
figures. They are measured while an index is built (`recommender.building.measure_pictures`) and
kept in its manifest.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from recommender.errors import IndexFormatError

# Fraction from which a catalogue's pictures count as all of one shape, and below which they count
# as photographs; least value, 0-255, of a white ground.
MOSTLY, HALF, WHITE = 0.95, 0.5, 245


@dataclass(frozen=True)
class CataloguePictures:
    """Statistics of a catalogue's pictures.

    The defaults are those of Fashion Product Images (Small). Indexes without measured statistics
    use them.
    """

    width: int = 60
    """Median width, pixels, of copies reduced until they are sharp and fit a network's input."""
    height: int = 80
    """Median height, pixels, of the same copies."""
    filled_width: float = 0.86
    """Fraction of the width that wide products fill (median)."""
    filled_height: float = 0.92
    """Fraction of the height that all other products fill (median)."""
    background: tuple[int, int, int] = (255, 255, 255)
    """Median colour of the margins, RGB 0-255; white unless most margins are plain and light."""
    sharpness: float = 1.0
    """Fraction of the width and height to which the pictures can shrink without losing detail."""
    plain: float | None = None
    """Fraction of the pictures with a plain light margin; None where it was not measured."""
    cut: float | None = None
    """Fraction of the products on these that the edge cuts, such as worn clothes."""
    same_shape: float | None = None
    """Fraction of the pictures with the median's proportions."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, pixels."""
        return self.width, self.height

    def scaled(self, long_side: int) -> tuple[int, int]:
        """Width and height (pixels) for another long side, same aspect ratio."""
        scale = long_side / max(self.size)
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))

    def describe(self) -> str:
        """What the pictures are like, in a sentence; empty where it was not measured."""
        if self.plain is None or self.cut is None or self.same_shape is None:
            return ""
        shapes = "" if self.same_shape >= MOSTLY else f", {1 - self.same_shape:.0%} of other shapes"
        size = f"{self.width} x {self.height} pixels as sharp as they are{shapes}"
        if self.plain < HALF:
            return (
                f"{size}; {1 - self.plain:.0%} without a plain ground, so that photographs are "
                "framed as most shops frame products, on white."
            )
        ground = "white" if min(self.background) >= WHITE else f"RGB {self.background}"
        worn = f"; {self.cut:.0%} of the products are cut by the edge, as worn clothes are"
        return (
            f"{size}; {self.plain:.0%} on a plain ground ({ground}){worn}; the others fill up to "
            f"{self.filled_width:.0%} of the width and {self.filled_height:.0%} of the height."
        )

    def to_json(self) -> dict[str, Any]:
        """Fields as JSON types."""
        return {**asdict(self), "background": list(self.background)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "CataloguePictures":
        """Inverse of `to_json`; missing fields have their default.

        Raises:
            IndexFormatError: a value is of the wrong type or out of range.
        """
        try:
            known = {name: values[name] for name in cls.__dataclass_fields__ if name in values}
            if "background" in known:
                red, green, blue = (int(value) for value in known["background"])
                known["background"] = red, green, blue
            made = cls(**known)
            sane = (
                min(made.size) >= 1
                and all(0 < f <= 1 for f in (made.filled_width, made.filled_height, made.sharpness))
                and all(0 <= value <= 255 for value in made.background)
                and all(f is None or 0 <= f <= 1 for f in (made.plain, made.cut, made.same_shape))
            )
        except (TypeError, ValueError):
            sane = False
        if not sane:
            raise IndexFormatError(
                "The manifest's statistics of the catalogue's pictures are damaged. "
                "Download or build the index again."
            )
        return made

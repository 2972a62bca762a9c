"""Picture statistics of a catalogue: size, sharpness, margins, and how much a product fills.

A photograph's product is brought to the size, the place and the background that the catalogue's
own pictures have (`recommender.pictures.segmentation`), and photographs made for fitting are made
likewise. The figures are measured while an index is built, and stand in its manifest
(`recommender.building.measure_pictures`).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from recommender.errors import IndexFormatError


@dataclass(frozen=True)
class CataloguePictures:
    """Statistics of a catalogue's pictures.

    The defaults are those of Fashion Product Images (Small); indexes built before they were
    measured have all been searched with them.
    """

    width: int = 60
    """Median width, pixels, as far as the pictures are sharp and a network can see."""
    height: int = 80
    """Median height, likewise."""
    filled_width: float = 0.86
    """Fraction of the width that products fill which are limited by it: median of the wide ones."""
    filled_height: float = 0.92
    """Fraction of the height that products fill which are limited by it: median of the others."""
    background: tuple[int, int, int] = (255, 255, 255)
    """Median colour of the margins, RGB 0-255, where most pictures have a plain light one."""
    sharpness: float = 1.0
    """Fraction of the pictures' own width and height beyond which they have no more detail."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height, pixels."""
        return self.width, self.height

    def scaled(self, long_side: int) -> tuple[int, int]:
        """Width and height, pixels, of the same shape with another long side."""
        scale = long_side / max(self.size)
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))

    def to_json(self) -> dict[str, Any]:
        """The fields as JSON has them."""
        return {**asdict(self), "background": list(self.background)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "CataloguePictures":
        """The inverse of `to_json`; what is missing has its default.

        Raises:
            IndexFormatError: a value is none that a picture can have.
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
            )
        except (TypeError, ValueError):
            sane = False
        if not sane:
            raise IndexFormatError(
                "The manifest's statistics of the catalogue's pictures are damaged. "
                "Download or build the index again."
            )
        return made

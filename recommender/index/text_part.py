"""Text part of an index: everything that a search by words needs, in `text_head.npz`.

Arrays by name (no pickle): those of the text head (`recommender.embedding.text_head`), or of the
tower head (`recommender.embedding.tower_head`) where words are read by the network's own text
tower, and

    detector_weights, detector_bias              text detector (`recommender.index.text_detector`)
    calibration_colour_weights, calibration_curves   calibration of similarities of texts
    refined_colour_weights, refined_curves           the same of pictures that words refine
    known                                        uint8: UTF-8 text, a word of the catalogue a line
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from recommender.embedding.text_embedder import TextProjection
from recommender.embedding.text_head import TextHead, from_lines, to_lines
from recommender.features.text_encoder import text_encoder
from recommender.index.calibration import Calibration
from recommender.index.text_detector import TextDetector
from recommender.words.tokens import plain

# Fields of a report card, beside the number of names and the fraction that finds its own product:
# which of the two heads is kept, and that fraction with each.
KEPT, TEXT_HEAD, TEXT_TOWER = "kept", "text_head", "text_tower"


@dataclass(frozen=True)
class TextPart:
    """Text part of an index."""

    head: TextProjection
    detector: TextDetector
    calibration: Calibration
    """Of texts: their inner products with items are others than those of pictures."""
    refined: Calibration
    """Of pictures that words refine."""
    known: tuple[str, ...]
    """Words of the catalogue's names."""

    def in_catalogue(self, word: str) -> bool:
        """Whether a word, as written, is one of the catalogue's."""
        return plain(word) in self._known

    def knows(self, word: str) -> bool:
        """Whether a word, as written, is one of the catalogue's or of the encoder's languages."""
        return self.in_catalogue(word) or text_encoder().knows(word)

    def spells(self, word: str) -> bool:
        """Whether a word, as written, is the catalogue's or common, and so no wrong spelling."""
        return self.in_catalogue(word) or text_encoder().has(word)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.known)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Arrays of `text_head.npz`, by name."""
        parts = {
            "detector": self.detector.to_arrays(),
            "calibration": self.calibration.to_arrays(),
            "refined": self.refined.to_arrays(),
        }
        return {
            **self.head.to_arrays(),
            **{f"{part}_{n}": array for part, own in parts.items() for n, array in own.items()},
            "known": to_lines(self.known),
        }

    @classmethod
    def from_arrays(
        cls, arrays: Mapping[str, np.ndarray], head: TextProjection | None = None
    ) -> "TextPart":
        """Inverse of `to_arrays`.

        Args:
            arrays: by name.
            head: None for a text head, of the arrays.

        Raises:
            KeyError: an array is missing.
            ValueError: the arrays do not fit together.
        """

        def part(name: str) -> dict[str, np.ndarray]:
            prefix = f"{name}_"
            return {n.removeprefix(prefix): a for n, a in arrays.items() if n.startswith(prefix)}

        return cls(
            head or TextHead.from_arrays(arrays),
            TextDetector.from_arrays(part("detector")),
            Calibration.from_arrays(part("calibration")),
            Calibration.from_arrays(part("refined")),
            from_lines(arrays["known"]),
        )

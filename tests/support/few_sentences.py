"""Text detectors fitted on fewer sentences, which are encoded once: most of a build's time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from unittest import mock

import numpy as np

from recommender.building import text_fitting
from recommender.features.text_encoder import text_encoder

# Names and phrases each; the program's own number took 10 of the 12 s of a small build.
MOST_DETECTED = 300

_known: dict[tuple[str, ...], np.ndarray] = {}


class EncodedBefore:
    """Text encoder that encodes the same list of texts once in a process."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        key = tuple(texts)
        if key not in _known:
            _known[key] = text_encoder().encode(texts)
        return _known[key]


@contextmanager
def few_sentences() -> Iterator[None]:
    """While it lasts, builds in this process fit their text detectors on fewer sentences."""
    with (
        mock.patch.object(text_fitting, "text_encoder", return_value=EncodedBefore()),
        mock.patch.object(text_fitting, "MOST_DETECTED", MOST_DETECTED),
    ):
        yield

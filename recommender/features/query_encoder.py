"""Encoder for queries: one network for single pictures, and one for a photograph with its crops.

A fixed shape is faster than a dynamic one. Four pictures take 19 ms on 2 cores instead of 24 ms,
and the second network takes 26 MB, from the first photograph on.
"""

import threading
from pathlib import Path

import numpy as np

from recommender.features.encoder import Encoder, Features


class QueryEncoder(Encoder):
    """Encoder for one picture or a few at a time. Thread-safe.

    Args:
        folder: an encoder folder.
        most: pictures a call at most.
        precision: "f32" or "bf16".
        threads: processor threads of a call; 0: OpenVINO decides.

    Raises:
        IndexFormatError: the encoder is missing or damaged.
    """

    def __init__(
        self, folder: Path, *, most: int, precision: str = "f32", threads: int = 0
    ) -> None:
        super().__init__(folder, precision=precision, threads=threads)
        self._folder, self._most, self._threads = folder, most, threads
        self._several: Encoder | None = None
        self._loading = threading.Lock()

    def encode(self, pixels: np.ndarray) -> Features:
        """Feature maps and pooled features of pictures, in one call of a network.

        Args:
            pixels: (n, side, side, 3) uint8 RGB with n at most `most`.
        """
        if len(pixels) == 1:
            return super().encode(pixels)
        with self._loading:
            if self._several is None:
                self._several = Encoder(
                    self._folder,
                    batch=self._most,
                    latency=True,
                    precision=self.precision,
                    threads=self._threads,
                )
        return self._several.encode(pixels)

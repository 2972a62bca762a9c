"""Text head: sentence vector and words to the style part and colour part of a vector, in NumPy.

Fitted by `recommender.training.text_head`. A text's words and word pairs stand beside its sentence
vector, because the sentence encoder knows no brands.

Arrays by name (no pickle):

    sentence, bias             hidden layer: (512, h) and (h,)
    words                      (v, e), vectors of the vocabulary
    words_layer                (e, h), hidden layer: weights of a text's words; indexes built
                               before it have none, and their words are of e = h units
    style, style_bias          (h, style dimensions), (style dimensions,)
    colour, colour_bias        (h, colour dimensions), (colour dimensions,)
    vocabulary                 uint8: UTF-8 text, a word or pair of words in each of v lines
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from recommender.embedding.vectors import normalised
from recommender.features.text_encoder import DIMENSIONS, text_encoder
from recommender.words.tokens import words_of


@dataclass(frozen=True)
class TextHead:
    """Text head: one hidden layer with a ReLU, and two outputs of length one."""

    vocabulary: tuple[str, ...]
    """Words and word pairs, as `terms_of` writes them."""
    sentence: np.ndarray
    """(512, h) float32."""
    words: np.ndarray
    """(v, e) float16: as stored, because a text takes few of its rows."""
    bias: np.ndarray
    """(h,) float32."""
    style: tuple[np.ndarray, np.ndarray]
    """Weights (h, style dimensions) and biases, float32."""
    colour: tuple[np.ndarray, np.ndarray]
    """Weights (h, colour dimensions) and biases, float32."""
    words_layer: np.ndarray | None = None
    """(e, h) float32; None where `words` are added to the hidden layer as they are, e = h."""

    def __call__(
        self, texts: Sequence[str], sentences: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Style and colour of n texts, (n, d) float32 each, of length one.

        Args:
            texts: n texts.
            sentences: (n, 512) float32, their vectors by `recommender.features.text_encoder`; None
                computes them.
        """
        sentences = text_encoder().encode(texts) if sentences is None else sentences
        words = np.zeros((len(texts), self.words.shape[1]), np.float32)
        for row, text in enumerate(texts):
            known = [self._codes[term] for term in terms_of(text) if term in self._codes]
            if known:
                # Divided by the root of their number, as in fitting.
                words[row] = self.words[known].astype(np.float32).sum(0) / np.sqrt(len(known))
        words = words if self.words_layer is None else words @ self.words_layer
        hidden = np.maximum(sentences @ self.sentence + words + self.bias, 0)
        style, colour = (hidden @ weights + bias for weights, bias in (self.style, self.colour))
        return normalised(style), normalised(colour)

    @property
    def dimensions(self) -> tuple[int, int]:
        """Dimensions of the style part and of the colour part."""
        return len(self.style[1]), len(self.colour[1])

    @cached_property
    def _codes(self) -> dict[str, int]:
        return {term: code for code, term in enumerate(self.vocabulary)}

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Arrays by name; matrices in float16."""
        layer = self.words_layer
        return {
            "sentence": self.sentence.astype(np.float16),
            "words": self.words,
            **({} if layer is None else {"words_layer": layer.astype(np.float16)}),
            "bias": self.bias,
            "style": self.style[0].astype(np.float16),
            "style_bias": self.style[1],
            "colour": self.colour[0].astype(np.float16),
            "colour_bias": self.colour[1],
            "vocabulary": to_lines(self.vocabulary),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "TextHead":
        """Text head from its arrays; inverse of `to_arrays`.

        Raises:
            KeyError: an array is missing.
            ValueError: the arrays do not fit together.
        """
        head = cls(
            from_lines(arrays["vocabulary"]),
            arrays["sentence"].astype(np.float32),
            arrays["words"],
            arrays["bias"],
            (arrays["style"].astype(np.float32), arrays["style_bias"]),
            (arrays["colour"].astype(np.float32), arrays["colour_bias"]),
            arrays["words_layer"].astype(np.float32) if "words_layer" in arrays else None,
        )
        hidden, layer = len(head.bias), head.words_layer
        to_hidden = head.words if layer is None else layer
        matrices = (head.sentence, to_hidden, head.style[0].T, head.colour[0].T)
        if any(matrix.ndim != 2 or matrix.shape[1] != hidden for matrix in matrices):
            raise ValueError("the layers of the text head differ in size")
        if layer is not None and head.words.shape[1:] != layer.shape[:1]:
            raise ValueError("the words and their layer differ in size")
        if len(head.sentence) != DIMENSIONS or any(
            bias.shape != weights.shape[1:] for weights, bias in (head.style, head.colour)
        ):
            raise ValueError("the text head is for other sentence vectors, or its biases differ")
        if len(head.words) != len(head.vocabulary):
            raise ValueError("the vocabulary and its weights differ in size")
        return head


def terms_of(text: str) -> list[str]:
    """Different words and word pairs of a text, in their order."""
    words = words_of(text)
    pairs = [f"{one} {other}" for one, other in itertools.pairwise(words)]
    return list(dict.fromkeys([*words, *pairs]))


def to_lines(words: Sequence[str]) -> np.ndarray:
    """Words as an array, (bytes,) uint8: UTF-8 text with a word in each line."""
    return np.frombuffer("\n".join(words).encode(), np.uint8)


def from_lines(array: np.ndarray) -> tuple[str, ...]:
    """Words of an array; inverse of `to_lines`.

    Raises:
        ValueError: the array is no UTF-8 text.
    """
    text = array.astype(np.uint8, casting="safe").tobytes().decode()
    return tuple(text.split("\n")) if text else ()

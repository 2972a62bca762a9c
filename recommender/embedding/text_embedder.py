"""Text embedder: understandings of texts to vectors, alone or as refinements of pictures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from recommender.embedding.prototypes import Prototypes
from recommender.embedding.text_query import (
    NamedValues,
    refined_embedding,
    shown_value,
    text_embedding,
)
from recommender.embedding.vectors import Embedding
from recommender.schema import COLOUR, TYPE_ROLES, type_column
from recommender.words.lexicon import Lexicon
from recommender.words.phrases import usual_words
from recommender.words.understanding import Mention, Understanding, understand


class TextProjection(Protocol):
    """Texts to the parts of a vector: `TextHead`, which is learned, or `TowerHead`."""

    @property
    def dimensions(self) -> tuple[int, int]: ...
    def __call__(
        self, texts: Sequence[str], sentences: np.ndarray | None = None, /
    ) -> tuple[np.ndarray, np.ndarray]: ...
    def to_arrays(self) -> dict[str, np.ndarray]: ...


@dataclass(frozen=True)
class TextEmbedder:
    """Text embedder of a catalogue."""

    head: TextProjection
    lexicon: Lexicon
    """Of the catalogue."""
    prototypes: tuple[Prototypes, ...]
    """Of the head that made the catalogue's vectors."""
    knows: Callable[[str], bool]
    """Whether a word, as written, is one of the catalogue's or of a language."""
    spells: Callable[[str], bool] | None = None
    """Whether a word is certainly spelled so, and is not corrected; `knows` by default."""

    def understand(self, text: str) -> Understanding:
        """Understanding of a text."""
        return understand(text, self.lexicon, self.knows, self.spells)

    def embed(
        self, texts: Sequence[Understanding], sentences: np.ndarray | None = None
    ) -> list[Embedding]:
        """Embeddings of texts.

        Args:
            texts: understandings of n texts.
            sentences: (n, 512) float32, sentence vectors of their `readable`; None computes them
                where they are needed.
        """
        styles, colours = self.head([text.readable for text in texts], sentences)
        # Where no column has colours, words such as "red" name no value, and the colour part knows
        # them nevertheless.
        by_words = COLOUR not in self.lexicon.columns
        return [
            text_embedding(
                style,
                colour,
                self.named(text),
                self.prototypes,
                coloured=by_words and bool(text.of(COLOUR)),
            )
            for style, colour, text in zip(styles, colours, texts, strict=True)
        ]

    def refine(self, own: Embedding, text: Understanding) -> Embedding:
        """Embedding of a picture, product or mix, changed in what a text names.

        Args:
            own: of the picture.
            text: understanding of words such as "in red", "as a dress", "with stripes".
        """
        placed = {p.column for p in self.prototypes}
        further = [m for m in text.mentions if m.concept is not None or m.values]
        # Without a colour part, as by the classic recipe, a colour is a difference of style, too.
        of_style = own.colour.size == 0
        further = [
            m for m in further if self._column(m) not in placed and (of_style or m.role != COLOUR)
        ]
        # The product is called by its probable article type: stripes of a shirt are not those of a
        # shoe. Pairs of texts, with what is named and without, each with a sign.
        base = (self.shown_type(own) or "").lower()
        pairs = [
            (_words(m) if m.role in TYPE_ROLES else f"{_words(m)} {base}".strip(), m.negated)
            for m in further
        ]
        if not text.mentions and text.words > text.small:
            # Words without a concept, such as a brand, move the style as a text does.
            pairs = [(f"{text.readable} {base}".strip(), False)]
        hues = "" if of_style else " ".join(_words(mention) for mention in text.of(COLOUR))
        texts = [base, hues, *(words for words, _ in pairs)]
        difference = colour = None
        if pairs or hues:
            styles, colours = self.head(texts)
            colour = colours[1] if hues else None
            without = styles[0] if base else np.zeros_like(styles[0])
            moves = [
                (style - without) * (-1 if negated else 1)
                for style, (_, negated) in zip(styles[2:], pairs, strict=True)
            ]
            difference = np.sum(moves, axis=0) if moves else None
        return refined_embedding(
            own, self.named(text), self.prototypes, difference=difference, colour=colour
        )

    def named(self, text: Understanding) -> list[NamedValues]:
        """Values of the catalogue that a text names."""
        return [
            NamedValues(column, mention.values, mention.negated)
            for mention in text.mentions
            if (column := self._column(mention)) is not None
        ]

    def shown_type(self, own: Embedding) -> str | None:
        """Article type that an embedding shows most probably; None without article types."""
        column = type_column(p.column for p in self.prototypes)
        of_types = [p for p in self.prototypes if p.column == column]
        return shown_value(own.style, of_types[0]) if of_types else None

    def _column(self, mention: Mention) -> str | None:
        """Column of a mention's values; None where the catalogue has none."""
        return self.lexicon.columns.get(mention.role) if mention.values else None


def _words(mention: Mention) -> str:
    return mention.label if mention.concept is None else usual_words(mention.concept)

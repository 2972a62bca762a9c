"""Text embedder: understandings of texts to vectors, alone or as refinements of pictures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from recommender.embedding.prototypes import Prototypes
from recommender.embedding.text_head import TextHead
from recommender.embedding.text_query import (
    NamedValues,
    refined_embedding,
    shown_value,
    text_embedding,
)
from recommender.embedding.vectors import Embedding
from recommender.features.text_encoder import text_encoder
from recommender.schema import COLOUR, type_column
from recommender.words.lexicon import Lexicon
from recommender.words.phrases import usual_words
from recommender.words.understanding import Mention, Understanding, understand


@dataclass(frozen=True)
class TextEmbedder:
    """Text embedder of a catalogue."""

    head: TextHead
    lexicon: Lexicon
    """Of the catalogue."""
    prototypes: tuple[Prototypes, ...]
    """Of the head that made the catalogue's vectors."""
    knows: Callable[[str], bool]
    """Whether a word, as written, is one of the catalogue's or of a language."""

    def understand(self, text: str) -> Understanding:
        """Understanding of a text."""
        return understand(text, self.lexicon, self.knows)

    def embed(
        self, texts: Sequence[Understanding], sentences: np.ndarray | None = None
    ) -> list[Embedding]:
        """Embeddings of texts.

        Args:
            texts: understandings of n texts.
            sentences: (n, 512) float32, sentence vectors of their `readable`; None computes them.
        """
        read = [text.readable for text in texts]
        sentences = text_encoder().encode(read) if sentences is None else sentences
        styles, colours = self.head(sentences, read)
        return [
            text_embedding(style, colour, self.named(text), self.prototypes)
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
        further = [m for m in further if self._column(m) not in placed and m.role != COLOUR]
        difference = colour = None
        if not text.mentions and text.words > text.small:
            # Words without a concept, such as a brand, move the style as a text does.
            difference = self._difference(text.readable, own)
        elif further:
            moves = [self._difference(_words(m), own) * (-1 if m.negated else 1) for m in further]
            difference = np.sum(moves, axis=0)
        if text.of(COLOUR):
            words = " ".join(_words(mention) for mention in text.of(COLOUR))
            colour = self.head(text_encoder().encode([words]), [words])[1][0]
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

    def _difference(self, words: str, own: Embedding) -> np.ndarray:
        """Style of a product with the words less that of the product, (d,) float32.

        The product is called by its probable article type: stripes of a shirt are not those of a
        shoe.
        """
        base = (self.shown_type(own) or "").lower()
        texts = [f"{words} {base}".strip(), base or words]
        styles, _ = self.head(text_encoder().encode(texts), texts)
        return styles[0] - styles[1] if base else styles[0]

    def _column(self, mention: Mention) -> str | None:
        """Column of a mention's values; None where the catalogue has none."""
        return self.lexicon.columns.get(mention.role) if mention.values else None


def _words(mention: Mention) -> str:
    return mention.label if mention.concept is None else usual_words(mention.concept)

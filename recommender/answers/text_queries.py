"""Text queries of an index: texts to query vectors, and pictures refined with words."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from recommender.answers.text_filters import unused
from recommender.embedding.text_embedder import TextEmbedder
from recommender.embedding.text_query import shown_value
from recommender.embedding.vectors import Embedding
from recommender.errors import TextError
from recommender.features.text_encoder import MOST_CHARACTERS, text_encoder
from recommender.index.folder import Index
from recommender.index.text_part import TextPart
from recommender.schema import COLOUR, GENDER
from recommender.words.concepts import concepts
from recommender.words.lexicon import lexicon_of
from recommender.words.understanding import Understanding

NO_WORDS = (
    "This index cannot be searched with words: it was built without a text head, from a catalogue "
    "without names and labels or by an earlier version. Search with a picture, or build it again."
)
NO_PRODUCT = (
    "This text does not seem to be about a product of this catalogue. Say what you look for, such "
    "as its kind, colour and for whom it is."
)


# Suggestions of words for a picture, besides a lower price.
MOST_SUGGESTED = 3
# Least difference of two prices.
CENT = 0.01


@dataclass(frozen=True)
class Suggestion:
    """Suggestion of words for a picture: what a button says, and the words."""

    label: str
    text: str


@dataclass(frozen=True)
class TextQuery:
    """Query in words: its embedding, and what was understood."""

    embedding: Embedding
    understanding: Understanding
    notice: str | None
    """A sentence about words that were not understood, or were read as others."""


class TextQueries:
    """Text queries of an index. Safe to call from several threads.

    Args:
        index: an opened index, with or without a text part.
    """

    def __init__(self, index: Index) -> None:
        self._index = index

    @property
    def available(self) -> bool:
        """Whether the index can be searched with words."""
        return self._index.text is not None

    @cached_property
    def embedder(self) -> TextEmbedder:
        """Text embedder of the catalogue.

        Raises:
            TextError: the index has no text part.
        """
        part, catalogue = self._part(), self._index.catalogue
        lexicon = lexicon_of({name: catalogue.values(name) for name in catalogue.attributes})
        return TextEmbedder(
            part.head, lexicon, tuple(self._index.head.prototypes), part.knows, part.spells
        )

    def understand(self, text: str) -> Understanding:
        """Understanding of a text.

        Raises:
            TextError: the index has no text part, or the text is empty or too long, or none of its
                words is known.
        """
        self._part()
        understood = self.embedder.understand(" ".join(checked(text).split()))
        said = understood.words - understood.small
        if understood.unknown and len(understood.unknown) >= said and not understood.mentions:
            verb = "is" if len(understood.unknown) == 1 else "are"
            raise TextError(
                f"{quoted(understood.unknown)} {verb} not known here, neither as a word of the "
                "catalogue nor of a language. Try other words."
            )
        return understood

    def embed(self, text: str) -> TextQuery:
        """Query of a text alone.

        Raises:
            TextError: the index has no text part, the text is empty or too long, none of its words
                is known, or it is about no product.
        """
        understood = self.understand(text)
        sentences = text_encoder().encode([understood.readable])
        if self._part().detector.score(sentences, [understood])[0] < 0:
            raise TextError(NO_PRODUCT)
        embedding = self.embedder.embed([understood], sentences)[0]
        return TextQuery(embedding, understood, self._notice(understood))

    def refine(self, own: Embedding, text: str) -> TextQuery:
        """Query of a picture, a product or a mix with words, which change what they name.

        Args:
            own: embedding to refine.
            text: such as "in red", "for men", "as a dress", "with stripes", "not black".

        Raises:
            TextError: the index has no text part, the text is empty or too long, or none of its
                words is known.
        """
        understood = self.understand(text)
        refined = self.embedder.refine(own, understood)
        return TextQuery(refined, understood, self._notice(understood))

    def suggestions(self, own: Embedding, price: float | None = None) -> list[Suggestion]:
        """Words that would refine a picture or a product; empty without a text part.

        Args:
            own: its embedding.
            price: of the product; None where there is none.
        """
        if not self.available:
            return []
        offered, embedder = [], self.embedder
        shown = {
            role: shown_value(own.colour if role == COLOUR else own.style, prototypes)
            for role, column in embedder.lexicon.columns.items()
            for prototypes in embedder.prototypes
            if prototypes.column == column
        }
        if COLOUR in shown:
            offered.append(Suggestion("in another colour", f"not {shown[COLOUR].lower()}"))
        for concept in concepts():
            if concept.role == GENDER and GENDER in shown:
                values = [
                    value for value, _ in embedder.lexicon.values.get((GENDER, concept.name), ())
                ]
                if values and shown[GENDER] not in values and len(offered) < MOST_SUGGESTED:
                    offered.append(Suggestion(f"for {concept.name}", f"for {concept.name}"))
        if price is not None and price > CENT:
            offered.append(Suggestion("cheaper", f"under {price - CENT:.2f}"))
        return offered

    def _notice(self, understood: Understanding) -> str | None:
        sentences = (notice(understood), unused(understood, self._index.catalogue))
        return " ".join(filter(None, sentences)) or None

    def _part(self) -> TextPart:
        if self._index.text is None:
            raise TextError(NO_WORDS)
        return self._index.text


def checked(text: str) -> str:
    """Text, if it can be searched with.

    Raises:
        TextError: it is empty, has no letters, or is longer than 300 characters.
    """
    if not isinstance(text, str) or not any(c.isalnum() for c in text):
        raise TextError("Write what you look for in words, such as: red dress for women.")
    if len(text) > MOST_CHARACTERS:
        raise TextError(
            f"A text has at most {MOST_CHARACTERS} characters; this one has {len(text):,}."
        )
    return text


def notice(understood: Understanding) -> str | None:
    """Sentence about words that were not understood, or were read as others."""
    sentences = [f'"{written}" was read as "{read}".' for written, read in understood.corrected]
    if understood.unknown:
        verb = "is" if len(understood.unknown) == 1 else "are"
        sentences.append(f"{quoted(understood.unknown)} {verb} not known here and left out.")
    return " ".join(sentences) or None


def quoted(words: Sequence[str]) -> str:
    """Words in quotation marks, as a clause lists them; at most five."""
    shown = [f'"{word[:40]}"' for word in words[:5]]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"

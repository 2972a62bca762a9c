"""Texts of a catalogue to learn words from: names, descriptions, and labels as concepts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from recommender.words.concepts import Concept, concepts
from recommender.words.lexicon import Columns, Lexicon, counts_of, lexicon_of
from recommender.words.understanding import understand

# Characters of a description that are read.
DESCRIPTION_CHARACTERS = 200
# A picture's file name or a number is no name of a product.
_NO_NAME = re.compile(r"[\W\d_]*|\S*\.(jpe?g|png|webp|avif|heic|tiff?|bmp|gif)", re.IGNORECASE)


@dataclass(frozen=True)
class Texts:
    """Texts of n products, and what each product is in words."""

    names: list[str]
    """Empty for a product without a name."""
    lexicon: Lexicon
    own: list[dict[str, Concept | str]]
    """Concept, or the catalogue's value where no concept fits, by role, of each product."""
    columns: Columns
    """The catalogue's columns, n values each."""


def texts_of(
    names: Sequence[str],
    ids: Sequence[str],
    columns: Columns,
    descriptions: Sequence[str | None] | None = None,
) -> Texts:
    """Texts of a catalogue: names with the beginning of a description, and concepts.

    Args:
        names: n names; a name that is the product's id, a number or a file's name is left out.
        ids: n ids.
        columns: the catalogue's columns of n values.
        descriptions: n descriptions; None where there are none.
    """
    descriptions = [None] * len(names) if descriptions is None else descriptions
    texts = []
    for name, item_id, description in zip(names, ids, descriptions, strict=True):
        named = "" if not name or name == item_id or _NO_NAME.fullmatch(name) else name.strip()
        further = (description or "")[:DESCRIPTION_CHARACTERS].strip()
        texts.append(" ".join(filter(None, (named, further))))
    lexicon = lexicon_of(counts_of(columns))
    by_value = _concepts_by_value(lexicon)
    own = []
    for row, text in enumerate(texts):
        is_: dict[str, Concept | str] = {}
        for role, column in lexicon.columns.items():
            value = columns[column][row]
            if value is not None:
                is_[role] = by_value.get((role, value), value)
        # What the columns do not say may stand in the name: "striped", "leather", "long sleeve".
        for mention in understand(text, lexicon, lambda _: True).mentions if text else ():
            if mention.concept is not None and not mention.negated:
                is_.setdefault(mention.role, mention.concept)
        own.append(is_)
    return Texts(texts, lexicon, own, columns)


def _concepts_by_value(lexicon: Lexicon) -> dict[tuple[str, str], Concept]:
    by_name = {(concept.role, concept.name): concept for concept in concepts()}
    return {
        (role, value): by_name[role, name]
        for (role, name), values in lexicon.values.items()
        if (role, name) in by_name
        for value, _ in values
    }

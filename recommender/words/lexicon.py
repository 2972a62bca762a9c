"""Lexicon of a catalogue: words to the values of its columns."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from recommender.schema import (
    AGE_GROUP,
    ARTICLE_TYPE,
    CATEGORY,
    GENDER,
    LABEL_ROLES,
    SUB_CATEGORY,
    roles,
    type_column,
)
from recommender.words.concepts import LANGUAGES, Concept, Phrase, concepts, concepts_by_key, key_of
from recommender.words.tokens import words_of

# Roles whose values words can name. The finest kind of product stands for the widest, the category.
NAMED_ROLES = tuple(role for role in LABEL_ROLES if role != CATEGORY)
# Values of a catalogue that are parts of one text: "Necklace and Chains", "Ties/Cufflinks".
_PARTS = re.compile(r"\s*(?:/|&|,|;|>|\band\b|\bund\b|\bet\b)\s*")
# Most values of a column that are looked for in a text; a column with more holds names.
MOST_VALUES = 1_000

Columns = Mapping[str, Sequence[str | None]]
"""A catalogue's columns, n values each, by name."""


@dataclass(frozen=True)
class Lexicon:
    """Values of a catalogue's columns by concept, and its further values by their own words."""

    language: str
    """Language of the values."""
    columns: dict[str, str]
    """Column by role."""
    values: dict[tuple[str, str], tuple[tuple[str, int], ...]]
    """Values and their numbers of products, by role and name of the concept; commonest first."""
    own: dict[Phrase, tuple[str, str]]
    """Role and value, by words: values that no concept names."""

    def values_of(self, concept: Concept) -> tuple[tuple[str, int], ...]:
        """Values that a concept names, with numbers of products; of narrower ones if it has none.

        "Shoes" names casual and formal shoes in a catalogue without a value for all shoes.
        """
        found = self.values.get((concept.role, concept.name))
        if found:
            return found
        narrower = [c for c in concepts() if c.role == concept.role and c.within == concept.name]
        return tuple(pair for c in narrower for pair in self.values.get((c.role, c.name), ()))

    @cached_property
    def longest(self) -> int:
        """Number of words of the longest value that no concept names; at least 1."""
        return max((len(phrase) for phrase in self.own), default=1)

    @cached_property
    def single_words(self) -> tuple[str, ...]:
        """Values of one word that no concept names."""
        return tuple(phrase[0] for phrase in self.own if len(phrase) == 1)


def lexicon_of(counts: Mapping[str, Mapping[str, int]]) -> Lexicon:
    """Lexicon of a catalogue.

    Args:
        counts: number of products by value, by column.
    """
    columns = roles(counts, NAMED_ROLES)
    finest = type_column(counts)
    if finest is not None:
        columns = {ARTICLE_TYPE: finest} | {r: c for r, c in columns.items() if c != finest}
    language = _language(columns, counts)
    values: dict[tuple[str, str], Counter[str]] = {}
    own: dict[Phrase, tuple[str, str]] = {}
    for role, column in columns.items():
        if len(counts[column]) > MOST_VALUES:
            continue
        for value, count in counts[column].items():
            named = concepts_of(role, value, language)
            for concept in named:
                values.setdefault((role, concept.name), Counter())[value] += count
            if not any(key_of(value) == key_of(f) for c in named for _, fs in c.forms for f in fs):
                own.setdefault(words_of(value), (role, value))
    own.pop((), None)
    return Lexicon(
        language,
        columns,
        {key: tuple(found.most_common()) for key, found in values.items()},
        own,
    )


def concepts_of(role: str, value: str, language: str) -> tuple[Concept, ...]:
    """Concepts that a catalogue's value stands for: by the whole value, else by each of its parts.

    Args:
        role: of the value's column.
        value: such as "Tshirts" or "Necklace and Chains".
        language: of the catalogue.
    """
    known = concepts_by_key(language)
    role = {SUB_CATEGORY: ARTICLE_TYPE, CATEGORY: ARTICLE_TYPE, AGE_GROUP: GENDER}.get(role, role)
    whole = known.get((role, key_of(value)))
    if whole is not None:
        return (whole,)
    parts = (known.get((role, key_of(part))) for part in _PARTS.split(value.lower()))
    return tuple(dict.fromkeys(concept for concept in parts if concept is not None))


def _language(columns: Mapping[str, str], counts: Mapping[str, Mapping[str, int]]) -> str:
    """Language that names most of the values of a catalogue's columns."""
    named = {
        language: sum(
            bool(concepts_of(role, value, language))
            for role, column in columns.items()
            for value in list(counts[column])[:MOST_VALUES]
        )
        for language in LANGUAGES
    }
    return max(LANGUAGES, key=lambda language: named[language])


def counts_of(columns: Columns) -> dict[str, dict[str, int]]:
    """Number of products by value, by column; unknown values are left out."""
    return {
        name: dict(Counter(value for value in values if value is not None).most_common())
        for name, values in columns.items()
    }

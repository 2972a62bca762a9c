"""Concept table: types, colours, genders, materials, patterns, ... in the words of ten languages.

`concepts.csv` has a row for each concept: its role in the schema, its name, a broader concept that
it lies within, and its words in each language, separated by `|`. `languages.toml` has the small
words of each language.
"""

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from recommender.words.tokens import singular, words_of

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "ja", "zh")
# Role of details that no column of a catalogue has, such as sleeves.
DETAIL = "detail"

Phrase = tuple[str, ...]
"""Words as `recommender.words.tokens` spells them."""


@dataclass(frozen=True)
class Concept:
    """Concept: a kind, colour, gender, ... with its words."""

    role: str
    name: str
    within: str
    """Name of the broader concept; empty for none."""
    forms: tuple[tuple[str, tuple[str, ...]], ...]
    """Languages, each with its words; the first is the usual one."""

    def words(self, language: str) -> tuple[str, ...]:
        """Words of a language."""
        return dict(self.forms)[language]


@dataclass(frozen=True)
class Language:
    """Small words of a language; see `languages.toml`."""

    name: str
    words: frozenset[str]
    negations: frozenset[Phrase]
    negations_after: frozenset[Phrase]
    at_most: frozenset[Phrase]
    at_least: frozenset[Phrase]
    at_most_after: frozenset[Phrase]
    at_least_after: frozenset[Phrase]
    stock: frozenset[Phrase]
    phrases: tuple[str, ...]


@cache
def concepts() -> tuple[Concept, ...]:
    """All concepts, in the order of the table."""
    text = (files("recommender.words") / "concepts.csv").read_text(encoding="utf-8")
    return tuple(
        Concept(
            row["role"],
            row["concept"],
            row["within"],
            tuple((language, tuple(row[language].split("|"))) for language in LANGUAGES),
        )
        for row in csv.DictReader(text.splitlines())
    )


@cache
def languages() -> dict[str, Language]:
    """All languages by their names, in the order of `LANGUAGES`."""
    text = (files("recommender.words") / "languages.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    return {name: _language(name, tables[name]) for name in LANGUAGES}


@cache
def meanings() -> dict[Phrase, dict[str, tuple[Concept, ...]]]:
    """Concepts by words and language."""
    found: dict[Phrase, dict[str, tuple[Concept, ...]]] = {}
    for concept in concepts():
        for language, forms in concept.forms:
            for form in forms:
                own = found.setdefault(words_of(form), {})
                if concept not in own.get(language, ()):
                    own[language] = (*own.get(language, ()), concept)
    return found


@cache
def concepts_by_key(language: str) -> dict[tuple[str, str], Concept]:
    """Concept by role and by a form as `key_of` writes it, for values in one language."""
    found: dict[tuple[str, str], Concept] = {}
    for concept in concepts():
        for form in concept.words(language):
            found.setdefault((concept.role, key_of(form)), concept)
    return found


def key_of(text: str) -> str:
    """Text for comparison with a catalogue's value: "T-Shirts" and "Tshirt" are equal."""
    return singular("".join(words_of(text)))


def _language(name: str, table: dict[str, Any]) -> Language:
    def phrases(key: str) -> frozenset[Phrase]:
        return frozenset(words_of(text) for text in table[key])

    return Language(
        name,
        frozenset(word for text in table["words"] for word in words_of(text)),
        phrases("not"),
        phrases("not_after"),
        phrases("at_most"),
        phrases("at_least"),
        phrases("at_most_after"),
        phrases("at_least_after"),
        phrases("stock"),
        tuple(table["phrases"]),
    )

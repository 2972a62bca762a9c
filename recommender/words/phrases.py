"""Phrases as people write them, in ten languages, about the products of a catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Formatter

import numpy as np

from recommender.schema import ARTICLE_TYPE
from recommender.words.concepts import LANGUAGES, Concept, concepts, languages

# Fraction of the phrases that use the first word of a concept; the others use any of its words.
USUAL = 0.6
# Names of the roles in the templates of `languages.toml`.
TYPE_FIELD = "type"


@dataclass(frozen=True)
class Written:
    """Phrase about a product, and what it names."""

    text: str
    language: str
    named: tuple[tuple[str, str], ...]
    """Roles and names of the concepts, or the values of the catalogue where no concept fits."""


def write_phrase(
    own: Mapping[str, Concept | str], random: np.random.Generator, language: str | None = None
) -> Written | None:
    """Phrase that names some of what a product is; None where no template fits.

    Args:
        own: what the product is, by role; a value without a concept is written as it is.
        random: draws language, template and words.
        language: None draws one.
    """
    chosen = language or LANGUAGES[random.integers(len(LANGUAGES))]
    fitting = [t for t in languages()[chosen].phrases if all(role in own for role in roles_of(t))]
    if not fitting:
        return None
    template = fitting[random.integers(len(fitting))]
    return fill(template, own, chosen, random)


def fill(
    template: str,
    own: Mapping[str, Concept | str],
    language: str,
    random: np.random.Generator | None = None,
) -> Written:
    """Template filled with a product's words; without `random`, with the usual ones."""
    words, named = {}, []
    for field, role in zip(_fields(template), roles_of(template), strict=True):
        concept = own[role]
        if isinstance(concept, str):
            words[field] = concept.lower()
            named.append((role, concept))
            continue
        forms = concept.words(language)
        usual = random is None or random.random() < USUAL
        words[field] = forms[0 if usual or random is None else random.integers(len(forms))]
        named.append((role, concept.name))
    return Written(template.format(**words), language, tuple(named))


def any_phrase(random: np.random.Generator, language: str | None = None) -> str:
    """Phrase about some product, whatever the catalogue has.

    Args:
        random: draws the product and the words.
        language: None draws one.
    """
    by_role: dict[str, list[Concept]] = {}
    for concept in concepts():
        by_role.setdefault(concept.role, []).append(concept)
    own = {role: of[int(random.integers(len(of)))] for role, of in by_role.items()}
    phrase = write_phrase(own, random, language)
    assert phrase is not None, "every template names roles of the table"
    return phrase.text


def roles_of(template: str) -> Sequence[str]:
    """Roles that a template names, in its order."""
    return [ARTICLE_TYPE if name == TYPE_FIELD else name for name in _fields(template)]


def usual_words(concept: Concept) -> str:
    """Usual English words of a concept."""
    return concept.words("en")[0]


def _fields(template: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(template) if name]

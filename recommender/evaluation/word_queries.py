"""Queries in words for an evaluation: phrases in ten languages, and refined pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommender.embedding.text_embedder import TextEmbedder
from recommender.embedding.vectors import Embedding
from recommender.evaluation.word_templates import FOR_GENDER, IN_COLOUR, PHRASES
from recommender.index.calibration import Calibration
from recommender.metrics.held_out import Parts
from recommender.metrics.splits import nearest
from recommender.schema import ARTICLE_TYPE, COLOUR, GENDER
from recommender.training.texts import Texts
from recommender.words.concepts import LANGUAGES, Concept, concepts
from recommender.words.phrases import fill

# Places of a phrase and of a refined picture that are judged.
JUDGED = 5
# Types, colours and genders that are named: the catalogue's commonest that the concept table has.
TYPES, COLOURS, GENDERS = 30, 10, 2
# Products with all that a phrase names, at least; with fewer, five places cannot all be right.
ENOUGH = 5
# Refined pictures in each language, at most.
MOST_REFINED = 300


@dataclass(frozen=True)
class Refinement:
    """Refinement of pictures in words: what the words change, and what stays."""

    templates: dict[str, str]
    """Words by language, with a place for the value."""
    role: str
    """What they name a value of."""
    values: int
    """Number of values that are named, the commonest of the catalogue."""
    kept: tuple[str, ...]
    """Roles whose values stay the picture's own."""


ANOTHER_COLOUR = Refinement(IN_COLOUR, COLOUR, COLOURS, (ARTICLE_TYPE, GENDER))
ANOTHER_GENDER = Refinement(FOR_GENDER, GENDER, GENDERS, (ARTICLE_TYPE,))

Refined = tuple[dict[str, float], tuple[float, float] | None]
"""Fractions by language; mean similarity shown and mean agreement."""


@dataclass(frozen=True)
class SearchedCatalogue:
    """Searched catalogue: all products, those held out among them."""

    texts: Texts
    stored: np.ndarray
    """(n, d) float32: item vectors as an index stores them."""
    alone: np.ndarray
    """(n, d) float32: item vectors by the pictures alone."""
    parts: Parts
    colour_weight: float
    codes: dict[str, np.ndarray]
    """Codes of the catalogue's values by role."""
    values: dict[str, dict[str, int]]

    def search(
        self, embeddings: Sequence[Embedding], depth: int, *, alone: bool = False
    ) -> np.ndarray:
        """Nearest products, (q, depth) int64."""
        rows = np.stack([e.query(self.colour_weight) for e in embeddings])
        return nearest(rows, self.alone if alone else self.stored, depth)

    def right(self, found: np.ndarray, role: str, values: Sequence[str]) -> np.ndarray:
        """(q, depth) bool: whether the products found have one of the values of a role."""
        wanted = [self.values[role][value] for value in values if value in self.values[role]]
        return np.isin(self.codes[role][found], wanted)


def searched_catalogue(
    texts: Texts, stored: np.ndarray, alone: np.ndarray, parts: Parts, colour_weight: float
) -> SearchedCatalogue:
    """Searched catalogue with the codes of its types, colours and genders."""
    codes, values = {}, {}
    for role in (ARTICLE_TYPE, COLOUR, GENDER):
        column = texts.lexicon.columns.get(role)
        if column is not None:
            known = {value for value in texts.columns[column] if value is not None}
            own = {value: code for code, value in enumerate(sorted(known))}
            values[role] = own
            codes[role] = np.array([-1 if v is None else own[v] for v in texts.columns[column]])
    return SearchedCatalogue(texts, stored, alone, parts, colour_weight, codes, values)


def _commonest(catalogue: SearchedCatalogue, role: str, most: int) -> list[Concept]:
    """Concepts of a role with a value of the catalogue, those with most products first."""
    lexicon = catalogue.texts.lexicon
    counts = {
        concept: sum(count for _, count in lexicon.values.get((role, concept.name), ()))
        for concept in concepts()
        if concept.role == role
    }
    common = sorted(counts, key=lambda concept: -counts[concept])
    return [concept for concept in common if counts[concept]][:most]


def _values(catalogue: SearchedCatalogue, concept: Concept) -> list[str]:
    return [value for value, _ in catalogue.texts.lexicon.values_of(concept)]


def measure_phrases(
    embedder: TextEmbedder, catalogue: SearchedCatalogue
) -> dict[str, dict[str, float]]:
    """Fraction of the first places right in all that a phrase names, by kind and language."""
    if ARTICLE_TYPE not in catalogue.codes:
        return {}
    roles = [role for role in (ARTICLE_TYPE, COLOUR, GENDER) if role in catalogue.codes]
    asked: dict[str, list[dict[str, Concept]]] = {kind: [] for kind in PHRASES}
    for of_type in _commonest(catalogue, ARTICLE_TYPE, TYPES):
        asked["TYPE"].append({ARTICLE_TYPE: of_type})
        if COLOUR not in roles:
            continue
        for colour in _commonest(catalogue, COLOUR, COLOURS):
            both = {ARTICLE_TYPE: of_type, COLOUR: colour}
            if _count(catalogue, both) >= ENOUGH:
                asked["COLOUR TYPE"].append(both)
            for gender in _commonest(catalogue, GENDER, GENDERS) if GENDER in roles else ():
                if _count(catalogue, {**both, GENDER: gender}) >= ENOUGH:
                    asked["COLOUR TYPE for GENDER"].append({**both, GENDER: gender})
    result: dict[str, dict[str, float]] = {}
    for kind, wanted in asked.items():
        for language in LANGUAGES if wanted else ():
            texts = [fill(PHRASES[kind][language], own, language).text for own in wanted]
            found = catalogue.search(
                embedder.embed([embedder.understand(text) for text in texts]), JUDGED
            )
            result.setdefault(kind, {})[language] = float(_all_right(catalogue, found, wanted))
    return result


def _count(catalogue: SearchedCatalogue, named: dict[str, Concept]) -> int:
    everything = np.arange(len(catalogue.stored))[None]
    right = np.ones((1, everything.shape[1]), bool)
    for role, concept in named.items():
        right &= catalogue.right(everything, role, _values(catalogue, concept))
    return int(right.sum())


def _all_right(
    catalogue: SearchedCatalogue, found: np.ndarray, wanted: Sequence[dict[str, Concept]]
) -> float:
    """Mean fraction of places that are right in all that is named."""
    right = []
    for row, named in zip(found, wanted, strict=True):
        all_of = np.ones((1, len(row)), bool)
        for role, concept in named.items():
            all_of &= catalogue.right(row[None], role, _values(catalogue, concept))
        right.append(all_of.mean())
    return float(np.mean(right))


def measure_refined(
    embedder: TextEmbedder,
    calibration: Calibration,
    catalogue: SearchedCatalogue,
    pictures: np.ndarray,
    seed: int,
    refinement: Refinement,
) -> Refined:
    """Fraction of the first places with a picture's own labels and the value that words name.

    Args:
        embedder: fitted without the pictures.
        calibration: of refined pictures.
        catalogue: all products.
        pictures: (p,) positions of the products whose pictures are refined.
        seed: of the sample, and of the values that words name.
        refinement: what words change.

    Returns:
        Nothing where the catalogue lacks the labels.
    """
    role, kept = refinement.role, refinement.kept
    if not {role, *kept} <= set(catalogue.codes):
        return {}, None
    offered = _commonest(catalogue, role, refinement.values)
    random = np.random.default_rng(seed)
    codes = catalogue.codes
    asked: list[tuple[int, Concept]] = []
    for row in random.permutation(pictures):
        same = np.ones(len(codes[role]), bool)
        for label in kept:
            same &= (codes[label] == codes[label][row]) & (codes[label][row] >= 0)
        fitting = []
        for concept in offered:
            wanted = [catalogue.values[role][v] for v in _values(catalogue, concept)]
            if (
                codes[role][row] not in wanted
                and (np.isin(codes[role], wanted) & same).sum() >= ENOUGH
            ):
                fitting.append(concept)
        if fitting:
            asked.append((int(row), fitting[random.integers(len(fitting))]))
        if len(asked) == MOST_REFINED:
            break
    result, reliability = {}, None
    for language in LANGUAGES if asked else ():
        refined = []
        for row, concept in asked:
            style, colour = np.split(catalogue.alone[row], [catalogue.parts.style])
            words = refinement.templates[language].format(concept.words(language)[0])
            refined.append(embedder.refine(Embedding(style, colour), embedder.understand(words)))
        found = catalogue.search(refined, JUDGED)
        right = np.array(
            [
                catalogue.right(places[None], role, _values(catalogue, concept))[0]
                for places, (_, concept) in zip(found, asked, strict=True)
            ]
        )
        rows = np.array([row for row, _ in asked])
        for label in kept:
            right &= codes[label][found] == codes[label][rows][:, None]
        result[language] = float(right.mean())
        if reliability is None:
            reliability = _shown_and_right(
                calibration, catalogue, refined, found, rows, [c for _, c in asked], role
            )
    return result, reliability


def _shown_and_right(
    calibration: Calibration,
    catalogue: SearchedCatalogue,
    refined: Sequence[Embedding],
    found: np.ndarray,
    rows: np.ndarray,
    said: Sequence[Concept],
    role: str,
) -> tuple[float, float] | None:
    """Mean similarity shown of refined pictures, and mean agreement with what is asked."""
    if COLOUR not in catalogue.codes:
        return None
    kinds, hues, weight = (
        catalogue.codes[ARTICLE_TYPE],
        catalogue.codes[COLOUR],
        catalogue.colour_weight,
    )
    shown, right = [], []
    for embedding, places, row, concept in zip(refined, found, rows, said, strict=True):
        scores = catalogue.stored[places] @ embedding.query(weight)
        shown.append(calibration.similarity(scores, weight).mean())
        hue = hues[places] == hues[row]
        if role == COLOUR:
            hue = catalogue.right(places[None], COLOUR, _values(catalogue, concept))[0]
        right.append(((1 - weight) * (kinds[places] == kinds[row]) + weight * hue).mean())
    return float(np.mean(shown)), float(np.mean(right))

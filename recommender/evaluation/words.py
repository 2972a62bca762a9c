"""Evaluation of words: titles, phrases in ten languages, refined pictures, and other sentences.

Names and pictures of the held-out products take no part in any fitting.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from typing import Any

import numpy as np

from recommender.building.text_part import fit_parts
from recommender.embedding.head import item_vectors
from recommender.embedding.text_embedder import TextEmbedder
from recommender.embedding.vectors import Embedding, labels_of
from recommender.evaluation.feature_cache import FeatureCache
from recommender.features.text_encoder import text_encoder
from recommender.index.calibration import Calibration
from recommender.index.text_part import TextPart
from recommender.metrics.held_out import HeldOut, Parts
from recommender.metrics.splits import nearest
from recommender.schema import ARTICLE_TYPE, COLOUR, GENDER
from recommender.training.text_head import Texts, texts_of
from recommender.words.concepts import LANGUAGES, Concept, concepts
from recommender.words.phrases import fill

# Places in which a title's own product is looked for.
FIRST, FIRST_TEN = 1, 10
# Places of a phrase and of a refined picture that are judged.
JUDGED = 5
# Types and colours of the phrases: the commonest of the catalogue that the concept table has.
TYPES, COLOURS = 30, 10
# Products with all that a phrase names, at least; with fewer, five places cannot all be right.
ENOUGH = 5
# Refined pictures in each language, at most.
MOST_REFINED = 300
# Titles that fit the calibration of the texts; they are held out, and not measured.
CALIBRATING = 1_000

# How people ask for a colour or a gender of a picture.
IN_COLOUR = {
    "en": "in {}",
    "de": "in {}",
    "fr": "en {}",
    "es": "en {}",
    "it": "in {}",
    "pt": "em {}",
    "nl": "in het {}",
    "pl": "w kolorze {}",
    "ja": "{}で",
    "zh": "换成{}",
}
FOR_GENDER = {
    "en": "for {}",
    "de": "für {}",
    "fr": "pour {}",
    "es": "para {}",
    "it": "per {}",
    "pt": "para {}",
    "nl": "voor {}",
    "pl": "dla {}",
    "ja": "{}用",
    "zh": "{}穿的",
}

# Templates of the phrases by what they name; other ones than those of the fitting where possible.
PHRASES = {
    "TYPE": dict.fromkeys(LANGUAGES, "{type}"),
    "COLOUR TYPE": {
        **dict.fromkeys(("en", "de", "nl", "pl"), "{colour} {type}"),
        **dict.fromkeys(("fr", "es", "it", "pt"), "{type} {colour}"),
        "ja": "{colour}の{type}",
        "zh": "{colour}{type}",
    },
    "COLOUR TYPE for GENDER": {
        "en": "{colour} {type} for {gender}",
        "de": "{colour} {type} für {gender}",
        "fr": "{type} {colour} pour {gender}",
        "es": "{type} {colour} para {gender}",
        "it": "{type} {colour} per {gender}",
        "pt": "{type} {colour} para {gender}",
        "nl": "{colour} {type} voor {gender}",
        "pl": "{colour} {type} dla {gender}",
        "ja": "{gender}の{colour}{type}",
        "zh": "{gender}{colour}{type}",
    },
}


@dataclass(frozen=True)
class WordsResult:
    """Results of the evaluation of words; fractions are 0-1, and empty where labels are missing."""

    titles: int
    """Number of held-out titles measured."""
    own: dict[str, dict[str, float]]
    """Fraction of titles whose own product is first, and among the first ten, by kind of vectors:
    of pictures alone, and with the label prior as stored."""
    labels: dict[str, float]
    """Fraction of the first ten places with the title's value, by label, of stored vectors."""
    phrases: dict[str, dict[str, float]] = field(default_factory=dict)
    """Fraction of the first five places right in all that is named, by kind of phrase, language."""
    in_colour: dict[str, float] = field(default_factory=dict)
    """The same for pictures with "in COLOUR", by language: type and gender of the picture."""
    for_gender: dict[str, float] = field(default_factory=dict)
    """The same for pictures with "for GENDER", by language: type of the picture."""
    noticed: float = 0.0
    """Fraction of the sentences about no product that are refused."""
    sentences: int = 0
    refused: float = 0.0
    """Fraction of the held-out titles that are refused."""
    shown: dict[str, float] = field(default_factory=dict)
    """Mean similarity shown for the first five places, by kind of query."""
    right: dict[str, float] = field(default_factory=dict)
    """Mean agreement of these places in article type and colour, weighed as in the comparison."""

    def to_json(self) -> dict[str, Any]:
        """Fields as JSON values."""
        return asdict(self)


@dataclass(frozen=True)
class _Catalogue:
    """Searched catalogue: all products, those held out among them."""

    texts: Texts
    stored: np.ndarray
    alone: np.ndarray
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


def measure_words(
    cache: FeatureCache, held_out: HeldOut, colour_weight: float, seed: int
) -> WordsResult | None:
    """Evaluation of words.

    Args:
        cache: of the catalogue.
        held_out: split with a fitted head.
        colour_weight: weight of the colour part in a query, 0-1.
        seed: of samples.

    Returns:
        None where too few products have a name or a label to learn words from.
    """
    products, head = cache.products, held_out.head
    stored, alone = [], []
    for rows, block in products.main_features.blocks():
        arrays = block.in_memory
        labels = labels_of(products.labels, range(rows.start, rows.stop))
        stored.append(item_vectors(head, *arrays, labels))
        alone.append(item_vectors(head, *arrays, [{} for _ in labels]))
    texts = texts_of(products.names, products.ids, products.labels, products.descriptions)
    catalogue = _catalogue(
        texts, np.concatenate(stored), np.concatenate(alone), held_out.parts, colour_weight
    )
    named = np.array([row for row in held_out.split.queries if texts.names[row]], np.int64)
    order = np.random.default_rng(seed).permutation(len(named))
    calibrating = min(CALIBRATING, len(named) // 2)
    part = fit_parts(
        texts,
        catalogue.stored,
        catalogue.alone,
        held_out.parts.style,
        held_out.split.index,
        np.sort(named[order[:calibrating]]),
        head,
    )
    if part is None:
        return None
    measured = np.sort(named[order[calibrating:]])
    return measure(part, catalogue, measured, held_out.split.queries, tuple(head.prototypes), seed)


def measure(
    part: TextPart,
    catalogue: _Catalogue,
    titles: np.ndarray,
    pictures: np.ndarray,
    prototypes: tuple[Any, ...],
    seed: int,
) -> WordsResult:
    """Measures of a fitted text part.

    Args:
        part: fitted without the titles and the pictures.
        catalogue: all products.
        titles: (t,) positions of the products whose names are searched with.
        pictures: (p,) positions of the products whose pictures are refined.
        prototypes: of the head of the vectors.
        seed: of samples.
    """
    embedder = TextEmbedder(part.head, catalogue.texts.lexicon, prototypes, part.knows)
    names = [catalogue.texts.names[row] for row in titles]
    understood = [embedder.understand(name) for name in names]
    sentences = text_encoder().encode([text.readable for text in understood])
    embeddings = embedder.embed(understood, sentences)
    own, found = {}, np.zeros((0, FIRST_TEN), np.int64)
    for kind, alone in (("pictures alone", True), ("stored", False)):
        found = catalogue.search(embeddings, FIRST_TEN, alone=alone)
        hit = found == titles[:, None]
        own[kind] = {
            "first": float(hit[:, :FIRST].any(axis=1).mean()),
            "first ten": float(hit.any(axis=1).mean()),
        }
    labels = {}
    for role in (ARTICLE_TYPE, COLOUR, GENDER):
        if role in catalogue.codes:
            mine = catalogue.codes[role][titles]
            right = catalogue.codes[role][found] == mine[:, None]
            labels[role] = float(right[mine >= 0].mean())
    others = _others()
    other = [embedder.understand(text) for text in others]
    scores = part.detector.score(text_encoder().encode([t.readable for t in other]), other)
    refused = part.detector.score(sentences, understood) < 0
    shown, right = _reliability(part.calibration, catalogue, embeddings, titles, found)
    phrases = _phrases(embedder, catalogue)
    in_colour = _in_colour(embedder, catalogue, pictures, seed)
    for_gender = _for_gender(embedder, catalogue, pictures, seed)
    return WordsResult(
        len(titles),
        own,
        labels,
        phrases,
        in_colour,
        for_gender,
        float((scores < 0).mean()),
        len(others),
        float(refused.mean()),
        {"titles": shown},
        {"titles": right},
    )


def _catalogue(
    texts: Texts, stored: np.ndarray, alone: np.ndarray, parts: Parts, colour_weight: float
) -> _Catalogue:
    codes, values = {}, {}
    for role in (ARTICLE_TYPE, COLOUR, GENDER):
        column = texts.lexicon.columns.get(role)
        if column is not None:
            own = {v: i for i, v in enumerate(sorted(set(texts.columns[column]) - {None}))}
            values[role] = own
            codes[role] = np.array([-1 if v is None else own[v] for v in texts.columns[column]])
    return _Catalogue(texts, stored, alone, parts, colour_weight, codes, values)


def _others() -> list[str]:
    """Sentences about no product, other ones than those of the fitting."""
    text = files("recommender.evaluation") / "no_product_texts.txt"
    return text.read_text(encoding="utf-8").splitlines()


def _commonest(catalogue: _Catalogue, role: str, most: int) -> list[Concept]:
    """Concepts of a role with a value of the catalogue, those with most products first."""
    lexicon = catalogue.texts.lexicon
    counts = {
        concept: sum(count for _, count in lexicon.values.get((role, concept.name), ()))
        for concept in concepts()
        if concept.role == role
    }
    common = sorted(counts, key=lambda concept: -counts[concept])
    return [concept for concept in common if counts[concept]][:most]


def _values(catalogue: _Catalogue, concept: Concept) -> list[str]:
    return [value for value, _ in catalogue.texts.lexicon.values_of(concept)]


def _phrases(embedder: TextEmbedder, catalogue: _Catalogue) -> dict[str, dict[str, float]]:
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
            for gender in _commonest(catalogue, GENDER, 2) if GENDER in roles else ():
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


def _count(catalogue: _Catalogue, named: dict[str, Concept]) -> int:
    everything = np.arange(len(catalogue.stored))[None]
    right = np.ones((1, everything.shape[1]), bool)
    for role, concept in named.items():
        right &= catalogue.right(everything, role, _values(catalogue, concept))
    return int(right.sum())


def _all_right(
    catalogue: _Catalogue, found: np.ndarray, wanted: Sequence[dict[str, Concept]]
) -> float:
    """Mean fraction of places that are right in all that is named."""
    right = []
    for row, named in zip(found, wanted, strict=True):
        all_of = np.ones((1, len(row)), bool)
        for role, concept in named.items():
            all_of &= catalogue.right(row[None], role, _values(catalogue, concept))
        right.append(all_of.mean())
    return float(np.mean(right))


def _in_colour(
    embedder: TextEmbedder, catalogue: _Catalogue, pictures: np.ndarray, seed: int
) -> dict[str, float]:
    if not {ARTICLE_TYPE, COLOUR, GENDER} <= set(catalogue.codes):
        return {}
    colours = _commonest(catalogue, COLOUR, COLOURS)
    return _refined(
        embedder,
        catalogue,
        pictures,
        seed,
        IN_COLOUR,
        COLOUR,
        colours,
        kept=(ARTICLE_TYPE, GENDER),
    )


def _for_gender(
    embedder: TextEmbedder, catalogue: _Catalogue, pictures: np.ndarray, seed: int
) -> dict[str, float]:
    if not {ARTICLE_TYPE, GENDER} <= set(catalogue.codes):
        return {}
    genders = _commonest(catalogue, GENDER, 2)
    return _refined(
        embedder, catalogue, pictures, seed, FOR_GENDER, GENDER, genders, kept=(ARTICLE_TYPE,)
    )


def _refined(
    embedder: TextEmbedder,
    catalogue: _Catalogue,
    pictures: np.ndarray,
    seed: int,
    templates: dict[str, str],
    role: str,
    offered: Sequence[Concept],
    kept: Sequence[str],
) -> dict[str, float]:
    """Fraction of the first places with a picture's own labels and the value that words name."""
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
    result = {}
    for language in LANGUAGES if asked else ():
        refined = []
        for row, concept in asked:
            style, colour = np.split(catalogue.alone[row], [catalogue.parts.style])
            words = templates[language].format(concept.words(language)[0])
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
    return result


def _reliability(
    calibration: Calibration,
    catalogue: _Catalogue,
    embeddings: Sequence[Embedding],
    titles: np.ndarray,
    found: np.ndarray,
) -> tuple[float, float]:
    """Mean similarity shown of the first places of titles, and their mean agreement."""
    if not {ARTICLE_TYPE, COLOUR} <= set(catalogue.codes):
        return 0.0, 0.0
    shown, right = [], []
    for embedding, own, places in zip(embeddings, titles, found, strict=True):
        weight = catalogue.colour_weight if embedding.colour.any() else 0.0
        others = places[places != own][:JUDGED]
        scores = catalogue.stored[others] @ embedding.query(weight)
        kinds, hues = catalogue.codes[ARTICLE_TYPE], catalogue.codes[COLOUR]
        if min(kinds[own], hues[own]) < 0:
            continue
        shown.append(calibration.similarity(scores, weight).mean())
        agreement = (1 - weight) * (kinds[others] == kinds[own])
        right.append((agreement + weight * (hues[others] == hues[own])).mean())
    return float(np.mean(shown)), float(np.mean(right))

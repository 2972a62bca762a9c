"""Evaluation of words: titles, phrases in ten languages, refined pictures, and other sentences.

Names and pictures of the held-out products take no part in any fitting.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from typing import Any

import numpy as np

from recommender.building.refined_calibration import calibrate_refined
from recommender.building.text_fitting import Named, OwnWords
from recommender.building.text_part import fit_better_part
from recommender.embedding.head_vectors import item_vectors
from recommender.embedding.text_embedder import TextEmbedder
from recommender.embedding.vectors import Embedding, labels_of
from recommender.evaluation.feature_cache import FeatureCache
from recommender.evaluation.word_queries import (
    ANOTHER_COLOUR,
    ANOTHER_GENDER,
    JUDGED,
    SearchedCatalogue,
    measure_phrases,
    measure_refined,
    searched_catalogue,
)
from recommender.features.text_encoder import text_encoder
from recommender.features.text_tower import TextTower
from recommender.index.calibration import Calibration
from recommender.index.text_part import TextPart
from recommender.metrics.held_out import HeldOut
from recommender.schema import ARTICLE_TYPE, COLOUR, GENDER
from recommender.training.texts import texts_of

# Places in which a title's own product is looked for.
FIRST, FIRST_TEN = 1, 10
# Titles that fit the calibration of the texts; they are held out, and not measured.
CALIBRATING = 1_000


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
    catalogue = searched_catalogue(
        texts, np.concatenate(stored), np.concatenate(alone), held_out.parts, colour_weight
    )
    named = np.array([row for row in held_out.split.queries if texts.names[row]], np.int64)
    order = np.random.default_rng(seed).permutation(len(named))
    calibrating = min(CALIBRATING, len(named) // 2)
    # Half of the pictures calibrate those that words refine; the others are measured.
    half = held_out.sample(len(held_out.split.queries) // 2, seed)
    text, own_words = cache.backbone.text, None
    if text is not None:
        own_words = OwnWords(TextTower(cache.encoder, text), products.main_features.max_pooled)
    part, _ = fit_better_part(
        Named(
            texts,
            catalogue.stored,
            catalogue.alone,
            held_out.parts,
            head,
            colour_weight,
            own_words,
        ),
        held_out.split.index,
        np.sort(named[order[:calibrating]]),
        calibrate_refined(half, held_out.parts.style, catalogue.stored.shape[1]),
    )
    if part is None:
        return None
    measured = np.sort(named[order[calibrating:]])
    pictures = np.setdiff1d(held_out.split.queries, half.split.queries)
    return measure(part, catalogue, measured, pictures, tuple(head.prototypes), seed)


def measure(
    part: TextPart,
    catalogue: SearchedCatalogue,
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
    embedder = TextEmbedder(part.head, catalogue.texts.lexicon, prototypes, part.knows, part.spells)
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
    phrases = measure_phrases(embedder, catalogue)
    (in_colour, own_colour), (for_gender, own_gender) = (
        measure_refined(embedder, part.refined, catalogue, pictures, seed, refinement)
        for refinement in (ANOTHER_COLOUR, ANOTHER_GENDER)
    )
    pairs = {"titles": (shown, right), "in COLOUR": own_colour, "for GENDER": own_gender}
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
        {name: pair[0] for name, pair in pairs.items() if pair is not None},
        {name: pair[1] for name, pair in pairs.items() if pair is not None},
    )


def _others() -> list[str]:
    """Sentences about no product, other ones than those of the fitting."""
    text = files("recommender.evaluation") / "no_product_texts.txt"
    return text.read_text(encoding="utf-8").splitlines()


def _reliability(
    calibration: Calibration,
    catalogue: SearchedCatalogue,
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

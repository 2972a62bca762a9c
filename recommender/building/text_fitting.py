"""Fitting of one text part: text detector and calibration to a text head or tower head."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from recommender.embedding.head import Head
from recommender.embedding.text_embedder import TextEmbedder, TextProjection
from recommender.embedding.tower_head import TowerHead
from recommender.features.table import Array
from recommender.features.text_encoder import text_encoder
from recommender.features.text_tower import TextTower
from recommender.index.calibration import FEWEST_QUERIES, Calibration, fit_calibration
from recommender.index.text_detector import TextDetector, fit_text_detector, other_sentences
from recommender.index.text_part import TextPart
from recommender.metrics.held_out import Parts
from recommender.metrics.precision import encode
from recommender.schema import ARTICLE_TYPE, COLOUR
from recommender.training.text_head import phrases_about
from recommender.training.texts import Texts
from recommender.words.phrases import any_phrase
from recommender.words.tokens import plain, words_of
from recommender.words.understanding import Understanding

# Names and phrases that the text detector is fitted on, at most, each.
MOST_DETECTED = 2_000
# Words of the catalogue that are kept to know them again, at most, and products with each at least.
MOST_KNOWN, LEAST_PRODUCTS = 20_000, 2
# Phrases by which the text tower's mean and spread are measured, or its similarities calibrated: a
# large tower takes a minute for them on 2 cores.
PHRASES = 500
# Language of these phrases, which every tower reads: texts of words that it does not know tell
# nothing of where it puts others.
LANGUAGE = "en"
SEED = 0


@dataclass(frozen=True)
class OwnWords:
    """Words of the network itself: its text tower, and what it made of the pictures."""

    tower: TextTower
    pictures: Array
    """(n, c) float32: embeddings of the n products' main pictures."""


@dataclass(frozen=True)
class Named:
    """Catalogue to fit a text part on: n products with their texts and vectors."""

    texts: Texts
    with_prior: np.ndarray
    """(n, d) float32, item vectors as the index stores them."""
    without_prior: np.ndarray
    """(n, d) float32, item vectors by the pictures alone."""
    parts: Parts
    head: Head
    """Of the vectors."""
    colour_weight: float
    """Weight of the colour part in a query, 0-1."""
    own_words: OwnWords | None = None
    """None where the network has no text tower."""


def fit_parts(
    catalogue: Named,
    rows: np.ndarray,
    held_out: np.ndarray,
    text_head: TextProjection,
    refined: Calibration,
) -> TextPart:
    """Text part fitted on some products and calibrated on others.

    Args:
        catalogue: n products.
        rows: positions of the products to fit on.
        held_out: positions of the products whose names calibrate; where there are too few, the
            text tower, which was not fitted on names, is calibrated on phrases.
        text_head: fitted on `rows`.
        refined: calibration of refined pictures.
    """
    texts, with_prior = catalogue.texts, catalogue.with_prior
    known = known_words(texts, rows)
    words = frozenset(known)
    embedder = TextEmbedder(
        text_head,
        texts.lexicon,
        tuple(catalogue.head.prototypes),
        lambda word: plain(word) in words,
    )
    detector = _detector(texts, rows, embedder)
    asked, said = held_out, [texts.names[row] for row in held_out]
    if len(said) < FEWEST_QUERIES and isinstance(text_head, TowerHead):
        asked, said = _phrases_to_calibrate(texts, rows)
    queries = np.zeros((0, with_prior.shape[1]), np.float32)
    if said:
        queries = embedded(embedder, said)
    codes = [
        None if (own := _codes(texts, role)) is None else (own[asked], own[rows])
        for role in (ARTICLE_TYPE, COLOUR)
    ]
    calibration = fit_calibration(queries, with_prior[rows], catalogue.parts.style, *codes)
    return TextPart(text_head, detector, calibration, refined, known)


def _phrases_to_calibrate(texts: Texts, rows: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Products and phrases about them; of a catalogue without labels, of any kind and no product.

    Codes of labels are looked up by product: without labels there are none to look up.
    """
    random = np.random.default_rng(SEED)
    drawn = phrases_about(texts, rows, PHRASES, random, LANGUAGE)
    if drawn:
        return np.array([row for row, _ in drawn]), [text for _, text in drawn]
    said = [any_phrase(random, LANGUAGE) for _ in range(PHRASES)]
    return np.zeros(len(said), np.int64), said


def embedded(embedder: TextEmbedder, said: list[str]) -> np.ndarray:
    """Vectors of texts, (n, d) float32, not weighed."""
    embeddings = embedder.embed([embedder.understand(text) for text in said])
    return np.stack([np.concatenate([e.style, e.colour]) for e in embeddings])


def known_words(texts: Texts, rows: np.ndarray) -> tuple[str, ...]:
    """Words of products' names, commonest first."""
    counts = Counter(word for row in rows for word in set(words_of(texts.names[row])))
    return tuple(w for w, count in counts.most_common(MOST_KNOWN) if count >= LEAST_PRODUCTS)


def _detector(texts: Texts, rows: np.ndarray, embedder: TextEmbedder) -> TextDetector:
    named = [texts.names[row] for row in rows if texts.names[row]]
    random = np.random.default_rng(SEED)
    some = [named[i] for i in random.permutation(len(named))[:MOST_DETECTED]]
    some += [text for _, text in phrases_about(texts, rows, MOST_DETECTED, random)]
    some = some or [any_phrase(random) for _ in range(MOST_DETECTED)]

    def read(given: list[str]) -> tuple[np.ndarray, list[Understanding]]:
        understood = [embedder.understand(text) for text in given]
        return text_encoder().encode([text.readable for text in understood]), understood

    return fit_text_detector(read(some), read(other_sentences()))


def _codes(texts: Texts, role: str) -> np.ndarray | None:
    """Codes of the catalogue's values of a role, (n,) int64; None where it has no such column."""
    column = texts.lexicon.columns.get(role)
    return None if column is None else encode(texts.columns[column])[0]

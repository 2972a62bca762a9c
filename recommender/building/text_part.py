"""Text part of an index: text head, text detector and calibration, fitted while it is built."""

import logging
from collections import Counter

import numpy as np

from recommender.building.encoded_catalogue import EncodedCatalogue
from recommender.building.sampling import stratified_sample
from recommender.embedding.head import Head
from recommender.embedding.text_embedder import TextEmbedder
from recommender.embedding.text_query import NamedValues, refined_embedding
from recommender.embedding.vectors import Embedding, labels_of
from recommender.features.table import Array
from recommender.features.text_encoder import text_encoder
from recommender.index.calibration import Calibration, fit_calibration
from recommender.index.text_detector import TextDetector, fit_text_detector, other_sentences
from recommender.index.text_part import TextPart
from recommender.metrics.held_out import HeldOut, Parts
from recommender.metrics.precision import encode
from recommender.metrics.splits import nearest
from recommender.schema import ARTICLE_TYPE, COLOUR, GENDER, names_colours, roles
from recommender.training.text_head import fit_text_head, phrases_about
from recommender.training.texts import Texts, texts_of
from recommender.words.tokens import plain, words_of
from recommender.words.understanding import Understanding

_log = logging.getLogger(__name__)

# Products whose names calibrate, and are left out of the fitting: a tenth, at most so many.
MOST_HELD_OUT, HELD_OUT_FRACTION = 1_000, 0.1
# Products whose names and labels are learned from, at most.
MOST_PRODUCTS = 60_000
# Names and phrases that the text detector is fitted on, at most, each.
MOST_DETECTED = 2_000
# Words of the catalogue that are kept to know them again, at most, and products with each at least.
MOST_KNOWN, LEAST_PRODUCTS = 20_000, 2
# Places in which a name's own product is looked for.
GRADED = 10
SEED = 0

NONE_FITTED = (
    "The catalogue has no names and no labels to learn words from: it is searched with pictures "
    "only."
)


def fit_text_part(
    products: EncodedCatalogue,
    vectors: Array,
    head: Head,
    style_dimensions: int,
    held_out: HeldOut | None,
    colour_weight: float,
) -> tuple[TextPart | None, dict[str, float]]:
    """Text part of an index, and its grade for the report card; deterministic on one machine.

    Args:
        products: n products with names and attributes.
        vectors: (p, d) float32, item vectors as the index stores them, a row per picture.
        head: of the vectors.
        style_dimensions: number of dimensions, the first, that are style.
        held_out: products held out of another head, by which refined pictures are calibrated.
        colour_weight: weight of the colour part in a query, 0-1.

    Returns:
        None and an empty grade where too few products have a name or a label; the log says so.
    """
    rows = stratified_sample([None] * len(products.ids), MOST_PRODUCTS, SEED)
    main = products.first_pictures[rows]
    products = products.take(rows)
    texts = texts_of(products.names, products.ids, products.labels, products.descriptions)
    named = np.array([row for row, name in enumerate(texts.names) if name], np.int64)
    count = min(MOST_HELD_OUT, int(HELD_OUT_FRACTION * len(named)))
    calibrating = np.sort(np.random.default_rng(SEED).permutation(named)[:count])
    with_prior = np.asarray(vectors[main], np.float32)
    part = fit_parts(
        texts,
        with_prior,
        _without_prior(head, with_prior, style_dimensions, texts),
        style_dimensions,
        np.setdiff1d(np.arange(len(rows)), calibrating),
        calibrating,
        head,
        calibrate_refined(held_out, style_dimensions, with_prior.shape[1]),
    )
    if part is None:
        _log.info(NONE_FITTED)
        return None, {}
    parts = Parts(style_dimensions, with_prior.shape[1] - style_dimensions)
    return part, grade_names(part, texts, with_prior, calibrating, head, parts, colour_weight)


def grade_names(
    part: TextPart,
    texts: Texts,
    vectors: np.ndarray,
    rows: np.ndarray,
    head: Head,
    parts: Parts,
    colour_weight: float,
) -> dict[str, float]:
    """Grade of a text part: how many names find their own product among the first ten.

    Args:
        part: fitted without the names.
        texts: of n products.
        vectors: (n, d) float32, item vectors as the index stores them.
        rows: positions of the products whose names are searched with.
        head: of the vectors.
        parts: dimensions of the vectors.
        colour_weight: weight of the colour part in a query, 0-1.

    Returns:
        {"names": number, "own_among_ten": fraction}; empty without names.
    """
    if not len(rows):
        return {}
    embedder = TextEmbedder(
        part.head, texts.lexicon, tuple(head.prototypes), part.knows, part.spells
    )
    names = [embedder.understand(texts.names[row]) for row in rows]
    queries = np.stack([np.concatenate([e.style, e.colour]) for e in embedder.embed(names)])
    found = nearest(parts.weighed(queries, colour_weight), vectors, GRADED)
    own = (found == rows[:, None]).any(axis=1)
    return {"names": len(rows), "own_among_ten": round(float(own.mean()), 4)}


def fit_parts(
    texts: Texts,
    with_prior: np.ndarray,
    without_prior: np.ndarray,
    style_dimensions: int,
    rows: np.ndarray,
    held_out: np.ndarray,
    head: Head,
    refined: Calibration,
) -> TextPart | None:
    """Text part fitted on some products and calibrated on others.

    Args:
        texts, with_prior, without_prior, style_dimensions, rows: as `fit_text_head` takes them.
        held_out: positions of the products whose names calibrate.
        head: of the vectors.
        refined: calibration of refined pictures.
    """
    text_head = fit_text_head(texts, with_prior, without_prior, style_dimensions, rows)
    if text_head is None:
        return None
    known = known_words(texts, rows)
    words = frozenset(known)
    embedder = TextEmbedder(
        text_head, texts.lexicon, tuple(head.prototypes), lambda word: plain(word) in words
    )
    detector = _detector(texts, rows, embedder)
    queries = np.zeros((0, with_prior.shape[1]), np.float32)
    if len(held_out):
        names = [embedder.understand(texts.names[row]) for row in held_out]
        queries = np.stack([np.concatenate([e.style, e.colour]) for e in embedder.embed(names)])
    codes = [
        None if (own := _codes(texts, role)) is None else (own[held_out], own[rows])
        for role in (ARTICLE_TYPE, COLOUR)
    ]
    calibration = fit_calibration(queries, with_prior[rows], style_dimensions, *codes)
    return TextPart(text_head, detector, calibration, refined, known)


def calibrate_refined(
    held_out: HeldOut | None, style_dimensions: int, dimensions: int
) -> Calibration:
    """Calibration of pictures that words refine, on held-out products in another colour or gender.

    Args:
        held_out: None where there are too few products.
        style_dimensions: number of dimensions, the first, that are style.
        dimensions: of a vector.
    """
    prototypes = () if held_out is None else tuple(held_out.head.prototypes)
    of_colour = next((p for p in prototypes if names_colours(p.column)), None)
    gender = roles(p.column for p in prototypes).get(GENDER)
    of_gender = next((p for p in prototypes if p.column == gender), None)
    if held_out is None or (of_colour is None and of_gender is None):
        nothing = np.zeros((0, dimensions), np.float32)
        return fit_calibration(nothing, nothing, style_dimensions)
    random = np.random.default_rng(SEED)
    asked, known = held_out.learned
    kinds, colours = held_out.labels.get(ARTICLE_TYPE), held_out.labels.get(COLOUR)
    classes = {name: code for code, name in enumerate(held_out.classes.get(COLOUR, []))}
    wanted = None if colours is None else colours[0].copy()
    queries = np.empty_like(asked)
    for row, vector in enumerate(asked):
        style, colour = np.split(vector, [style_dimensions])
        changed = of_colour if of_gender is None or (of_colour and row % 2) else of_gender
        assert changed is not None
        value = changed.values[int(random.integers(len(changed.values)))]
        if changed is of_colour and wanted is not None:
            wanted[row] = classes.get(value, -1)
        named = [NamedValues(changed.column, ((value, 1),))]
        refined = refined_embedding(Embedding(style, colour), named, prototypes)
        queries[row] = np.concatenate([refined.style, refined.colour])
    hues = None if colours is None or wanted is None else (wanted, colours[1])
    return fit_calibration(queries, known, style_dimensions, kinds, hues)


def known_words(texts: Texts, rows: np.ndarray) -> tuple[str, ...]:
    """Words of products' names, commonest first."""
    counts = Counter(word for row in rows for word in set(words_of(texts.names[row])))
    return tuple(w for w, count in counts.most_common(MOST_KNOWN) if count >= LEAST_PRODUCTS)


def _detector(texts: Texts, rows: np.ndarray, embedder: TextEmbedder) -> TextDetector:
    named = [texts.names[row] for row in rows if texts.names[row]]
    random = np.random.default_rng(SEED)
    some = [named[i] for i in random.permutation(len(named))[:MOST_DETECTED]]
    some += phrases_about(texts, rows, MOST_DETECTED, random)

    def read(given: list[str]) -> tuple[np.ndarray, list[Understanding]]:
        understood = [embedder.understand(text) for text in given]
        return text_encoder().encode([text.readable for text in understood]), understood

    return fit_text_detector(read(some), read(other_sentences()))


def _codes(texts: Texts, role: str) -> np.ndarray | None:
    """Codes of the catalogue's values of a role, (n,) int64; None where it has no such column."""
    column = texts.lexicon.columns.get(role)
    return None if column is None else encode(texts.columns[column])[0]


def _without_prior(
    head: Head, vectors: np.ndarray, style_dimensions: int, texts: Texts
) -> np.ndarray:
    """Item vectors without the label prior, (n, d) float32."""
    style, colour = np.split(vectors, [style_dimensions], axis=1)
    labels = labels_of(texts.columns, range(len(vectors)))
    return np.hstack(head.remove_label_prior(style, colour, labels)).astype(np.float32)

"""Text part of an index: text head, text detector and calibration, fitted while it is built."""

import logging
from typing import Any

import numpy as np

from recommender.building.encoded_catalogue import EncodedCatalogue
from recommender.building.processes import fitting
from recommender.building.refined_calibration import calibrate_refined
from recommender.building.sampling import stratified_sample
from recommender.building.text_fitting import (
    LANGUAGE,
    PHRASES,
    Named,
    OwnWords,
    embedded,
    fit_parts,
)
from recommender.embedding.head import Head
from recommender.embedding.text_embedder import TextEmbedder
from recommender.embedding.text_head import TextHead
from recommender.embedding.tower_head import TowerHead
from recommender.embedding.vectors import labels_of
from recommender.features.table import Array
from recommender.features.text_tower import TextTower
from recommender.index.calibration import Calibration
from recommender.index.text_part import KEPT, TEXT_HEAD, TEXT_TOWER, TextPart
from recommender.metrics.held_out import HeldOut, Parts
from recommender.metrics.splits import nearest
from recommender.training.text_head import fit_text_head, phrases_about
from recommender.training.texts import Texts, texts_of
from recommender.training.tower_head import fit_tower_head
from recommender.words.phrases import any_phrase

_log = logging.getLogger(__name__)

# Products whose names calibrate, and are left out of the fitting: a tenth, at most so many.
MOST_HELD_OUT, HELD_OUT_FRACTION = 1_000, 0.1
# Products whose names and labels are learned from, at most.
MOST_PRODUCTS = 60_000
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
    tower: TextTower | None = None,
) -> tuple[TextPart | None, dict[str, Any]]:
    """Text part of an index, and its grade for the report card; deterministic on one machine.

    Args:
        products: n products with names and attributes.
        vectors: (p, d) float32, item vectors as the index stores them, a row per picture.
        head: of the vectors.
        style_dimensions: number of dimensions, the first, that are style.
        held_out: products held out of another head, by which refined pictures are calibrated.
        colour_weight: weight of the colour part in a query, 0-1.
        tower: text tower of the network; None where it has none.

    Returns:
        None and an empty grade where too few products have a name or a label and the network has no
        text tower; the log says so.
    """
    rows = stratified_sample([None] * len(products.ids), MOST_PRODUCTS, SEED)
    main = products.first_pictures[rows]
    products = products.take(rows)
    texts = texts_of(products.names, products.ids, products.labels, products.descriptions)
    named = np.array([row for row, name in enumerate(texts.names) if name], np.int64)
    count = min(MOST_HELD_OUT, int(HELD_OUT_FRACTION * len(named)))
    calibrating = np.sort(np.random.default_rng(SEED).permutation(named)[:count])
    with_prior = np.asarray(vectors[main], np.float32)
    catalogue = Named(
        texts,
        with_prior,
        _without_prior(head, with_prior, style_dimensions, texts),
        Parts(style_dimensions, with_prior.shape[1] - style_dimensions),
        head,
        colour_weight,
        None if tower is None else OwnWords(tower, products.main_features.max_pooled),
    )
    part, grade = fit_better_part(
        catalogue,
        np.setdiff1d(np.arange(len(rows)), calibrating),
        calibrating,
        calibrate_refined(held_out, style_dimensions, with_prior.shape[1]),
    )
    if part is None:
        _log.info(NONE_FITTED)
    elif grade.get(KEPT) == TEXT_TOWER:
        _log.info("Words are read by the network's own text tower.")
    return part, grade


def fit_better_part(
    catalogue: Named, rows: np.ndarray, held_out: np.ndarray, refined: Calibration
) -> tuple[TextPart | None, dict[str, Any]]:
    """Better text part of two: with a text head fitted on the catalogue, and with the text tower.

    Which is better is measured by the held-out names that find their own product among the first
    ten. The tower is kept where both are as good, because it knows words that the catalogue has
    not, and where there are no names to measure by.

    Args:
        catalogue: n products.
        rows: positions of the products to fit on.
        held_out: positions of the products whose names measure and calibrate.
        refined: calibration of refined pictures.

    Returns:
        The part, and its grade: {"names": number, "own_among_ten": fraction}; with a text tower
        {"kept": which, "text_head": fraction, "text_tower": fraction} of what was measured, too.
        None and an empty grade where nothing can be fitted and there is no tower.
    """
    heads = {TEXT_TOWER: _tower_head(catalogue, rows), TEXT_HEAD: _text_head(catalogue, rows)}
    parts = {
        name: fit_parts(catalogue, rows, held_out, head, refined)
        for name, head in heads.items()
        if head is not None
    }
    if not parts:
        return None, {}
    grades = {name: own_among_ten(part, catalogue, held_out) for name, part in parts.items()}
    kept = max(parts, key=lambda name: grades[name] or 0.0)  # the first of equal ones
    grade: dict[str, Any] = {}
    if grades[kept] is not None:
        grade = {"names": len(held_out), "own_among_ten": grades[kept]}
    if catalogue.own_words is not None:
        grade |= {KEPT: kept, **{name: own for name, own in grades.items() if own is not None}}
    return parts[kept], grade


def own_among_ten(part: TextPart, catalogue: Named, rows: np.ndarray) -> float | None:
    """Fraction of products whose name finds them among the first ten; None without products.

    Args:
        part: fitted without the names.
        catalogue: n products.
        rows: positions of the products whose names are searched with.
    """
    if not len(rows):
        return None
    texts = catalogue.texts
    embedder = TextEmbedder(
        part.head, texts.lexicon, tuple(catalogue.head.prototypes), part.knows, part.spells
    )
    queries = embedded(embedder, [texts.names[row] for row in rows])
    weighed = catalogue.parts.weighed(queries, catalogue.colour_weight)
    found = nearest(weighed, catalogue.with_prior, GRADED)
    return round(float((found == rows[:, None]).any(axis=1).mean()), 4)


def _text_head(catalogue: Named, rows: np.ndarray) -> TextHead | None:
    return fitting(fit_text_head, len(rows))(
        catalogue.texts,
        catalogue.with_prior,
        catalogue.without_prior,
        catalogue.parts.style,
        rows,
    )


def _tower_head(catalogue: Named, rows: np.ndarray) -> TowerHead | None:
    own = catalogue.own_words
    if own is None:
        return None
    random = np.random.default_rng(SEED)
    phrases = [text for _, text in phrases_about(catalogue.texts, rows, PHRASES, random, LANGUAGE)]
    return fit_tower_head(
        own.tower,
        catalogue.head,
        own.pictures,
        catalogue.without_prior,
        catalogue.parts.style,
        phrases or [any_phrase(random, LANGUAGE) for _ in range(PHRASES)],
    )


def _without_prior(
    head: Head, vectors: np.ndarray, style_dimensions: int, texts: Texts
) -> np.ndarray:
    """Item vectors without the label prior, (n, d) float32."""
    style, colour = np.split(vectors, [style_dimensions], axis=1)
    labels = labels_of(texts.columns, range(len(vectors)))
    return np.hstack(head.remove_label_prior(style, colour, labels)).astype(np.float32)

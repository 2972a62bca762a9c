"""Evaluation of an index: ablation, robustness, photographs, reliability, words."""

import logging
import time
from dataclasses import dataclass, field

import numpy as np

from recommender.building.augmentation import augmented_features, quick_extractor
from recommender.building.encode import ProductSource
from recommender.building.thumbnails import Thumbnails
from recommender.evaluation.ablation import Comparison, ablation
from recommender.evaluation.consumer_photos import LabelMapping, Photographs, photographs
from recommender.evaluation.feature_cache import FeatureCache
from recommender.evaluation.non_products import NonProductResult, measure_non_products
from recommender.evaluation.other_kinds import OtherKinds, measure_other_kinds
from recommender.evaluation.query_vectors import QueryPath
from recommender.evaluation.regions import RegionResult, measure_regions
from recommender.evaluation.reliability import Reliability, calibrated
from recommender.evaluation.robustness import Robustness, robustness
from recommender.evaluation.words import WordsResult, measure_words
from recommender.metrics.held_out import Fit, HeldOut, hold_out

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Photos:
    """Labelled photographs, encoded and as files, with their label mapping."""

    cache: FeatureCache
    source: ProductSource
    mapping: LabelMapping


@dataclass(frozen=True)
class Evaluation:
    """Results of an evaluation."""

    cache: FeatureCache
    held_out: HeldOut
    comparisons: list[Comparison]
    """This index, the classic recipe, and the other variants."""
    neighbours: np.ndarray
    """(q, depth) int64: positions of the neighbours in the index."""
    robustness: Robustness
    photographs: Photographs | None
    reliability: dict[str, Reliability]
    """Reliability of products and photographs; empty without article types."""
    non_products: NonProductResult
    words: WordsResult | None
    """None: the catalogue has no names and no labels to learn words from."""
    colour_weight: float
    seed: int
    regions: RegionResult | None = None
    """Garments found on collages; None without article types."""
    seconds: dict[str, float] = field(default_factory=dict)
    other_kinds: dict[str, OtherKinds] = field(default_factory=dict)
    """First results of another category, by source; empty without categories."""


def evaluate(
    cache: FeatureCache,
    fit: Fit,
    colour_weight: float,
    photos: Photos | None,
    queries: int,
    seed: int,
    *,
    learns: bool,
) -> Evaluation:
    """Evaluation of a catalogue. The log has a sentence for each stage.

    Args:
        cache: features of the catalogue.
        fit: fits the head on the products that are not held out.
        colour_weight: weight of the colour part in a query, 0-1.
        photos: labelled photographs, if any.
        queries: number of products to hold out.
        seed: of split, samples and intervals.
        learns: whether the head is learned, and so fitted on augmented features, too.

    Raises:
        SettingsError: there are too few products, or photographs and mapping do not fit.
    """
    products, seconds, clock = cache.products, {}, time.perf_counter()

    def done(stage: str) -> None:
        nonlocal clock
        seconds[stage], clock = round(time.perf_counter() - clock, 1), time.perf_counter()

    augmented = None
    if learns:
        _log.info("Encoding synthetic photos of the products.")
        folder = cache.folder / "augmented"
        augmented = augmented_features(
            products, quick_extractor(cache.extractor(), cache.encoder), cache.pictures, folder
        )
        done("views")
    _log.info(
        f"Holding {queries:,} of {len(products.ids):,} products out and fitting on the others."
    )
    held_out = hold_out(
        products.main_features,
        products.labels,
        products.digests,
        fit,
        queries,
        seed,
        augmented,
        products.groups,
    )
    done("fit")
    _log.info("Searching.")
    comparisons = ablation(held_out, colour_weight, seed)
    asked, known = held_out.learned
    neighbours = held_out.neighbours(held_out.parts.weighed(asked, colour_weight), known)
    truth = calibrated(held_out)
    calibration, reliability = None, {}
    if truth is not None:
        calibration, reliability["products"] = truth
    done("compare")
    _log.info("Searching with corrupted pictures.")
    path = QueryPath(cache, held_out.head)
    changed = robustness(held_out, Thumbnails(products.rows), path, colour_weight, seed)
    done("robustness")
    photographed, right = None, dict[str, np.ndarray]()
    if photos is not None:
        _log.info("Searching with photographs.")
        rows = held_out.split.index
        columns = {name: [v[row] for row in rows] for name, v in products.labels.items()}
        right = photos.mapping.right(columns)
        photographed = photographs(
            held_out,
            right,
            photos.mapping.column,
            photos.cache,
            photos.source,
            path,
            colour_weight,
            calibration,
            seed,
        )
        if photographed.reliability is not None:
            reliability["photographs"] = photographed.reliability
        done("photographs")
    other_kinds = measure_other_kinds(held_out, products.labels, neighbours, photographed, right)
    _log.info("Testing the product detector.")
    clothes = photos.cache.products if photos is not None else None
    noticed = measure_non_products(cache, held_out.split, clothes, path, seed)
    done("strangers")
    _log.info("Finding the garments on collages.")
    style = held_out.learned[1][:, : held_out.parts.style]
    split = held_out.split
    collages = measure_regions(cache, split.queries, split.index, style, held_out.head, seed)
    done("regions")
    _log.info("Learning words, and searching with them.")
    worded = measure_words(cache, held_out, colour_weight, seed)
    done("words")
    return Evaluation(
        cache,
        held_out,
        comparisons,
        neighbours,
        changed,
        photographed,
        reliability,
        noticed,
        worded,
        colour_weight,
        seed,
        collages,
        seconds,
        other_kinds,
    )

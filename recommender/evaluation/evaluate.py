"""Evaluation of an index: ablation, robustness, photographs, reliability, words, seeds."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from recommender.answers.kinds import ProductKinds
from recommender.building.augmentation import augmented_features, quick_extractor
from recommender.building.encode import ProductSource
from recommender.building.encoded_catalogue import EncodedCatalogue
from recommender.building.stages import Stages
from recommender.building.thumbnails import Thumbnails
from recommender.evaluation.ablation import Comparison, ablation
from recommender.evaluation.consumer_photos import (
    LabelMapping,
    Photographs,
    labelled,
    photographs,
    see_photographs,
)
from recommender.evaluation.feature_cache import FeatureCache
from recommender.evaluation.non_products import NonProductResult, measure_non_products
from recommender.evaluation.other_kinds import OtherKinds, measure_other_kinds
from recommender.evaluation.query_vectors import QueryPath
from recommender.evaluation.regions import RegionResult, measure_regions
from recommender.evaluation.reliability import Reliability, calibrated
from recommender.evaluation.robustness import Robustness, robustness
from recommender.evaluation.seeds import Seeds
from recommender.evaluation.words import WordsResult, measure_words
from recommender.features.table import AugmentedFeatures
from recommender.index.calibration import Calibration
from recommender.metrics.held_out import Fit, HeldOut, columns_at, fit_on, measure
from recommender.metrics.splits import Split, split_products


@dataclass(frozen=True)
class Photos:
    """Labelled photographs, encoded and as files, with their label mapping."""

    cache: FeatureCache
    source: ProductSource
    mapping: LabelMapping


PARTS = ("robustness", "photographs", "non-products", "regions", "words")
"""Parts of an evaluation beside the products held out of the index."""


@dataclass(frozen=True)
class Evaluation:
    """Results of an evaluation."""

    cache: FeatureCache
    held_out: HeldOut
    comparisons: list[Comparison]
    """This index, the classic recipe, and the other variants."""
    neighbours: np.ndarray
    """(q, depth) int64: positions of the neighbours in the index."""
    reliability: dict[str, Reliability]
    """Reliability of products and photographs; empty without article types."""
    colour_weight: float
    seed: int
    seeds: Seeds | None = None
    """Precision with this seed and further ones; None without further ones."""
    robustness: Robustness | None = None
    photographs: Photographs | None = None
    non_products: NonProductResult | None = None
    words: WordsResult | None = None
    """None, too, where the catalogue has no names and no labels to learn words from."""
    regions: RegionResult | None = None
    """Garments found on collages; None, too, without article types."""
    other_kinds: dict[str, OtherKinds] = field(default_factory=dict)
    """First results of another category, by source; empty without categories."""
    seconds: dict[str, float] = field(default_factory=dict)


def evaluate(
    cache: FeatureCache,
    fit: Callable[[int], Fit],
    colour_weight: float,
    photos: Photos | None,
    queries: int,
    seeds: Sequence[int],
    *,
    learns: bool,
    parts: Collection[str] = PARTS,
) -> Evaluation:
    """Evaluation of a catalogue. The log has a sentence for each stage.

    Args:
        cache: features of the catalogue.
        fit: by a seed, what fits the head on the products that are not held out.
        colour_weight: weight of the colour part in a query, 0-1.
        photos: labelled photographs, if any.
        queries: number of products to hold out.
        seeds: of split, fitting, samples and intervals. All is measured with the first; products
            and photographs with the others, too.
        learns: whether the head is learned, and so fitted on augmented features, too.
        parts: of `PARTS`, to be measured.

    Raises:
        SettingsError: there are too few products, or photographs and mapping do not fit.
    """
    seed, *further = seeds
    products, stages, augmented = cache.products, Stages(), None
    # What cannot be measured is refused here, before minutes of work.
    split = split_products(products.digests, queries, seed, products.groups)
    labels, right = columns_at(products.labels, split.index), dict[str, np.ndarray]()
    if photos is not None and "photographs" in parts:
        right = photos.mapping.right(labels)
        labelled(photos.cache.products, photos.mapping, right)
    if learns:
        with stages("views", "Encoding synthetic photos of the products."):
            augmented = _augmented(cache)
    held = f"Holding {queries:,} of {len(products.ids):,} products out and fitting on the others."
    with stages("fit", held):
        held_out = _held_out(products, fit(seed), split, augmented)
    with stages("compare", "Searching."):
        comparisons = ablation(held_out, colour_weight, seed)
        neighbours = _neighbours(held_out, colour_weight)
        calibration, reliability = _reliability_of_products(held_out)
    kinds = ProductKinds(list(labels), labels.__getitem__, held_out.head)
    path = QueryPath(cache, held_out.head, kinds.of_types)
    changed = noticed = collages = worded = None
    if "robustness" in parts:
        with stages("robustness", "Searching with corrupted pictures."):
            thumbnails = Thumbnails(products.rows)
            changed = robustness(held_out, thumbnails, path, colour_weight, seed)
    seen, photographed = None, None
    if photos is not None and "photographs" in parts:
        with stages("photographs", "Searching with photographs."):
            seen = see_photographs(photos.cache, photos.source, photos.mapping, path)
            photographed = photographs(
                held_out, right, seen, kinds.of_types, colour_weight, calibration, seed
            )
        if photographed.reliability is not None:
            reliability["photographs"] = photographed.reliability
    other_kinds = measure_other_kinds(
        held_out, kinds, products.labels, neighbours, photographed, right
    )
    if "non-products" in parts:
        with stages("non-products", "Testing the product detector."):
            clothes = photos.cache.products if photos is not None else None
            noticed = measure_non_products(cache, held_out.split, clothes, path, seed)
    if "regions" in parts:
        with stages("regions", "Finding the garments on collages."):
            collages = _collages(cache, held_out, seed)
    if "words" in parts:
        with stages("words", "Learning words, and searching with them."):
            worded = measure_words(cache, held_out, colour_weight, seed)
    repeated = None
    if further:
        repeated = Seeds.first(seed, comparisons, photographed)
        for other in further:
            with stages("seeds", f"The same with seed {other}."):
                split = split_products(products.digests, queries, other, products.groups)
                again = _held_out(products, fit(other), split, augmented)
                mapping = photos.mapping if photos is not None else None
                repeated.add(other, again, products.labels, mapping, seen, colour_weight)
    return Evaluation(
        cache,
        held_out,
        comparisons,
        neighbours,
        reliability,
        colour_weight,
        seed,
        repeated,
        changed,
        photographed,
        noticed,
        worded,
        collages,
        other_kinds,
        {stage: round(seconds, 1) for stage, seconds in stages.seconds.items()},
    )


def _augmented(cache: FeatureCache) -> AugmentedFeatures | None:
    """Features of synthetic photos of the catalogue's products."""
    extractor = quick_extractor(cache.extractor(), cache.encoder)
    return augmented_features(cache.products, extractor, cache.pictures, cache.folder / "augmented")


def _held_out(
    products: EncodedCatalogue,
    fit: Fit,
    split: Split,
    augmented: AugmentedFeatures | None,
) -> HeldOut:
    """Held-out split of the catalogue, with a head that is fitted on its index."""
    features, labels = products.main_features, products.labels
    head = fit_on(split.index, fit, features, labels, augmented)
    return measure(features, labels, split, head)


def _neighbours(held_out: HeldOut, colour_weight: float) -> np.ndarray:
    """Neighbours of the held-out products in the index, (q, depth) int64."""
    asked, known = held_out.learned
    return held_out.neighbours(held_out.parts.weighed(asked, colour_weight), known)


def _reliability_of_products(
    held_out: HeldOut,
) -> tuple[Calibration | None, dict[str, Reliability]]:
    """Calibration and its reliability by kind of query; None and empty without article types."""
    measured = calibrated(held_out)
    if measured is None:
        return None, {}
    calibration, reliability = measured
    return calibration, {"products": reliability}


def _collages(cache: FeatureCache, held_out: HeldOut, seed: int) -> RegionResult | None:
    """Garments found on collages of held-out products."""
    split = held_out.split
    style = held_out.learned[1][:, : held_out.parts.style]
    return measure_regions(cache, split.queries, split.index, style, held_out.head, seed)

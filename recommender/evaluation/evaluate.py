"""A whole evaluation: hold products out, fit, search, change, photograph, compare."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from recommender.building.augmentation import training_views
from recommender.building.encode import ProductSource
from recommender.building.thumbnails import Thumbnails
from recommender.evaluation.ablation import Comparison, compare
from recommender.evaluation.consumer_photos import Kinds, Photographs, photographs
from recommender.evaluation.feature_cache import Encoded
from recommender.evaluation.non_products import Strangers, strangers
from recommender.evaluation.query_vectors import QueryPath
from recommender.evaluation.reliability import Reliability, calibrated
from recommender.evaluation.robustness import Robustness, robustness
from recommender.metrics.held_out import Fit, HeldOut, hold_out

Say = Callable[[str], None]


@dataclass(frozen=True)
class Photos:
    """Labelled photographs to search the catalogue with."""

    encoded: Encoded
    source: ProductSource
    kinds: Kinds


@dataclass(frozen=True)
class Evaluation:
    """Everything that was measured."""

    encoded: Encoded
    held_out: HeldOut
    comparisons: list[Comparison]
    """This index, the classic recipe, and the ablation."""
    neighbours: np.ndarray
    """(q, depth) int64: what this index finds."""
    robustness: Robustness
    photographs: Photographs | None
    reliability: dict[str, Reliability]
    """Of the similarity shown, by what was asked with; empty without article types."""
    strangers: Strangers
    colour_weight: float
    seed: int
    seconds: dict[str, float] = field(default_factory=dict)


def evaluate(
    encoded: Encoded,
    fit: Fit,
    colour_weight: float,
    photos: Photos | None,
    queries: int,
    seed: int,
    say: Say,
    *,
    learns: bool,
) -> Evaluation:
    """Measure everything.

    Args:
        encoded: the catalogue.
        fit: makes the head from the part of the catalogue that is not held out.
        colour_weight: share of colour in a comparison, 0-1.
        photos: photographs to search the catalogue with, if there are any.
        queries: how many products to hold out.
        seed: of split, samples and intervals.
        say: is told what happens.
        learns: whether the head learns from the catalogue, and so from views of its products.

    Raises:
        SettingsError: there are too few products, or photographs and mapping do not fit.
    """
    products, seconds, clock = encoded.products, {}, time.perf_counter()

    def done(stage: str) -> None:
        nonlocal clock
        seconds[stage], clock = round(time.perf_counter() - clock, 1), time.perf_counter()

    views = None
    if learns:
        say("Looking at products photographed, turned, and without their wearers.")
        folder = encoded.folder / "augmented"
        views = training_views(products, encoded.extractor(), encoded.pictures, folder)
        done("views")
    say(f"Holding {queries:,} of {len(products.ids):,} products out and fitting on the others.")
    held_out = hold_out(
        products.features, products.attributes, products.digests, fit, queries, seed, views
    )
    done("fit")
    say("Searching.")
    comparisons = compare(held_out, colour_weight, seed)
    asked, known = held_out.learned
    neighbours = held_out.neighbours(held_out.parts.weighed(asked, colour_weight), known)
    truth = calibrated(held_out)
    calibration, reliability = None, {}
    if truth is not None:
        calibration, reliability["products"] = truth
    done("compare")
    say("Asking with changed pictures.")
    path = QueryPath(encoded, held_out.head)
    changed = robustness(held_out, Thumbnails(products.rows), path, colour_weight, seed)
    done("robustness")
    photographed = None
    if photos is not None:
        say("Asking with photographs.")
        rows = held_out.split.index
        columns = {name: [v[row] for row in rows] for name, v in products.attributes.items()}
        photographed = photographs(
            held_out,
            photos.kinds.right(columns),
            photos.kinds.column,
            photos.encoded,
            photos.source,
            path,
            colour_weight,
            calibration,
            seed,
        )
        if photographed.reliability is not None:
            reliability["photographs"] = photographed.reliability
        done("photographs")
    say("Asking with pictures that show no product.")
    clothes = photos.encoded.products if photos is not None else None
    noticed = strangers(encoded, held_out.split, clothes, path, seed)
    done("strangers")
    return Evaluation(
        encoded,
        held_out,
        comparisons,
        neighbours,
        changed,
        photographed,
        reliability,
        noticed,
        colour_weight,
        seed,
        seconds,
    )

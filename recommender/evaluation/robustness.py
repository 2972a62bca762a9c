"""Robustness of an index: precision that it keeps when query pictures are corrupted."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import Image
from tqdm import tqdm

from recommender.building.thumbnails import Thumbnails
from recommender.evaluation.ablation import CLASSIC_RECIPE
from recommender.evaluation.corruptions import CORRUPTIONS, Corruption
from recommender.evaluation.query_vectors import QueryPath
from recommender.metrics.held_out import HeldOut
from recommender.metrics.precision import SHOWN

# Queries of the sample. Each is embedded once a corruption. The same queries are searched clean
# and corrupted, so that 500 tell differences of 2 to 3 points from chance.
QUERIES = 500
CLEAN, INDEX = "as it is", "this index"

Robustness = dict[str, dict[str, dict[str, Any]]]
"""By corruption, recipe and label: {"precision": ..., "kept": fraction of the clean precision}."""


def robustness(
    held_out: HeldOut, pictures: Thumbnails, path: QueryPath, colour_weight: float, seed: int = 0
) -> Robustness:
    """Precision with corrupted pictures of held-out products.

    Args:
        held_out: queries and index.
        pictures: thumbnails of all products, by position in the catalogue.
        path: embeds a picture as the app does.
        colour_weight: of the index, 0-1.
        seed: of the sample of queries.
    """
    sample = held_out.sample(QUERIES, seed)
    clean: dict[str, dict[str, float]] = {}
    measured: Robustness = {}
    corruptions: list[tuple[str, Corruption]] = [
        (CLEAN, lambda picture: picture),
        *CORRUPTIONS.items(),
    ]
    with tqdm(
        total=len(corruptions) * len(sample.split.queries), unit=" queries", desc="Corrupted"
    ) as bar:

        def corrupted(corruption: Corruption) -> Iterator[Image.Image]:
            for row in sample.split.queries:
                yield corruption(pictures.picture(int(row)))
                bar.update()

        for name, corruption in corruptions:
            seen = list(corrupted(corruption))
            for recipe, precisions in _precisions(sample, seen, path, colour_weight).items():
                before = clean.setdefault(recipe, precisions)
                measured.setdefault(name, {})[recipe] = {
                    label: {"precision": value, "kept": value / max(before[label], 1e-9)}
                    for label, value in precisions.items()
                }
    return measured


def _precisions(
    sample: HeldOut, pictures: list[Image.Image], path: QueryPath, colour_weight: float
) -> dict[str, dict[str, float]]:
    """Precision at 5 by recipe and label."""
    learned = sample.parts.weighed(path.learned(pictures), colour_weight)
    judged = {
        INDEX: sample.judge(learned, sample.learned[1]),
        CLASSIC_RECIPE: sample.judge(path.classic(pictures), sample.classic[1]),
    }
    return {
        recipe: {label: float(np.mean(j.precision(SHOWN))) for label, j in by_label.items()}
        for recipe, by_label in judged.items()
    }

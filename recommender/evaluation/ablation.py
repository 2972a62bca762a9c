"""Ablation: precision of the learned vectors by colour weight, and of the classic recipe."""

from dataclasses import dataclass

from recommender.metrics.held_out import HeldOut
from recommender.metrics.precision import Judged, Retrieval, retrieval

CLASSIC_RECIPE = "classic recipe"
# Weights of the colour part, from style alone to colour alone.
COLOUR_WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)


@dataclass(frozen=True)
class Comparison:
    """Measured precision of one variant of the comparison."""

    name: str
    judged: dict[str, Judged]
    """Judged neighbours by label."""
    measured: dict[str, Retrieval]
    """Retrieval measures by label."""


def ablation(held_out: HeldOut, colour_weight: float, seed: int = 0) -> list[Comparison]:
    """Ablation of an index: the index, the classic recipe, other colour weights, no label prior.

    Args:
        held_out: queries and index.
        colour_weight: of the index, 0-1.
        seed: of the intervals.

    Returns:
        The index first, the classic recipe second, then the other variants.
    """
    asked, known = held_out.learned
    comparisons = []
    own = f"this index (colour weight {colour_weight:.2f})"
    weights = [w for w in COLOUR_WEIGHTS if w != colour_weight]
    if not held_out.parts.colour:
        own, weights = "this index", []
    named = {weight: f"colour weight {weight:.2f}" for weight in weights}
    named |= {w: name for w, name in ((0.0, "style alone"), (1.0, "colour alone")) if w in named}
    for weight, name in [(colour_weight, own), *named.items()]:
        comparisons.append((name, held_out.judge(held_out.parts.weighed(asked, weight), known)))
    queries = held_out.parts.weighed(asked, colour_weight)
    comparisons.append(
        ("items without the label prior", held_out.judge(queries, held_out.without_prior()))
    )
    comparisons.insert(1, (CLASSIC_RECIPE, held_out.judge(*held_out.classic)))
    return [
        Comparison(name, judged, {label: retrieval(j, seed) for label, j in judged.items()})
        for name, judged in comparisons
    ]

"""The learned vectors at several weights of colour, beside the recipe on the same network."""

from dataclasses import dataclass

from recommender.metrics.held_out import HeldOut
from recommender.metrics.precision import Judged, Retrieval, retrieval

CLASSIC_RECIPE = "classic recipe"
# From style alone to colour alone.
COLOUR_WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)


@dataclass(frozen=True)
class Comparison:
    """What one way to compare pictures is worth."""

    name: str
    judged: dict[str, Judged]
    """By label."""
    measured: dict[str, Retrieval]
    """By label."""


def ablation(held_out: HeldOut, colour_weight: float, seed: int = 0) -> list[Comparison]:
    """Measure this index, the classic recipe, and what each part of the vectors contributes.

    Args:
        held_out: queries and index.
        colour_weight: the index's own.
        seed: of the intervals.

    Returns:
        This index first, the classic recipe second, and then the ablation.
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
        ("items without the label prior", held_out.judge(queries, held_out.without_prior))
    )
    comparisons.insert(1, (CLASSIC_RECIPE, held_out.judge(*held_out.classic)))
    return [
        Comparison(name, judged, {label: retrieval(j, seed) for label, j in judged.items()})
        for name, judged in comparisons
    ]

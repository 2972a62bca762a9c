"""Evaluation with several seeds: how far split and fitting move the precision."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from recommender.answers.kinds import ProductKinds
from recommender.evaluation.ablation import CLASSIC_RECIPE, Comparison
from recommender.evaluation.consumer_photos import (
    RIGHT_TYPE,
    LabelMapping,
    Photographs,
    SeenPhotographs,
    photographs,
)
from recommender.evaluation.robustness import INDEX
from recommender.metrics.held_out import HeldOut, columns_at
from recommender.metrics.precision import SHOWN, macro_mean

MICRO, MACRO = "photographs", "photographs, macro"


@dataclass(frozen=True)
class Seeds:
    """Precision at 5 with several seeds, each of them of split and fitting."""

    seeds: list[int] = field(default_factory=list)
    precision: defaultdict[tuple[str, str], list[float]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """Of each seed, by label (or `MICRO`, `MACRO`) and variant."""

    @classmethod
    def first(
        cls, seed: int, comparisons: Sequence[Comparison], found: Photographs | None
    ) -> "Seeds":
        """Precision with the first seed, which everything else was measured with."""
        result = cls()
        result.seeds.append(seed)
        for name, comparison in zip((INDEX, CLASSIC_RECIPE), comparisons, strict=False):
            for label, measured in comparison.measured.items():
                result.precision[label, name].append(measured.precision[SHOWN])
        result._add_photographs(found)
        return result

    def add(
        self,
        seed: int,
        held_out: HeldOut,
        labels: Mapping[str, Sequence[str | None]],
        mapping: LabelMapping | None,
        seen: SeenPhotographs | None,
        colour_weight: float,
    ) -> None:
        """Measure with a further seed.

        Args:
            seed: of the split and the fitting.
            held_out: the catalogue, split and fitted with it.
            labels: columns of all products.
            mapping: of the photographs' labels, if there are photographs.
            seen: features of the photographs, if any.
            colour_weight: weight of the colour part in a query, 0-1.
        """
        self.seeds.append(seed)
        asked, known = held_out.learned
        judged = {
            INDEX: held_out.judge(held_out.parts.weighed(asked, colour_weight), known),
            CLASSIC_RECIPE: held_out.judge(*held_out.classic),
        }
        for name, by_label in judged.items():
            for label, own in by_label.items():
                self.precision[label, name].append(float(own.precision().mean()))
        if mapping is not None and seen is not None:
            columns = columns_at(labels, held_out.split.index)
            right = mapping.right(columns)
            categories = ProductKinds(list(columns), columns.__getitem__, held_out.head).of_types
            self._add_photographs(
                photographs(held_out, right, seen, categories, colour_weight, None, seed)
            )

    def _add_photographs(self, found: Photographs | None) -> None:
        """Add the precision of photographs, as the app asks and by the classic recipe."""
        if found is None:
            return
        asked, *others = found.comparisons
        classic = next(c for c in others if c.name == CLASSIC_RECIPE)
        for name, comparison in ((INDEX, asked), (CLASSIC_RECIPE, classic)):
            own = comparison.judged[RIGHT_TYPE]
            values = own.precision()
            self.precision[MICRO, name].append(float(values.mean()))
            self.precision[MACRO, name].append(macro_mean(values, own.labels))

    def to_json(self) -> dict[str, Any]:
        """Figures as JSON values."""
        labels = dict.fromkeys(label for label, _ in self.precision)
        return {
            "seeds": self.seeds,
            "precision": {
                label: {name: self.precision[label, name] for name in (INDEX, CLASSIC_RECIPE)}
                for label in labels
            },
        }

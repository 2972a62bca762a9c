"""Kinds of products: the coarsest categories of a catalogue, and which of them a picture shows."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import numpy as np

from recommender.embedding.head import Head
from recommender.schema import CATEGORY, SUB_CATEGORY, roles

# Probability of the first result's category below which its similarity is doubted. It catches 66%
# and 52% of the photographs whose first result is of another category, and 4.7% and 2.8% of the
# others (2,055 over 35,886 products, and 2,019 over 1,493 of large pictures). In an
# earlier trial .5 caught 35% and 36%, and 2.9% and 1.9% of the others.
LEAST_PROBABILITY = 0.55

LabelsOf = Callable[[str], Sequence[str | None]]


class ProductKinds:
    """Categories of an index: each article type belongs to the one that most of its products have.

    Args:
        attributes: columns of the catalogue; without one of categories beside that of article
            types, or with a head that knows no article types, nothing is doubted.
        labels: values of an attribute, one per product.
        head: of the index.
    """

    def __init__(self, attributes: Sequence[str], labels: LabelsOf, head: Head) -> None:
        self._labels, self._head = labels, head
        self._type = head.type_column
        columns = roles(attributes)
        coarser = [columns[role] for role in (CATEGORY, SUB_CATEGORY) if role in columns]
        # A head that knows categories alone is as coarse as can be.
        self.category_column = next(iter(coarser), None) if self._type not in coarser[:1] else None
        """Attribute of the categories; None where there is none."""

    @cached_property
    def of_types(self) -> np.ndarray | None:
        """Category of each of the head's article types, (types,) int; None where none is known."""
        names = self._names_of_types
        codes = {name: code for code, name in enumerate(dict.fromkeys(names))}
        return np.array([codes[name] for name in names], np.int64) if names else None

    def probabilities(self, types: np.ndarray) -> dict[str, float]:
        """Probability of each category that a picture may show; empty where nothing is known.

        Args:
            types: (types,) float32: probabilities of the head's article types.
        """
        names = self._names_of_types
        if not names:
            return {}
        found: defaultdict[str, float] = defaultdict(float)
        for category, probability in zip(names, types, strict=True):
            found[category] += float(probability)
        return dict(found)

    def is_improbable(self, probabilities: Mapping[str, float], position: int) -> bool:
        """Whether a picture probably shows another category than a product's.

        Args:
            probabilities: of the picture, from `probabilities`.
            position: of the product.
        """
        if not probabilities or self.category_column is None:
            return False
        category = self.categories[position]
        return category is not None and probabilities.get(category, 0.0) < LEAST_PROBABILITY

    @cached_property
    def categories(self) -> Sequence[str | None]:
        """Category of each product; empty where the catalogue has none."""
        return [] if self.category_column is None else self._labels(self.category_column)

    @cached_property
    def _names_of_types(self) -> list[str]:
        """Category of each of the head's article types, itself where it has none."""
        if self._type is None or self.category_column is None:
            return []
        pairs = Counter(zip(self._labels(self._type), self.categories, strict=True))
        commonest = sorted(pairs.items(), key=lambda item: item[1])
        categories = {kind: category for (kind, category), _ in commonest if kind and category}
        return [categories.get(kind, kind) for kind in self._head.article_types]

"""Starting products: those that the page shows before there is a search."""

from recommender.index.catalogue import Catalogue
from recommender.schema import ARTICLE_TYPE, CATEGORY, COLOUR, SUB_CATEGORY, roles

SHOWN = 12
# Types that differ most to the eye come first: a sub-category is neither too fine nor too coarse.
_TYPES = (SUB_CATEGORY, ARTICLE_TYPE, CATEGORY)
# Nothing to greet a stranger with.
_NOT_AT_THE_DOOR = ("Innerwear", "Free Gifts")


def starting_products(catalogue: Catalogue) -> list[int]:
    """Positions of a few products, as different as the catalogue has them; always the same."""
    kinds = next(iter(roles(catalogue.filters, _TYPES).values()), None)
    if kinds is None:
        step = max(1, len(catalogue) // SHOWN)
        return list(range(0, len(catalogue), step))[:SHOWN]
    colour = roles(catalogue.attributes).get(COLOUR)
    colours = catalogue.labels(colour) if colour else None
    shelves: dict[str, list[int]] = {}
    for position, kind in enumerate(catalogue.labels(kinds)):
        if kind is not None and kind not in _NOT_AT_THE_DOOR:
            shelves.setdefault(kind, []).append(position)
    ordered = sorted(shelves.values(), key=len, reverse=True)
    chosen: list[int] = []
    seen: set[str | None] = set()
    for depth in range(SHOWN):
        for shelf in ordered:
            if len(chosen) == SHOWN:
                return chosen
            left = [p for p in shelf[:200] if p not in chosen]
            if len(shelf) <= depth or not left:
                continue
            new = (p for p in left if colours is None or colours[p] not in seen)
            position = next(new, left[0])
            chosen.append(position)
            seen.add(colours[position] if colours else None)
    return chosen

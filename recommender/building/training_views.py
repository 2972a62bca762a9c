"""Further pictures of a catalogue's products, for style and colour to learn from.

A catalogue shows its products upright, evenly lit and mostly worn. What people send is turned,
squeezed, and lies flat. Every view here is a product's own thumbnail, changed in such a way; its
labels are the product's. Everything follows from the seed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from PIL import Image

from recommender.building.assemble import EncodedProducts
from recommender.building.garments import without_wearer
from recommender.building.pooled import Eye
from recommender.building.thumbnails import Thumbnails
from recommender.building.views import turned_or_squeezed
from recommender.colour import DIMENSIONS, colour_features
from recommender.head import Views, kind_column, learnable

# Products to show without their wearer (each in so many ways), products to show turned or squeezed,
# and products to look at for the kinds that are worn in their pictures.
MOST_WORN, WAYS_WORN = 5_000, 2
MOST_TURNED = 8_000
MOST_LOOKED_AT = 8_000
# The turned views count so often each: from as many views of further products style learned no
# more, and they cost a minute of encoding.
TURNED_COUNT = 2
# A kind is one that is worn if so many of its products (share) are seen to be: a tan handbag has
# the colour of skin, too, but most handbags have another.
WORN_SHARE = 0.5
SEED = 0

Shown = Iterator[tuple[int, Image.Image]]
"""Positions of products, and pictures of them."""


def training_views(products: EncodedProducts, eye: Eye) -> Views | None:
    """Views of products without their wearers, and of products turned and squeezed.

    None where the catalogue has no labels to learn from.

    Args:
        products: labels, and where the thumbnails are.
        eye: the network that made the products' features.
    """
    if not learnable(products.attributes):
        return None
    thumbnails = Thumbnails(products.rows)
    worn = _seen(_without_wearers(products, thumbnails), eye)
    turned = _seen(_turned(len(products.ids), thumbnails), eye)
    parts = [worn, *[turned] * TURNED_COUNT]
    return Views(
        np.concatenate([part.max_pooled for part in parts]),
        np.concatenate([part.avg_pooled for part in parts]),
        np.concatenate([part.colour for part in parts]),
        np.concatenate([part.products for part in parts]),
    )


def _seen(shown: Shown, eye: Eye) -> Views:
    rows: list[int] = []
    colours: list[np.ndarray] = []

    def pictures() -> Iterator[Image.Image]:
        for row, picture in shown:
            rows.append(row)
            colours.append(colour_features(np.asarray(picture)))
            yield picture

    max_pooled, avg_pooled = eye.pooled(pictures())
    colour = np.array(colours, np.float32).reshape(len(rows), DIMENSIONS)
    return Views(max_pooled, avg_pooled, colour, np.array(rows, np.int64))


def _turned(count: int, thumbnails: Thumbnails) -> Shown:
    random = np.random.default_rng(SEED)
    for row in np.sort(random.permutation(count)[:MOST_TURNED]):
        own = np.random.default_rng((SEED, int(row)))
        yield int(row), turned_or_squeezed(thumbnails.picture(int(row)), own)


def _without_wearers(products: EncodedProducts, thumbnails: Thumbnails) -> Shown:
    column = kind_column(products.attributes)
    if column is None:
        return
    kinds = products.attributes[column]
    worn = _worn_kinds(kinds, thumbnails)
    for way in range(WAYS_WORN):
        yield from _taken_off(_sample(kinds, worn, way), thumbnails, way)


def _taken_off(rows: Iterable[int], thumbnails: Thumbnails, way: int) -> Shown:
    for row in rows:
        view = without_wearer(thumbnails.picture(row), np.random.default_rng((SEED, way, row)))
        if view is not None:
            yield row, view


def _worn_kinds(kinds: Sequence[str | None], thumbnails: Thumbnails) -> set[str]:
    """The kinds most of whose products are worn by somebody in their pictures."""
    rows = range(0, len(kinds), max(1, len(kinds) // MOST_LOOKED_AT))
    looked_at = Counter(kinds[row] for row in rows)
    worn = Counter(kinds[row] for row, _ in _taken_off(rows, thumbnails, 0))
    return {
        kind
        for kind, count in looked_at.items()
        if kind is not None and worn[kind] >= WORN_SHARE * count
    }


def _sample(kinds: Sequence[str | None], wanted: set[str], way: int) -> list[int]:
    """Positions of products of these kinds, ascending; of a rare kind a larger share."""
    rows = [row for row, kind in enumerate(kinds) if kind in wanted]
    if len(rows) <= MOST_WORN:
        return rows
    counts = Counter(kinds[row] for row in rows)
    chances = np.array([counts[kinds[row]] ** -0.5 for row in rows])
    random = np.random.default_rng((SEED, way))
    chosen = random.choice(rows, MOST_WORN, replace=False, p=chances / chances.sum())
    return sorted(int(row) for row in chosen)

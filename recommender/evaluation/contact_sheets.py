"""Contact sheets: the best, the typical and the worst queries with what was found for them."""

from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image

from recommender.answers.contact_sheet import COLUMNS, Tile, draw_contact_sheet
from recommender.metrics.precision import SHOWN

# Queries a sheet, one a row: as many as fit a screen that scrolls a little.
ROWS = 8
# A row is the query and its neighbours.
assert COLUMNS == 1 + SHOWN

Picture = Callable[[int], Image.Image]
Describe = Callable[[int], tuple[str, str]]
"""Position to the two lines below a picture."""


def choose(scores: np.ndarray, seed: int = 0) -> dict[str, np.ndarray]:
    """Rows of the best, the typical and the worst queries; ties are broken at random.

    Args:
        scores: (q,) a measure of each query.
        seed: of the draw among equals.
    """
    shuffled = np.random.default_rng(seed).permutation(len(scores))
    ranked = shuffled[np.argsort(-scores[shuffled], kind="stable")]
    # Around the mean rather than the median, which for an easy label is as good as the best.
    typical = shuffled[np.argsort(np.abs(scores[shuffled] - scores.mean()), kind="stable")]
    return {"best": ranked[:ROWS], "typical": typical[:ROWS], "worst": ranked[::-1][:ROWS]}


def draw_neighbours(
    rows: Sequence[int] | np.ndarray,
    neighbours: np.ndarray,
    right: np.ndarray,
    query: tuple[Picture, Describe],
    item: tuple[Picture, Describe],
    footer: str = "",
) -> Image.Image:
    """One row a query: its picture, and its first neighbours with whether they are right.

    Args:
        rows: which queries.
        neighbours: (q, depth) int64, positions in the index; -1 where there is none.
        right: (q, depth) bool.
        query: pictures and descriptions of the queries by row.
        item: pictures and descriptions of the index's items by position.
        footer: a line at the bottom.
    """
    nothing = Image.new("RGB", (1, 1), "white")
    tiles = []
    for row in rows:
        title, caption = query[1](int(row))
        tiles.append(Tile(query[0](int(row)), title, caption, is_query=True))
        for position, good in zip(neighbours[row, :SHOWN], right[row, :SHOWN], strict=True):
            if position < 0:
                tiles.append(Tile(nothing, "(no more items)", ""))
                continue
            title, caption = item[1](int(position))
            tiles.append(
                Tile(item[0](int(position)), title, f"{'right' if good else 'wrong'}: {caption}")
            )
    return draw_contact_sheet(tiles, footer)

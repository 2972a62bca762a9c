"""Contact sheets of an evaluation: best, typical and worst queries with their neighbours."""

from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image

from recommender.answers.contact_sheet import COLUMNS, Tile, draw_contact_sheet
from recommender.metrics.precision import SHOWN

# Queries on a contact sheet, one in a row: a little more than a screen's height.
ROWS = 8
# A row holds the query and its neighbours.
assert COLUMNS == 1 + SHOWN

Picture = Callable[[int], Image.Image]
Describe = Callable[[int], tuple[str, str]]
"""Two lines of text below a picture, by position."""


def choose(scores: np.ndarray, seed: int = 0) -> dict[str, np.ndarray]:
    """Rows of the best, typical and worst queries, `ROWS` each; ties are broken at random.

    Args:
        scores: (q,) float, a measure of each query.
        seed: of the random order of ties.
    """
    shuffled = np.random.default_rng(seed).permutation(len(scores))
    ranked = shuffled[np.argsort(-scores[shuffled], kind="stable")]
    # Typical is near the mean: for an easy label the median would be as good as the best.
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
    """Contact sheet with one row for each query: its picture, and its neighbours, right or wrong.

    Args:
        rows: rows of the queries.
        neighbours: (q, depth) int64, positions in the index; -1 where there is none.
        right: (q, depth) bool.
        query: picture and description of a query by row.
        item: picture and description of an item by position in the index.
        footer: line at the bottom.
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

"""Charts of an evaluation: precision by class, and confusion of classes."""

from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("Agg")  # draws to files, without a screen
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from recommender.metrics.precision import SHOWN, Judged, per_class

# Least queries of a class in the chart: the precision of fewer is mostly chance.
FEWEST_QUERIES = 10
# Worst classes in the chart of precision, and best ones.
AT_EITHER_END = 15
# Most frequent classes, in the confusion matrix.
CONFUSED = 30
# Fractions from which on a cell of the matrix has a number, and has it in white.
NUMBERED, WHITE_INK = 0.1, 0.5
INDEX_COLOUR, RECIPE_COLOUR = "#4f46e5", "#b9b9c6"


def draw_precision_by_class(
    index: Judged, classic: Judged, classes: list[str], label: str
) -> Figure:
    """Bar chart of the classes with the worst and best precision, beside the classic recipe.

    Args:
        index: judged neighbours of the index.
        classic: judged neighbours of the classic recipe, for the same queries.
        classes: class names by code.
        label: name of the label.
    """
    own = per_class(index.precision(), index.labels)
    recipe = per_class(classic.precision(), classic.labels)
    counts = np.bincount(index.labels, minlength=len(classes))
    fewest = FEWEST_QUERIES if counts.max() >= FEWEST_QUERIES else 1
    ranked = sorted((c for c in own if counts[c] >= fewest), key=lambda c: own[c])
    shown = ranked
    if len(ranked) > 2 * AT_EITHER_END:
        shown = ranked[:AT_EITHER_END] + ranked[-AT_EITHER_END:]
    figure, axes = plt.subplots(figsize=(8, 1.6 + 0.26 * len(shown)), layout="constrained")
    positions = np.arange(len(shown))
    axes.barh(positions, [own[c] for c in shown], color=INDEX_COLOUR, label="this index")
    axes.scatter(
        [recipe[c] for c in shown],
        positions,
        color=RECIPE_COLOUR,
        edgecolor="black",
        zorder=3,
        s=28,
        label="classic recipe",
    )
    axes.set_yticks(positions, [f"{classes[c]} ({counts[c]})" for c in shown])
    if len(shown) < len(ranked):
        axes.axhline(AT_EITHER_END - 0.5, color="black", linewidth=0.8, linestyle=":")
    axes.set_xlim(0, 1)
    axes.margins(y=0.01)
    axes.set_xlabel(f"fraction of the first {SHOWN} neighbours with the same {label}")
    axes.set_title(
        f"The {len(shown)} worst and best of {len(ranked)} classes\n"
        f"with at least {fewest} queries (their number in brackets)"
        if len(shown) < len(ranked)
        else f"By {label} (queries in brackets)"
    )
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    return figure


def draw_confusion(
    judged: Judged, neighbours: np.ndarray, index: np.ndarray, classes: list[str], label: str
) -> Figure:
    """Confusion matrix: classes of the first five neighbours, for the most frequent query classes.

    Args:
        judged: judged neighbours of the queries.
        neighbours: (all queries, depth) int64, positions in the index; -1 where there is none.
        index: (n,) int64, class codes of the index.
        classes: class names by code.
        label: name of the label.
    """
    found = neighbours[judged.rows][:, :SHOWN]
    labels = np.where(found >= 0, index[found], -1)
    counts = np.bincount(judged.labels, minlength=len(classes))
    common = [int(c) for c in np.argsort(-counts, kind="stable")[:CONFUSED] if counts[c]]
    fractions = np.array(
        [[(labels[judged.labels == row] == column).mean() for column in common] for row in common]
    )
    others = 1 - fractions.sum(axis=1, keepdims=True)
    fractions = np.hstack([fractions, others])
    side = 3 + 0.3 * len(common)
    figure, axes = plt.subplots(figsize=(side + 1, side), layout="constrained")
    image = axes.imshow(fractions, cmap="magma_r", vmin=0, vmax=1, aspect="auto")
    names = [classes[c] for c in common]
    axes.set_xticks(range(len(names) + 1), [*names, "all others"], rotation=90)
    axes.set_yticks(range(len(names)), [f"{classes[c]} ({counts[c]})" for c in common])
    axes.set_xlabel(f"{label} of the first {SHOWN} neighbours")
    axes.set_ylabel(f"{label} of the query (queries in brackets)")
    for row, column in np.argwhere(fractions >= NUMBERED):
        fraction = fractions[row, column]
        ink = "white" if fraction > WHITE_INK else "black"
        axes.text(
            column, row, f"{fraction * 100:.0f}", ha="center", va="center", color=ink, fontsize=7
        )
    figure.colorbar(image, ax=axes, label="fraction of the neighbours", shrink=0.6)
    return figure


def save(figure: Figure, path: Path) -> None:
    """Writing of a chart as PNG; the figure is closed."""
    figure.savefig(path, dpi=120)
    plt.close(figure)

"""The benchmark's one chart: where a query's time goes, and how a search grows."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

matplotlib.use("Agg")  # a file only; there need not be a screen
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from benchmarks.stages import STAGES

# Told apart by people who see colours otherwise, too: Okabe and Ito's palette (2008), in their
# order of first use here; the rest in grey.
_COLOURS = ("#E69F00", "#56B4E9", "#0072B2", "#CC79A7", "#009E73", "#F0E442", "#BBBBBB")
_OURS, _BASELINE = "#0072B2", "#D55E00"


def draw(
    stages: Mapping[str, Mapping[str, float]] | None,
    growth: list[dict[str, Any]] | None,
    path: Path,
) -> None:
    """Write the chart as PNG.

    Args:
        stages: mean milliseconds by stage, by recipe.
        growth: as `benchmarks.scaling` details it.
        path: of the file.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(14, 5.2), layout="constrained")
    if stages:
        _draw_stages(left, stages)
    else:
        left.set_axis_off()
    if growth:
        _draw_growth(right, growth)
    else:
        right.set_axis_off()
    figure.savefig(path, dpi=130)
    plt.close(figure)


def _draw_stages(axes: Axes, stages: Mapping[str, Mapping[str, float]]) -> None:
    names = list(stages)
    places = [float(place) for place in range(len(names))]
    begin = np.zeros(len(names))
    for stage, colour in zip(STAGES, _COLOURS, strict=True):
        widths = np.array([stages[name][stage] for name in names])
        axes.barh(places, widths, left=begin, color=colour, label=stage, height=0.62)
        begin += widths
    for place, total in zip(places, begin, strict=True):
        axes.text(total, place, f" {total:.1f} ms", va="center")
    axes.set_yticks(places, [_in_two_lines(name) for name in names])
    axes.invert_yaxis()
    axes.set_xlim(0, 1.14 * begin.max())
    axes.set_xlabel("milliseconds, mean")
    axes.set_title("One query: picture in memory to five results with thumbnails")
    axes.legend(loc="lower right", frameon=False)
    axes.spines[["top", "right"]].set_visible(False)


def _draw_growth(axes: Axes, growth: list[dict[str, Any]]) -> None:
    dimensions = growth[0]["dimensions"]
    for name, key, colour in (
        ("scikit-learn, brute force", "baseline_ms", _BASELINE),
        ("this project", "ours_ms", _OURS),
    ):
        points = [(g["products"], g[key]) for g in growth if g[key]]
        sizes = [size for size, _ in points]
        medians = [samples["median"] for _, samples in points]
        quartiles = [
            [s["median"] - s["lower_quartile"] for _, s in points],
            [s["upper_quartile"] - s["median"] for _, s in points],
        ]
        axes.errorbar(sizes, medians, quartiles, marker="o", color=colour, capsize=3, label=name)
        low, high = np.array(medians) - quartiles[0], np.array(medians) + quartiles[1]
        # Beyond the whiskers, on the side where the other line is not.
        above = key == "baseline_ms"
        for size, median, end in zip(sizes, medians, high if above else low, strict=True):
            axes.annotate(
                f"{median:.3g} ms",
                (size, end),
                xytext=(0, 7 if above else -16),
                textcoords="offset points",
                ha="center",
                color=colour,
            )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.margins(x=0.1, y=0.15)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.grid(alpha=0.3)
    axes.set_xlabel("products")
    axes.set_ylabel("milliseconds a search, median and quartiles")
    axes.set_title(f"The search as the catalogue grows ({dimensions} dimensions)")
    axes.legend(frameon=False, loc="upper left")
    axes.spines[["top", "right"]].set_visible(False)


def _in_two_lines(name: str) -> str:
    return name.replace(" with ", "\nwith ").replace(", ", "\n", 1) if len(name) > 20 else name

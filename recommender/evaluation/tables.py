"""Tables of an evaluation, in Markdown and as JSON."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from recommender.evaluation.ablation import CLASSIC_RECIPE, Comparison
from recommender.evaluation.consumer_photos import RIGHT_TYPE, Photographs
from recommender.evaluation.non_products import NonProductResult
from recommender.evaluation.other_kinds import OtherKinds
from recommender.evaluation.regions import RegionResult
from recommender.evaluation.reliability import Reliability
from recommender.evaluation.robustness import CLEAN, INDEX, Robustness
from recommender.evaluation.seeds import Seeds
from recommender.evaluation.words import WordsResult
from recommender.metrics.precision import DEPTHS, MAP_DEPTH, SHOWN, Interval, per_class


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def overview(index: Comparison, classic: Comparison) -> str:
    """Table of the precision at 5 by label: index, classic recipe and chance."""
    rows = []
    for label, own in index.measured.items():
        recipe = classic.measured[label]
        rows.append(
            [
                label,
                _with_interval(own.precision[SHOWN], own.interval),
                _with_interval(recipe.precision[SHOWN], recipe.interval),
                _fraction(own.chance),
                _with_interval(own.macro[SHOWN], own.macro_interval),
                _with_interval(recipe.macro[SHOWN], recipe.macro_interval),
                _fraction(own.macro_chance),
                f"{own.classes:,}",
            ]
        )
    micro, macro = f"P@{SHOWN}", f"macro P@{SHOWN}"
    header = ["label", f"{micro}, this index", f"{micro}, classic recipe", "chance"]
    header += [f"{macro}, this index", f"{macro}, classic recipe", "macro chance", "classes"]
    return table(header, rows)


def details(comparison: Comparison) -> str:
    """Table of all measures of one variant, by label."""
    precisions = [f"{name}@{k}" for name in ("P", "hit rate") for k in DEPTHS]
    rows = [
        [label]
        + [_fraction(measured.precision[k]) for k in DEPTHS]
        + [_fraction(measured.hit_rate[k]) for k in DEPTHS]
        + [_fraction(measured.mean_average_precision), f"{measured.queries:,}"]
        for label, measured in comparison.measured.items()
    ]
    return table(["label", *precisions, f"mAP@{MAP_DEPTH}", "queries"], rows)


def ablation(comparisons: Sequence[Comparison]) -> str:
    """Table of the precision at 5 of each variant, by label."""
    labels = list(comparisons[0].measured)
    rows = [
        [c.name, *(_fraction(c.measured[label].precision[SHOWN]) for label in labels)]
        for c in comparisons
    ]
    return table([f"P@{SHOWN}", *labels], rows)


def corruptions(measured: Robustness) -> str:
    """Table of the precision at 5 with corrupted queries, and its fraction of the clean one."""
    labels = list(measured[CLEAN][INDEX])
    rows: list[list[str]] = []
    for corruption, recipes in measured.items():
        rows.extend(
            [corruption, recipe]
            + [
                f"{by_label[label]['precision']:.3f} ({by_label[label]['kept']:.0%})"
                for label in labels
            ]
            for recipe, by_label in recipes.items()
        )
    text = table(["queries", f"P@{SHOWN} (fraction kept)", *labels], rows)
    if not labels:
        return text
    label = labels[0]
    kept = {name: r[INDEX][label]["kept"] for name, r in measured.items() if name != CLEAN}
    worst = min(kept, key=lambda name: kept[name])
    return f"{text}\n\nThe worst for {label}: {worst}, which leaves {kept[worst]:.0%}."


def seeds(measured: Seeds) -> str:
    """Table of the precision at 5 with several seeds: mean, least and greatest."""
    rows = []
    for label in dict.fromkeys(label for label, _ in measured.precision):
        row = [label]
        for name in (INDEX, CLASSIC_RECIPE):
            own = measured.precision[label, name]
            row.append(f"{np.mean(own):.3f} ({min(own):.3f}-{max(own):.3f})")
        rows.append(row)
    numbers = ", ".join(map(str, measured.seeds))
    return table([f"P@{SHOWN}, seeds {numbers}", INDEX, CLASSIC_RECIPE], rows)


def photograph_summary(photos: Photographs) -> str:
    """Table of the precision on photographs, by variant."""
    rows = []
    for comparison in photos.comparisons:
        measured = comparison.measured[RIGHT_TYPE]
        rows.append(
            [
                comparison.name,
                *(_fraction(measured.precision[k]) for k in DEPTHS),
                _with_interval(measured.precision[SHOWN], measured.interval),
                _with_interval(measured.macro[SHOWN], measured.macro_interval),
                _fraction(measured.mean_average_precision),
            ]
        )
    first = photos.comparisons[0].measured[RIGHT_TYPE]
    rows.append(["chance", *[_fraction(first.chance)] * 4, _fraction(first.macro_chance), ""])
    header = ["", *(f"P@{k}" for k in DEPTHS), f"P@{SHOWN} with 95% interval"]
    return table([*header, f"macro P@{SHOWN}", f"mAP@{MAP_DEPTH}"], rows)


def photograph_labels(photos: Photographs) -> str:
    """Table of the precision at 5 on photographs, by label and variant."""
    judged = [comparison.judged[RIGHT_TYPE] for comparison in photos.comparisons]
    by_label = [per_class(j.precision(), j.labels) for j in judged]
    counts = [int((judged[0].labels == code).sum()) for code in range(len(photos.labels))]
    rows = [
        [label, f"{counts[code]:,}", *(_fraction(values[code]) for values in by_label)]
        for code, label in enumerate(photos.labels)
        if counts[code]
    ]
    return table([f"P@{SHOWN}", "photographs", *(c.name for c in photos.comparisons)], rows)


def reliability(measured: Mapping[str, Reliability]) -> str:
    """Table of similarity shown, by style alone, beside the fraction of right neighbours."""
    rows = []
    for name, own in measured.items():
        rows.append([name, "all", "100%", _fraction(own.shown), _fraction(own.right)])
        rows += [
            [name, band.word, f"{band.share:.0%}", _fraction(band.shown), _fraction(band.right)]
            for band in own.bands
        ]
    header = ["queries", "word on the page", "fraction", "similarity shown"]
    return table([*header, "of the right type"], rows)


def regions(measured: RegionResult) -> str:
    """Table of the regions found on collages."""
    rows = [
        ["garments on collages", f"{measured.garments:,}"],
        ["found", f"{measured.found:.0%}"],
        ["of these with the right name", f"{measured.named:.0%}"],
        [f"P@{SHOWN} of the article type, by region", _fraction(measured.right_kind)],
        [f"P@{SHOWN} of the same garments alone", _fraction(measured.right_kind_alone)],
        ["single garments that are split", f"{measured.single_split:.0%}"],
        *(
            [
                f"{name}, marked on pictures of dressed people ({own.marks:,}): P@{SHOWN} of what "
                "is worn there",
                _fraction(own.right_place),
            ]
            for name, own in measured.worn.items()
        ),
    ]
    return table(["regions", ""], rows)


def non_products(noticed: NonProductResult) -> str:
    """Table of false alarms and detected non-products, by source of the pictures."""
    rows = [
        [source, shows, f"{fraction:.1%}"]
        for shows, group in (("a product", noticed.false_alarms), ("none", noticed.caught))
        for source, fraction in group.items()
    ]
    return table(["pictures", "show", "answered by: nothing similar"], rows)


def other_kinds(results: Mapping[str, OtherKinds]) -> str:
    """Table of first results of another category, and of those that the notice is shown for."""
    rows = [
        [source, f"{r.queries:,}", f"{r.other:.1%}", f"{r.said:.0%}", f"{r.false_alarms:.1%}"]
        for source, r in results.items()
    ]
    columns = ["pictures", "", "of another category", "of these, told so", "of the others"]
    return table(columns, rows)


def words(result: WordsResult) -> str:
    """Table of the searches by words: titles, phrases, refined pictures, other sentences."""
    rows = [
        [f"title to its own product, {kind}: first; first ten", _pair(*values.values())]
        for kind, values in result.own.items()
    ]
    if result.labels:
        measured = "; ".join(result.labels)
        rows.append(
            [f"places 1 to 10 of a title, right {measured}", _pair(*result.labels.values())]
        )
    groups = {f'"{kind}"': by_language for kind, by_language in result.phrases.items()}
    groups['picture and "in COLOUR"'] = result.in_colour
    groups['picture and "for GENDER"'] = result.for_gender
    for name, by_language in groups.items():
        if by_language:
            worst = min(by_language, key=lambda language: by_language[language])
            mean = sum(by_language.values()) / len(by_language)
            rows.append(
                [
                    f"{name}: first five right in all of it, mean; worst language",
                    f"{_fraction(mean)}; {_fraction(by_language[worst])} ({worst})",
                ]
            )
    rows.append(
        [f"of {result.sentences} sentences about no product, refused", f"{result.noticed:.1%}"]
    )
    rows.append([f"of {result.titles:,} titles, refused", f"{result.refused:.1%}"])
    for kind, shown in result.shown.items():
        rows.append(
            [
                f"{kind}: similarity shown; agreement in type and colour (first five)",
                _pair(shown, result.right[kind]),
            ]
        )
    return table(["search by words", "fraction"], rows)


def _pair(*values: float) -> str:
    return "; ".join(_fraction(value) for value in values)


def to_json(comparisons: Iterable[Comparison]) -> dict[str, Any]:
    """All measures by variant and label, as JSON values."""
    return {
        c.name: {label: measured.to_json() for label, measured in c.measured.items()}
        for c in comparisons
    }


def as_markdown(title: str, facts: Mapping[str, str], sections: Mapping[str, str]) -> str:
    """Report in Markdown: facts, and one section for each table."""
    lines = [f"# {title}", ""]
    lines += [f"- {name}: {value}" for name, value in facts.items()]
    for heading, body in sections.items():
        lines += ["", f"## {heading}", "", body]
    return "\n".join(lines) + "\n"


def _fraction(value: float) -> str:
    return f"{value:.3f}"


def _with_interval(value: float, interval: Interval) -> str:
    return f"{value:.3f} [{interval[0]:.3f}, {interval[1]:.3f}]"

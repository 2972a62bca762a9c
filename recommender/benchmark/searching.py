"""Rows 2 and 3: the search alone, whether it is exact, and what filters cost."""

import functools

import numpy as np

from recommender.benchmark import classic
from recommender.benchmark.made_up import queries_near, weighed
from recommender.benchmark.results import Goal, Line, Section, at_least, at_most
from recommender.benchmark.samples import Samples, alternate, each, one
from recommender.benchmark.workbench import SEED, Workbench
from recommender.catalogue import Filters
from recommender.search import VectorSearch

# Scores that differ by less are a tie: float32 sums of two libraries differ by about 1e-7.
TIE = 1e-6
# "No slower": what two runs of the very same search differ by.
NOISE = 1.05
SEARCH_MS = 8


def measure_search(bench: Workbench) -> Section:
    """scikit-learn's brute force and ours in turn, over 2048-d and over the index's own vectors."""
    section = Section(notes=[bench.features_words])
    count = min(bench.counts.queries, len(bench.stored))
    near = queries_near(bench.features, count, SEED)
    _compare(bench, section, bench.features, bench.features_search, near, near)
    if bench.features.shape != bench.stored.shape:
        manifest = bench.index.manifest
        parts = manifest.style_dimensions, manifest.colour_weight
        # The same queries twice: as brute force takes them, and as ours does.
        raw = queries_near(bench.stored, count, SEED, bench.parts)
        rows, theirs = weighed(bench.stored, *parts), weighed(raw, *parts)
        _compare(bench, section, rows, bench.index.search, theirs, bench.queries(count))
    return section


def _compare(
    bench: Workbench,
    section: Section,
    rows: np.ndarray,
    search: VectorSearch,
    theirs: np.ndarray,
    ours: np.ndarray,
) -> None:
    neighbours = classic.fit(rows)
    what = f"the search alone, {rows.shape[0]:,} x {rows.shape[1]:,}"
    bench.say(f"Measuring {what}.")
    find = functools.partial(_find, search, {})
    brute_force = functools.partial(classic.search, neighbours)
    tasks = {"classic": each(brute_force, theirs), "ours": each(find, ours)}
    taken = alternate(tasks, len(ours))
    expected = neighbours.kneighbors(theirs, return_distance=False)
    found = [find(query) for query in ours]
    same = [
        same_neighbours(rows, query, positions, right)
        for query, positions, right in zip(theirs, found, expected, strict=True)
    ]
    identical = [bool((f == e).all()) for f, e in zip(found, expected, strict=True)]
    section.details[what] = {
        "queries": len(same),
        "same_but_for_ties": sum(same),
        "identical": sum(identical),
    }
    section.lines += [
        Line(what, "ms", taken["ours"], taken["classic"], (at_most(SEARCH_MS),)),
        Line(
            f"its 5 neighbours are those of brute force, ties aside ({len(same)} queries)",
            "%",
            one(100 * float(np.mean(same))),
            None,
            (at_least(100),),
            more_is_better=True,
        ),
    ]


def _find(search: VectorSearch, filters: Filters, query: np.ndarray) -> np.ndarray:
    return search.search(query, classic.NEIGHBOURS, filters, ()).positions


def same_neighbours(
    vectors: np.ndarray, query: np.ndarray, found: np.ndarray, expected: np.ndarray
) -> bool:
    """Whether two lists of positions are the same, but for items that are equally near.

    Args:
        vectors: (n, d).
        query: (d,).
        found, expected: (k,) positions, nearest first.
    """
    if len(found) != len(expected) or len(set(found.tolist())) != len(found):
        return False
    scores = [vectors[positions].astype(np.float64) @ query for positions in (found, expected)]
    return bool((np.abs(scores[0] - scores[1]) <= TIE).all())


def measure_filters(bench: Workbench) -> Section:
    """The search with and without filters in turn."""
    section = Section()
    catalogue, search = bench.index.catalogue, bench.index.search
    if not catalogue.filters:
        section.notes.append("The index has no attributes to filter by.")
        return section
    queries = bench.queries(bench.counts.queries)
    chosen: dict[str, Filters] = {"no filter": {}}
    for name in (catalogue.filters[0], catalogue.filters[-1]):
        values = list(catalogue.values(name))
        chosen[f"{name} {values[0]}"] = {name: values[0]}
    first, last = catalogue.filters[0], catalogue.filters[-1]
    two = {first: next(iter(catalogue.values(first))), last: list(catalogue.values(last))[:3]}
    chosen["two filters, one of three values"] = two
    bench.say("Measuring filters.")
    taken = alternate(
        {
            name: each(functools.partial(_find, search, filters), queries)
            for name, filters in chosen.items()
        },
        len(queries),
    )
    plain = taken.pop("no filter")
    shape = f"{bench.stored.shape[0]:,} x {bench.stored.shape[1]:,}"
    section.lines.append(Line(f"the search without filters, {shape}", "ms", plain))
    for name, samples in taken.items():
        section.lines.append(_against(name, samples, plain))
    section.notes.append(
        f"A search with filters counts as no slower up to {NOISE - 1:.0%}, which is noise."
    )
    return section


def _against(name: str, samples: Samples, plain: Samples) -> Line:
    goal = Goal("median", round(plain.median * NOISE, 3))
    return Line(f"the search with {name}", "ms", samples, None, (goal,))

"""Rows 2 and 3: the search alone, whether it is exact, and what filters cost."""

import functools

import numpy as np

from benchmarks import classic
from benchmarks.brute_force import ask, exact_neighbours, same_neighbours
from benchmarks.context import SEED, Workbench
from benchmarks.results import Goal, Line, Section, at_least, at_most
from benchmarks.samples import Samples, alternate, each, one
from benchmarks.synthetic_vectors import queries_near
from recommender.index.catalogue import Filters
from recommender.index.exact_search import VectorSearch

# "No slower": what two runs of the very same search differ by.
NOISE = 1.05
SEARCH_MS = 8


def measure_search(bench: Workbench) -> Section:
    """scikit-learn's brute force and ours in turn, over 2048-d and over the index's own vectors."""
    section = Section(notes=[bench.features_words])
    count = min(bench.counts.queries, len(bench.stored))
    queries = queries_near(bench.features, count, SEED)
    _compare(bench, section, bench.features, bench.features_search, queries)
    if bench.features.shape != bench.stored.shape:
        queries = bench.weighed(queries_near(bench.stored, count, SEED, bench.parts))
        _compare(bench, section, bench.stored, bench.index.search, queries)
    return section


def _compare(
    bench: Workbench,
    section: Section,
    vectors: np.ndarray,
    search: VectorSearch,
    queries: np.ndarray,
) -> None:
    what = f"the search alone, {vectors.shape[0]:,} x {vectors.shape[1]:,}"
    bench.say(f"Measuring {what}.")
    neighbours = classic.fit(vectors)
    tasks = {
        "classic": each(lambda query: classic.search(neighbours, query), queries),
        "ours": each(lambda query: ask(search, query), queries),
    }
    taken = alternate(tasks, len(queries))
    found = [ask(search, query) for query in queries]
    exact = exact_neighbours(vectors, queries)
    same = [same_neighbours(vectors, *three) for three in zip(queries, found, exact, strict=True)]
    identical = [bool((f == e).all()) for f, e in zip(found, exact, strict=True)]
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


def measure_filters(bench: Workbench) -> Section:
    """The search with and without filters in turn."""
    section = Section()
    catalogue, search = bench.index.catalogue, bench.index.search
    if not catalogue.filters:
        section.notes.append("The index has no attributes to filter by.")
        return section
    count = min(bench.counts.queries, len(bench.stored))
    queries = bench.weighed(queries_near(bench.stored, count, SEED, bench.parts))
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
            name: each(functools.partial(ask, search, filters=f), queries)
            for name, f in chosen.items()
        },
        count,
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

"""Rows 2 and 3, search: its time, its exactness, and the time of filters."""

import functools
import logging

import numpy as np

from benchmarks import baseline
from benchmarks.brute_force import ask, exact_neighbours, same_neighbours
from benchmarks.context import SEED, Context
from benchmarks.results import Goal, Line, Section, at_least, at_most
from benchmarks.samples import Samples, alternate, each, one
from benchmarks.synthetic_vectors import queries_near
from recommender.index.exact_search import VectorSearch
from recommender.index.filters import Filters

_log = logging.getLogger(__name__)

# Ratio that still counts as no slower: two runs of the same search differ by this much.
NOISE = 1.05
SEARCH_MS = 8


def measure_search(context: Context) -> Section:
    """Measure scikit-learn's brute force and this search in turn.

    Over the 2048-dimensional features and over the index's own vectors.
    """
    section = Section(notes=[context.features_words])
    count = min(context.counts.queries, len(context.stored))
    queries = queries_near(context.features, count, SEED)
    _compare(context, section, context.features, context.features_search, queries)
    if context.features.shape != context.stored.shape:
        queries = context.weighed(queries_near(context.stored, count, SEED, context.parts))
        _compare(context, section, context.stored, context.index.search, queries)
    return section


def _compare(
    context: Context,
    section: Section,
    vectors: np.ndarray,
    search: VectorSearch,
    queries: np.ndarray,
) -> None:
    what = f"the search alone, {vectors.shape[0]:,} x {vectors.shape[1]:,}"
    _log.info(f"Measuring {what}.")
    neighbours = baseline.fit(vectors)
    tasks = {
        "baseline": each(lambda query: baseline.search(neighbours, query), queries),
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
        Line(what, "ms", taken["ours"], taken["baseline"], (at_most(SEARCH_MS),)),
        Line(
            f"its 5 neighbours are those of brute force, ties aside ({len(same)} queries)",
            "%",
            one(100 * float(np.mean(same))),
            None,
            (at_least(100),),
            more_is_better=True,
        ),
    ]


def measure_filters(context: Context) -> Section:
    """Measure the search with and without filters in turn."""
    section = Section()
    catalogue, search = context.index.catalogue, context.index.search
    if not catalogue.filters:
        section.notes.append("The index has no attributes to filter by.")
        return section
    count = min(context.counts.queries, len(context.stored))
    queries = context.weighed(queries_near(context.stored, count, SEED, context.parts))
    chosen: dict[str, Filters] = {"no filter": {}}
    for name in (catalogue.filters[0], catalogue.filters[-1]):
        values = list(catalogue.values(name))
        chosen[f"{name} {values[0]}"] = {name: values[0]}
    first, last = catalogue.filters[0], catalogue.filters[-1]
    two = {first: next(iter(catalogue.values(first))), last: list(catalogue.values(last))[:3]}
    chosen["two filters, one of three values"] = two
    _log.info("Measuring filters.")
    taken = alternate(
        {
            name: each(functools.partial(ask, search, filters=f), queries)
            for name, f in chosen.items()
        },
        count,
    )
    plain = taken.pop("no filter")
    shape = f"{context.stored.shape[0]:,} x {context.stored.shape[1]:,}"
    section.lines.append(Line(f"the search without filters, {shape}", "ms", plain))
    for name, samples in taken.items():
        section.lines.append(_against(name, samples, plain))
    section.notes.append(
        f"A search with filters counts as no slower with up to {NOISE - 1:.0%} more time (noise)."
    )
    return section


def _against(name: str, samples: Samples, plain: Samples) -> Line:
    goal = Goal("median", round(plain.median * NOISE, 3))
    return Line(f"the search with {name}", "ms", samples, None, (goal,))

"""The benchmark's own arithmetic; what it measures is measured by the script, not by a test."""

import json
import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recommender.index.catalogue import Catalogue
from recommender.index.catalogue_file import CATALOGUE_FILE
from recommender.index.exact_search import VECTORS_FILE, MemorySearch
from tests.support.drawn_products import write_catalogue_of

pytest.importorskip("psutil")
pytest.importorskip("httpx")
from benchmarks.brute_force import (
    ask,
    exact_neighbours,
    recall,
    same_neighbours,
)
from benchmarks.context import QUICK, Context
from benchmarks.processes import BenchmarkError, first_line, running
from benchmarks.report import markdown, number, table, write_report
from benchmarks.results import Line, Section, at_least, at_most
from benchmarks.samples import WARM_UP, Samples, alternate, each, one
from benchmarks.searching import measure_filters, measure_search
from benchmarks.stages import STAGES, Stopwatch, our_stages
from benchmarks.synthetic_vectors import (
    QUERY_NOISE,
    expanded,
    products_between,
    queries_near,
    weighed,
    write_products,
)
from recommender.answers.recommender import Recommender
from recommender.index.folder import open_index

STYLE = 6
COLOURS = ["Red", None, "Blue"]


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    """300 vectors of a style part of 6 and a colour part of 4, each of length one."""
    rng = np.random.default_rng(5)
    rows = rng.standard_normal((300, 10)).astype(np.float32)
    for part in (rows[:, :STYLE], rows[:, STYLE:]):
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    return rows


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    path = tmp_path_factory.mktemp("catalogue") / CATALOGUE_FILE
    write_catalogue_of(path, 300, {"colour": COLOURS * 100})
    return Catalogue(path, ["colour"], ["colour"])


def test_percentiles_are_interpolated_between_the_nearest_values() -> None:
    samples = Samples((4.0, 1.0, 3.0, 2.0, 5.0))
    assert samples.median == 3
    assert samples.quartiles == (2, 4)
    assert samples.p95 == pytest.approx(4.8)
    assert samples.to_json()["most"] == 5


def test_tasks_take_turns_and_their_first_calls_do_not_count() -> None:
    calls: list[str] = []
    taken = alternate({"a": each(calls.append, "xy"), "b": each(calls.append, "z")}, 2)
    assert calls[-4:] == ["x", "z", "y", "z"]
    assert len(calls) == 2 * (2 + WARM_UP)
    assert [len(samples.values) for samples in taken.values()] == [2, 2]


class Clock:
    """Stands in for the module `time`: seconds pass only where something sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def perf_counter(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


def test_task_is_charged_what_it_takes_in_milliseconds(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr("benchmarks.samples.time", clock)
    taken = alternate({"wait": lambda number: clock.sleep(0.02), "none": lambda number: None}, 2)
    assert taken["wait"].values == pytest.approx([20, 20])
    assert taken["none"].values == pytest.approx([0, 0])


def test_times_better_turns_round_where_more_is_better() -> None:
    faster = Line("query", "ms", one(10), one(60))
    more = Line("building", "pictures/s", one(60), one(10), more_is_better=True)
    assert faster.times == more.times == pytest.approx(6)
    assert Line("alone", "ms", one(10)).times is None


def test_goals_look_at_the_statistic_that_they_name() -> None:
    spread = Samples((10.0, 20.0, 30.0, 90.0))
    goals = (at_most(25), at_most(40, "p95"), at_least(6, "times"), at_most(90, "most"))
    line = Line("query", "ms", spread, one(100), goals)
    assert line.reached() == [True, False, False, True]
    assert [goal.words("ms") for goal in goals[:3]] == ["≤ 25 ms", "p95 ≤ 40 ms", "≥ 6 times"]


def test_table_names_what_falls_short() -> None:
    line = Line("query", "ms", Samples((1.0, 2.0, 3.0)), one(1234.5), (at_most(1), at_most(5)))
    *_, row = table([line]).splitlines()
    assert row == (
        "| query | 1,234 ms | 2.00 ms (1.50-2.50) | 617 | ≤ 1 ms; ≤ 5 ms | **no**; yes |"
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.1234, "0.123"), (1.234, "1.23"), (56.78, "56.8"), (1e6, "1,000,000")],
)
def test_numbers_have_three_digits(value: float, text: str) -> None:
    assert number(value) == text


def test_report_holds_machine_notes_and_every_figure(tmp_path: Path) -> None:
    section = Section(
        [Line("query", "ms", one(2))], ["It was quiet."], {"stages": {"network": 1.5}}
    )
    text = markdown({"cores": "2"}, {"queries": section})
    assert "- cores: 2" in text
    assert "- It was quiet." in text
    write_report({"cores": "2"}, {"queries": section}, tmp_path)
    written = json.loads((tmp_path / "benchmark.json").read_text(encoding="utf-8"))
    assert written["rows"]["queries"]["lines"][0]["ours"]["median"] == 2
    assert written["rows"]["queries"]["details"] == {"stages": {"network": 1.5}}


def test_weighed_rows_order_as_the_weighed_parts_do(vectors: np.ndarray) -> None:
    rows = weighed(vectors, STYLE, 0.3)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, rtol=1e-5)
    style = vectors[:, :STYLE] @ vectors[0, :STYLE]
    colour = vectors[:, STYLE:] @ vectors[0, STYLE:]
    np.testing.assert_allclose(rows @ rows[0], 0.7 * style + 0.3 * colour, atol=1e-5)


def test_expanding_keeps_every_distance(vectors: np.ndarray) -> None:
    wide = expanded(vectors, 64, seed=1)
    assert wide.shape == (300, 64)
    assert wide.dtype == np.float32
    np.testing.assert_allclose(wide @ wide.T, vectors @ vectors.T, atol=1e-5)
    assert expanded(vectors, 10, seed=1) is vectors


def test_queries_lie_a_little_beside_products(vectors: np.ndarray) -> None:
    wide = expanded(weighed(vectors, STYLE, 0.5), 512, seed=2)
    nearest = (queries_near(wide, 50, seed=3) @ wide.T).max(axis=1)
    expected = 1 / np.sqrt(1 + QUERY_NOISE**2)
    np.testing.assert_allclose(nearest, expected, atol=0.02)


def test_synthetic_products_have_parts_of_length_one(vectors: np.ndarray) -> None:
    made, first = products_between(vectors, 40, seed=4, parts=[STYLE])
    np.testing.assert_allclose(np.linalg.norm(made[:, :STYLE], axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(made[:, STYLE:], axis=1), 1, rtol=1e-5)
    assert (made * vectors[first]).sum(axis=1).mean() > (made * vectors[first[::-1]]).sum(
        axis=1
    ).mean()
    assert np.array_equal(made, products_between(vectors, 40, seed=4, parts=[STYLE])[0])
    assert not np.array_equal(made, products_between(vectors, 40, seed=5, parts=[STYLE])[0])


def test_synthetic_products_can_be_opened_and_searched(
    vectors: np.ndarray, catalogue: Catalogue, tmp_path: Path
) -> None:
    for folder, count in (("few", 500), ("many", 17_000)):
        write_products(tmp_path / folder, vectors, catalogue, count, 6, [STYLE])
    few, many = (np.load(tmp_path / folder / VECTORS_FILE) for folder in ("few", "many"))
    assert np.array_equal(few, many[:500])
    opened = Catalogue(tmp_path / "many" / CATALOGUE_FILE, ["colour"], ["colour"])
    assert len(opened) == len(set(opened.ids)) == 17_000
    search = MemorySearch(tmp_path / "many" / VECTORS_FILE, opened)
    found = np.array([ask(search, vector) for vector in few[:20]])
    assert recall(found, exact_neighbours(many, few[:20])) == 1


def test_exact_neighbours_do_not_depend_on_the_slices(
    vectors: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = np.argsort(-(vectors[:30] @ vectors.T), axis=1, kind="stable")[:, :5]
    monkeypatch.setattr("benchmarks.brute_force._SLICE", 7)
    assert np.array_equal(exact_neighbours(vectors, vectors[:30]), whole)


def test_recall_is_the_share_of_exact_neighbours_found() -> None:
    exact = np.array([[1, 2, 3, 4], [5, 6, 7, 8]])
    assert recall(np.array([[4, 3, 2, 1], [5, 6, 0, 9]]), exact) == pytest.approx(0.75)


def test_only_ties_may_change_places(vectors: np.ndarray) -> None:
    rows = np.vstack([vectors, vectors[:1]])
    copy = len(vectors)
    [exact] = exact_neighbours(rows, rows[:1])
    assert exact[:2].tolist() == [0, copy]

    def same(found: np.ndarray) -> bool:
        return same_neighbours(rows, rows[0], found, exact)

    assert same(exact)
    assert same(np.r_[copy, 0, exact[2:]])
    assert not same(np.r_[exact[:3], exact[4], exact[3]])
    assert not same(np.r_[0, 0, exact[2:]])
    assert not same(exact[:4])


def test_program_that_is_measured_is_stopped_whatever_happens(tmp_path: Path) -> None:
    code = "import time; print('up', flush=True); time.sleep(60)"
    log, started = tmp_path / "log", []

    def interrupted() -> None:
        with running(["-c", code], log) as process:
            started.append(process)
            assert first_line(process, log) == "up\n"
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert started[0].poll() is not None


def test_program_that_fails_is_quoted(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with (
        running(["-c", "import sys; sys.exit('No such index.')"], log) as process,
        pytest.raises(BenchmarkError, match="No such index"),
    ):
        first_line(process, log)


def test_stage_within_a_stage_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, watch = Clock(), Stopwatch()
    monkeypatch.setattr("benchmarks.stages.time", clock)
    inner = watch.watched("network", lambda: clock.sleep(0.02))
    with watch.one_query():
        watch.watched("search", inner)()
        clock.sleep(0.01)
    taken = watch.milliseconds()
    assert taken["network"] == 0
    assert taken["search"] == pytest.approx(20)
    assert taken["rest"] == pytest.approx(10)


def test_every_stage_of_a_query_takes_time(small_index: Path) -> None:
    recommender = Recommender(open_index(small_index))
    pictures = [recommender.catalogue.thumbnail_bytes(position) for position in range(3)]
    taken = our_stages(recommender, pictures)
    assert tuple(taken) == STAGES
    assert min(taken.values()) > 0


def test_search_and_filters_are_measured_over_an_index(
    small_index: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    context = Context(small_index, tmp_path, None, replace(QUICK, queries=5))
    search, filters = measure_search(context), measure_filters(context)
    wide, exact, own, exact_too = search.lines
    assert "48 x 2,048" in wide.what
    assert f"48 x {context.stored.shape[1]}" in own.what
    assert exact.ours.median == exact_too.ours.median == 100
    assert min(line.times or 0 for line in (wide, own)) > 0
    assert len(filters.lines) > 2
    assert "Measuring filters." in caplog.messages

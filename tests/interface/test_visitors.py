"""Sessions that the server keeps for an hour, and rebuilds from what a page carries."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from recommender.answers.recommender import Recommender
from recommender.errors import SettingsError
from recommender.index.folder import open_index
from recommender.interface import visitors as module
from recommender.interface.state.actions import Visit
from recommender.interface.state.history import Session
from recommender.interface.thumbnails import Thumbnails
from recommender.interface.visitors import KEPT_SECONDS, MAX_CARRIED, Visitors
from tests.support.drawn_products import draw_product


@pytest.fixture(scope="module")
def visit(small_index: Path) -> Iterator[Visit]:
    index = open_index(small_index)
    return Visit(Recommender(index), Thumbnails(index))


@pytest.fixture
def clock() -> SimpleNamespace:
    return SimpleNamespace(now=0.0)


@pytest.fixture
def visitors(visit: Visit, clock: SimpleNamespace) -> Visitors:
    return Visitors(visit, lambda: clock.now)


@pytest.fixture
def others(visit: Visit) -> Visitors:
    """Those of the server after a restart."""
    return Visitors(visit)


@pytest.fixture
def photographed(visit: Visit) -> Session:
    return visit.with_picture(Session(), draw_product("Trousers", "Red", 910).resize((600, 800)))


def items(session: Session) -> list[str | None]:
    return [step.item_id for step in session.trail]


def test_a_page_finds_its_session_again_picture_and_all(
    visitors: Visitors, photographed: Session
) -> None:
    found = visitors.take(visitors.keep(photographed))
    assert found.step is not None
    assert found.step.preview == photographed.trail[0].preview


def test_an_hour_after_the_last_event_a_session_is_gone(
    visitors: Visitors, photographed: Session, clock: SimpleNamespace
) -> None:
    carried = visitors.keep(photographed)
    clock.now = KEPT_SECONDS - 1
    assert visitors.take(carried).lost_steps == 0
    clock.now += KEPT_SECONDS
    assert visitors.take(carried).lost_steps == 1


def test_sessions_are_forgotten_where_nobody_asks_for_them(
    visitors: Visitors, photographed: Session, clock: SimpleNamespace
) -> None:
    visitors.keep(photographed)
    clock.now = KEPT_SECONDS
    visitors._sweep()
    assert len(visitors) == 0


def test_a_restarted_server_rebuilds_products_and_mixes(
    visit: Visit, visitors: Visitors, others: Visitors
) -> None:
    session = visit.with_item(visit.with_item(Session(), "p3", onward=True), "p4", onward=True)
    session = visit.add_to_mix(visit.add_to_mix(session, "p1"), "p1")
    # Parts that cancel each other out are no search, but a mix that a page may show.
    session = visit.reweighed(session, [{"share": 0, "part": "style", "value": -1}])
    rebuilt = others.take(visitors.keep(session))
    assert items(rebuilt) == ["p3", "p4"]
    assert [(s.item_id, s.style, s.colour) for s in rebuilt.mix] == [("p1", -1, 1), ("p1", 1, 1)]
    assert (rebuilt.lost_steps, rebuilt.lost_shares) == (0, 0)
    assert rebuilt.trail[1].exclude == session.trail[1].exclude


def test_a_restarted_server_counts_the_pictures_that_are_gone(
    visit: Visit, visitors: Visitors, others: Visitors, photographed: Session
) -> None:
    session = visit.add_to_mix(visit.add_to_mix(photographed, None), "p2")
    session = visit.with_item(session, "p5", onward=True)
    rebuilt = others.take(visitors.keep(session))
    assert (items(rebuilt), rebuilt.lost_steps) == (["p5"], 1)
    assert ([s.item_id for s in rebuilt.mix], rebuilt.lost_shares) == (["p2"], 1)
    assert items(rebuilt.back_to(1)) == ["p5"]
    assert rebuilt.back_to(0).step is None


def test_the_visitors_seen_last_are_kept(
    visit: Visit, visitors: Visitors, monkeypatch: pytest.MonkeyPatch, photographed: Session
) -> None:
    monkeypatch.setattr(module, "MAX_VISITORS", 2)
    carried = [visitors.keep(photographed) for _ in range(3)]
    assert [visitors.take(c).lost_steps for c in carried] == [1, 0, 0]
    assert len(visitors) == 2


def test_a_visitor_who_did_nothing_costs_nothing(visitors: Visitors) -> None:
    assert visitors.take(visitors.keep(Session())) == Session()
    assert visitors.take(None) == Session()
    assert len(visitors) == 0


def test_a_page_of_another_catalogue_is_asked_to_reload(visitors: Visitors) -> None:
    with pytest.raises(SettingsError, match="Reload the page"):
        visitors.take(json.dumps({"index": "another", "trail": ["item=p1"], "mix": []}))


@pytest.mark.parametrize(
    "carried",
    [
        "no JSON",
        "[]",
        '{"key": []}',
        '{"trail": "item=p1"}',
        '{"trail": [1]}',
        json.dumps({"trail": ["item=p1"] * 100}),
        json.dumps({"mix": ["p1:1:1"] * 100}),
        "[" * MAX_CARRIED,
        " " * (MAX_CARRIED + 1),
    ],
)
def test_what_no_page_carries_is_refused_in_a_sentence(visitors: Visitors, carried: str) -> None:
    with pytest.raises(SettingsError, match="Reload the page"):
        visitors.take(carried)

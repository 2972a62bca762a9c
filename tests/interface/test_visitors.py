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
from recommender.interface.state.actions import SearchActions
from recommender.interface.state.history import Session
from recommender.interface.thumbnails import Thumbnails
from recommender.interface.visitors import KEPT_SECONDS, MAX_CARRIED, Visitors
from tests.support.drawn_products import draw_product


@pytest.fixture(scope="module")
def actions(small_index: Path) -> Iterator[SearchActions]:
    index = open_index(small_index)
    return SearchActions(Recommender(index), Thumbnails(index))


@pytest.fixture
def clock() -> SimpleNamespace:
    return SimpleNamespace(now=0.0)


@pytest.fixture
def visitors(actions: SearchActions, clock: SimpleNamespace) -> Visitors:
    return Visitors(actions, lambda: clock.now)


@pytest.fixture
def others(actions: SearchActions) -> Visitors:
    """Those of the server after a restart."""
    return Visitors(actions)


@pytest.fixture
def photographed(actions: SearchActions) -> Session:
    return actions.with_picture(Session(), draw_product("Trousers", "Red", 910).resize((600, 800)))


def items(session: Session) -> list[str | None]:
    return [entry.item_id for entry in session.history]


def test_a_page_finds_its_session_again_picture_and_all(
    visitors: Visitors, photographed: Session
) -> None:
    found = visitors.take(visitors.keep(photographed))
    assert found.entry is not None
    assert found.entry.preview == photographed.history[0].preview


def test_an_hour_after_the_last_event_a_session_is_gone(
    visitors: Visitors, photographed: Session, clock: SimpleNamespace
) -> None:
    carried = visitors.keep(photographed)
    clock.now = KEPT_SECONDS - 1
    assert visitors.take(carried).lost_entries == 0
    clock.now += KEPT_SECONDS
    assert visitors.take(carried).lost_entries == 1


def test_sessions_are_forgotten_where_nobody_asks_for_them(
    visitors: Visitors, photographed: Session, clock: SimpleNamespace
) -> None:
    visitors.keep(photographed)
    clock.now = KEPT_SECONDS
    visitors._sweep()
    assert len(visitors) == 0


def test_a_restarted_server_rebuilds_products_and_mixes(
    actions: SearchActions, visitors: Visitors, others: Visitors
) -> None:
    session = actions.with_item(actions.with_item(Session(), "p3", onward=True), "p4", onward=True)
    session = actions.add_to_mix(actions.add_to_mix(session, "p1"), "p1")
    # Parts that cancel each other out are no search, but a mix that a page may show.
    session = actions.reweighed(session, [{"item": 0, "part": "style", "value": -1}])
    rebuilt = others.take(visitors.keep(session))
    assert items(rebuilt) == ["p3", "p4"]
    assert [(s.item_id, s.style, s.colour) for s in rebuilt.mix] == [("p1", -1, 1), ("p1", 1, 1)]
    assert (rebuilt.lost_entries, rebuilt.lost_mix_items) == (0, 0)
    assert rebuilt.history[1].exclude == session.history[1].exclude


def test_a_restarted_server_counts_the_pictures_that_are_gone(
    actions: SearchActions, visitors: Visitors, others: Visitors, photographed: Session
) -> None:
    session = actions.add_to_mix(actions.add_to_mix(photographed, None), "p2")
    session = actions.with_item(session, "p5", onward=True)
    rebuilt = others.take(visitors.keep(session))
    assert (items(rebuilt), rebuilt.lost_entries) == (["p5"], 1)
    assert ([s.item_id for s in rebuilt.mix], rebuilt.lost_mix_items) == (["p2"], 1)
    assert items(rebuilt.back_to(1)) == ["p5"]
    assert rebuilt.back_to(0).entry is None


def test_the_visitors_seen_last_are_kept(
    actions: SearchActions,
    visitors: Visitors,
    monkeypatch: pytest.MonkeyPatch,
    photographed: Session,
) -> None:
    monkeypatch.setattr(module, "MAX_VISITORS", 2)
    carried = [visitors.keep(photographed) for _ in range(3)]
    assert [visitors.take(c).lost_entries for c in carried] == [1, 0, 0]
    assert len(visitors) == 2


def test_a_visitor_who_did_nothing_costs_nothing(visitors: Visitors) -> None:
    assert visitors.take(visitors.keep(Session())) == Session()
    assert visitors.take(None) == Session()
    assert len(visitors) == 0


def test_a_page_of_another_catalogue_is_asked_to_reload(visitors: Visitors) -> None:
    with pytest.raises(SettingsError, match="Reload the page"):
        visitors.take(json.dumps({"index": "another", "history": ["item=p1"], "mix": []}))


@pytest.mark.parametrize(
    "carried",
    [
        "no JSON",
        "[]",
        '{"key": []}',
        '{"history": "item=p1"}',
        '{"history": [1]}',
        json.dumps({"history": ["item=p1"] * 100}),
        json.dumps({"mix": ["p1:1:1"] * 100}),
        "[" * MAX_CARRIED,
        " " * (MAX_CARRIED + 1),
    ],
)
def test_what_no_page_carries_is_refused_in_a_sentence(visitors: Visitors, carried: str) -> None:
    with pytest.raises(SettingsError, match="Reload the page"):
        visitors.take(carried)

"""Sessions: histories, cuts and mixes, without a browser."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from recommender.answers.recommender import Recommender
from recommender.errors import PictureError, SettingsError
from recommender.index.folder import open_index
from recommender.interface.state.actions import SearchActions
from recommender.interface.state.controls import Controls
from recommender.interface.state.history import MAX_ENTRIES, MAX_MIX_ITEMS, WHOLE, Session
from recommender.interface.thumbnails import Thumbnails
from tests.support.drawn_products import draw_product


@pytest.fixture(scope="module")
def actions(small_index: Path) -> Iterator[SearchActions]:
    index = open_index(small_index)
    return SearchActions(Recommender(index), Thumbnails(index))


@pytest.fixture
def photographed(actions: SearchActions) -> Session:
    return actions.with_picture(Session(), draw_product("Trousers", "Red", 910).resize((600, 800)))


def ids(actions: SearchActions, session: Session, controls: Controls | None = None) -> list[str]:
    assert session.entry is not None
    answer = actions.search(session.entry, controls or Controls())
    return [result.id for result in answer.results]


def test_a_picture_begins_a_new_history_and_keeps_the_mix(actions: SearchActions) -> None:
    mixed = actions.add_to_mix(actions.with_item(Session(), "p3", onward=True), "p4")
    session = actions.with_picture(mixed, draw_product("Tshirts", "Blue", 911))
    assert [entry.label for entry in session.history] == ["Your picture"]
    assert session.mix == mixed.mix


def test_the_whole_picture_finds_again_what_it_found_first(
    actions: SearchActions, photographed: Session
) -> None:
    cut = actions.with_crop(photographed, [0.2, 0.1, 0.7, 0.9])
    assert cut.entry is not None
    assert cut.entry.label == "Your picture, cut"
    assert len(cut.history) == 1
    back = actions.with_crop(cut, WHOLE)
    assert ids(actions, back) == ids(actions, photographed)


def test_a_cut_changes_what_is_searched_with(actions: SearchActions, photographed: Session) -> None:
    cut = actions.with_crop(photographed, [0.0, 0.0, 0.5, 0.3])
    assert cut.entry is not None
    assert photographed.entry is not None
    assert not np.allclose(
        cut.entry.query.embedding.style, photographed.entry.query.embedding.style
    )


@pytest.mark.parametrize("box", [[0.5, 0.5, 0.5, 0.9], [0, 0, 1], ["a", 0, 1, 1], None])
def test_a_cut_that_holds_nothing_is_refused(
    actions: SearchActions, photographed: Session, box: list[float]
) -> None:
    with pytest.raises(SettingsError, match="crop"):
        actions.with_crop(photographed, box)


def test_what_is_no_picture_is_refused(actions: SearchActions) -> None:
    with pytest.raises(PictureError):
        actions.with_picture(Session(), b"no picture")


def test_the_history_leads_back_and_has_an_end(
    actions: SearchActions, photographed: Session
) -> None:
    session = photographed
    for number in range(MAX_ENTRIES + 3):
        session = actions.with_item(session, f"p{number}", onward=True)
    assert len(session.history) == MAX_ENTRIES
    assert session.back_to(2).entry == session.history[2]


def test_more_like_this_finds_neither_the_product_nor_its_copy(actions: SearchActions) -> None:
    session = actions.with_item(Session(), "p0", onward=True)
    assert {"p0", "p47"}.isdisjoint(ids(actions, session, Controls(k=40)))


def test_a_mix_of_one_finds_what_is_like_it(actions: SearchActions) -> None:
    session = actions.with_mix(actions.add_to_mix(Session(), "p6"))
    assert ids(actions, session) == ids(actions, actions.with_item(Session(), "p6", onward=True))


def test_a_weight_of_the_mix_changes_what_is_found(actions: SearchActions) -> None:
    session = actions.add_to_mix(actions.add_to_mix(Session(), "p1"), "p5")
    changed = actions.reweighed(session, [{"item": 0, "part": "style", "value": -1}])
    assert changed.mix[0].style == -1
    assert ids(actions, actions.with_mix(changed)) != ids(actions, actions.with_mix(session))


def test_pictures_that_cancel_each_other_out_are_refused(actions: SearchActions) -> None:
    session = actions.add_to_mix(actions.add_to_mix(Session(), "p1"), "p1")
    against = actions.reweighed(session, [{"item": 0, "part": "style", "value": -1}])
    with pytest.raises(SettingsError, match="cancel"):
        actions.with_mix(against)


def test_a_mix_can_be_full(actions: SearchActions) -> None:
    session = Session()
    for number in range(MAX_MIX_ITEMS):
        session = actions.add_to_mix(session, f"p{number}")
    with pytest.raises(SettingsError, match=f"at most {MAX_MIX_ITEMS}"):
        actions.add_to_mix(session, "p9")
    assert len(actions.without(session, 0).mix) == MAX_MIX_ITEMS - 1


def test_the_similarity_of_a_product_is_what_the_results_say(
    actions: SearchActions, photographed: Session
) -> None:
    assert photographed.entry is not None
    result = actions.search(photographed.entry, Controls()).results[2]
    position = actions.catalogue.position(result.id)
    said = actions.similarity(photographed.entry, position, None)
    assert said == pytest.approx(result.similarity, abs=1e-3)

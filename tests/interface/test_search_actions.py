"""Sessions: trails, cuts and mixes, without a browser."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from recommender.answers.recommender import Recommender
from recommender.errors import PictureError, SettingsError
from recommender.index.folder import open_index
from recommender.interface.state.actions import Visit
from recommender.interface.state.controls import Controls
from recommender.interface.state.history import MAX_SHARES, MAX_STEPS, WHOLE, Session
from recommender.interface.thumbnails import Thumbnails
from tests.support.drawn_products import draw_product


@pytest.fixture(scope="module")
def visit(small_index: Path) -> Iterator[Visit]:
    index = open_index(small_index)
    return Visit(Recommender(index), Thumbnails(index))


@pytest.fixture
def photographed(visit: Visit) -> Session:
    return visit.with_picture(Session(), draw_product("Trousers", "Red", 910).resize((600, 800)))


def ids(visit: Visit, session: Session, controls: Controls | None = None) -> list[str]:
    assert session.step is not None
    answer = visit.search(session.step, controls or Controls())
    return [result.id for result in answer.results]


def test_a_picture_begins_a_new_trail_and_keeps_the_mix(visit: Visit) -> None:
    mixed = visit.add_to_mix(visit.with_item(Session(), "p3", onward=True), "p4")
    session = visit.with_picture(mixed, draw_product("Tshirts", "Blue", 911))
    assert [step.label for step in session.trail] == ["Your picture"]
    assert session.mix == mixed.mix


def test_the_whole_picture_finds_again_what_it_found_first(
    visit: Visit, photographed: Session
) -> None:
    cut = visit.with_crop(photographed, [0.2, 0.1, 0.7, 0.9])
    assert cut.step is not None
    assert cut.step.label == "Your picture, cut"
    assert len(cut.trail) == 1
    back = visit.with_crop(cut, WHOLE)
    assert ids(visit, back) == ids(visit, photographed)


def test_a_cut_changes_what_is_searched_with(visit: Visit, photographed: Session) -> None:
    cut = visit.with_crop(photographed, [0.0, 0.0, 0.5, 0.3])
    assert cut.step is not None
    assert photographed.step is not None
    assert not np.allclose(cut.step.query.embedding.style, photographed.step.query.embedding.style)


@pytest.mark.parametrize("box", [[0.5, 0.5, 0.5, 0.9], [0, 0, 1], ["a", 0, 1, 1], None])
def test_a_cut_that_holds_nothing_is_refused(
    visit: Visit, photographed: Session, box: list[float]
) -> None:
    with pytest.raises(SettingsError, match="crop"):
        visit.with_crop(photographed, box)


def test_what_is_no_picture_is_refused(visit: Visit) -> None:
    with pytest.raises(PictureError):
        visit.with_picture(Session(), b"no picture")


def test_the_trail_leads_back_and_has_an_end(visit: Visit, photographed: Session) -> None:
    session = photographed
    for number in range(MAX_STEPS + 3):
        session = visit.with_item(session, f"p{number}", onward=True)
    assert len(session.trail) == MAX_STEPS
    assert session.back_to(2).step == session.trail[2]


def test_more_like_this_finds_neither_the_product_nor_its_copy(visit: Visit) -> None:
    session = visit.with_item(Session(), "p0", onward=True)
    assert {"p0", "p47"}.isdisjoint(ids(visit, session, Controls(k=40)))


def test_a_mix_of_one_finds_what_is_like_it(visit: Visit) -> None:
    session = visit.with_mix(visit.add_to_mix(Session(), "p6"))
    assert ids(visit, session) == ids(visit, visit.with_item(Session(), "p6", onward=True))


def test_a_weight_of_the_mix_changes_what_is_found(visit: Visit) -> None:
    session = visit.add_to_mix(visit.add_to_mix(Session(), "p1"), "p5")
    changed = visit.reweighed(session, [{"share": 0, "part": "style", "value": -1}])
    assert changed.mix[0].style == -1
    assert ids(visit, visit.with_mix(changed)) != ids(visit, visit.with_mix(session))


def test_pictures_that_cancel_each_other_out_are_refused(visit: Visit) -> None:
    session = visit.add_to_mix(visit.add_to_mix(Session(), "p1"), "p1")
    against = visit.reweighed(session, [{"share": 0, "part": "style", "value": -1}])
    with pytest.raises(SettingsError, match="cancel"):
        visit.with_mix(against)


def test_a_mix_can_be_full(visit: Visit) -> None:
    session = Session()
    for number in range(MAX_SHARES):
        session = visit.add_to_mix(session, f"p{number}")
    with pytest.raises(SettingsError, match=f"at most {MAX_SHARES}"):
        visit.add_to_mix(session, "p9")
    assert len(visit.without(session, 0).mix) == MAX_SHARES - 1


def test_the_similarity_of_a_product_is_what_the_results_say(
    visit: Visit, photographed: Session
) -> None:
    assert photographed.step is not None
    result = visit.search(photographed.step, Controls()).results[2]
    position = visit.catalogue.position(result.id)
    said = visit.similarity(photographed.step, position, None)
    assert said == pytest.approx(result.similarity, abs=1e-3)

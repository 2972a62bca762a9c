"""Words on the page and in links, without a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from recommender.answers.recommender import Recommender
from recommender.errors import SettingsError, TextError
from recommender.index.folder import open_index
from recommender.interface.api.queries import QueryEndpoints
from recommender.interface.api.search import SearchEndpoints
from recommender.interface.cards import Cards, Chip
from recommender.interface.state.actions import SearchActions
from recommender.interface.state.controls import Controls
from recommender.interface.state.history import Session
from recommender.interface.state.links import Links
from recommender.interface.thumbnails import Thumbnails
from tests.support.drawn_products import draw_product
from tests.support.text_part import with_text_part


@pytest.fixture(scope="module")
def actions(small_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchActions]:
    folder = tmp_path_factory.mktemp("worded") / "index"
    index = open_index(with_text_part(small_index, folder))
    return SearchActions(Recommender(index), Thumbnails(index))


def test_words_begin_a_history(actions: SearchActions) -> None:
    session = actions.with_words(Session(), "red  handbag")
    assert session.entry is not None
    assert (session.entry.label, session.entry.text) == ("red handbag", "red handbag")


def test_words_refine_a_picture_and_can_be_taken_back(actions: SearchActions) -> None:
    shown = actions.with_picture(Session(), draw_product("Tshirts", "Blue", 911))
    refined = actions.refined(shown, "in red")
    assert [entry.label for entry in refined.history] == ["Your picture", "Your picture, in red"]
    other = actions.refined(refined, "in black")
    assert [entry.label for entry in other.history] == ["Your picture", "Your picture, in black"]
    back = actions.refined(other, "")
    assert back.entry is not None
    assert shown.entry is not None
    assert (back.entry.label, back.entry.query) == ("Your picture", shown.entry.query)


def test_a_cut_keeps_the_words(actions: SearchActions) -> None:
    shown = actions.with_picture(Session(), draw_product("Tshirts", "Blue", 911).resize((300, 400)))
    cut = actions.with_crop(actions.refined(shown, "in red"), [0.1, 0.1, 0.8, 0.8])
    assert cut.entry is not None
    assert cut.entry.text == "in red"
    assert cut.entry.label == "Your picture, cut, in red"


def test_words_that_are_taken_away_leave_the_beginning(actions: SearchActions) -> None:
    assert actions.refined(actions.with_words(Session(), "red handbag"), " ").history == ()


def test_a_link_reopens_words(actions: SearchActions) -> None:
    links = Links(actions)
    session = actions.with_words(Session(), "red handbag & more")
    assert session.entry is not None
    link = links.write(session.entry, Controls(weight=actions.default_weight))
    assert link == "?text=red+handbag+%26+more"
    opened = links.read([("text", "red handbag & more")]).session.entry
    assert opened is not None
    assert opened.text == "red handbag & more"


def test_a_link_reopens_a_refined_product(actions: SearchActions) -> None:
    links = Links(actions)
    session = actions.refined(actions.with_item(Session(), "p3", onward=False), "in red")
    assert session.entry is not None
    link = links.write(session.entry, Controls(weight=actions.default_weight))
    assert link == "?item=p3&text=in+red"
    opened = links.read([("item", "p3"), ("text", "in red")]).session.entry
    assert opened is not None
    assert (opened.item_id, opened.text) == ("p3", "in red")


def test_a_link_with_words_that_cannot_be_used_says_so(actions: SearchActions) -> None:
    reopened = Links(actions).read([("text", "xqzzt")])
    assert reopened.session.entry is None
    assert "not known here" in reopened.notices[0]


def test_chips_reach_the_page_as_text(actions: SearchActions) -> None:
    session = actions.with_words(Session(), "red handbag")
    assert session.entry is not None
    answer = actions.search(session.entry, Controls())
    cards = Cards(actions.catalogue, Thumbnails(actions.recommender.index))
    html = cards.results(session, answer, "", chips=[Chip("Colour: <Red>", True)])
    assert "Colour: &lt;Red&gt;" in html
    assert 'data-does="only"' in html


def test_the_query_has_a_field_for_words_only_where_there_are_words(actions: SearchActions) -> None:
    session = actions.with_item(Session(), "p3", onward=False)
    assert session.entry is not None
    cards = Cards(actions.catalogue, Thumbnails(actions.recommender.index))
    assert "<form" in cards.query(session.entry, words=True)
    assert "<form" not in cards.query(session.entry)


def test_the_api_searches_with_words_and_tells_what_it_understood(actions: SearchActions) -> None:
    endpoints = SearchEndpoints(actions.recommender, Thumbnails(actions.recommender.index))
    _, results, _ = endpoints.recommend(None, 3, text="red handbag")
    assert len(results) == 3
    assert endpoints.search_words("red handbag", 3)[1] == results
    assert len(endpoints.similar("p3", 3, text="in red")[1]) == 3
    assert len(endpoints.mix([{"id": "p3"}, {"id": "p4"}], 3, text="for women")[1]) == 3
    queries = QueryEndpoints(actions.recommender)
    told = queries.understand("red hanbag, not black")
    assert [(m["label"], m["negated"]) for m in told["mentions"]] == [
        ("Red", False),
        ("Handbags", False),
        ("Black", True),
    ]
    assert told["mentions"][1]["filters"] == {"articleType": ["Handbags"]}
    assert told["read_as"] == {"hanbag": "handbag"}
    vector = queries.embed(None, text="red handbag")["vector"]
    assert len(vector) == len(actions.recommender.embedding_of(0).query(0.1))


def test_what_is_no_text_is_refused(actions: SearchActions) -> None:
    endpoints = SearchEndpoints(actions.recommender, Thumbnails(actions.recommender.index))
    with pytest.raises(SettingsError, match="is words"):
        endpoints.similar("p3", text=5)  # type: ignore[arg-type]
    with pytest.raises(TextError):
        QueryEndpoints(actions.recommender).understand("")

"""Links: a search written as the end of an address, and read again."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from recommender.answers.recommender import Recommender
from recommender.errors import UnknownItemError
from recommender.index.folder import open_index
from recommender.interface.state.actions import SearchActions
from recommender.interface.state.controls import PAGE_K, Controls
from recommender.interface.state.history import Session
from recommender.interface.state.links import Links
from recommender.interface.thumbnails import Thumbnails
from tests.interface.test_search_actions import ids
from tests.support.drawn_products import draw_product


@pytest.fixture(scope="module")
def actions(small_index: Path) -> Iterator[SearchActions]:
    index = open_index(small_index)
    return SearchActions(Recommender(index), Thumbnails(index))


@pytest.fixture(scope="module")
def links(actions: SearchActions) -> Links:
    return Links(actions)


@pytest.fixture
def photographed(actions: SearchActions) -> Session:
    return actions.with_picture(Session(), draw_product("Trousers", "Red", 910).resize((600, 800)))


def test_a_link_asks_for_the_same_search(actions: SearchActions, links: Links) -> None:
    session = actions.with_item(Session(), "p7", onward=True)
    controls = Controls(7, 0.35, filters={"gender": ("Women",), "baseColour": ("Red", "Blue")})
    assert session.entry is not None
    link = links.write(session.entry, controls)
    link_asks = links.read(parse_qsl(link.removeprefix("?")))
    reopened, asked = link_asks.session, link_asks.controls
    assert ids(actions, reopened, asked) == ids(actions, session, controls)


def test_the_shortest_search_has_the_shortest_link(actions: SearchActions, links: Links) -> None:
    session = actions.with_item(Session(), "p7", onward=True)
    assert session.entry is not None
    assert links.write(session.entry, Controls(weight=actions.default_weight)) == "?item=p7"


def test_a_visitors_picture_has_no_link(
    actions: SearchActions, links: Links, photographed: Session
) -> None:
    assert photographed.entry is not None
    assert links.write(photographed.entry, Controls()) == ""


def test_a_link_to_a_mix_of_products_mixes_them_again(actions: SearchActions, links: Links) -> None:
    session = actions.add_to_mix(actions.add_to_mix(Session(), "p1"), "p5")
    session = actions.reweighed(session, [{"item": 1, "part": "style", "value": -0.25}])
    session = actions.with_mix(session)
    assert session.entry is not None
    link = links.write(session.entry, Controls(weight=actions.default_weight))
    assert link == "?mix=p1%3A1%3A1&mix=p5%3A-0.25%3A1"
    link_asks = links.read(parse_qsl(link.removeprefix("?")))
    reopened, asked = link_asks.session, link_asks.controls
    assert [(s.item_id, s.style, s.colour) for s in reopened.mix] == [
        ("p1", 1, 1),
        ("p5", -0.25, 1),
    ]
    assert ids(actions, reopened, asked) == ids(actions, session)


def test_a_mix_with_a_visitors_picture_has_no_link(
    actions: SearchActions, links: Links, photographed: Session
) -> None:
    session = actions.with_mix(actions.add_to_mix(actions.add_to_mix(photographed, None), "p1"))
    assert session.entry is not None
    assert links.write(session.entry, Controls()) == ""


def test_what_a_link_asks_for_and_nobody_knows_is_left_out(
    actions: SearchActions, links: Links
) -> None:
    pairs = [("item", "p2"), ("k", "many"), ("gender", "Cats"), ("utm_source", "mail")]
    asked = links.read(pairs)
    assert asked.session.entry is not None
    assert (asked.controls.k, asked.controls.filters) == (PAGE_K, {})
    assert len(asked.notices) == 2  # for the number and for the value; others' names mean nothing


@pytest.mark.parametrize("name", ["k", "colour"])
@pytest.mark.parametrize("value", ["²", "9" * 5000, "-1", "1e999", "nan", "", "٣"])
def test_what_is_no_number_in_a_link_is_left_out_with_a_sentence(
    actions: SearchActions, links: Links, name: str, value: str
) -> None:
    asked = links.read([(name, value)])
    assert asked.controls == Controls(PAGE_K, actions.default_weight)
    assert len(asked.notices) == 1
    assert "is no number" in asked.notices[0]
    assert len(asked.notices[0]) < 200


def test_a_mix_that_is_none_is_left_out_with_a_sentence(
    actions: SearchActions, links: Links
) -> None:
    asked = links.read([("mix", "p1"), ("mix", "p1:1:1")])
    assert len(asked.session.mix) == 1
    assert "mix='p1'" in asked.notices[0]


def test_earlier_links_name_filters_without_a_prefix(actions: SearchActions, links: Links) -> None:
    for name in ("gender", "filter.gender"):
        asked = links.read([("item", "p2"), (name, "Women")])
        assert asked.controls.filters == {"gender": ["Women"]}


@pytest.mark.parametrize("name", ["item", "k", "colour", "mix", "view", "filter.item"])
def test_a_filter_may_be_called_as_a_parameter_of_links(
    actions: SearchActions, links: Links, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions.catalogue, "filters", (name,))
    monkeypatch.setattr(actions.catalogue, "has_value", lambda _, value: value in ("7", "8"))
    entry = actions.with_item(Session(), "p2", onward=True).entry
    assert entry is not None
    link = links.write(entry, Controls(filters={name: ("7", "8")}))
    asked = links.read(parse_qsl(link.removeprefix("?")))
    assert asked.session.entry is not None
    assert asked.session.entry.item_id == "p2"
    assert asked.controls.filters == {name: ["7", "8"]}
    assert asked.controls.k == PAGE_K
    assert asked.notices == ()


@pytest.fixture
def shop_links(shop_index: Path) -> Links:
    index = open_index(shop_index)
    return Links(SearchActions(Recommender(index), Thumbnails(index)))


@pytest.mark.parametrize(
    "wanted", [{"min": 10.5, "max": 50.0}, {"max": 0.0000001}, {"min": 1e14}, {"min": 0.0}], ids=str
)
def test_a_link_keeps_ranges_stock_and_the_least_similarity(
    shop_links: Links, wanted: dict[str, float]
) -> None:
    filters = {"price": wanted, "availability": ("in_stock",), "brand": ("Côte <Sud>",)}
    entry = shop_links._actions.with_item(Session(), "s2", onward=True).entry
    assert entry is not None
    link = shop_links.write(entry, Controls(filters=filters, min_similarity=0.35))
    asked = shop_links.read(parse_qsl(link.removeprefix("?")))
    assert asked.notices == ()
    assert asked.controls.min_similarity == 0.35
    assert asked.controls.filters == {
        "price": wanted,
        "availability": ["in_stock"],
        "brand": ["Côte <Sud>"],
    }


@pytest.mark.parametrize("text", ["", "..", "5", "9..1", "1e5..", "a..b", "9" * 5000, "1..2..3"])
def test_a_range_of_a_link_that_is_none_is_left_out_with_a_sentence(
    shop_links: Links, text: str
) -> None:
    asked = shop_links.read([("range.price", text)])
    assert asked.controls.filters == {}
    assert len(asked.notices) == 1
    assert "is no range such as 10..50." in asked.notices[0]
    assert len(asked.notices[0]) < 200


def test_a_link_to_a_product_that_is_gone_is_refused(actions: SearchActions, links: Links) -> None:
    said = "This link's product, 'gone', is no longer in the catalogue"
    for pair in (("item", "gone"), ("mix", "gone:1:1")):
        with pytest.raises(UnknownItemError, match=said):
            links.read([pair])

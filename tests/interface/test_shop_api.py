"""What a shop asks of the API: offers as fields of their own, ranges, stock, safe links."""

import json
import math
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from recommender.answers.recommendation import Query, Recommendation
from recommender.index.offer import Offers
from recommender.interface.api.snippets import snippets
from recommender.interface.state.controls import Controls
from recommender.interface.state.history import HistoryEntry
from tests.conftest import Served
from tests.support.drawn_products import draw_product
from tests.support.small_shop import LINK, PRODUCTS, offer_of

OFFER = ("link", "price", "sale_price", "currency", "availability", "brand")


@pytest.fixture(scope="module")
def client(served_shop: Served) -> Client:
    return Client(served_shop.address, verbose=False)


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("photo") / "shirt.png"
    draw_product("Tshirts", "Red", 901).save(path)
    return path


def number(result: dict[str, Any]) -> int:
    return int(result["id"].removeprefix("s"))


def paid(i: int) -> float:
    """The price that somebody pays; NaN where it is unknown."""
    offer = offer_of(i)
    price = offer.price if offer.sale_price is None else offer.sale_price
    return math.nan if price is None else price


def recommended(client: Client, picture: Path, **arguments: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.predict(
        image=handle_file(picture), k=100, api_name="/recommend", **arguments
    )[1]
    return found


def test_every_result_has_its_offer_and_null_where_it_is_unknown(
    client: Client, picture: Path
) -> None:
    results = recommended(client, picture)
    assert len(results) == PRODUCTS - 2  # three variants are one result
    for result in results:
        offer = offer_of(number(result))
        expected = {name: getattr(offer, name) for name in OFFER}
        if number(result) == 4:
            expected["link"] = None  # which was no web address
        assert {name: result[name] for name in OFFER} == expected


def test_a_hundred_results_with_the_longest_links_fit_an_answer_to_agents() -> None:
    result = Recommendation(
        100, "i" * 100, "n" * 300, 0.5, 0.5, {f"attribute {i}": "v" * 100 for i in range(20)},
        link="https://shop.example/" + "l" * 2_027, price=1e6, fingerprint="f" * 64,
    )  # fmt: skip
    assert len(json.dumps([result.to_json()] * 100)) < 600_000  # of 1 MB, with room for the gallery


def test_a_link_that_is_too_long_for_browsers_is_left_out() -> None:
    longest = "https://shop.example/" + "l" * 2_027
    table = pa.table({"offer_link": [longest, longest + "l", "HTTPS://Shop.example", "https://"]})
    links = [Offers(table).of(i).link for i in range(4)]
    assert links == [longest, None, "HTTPS://Shop.example", None]


def test_prices_that_are_none_are_unknown() -> None:
    table = pa.table({"offer_price": [math.nan, math.inf, -1.0, 0.0, None]})
    assert [Offers(table).of(i).price for i in range(5)] == [None, None, None, 0.0, None]


def test_variants_are_one_result_that_says_what_they_differ_in(
    client: Client, picture: Path
) -> None:
    results = {number(result): result for result in recommended(client, picture)}
    [shown] = {10, 11, 12} & set(results)
    assert results[shown]["variants"] == 3
    assert results[shown]["differs"]["baseColour"] == ["Green", "Black", "Red"]
    assert results[20]["variants"] == 1
    assert results[20]["differs"] == {}


@pytest.mark.parametrize(
    "wanted", [{"min": 20, "max": 50}, {"max": 30}, {"min": 90.0}, {"min": 40, "max": 40}]
)
def test_a_range_holds_what_is_paid_and_no_unknown_price(
    client: Client, picture: Path, wanted: dict[str, float]
) -> None:
    results = recommended(client, picture, filters={"price": wanted})
    low, high = wanted.get("min", 0), wanted.get("max", math.inf)
    passing = {i for i in range(PRODUCTS) if low <= paid(i) <= high}
    assert {number(r) for r in results} - {10, 11, 12} == passing - {10, 11, 12}
    assert passing


def test_the_code_that_the_page_shows_asks_for_the_range(
    client: Client, served_shop: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    filters = {"price": {"max": 30}, "brand": ("Acme", "Dune")}
    entry = HistoryEntry("Product", Query(None), item_id="s20")  # type: ignore[arg-type]
    exec(snippets(served_shop.address, entry, Controls(50, filters=filters))[0], {})
    expected = client.predict(
        item_id="s20",
        k=50,
        filters={"price": {"max": 30}, "brand": ["Acme", "Dune"]},
        api_name="/similar",
    )[1]
    printed = capsys.readouterr().out.splitlines()
    assert len([line for line in printed if line[:1].isdigit()]) == len(expected) > 0


def test_in_stock_only_with_a_range_and_a_brand(client: Client, picture: Path) -> None:
    filters = {"availability": "in_stock", "price": {"max": 60}, "brand": ["Acme", "Dune"]}
    results = recommended(client, picture, filters=filters)
    assert results
    for result in results:
        assert result["availability"] == "in_stock"
        assert result["brand"] in ("Acme", "Dune")
        assert paid(number(result)) <= 60


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"min": 50, "max": 10}, "The range of price begins above its end: min 50, max 10."),
        ({"min": "cheap"}, "The min of price is a number; got cheap."),
        ({"below": 5}, "The range of price has 'below'; it takes a range such as"),
        ({"min": 1, "max": 2, "of": 3}, "A range has at most 2 ends, min and max; that of 'price'"),
        ({"max": [5]}, "'price' is a single value, not a list or an object."),
        ({"max": 10**20}, "The number 'price' is too large"),
        ("20-50", "The filter price takes a range such as"),
    ],
)
def test_a_wrong_range_is_refused_in_a_sentence(client: Client, wanted: Any, sentence: str) -> None:
    with pytest.raises(AppError) as caught:
        client.predict(item_id="s1", filters={"price": wanted}, api_name="/similar")
    assert sentence in str(caught.value)


def test_an_availability_that_nothing_has_is_refused_with_those_there_are(client: Client) -> None:
    with pytest.raises(AppError, match="in_stock, out_of_stock, preorder"):
        client.predict(item_id="s1", filters={"availability": "today"}, api_name="/similar")


def test_item_browse_and_catalog_tell_offers_and_what_filters_there_are(client: Client) -> None:
    item = client.predict(item_id="s5", api_name="/item")[1]
    assert (item["link"], item["price"], item["sale_price"]) == (LINK.format(5), 20, 10)
    _, items, total = client.predict(filters={"price": {"max": 15}}, api_name="/browse")
    assert total == len([i for i in range(PRODUCTS) if paid(i) <= 15])
    assert all(item["currency"] == "EUR" for item in items)
    catalog = client.predict(api_name="/catalog")
    prices = [paid(i) for i in range(PRODUCTS) if not math.isnan(paid(i))]
    assert catalog["numbers"] == {
        "price": {"min": min(prices), "max": 5000.0, "known": len(prices)}
    }
    assert catalog["attributes"]["availability"]["in_stock"] == 20
    assert catalog["values"]["brand"] == len(catalog["attributes"]["brand"]) == 8

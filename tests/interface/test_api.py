"""The endpoints, asked by the real client and by plain HTTP."""

import json
import logging
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image

from recommender.answers.recommendation import Query
from recommender.answers.recommender import Recommender
from recommender.answers.regions import Region
from recommender.interface import uploads
from recommender.interface.api.snippets import snippets
from recommender.interface.state.controls import Controls
from recommender.interface.state.history import HistoryEntry
from recommender.interface.upload_folder import upload_folder
from recommender.interface.wording import BROKEN
from tests.conftest import Served
from tests.support.drawn_products import draw_product
from tests.support.small_catalogue import ATTRIBUTES, PRODUCTS

FIELDS = {
    *("rank", "id", "name", "similarity", "distance", "attributes"),
    *("picture", "variants", "differs", "in_catalogue", "fingerprint"),
    *("link", "price", "sale_price", "currency", "availability", "brand"),
}
ENDPOINTS = {
    "recommend", "similar", "mix", "embed", "item", "browse", "catalog",
    "explain", "map_position", "complete_look", "result_sheet", "search_words", "understand",
    "regions",
}  # fmt: skip


@pytest.fixture(scope="module")
def client(served: Served) -> Client:
    return Client(served.address, verbose=False)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "red-shirt.png"
    draw_product("Tshirts", "Red", 901).save(path)
    return path


def refusal(client: Client, **arguments: Any) -> str:
    with pytest.raises(AppError) as caught:
        client.predict(**arguments)
    return str(caught.value)


def stream(address: str, name: str, event_id: str) -> tuple[str, Any]:
    """The last event of a call and its data."""
    text = httpx.get(f"{address}/gradio_api/call/{name}/{event_id}", timeout=60).text
    event, data = re.findall(r"event: (\w+)\ndata: (.*)", text)[-1]
    return event, json.loads(data)


def upload(address: str, path: Path) -> str:
    with path.open("rb") as file:
        return httpx.post(f"{address}/gradio_api/upload", files={"files": file}).json()[0]


def test_recommend_needs_nothing_but_a_picture(client: Client, picture: Path) -> None:
    gallery, results, notice = client.predict(image=handle_file(picture), api_name="/recommend")
    assert len(gallery) == len(results) == 5
    assert [result["rank"] for result in results] == [1, 2, 3, 4, 5]
    assert all(set(result) == FIELDS for result in results)
    similarities = [result["similarity"] for result in results]
    assert similarities == sorted(similarities, reverse=True)
    assert notice is None  # which a picture of no product has
    with Image.open(gallery[0]["image"]) as shown:
        assert shown.size == (90, 120)
    assert results[0]["name"] in gallery[0]["caption"]


def test_filters_take_a_value_or_a_list_and_leave_k_results(client: Client, picture: Path) -> None:
    filters = {"gender": "Women", "baseColour": ["Blue", "Green"]}
    _, results, _ = client.predict(
        image=handle_file(picture), k=9, filters=filters, api_name="/recommend"
    )
    assert len(results) == 9
    assert {result["attributes"]["gender"] for result in results} == {"Women"}
    assert {result["attributes"]["baseColour"] for result in results} <= {"Blue", "Green"}


def test_the_very_picture_of_a_product_finds_it_when_asked(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "copy.png"
    draw_product("Tshirts", "Red", 0).save(path)
    _, results, _ = client.predict(
        image=handle_file(path), include_same=True, api_name="/recommend"
    )
    assert results[0]["id"] == "p0"
    assert results[0]["similarity"] > 0.9


def test_a_transparent_picture_is_the_same_as_one_on_white(client: Client, tmp_path: Path) -> None:
    drawn = draw_product("Trousers", "Blue", 902)
    white = (np.asarray(drawn) == 255).all(axis=2)
    clear = drawn.convert("RGBA")
    clear.putalpha(Image.fromarray(np.where(white, 0, 255).astype(np.uint8)))
    answers = []
    for name, saved in (("white.png", drawn), ("clear.png", clear)):
        saved.save(tmp_path / name)
        answers.append(client.predict(image=handle_file(tmp_path / name), api_name="/recommend")[1])
    assert answers[0] == answers[1]


def test_a_heic_photo_is_understood(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "photo.heic"
    draw_product("Handbags", "Green", 903).resize((360, 480)).save(path, "HEIF")
    _, results, _ = client.predict(image=handle_file(path), api_name="/recommend")
    assert len(results) == 5


def test_a_page_of_results_goes_on_where_the_one_before_ended(client: Client) -> None:
    whole = client.predict(item_id="p4", k=9, api_name="/similar")[1]
    gallery, page, _ = client.predict(item_id="p4", k=4, offset=5, api_name="/similar")
    assert page == whole[5:]
    assert len(gallery) == 4
    near = client.predict(
        item_id="p4", k=9, min_similarity=whole[2]["similarity"], api_name="/similar"
    )[1]
    assert near == [r for r in whole if r["similarity"] >= whole[2]["similarity"]]


def test_a_picture_of_the_catalogue_is_named_in_every_result(
    client: Client, tmp_path: Path
) -> None:
    path = tmp_path / "copy.png"
    draw_product("Tshirts", "Red", 0).save(path)
    _, results, notice = client.predict(image=handle_file(path), api_name="/recommend")
    assert {result["in_catalogue"] for result in results} == {"p0"}
    assert "p0" not in [result["id"] for result in results]
    assert notice is None


def test_embed_gives_the_vector_whose_products_order_the_results(
    client: Client, served: Served, picture: Path
) -> None:
    embedded = client.predict(image=handle_file(picture), api_name="/embed")
    results = client.predict(image=handle_file(picture), k=9, api_name="/recommend")[1]
    index = served.source.index
    vectors = index.search.vectors(range(PRODUCTS))
    nearest = np.argsort(-(vectors @ np.array(embedded["vector"])), kind="stable")
    once = [index.catalogue.ids[i] for i in nearest if i != PRODUCTS - 1]  # the last is a copy
    assert once[:9] == [result["id"] for result in results]
    manifest = index.manifest
    assert embedded["parts"] == {
        "style": [0, manifest.style_dimensions],
        "colour": [manifest.style_dimensions, vectors.shape[1]],
    }
    assert embedded["colour_weight"] == manifest.colour_weight
    assert embedded["fingerprint"] == manifest.fingerprint
    assert embedded["notice"] is None
    style = client.predict(image=handle_file(picture), colour_weight=0, api_name="/embed")
    assert not any(style["vector"][manifest.style_dimensions :])
    assert "No picture was given." in refusal(client, image=None, api_name="/embed")
    said = refusal(client, image=handle_file(picture), colour_weight=7, api_name="/embed")
    assert said == "The weight of colour is a number from 0 to 1; got 7."


def test_similar_finds_neither_the_product_nor_its_copy(client: Client) -> None:
    _, results, _ = client.predict(item_id="p0", k=20, api_name="/similar")
    assert {"p0", f"p{PRODUCTS - 1}"}.isdisjoint(result["id"] for result in results)


def test_named_arguments_over_plain_http(served: Served, picture: Path) -> None:
    image = {"path": upload(served.address, picture), "meta": {"_type": "gradio.FileData"}}
    call = httpx.post(
        f"{served.address}/gradio_api/call/v2/recommend", json={"image": image, "k": 2}
    )
    event, data = stream(served.address, "recommend", call.json()["event_id"])
    assert event == "complete"
    assert [result["rank"] for result in data[1]] == [1, 2]


def test_the_classic_call_over_plain_http(served: Served) -> None:
    call = httpx.post(
        f"{served.address}/gradio_api/call/similar", json={"data": ["p3", 4, {}, None]}
    )
    event, data = stream(served.address, "similar", call.json()["event_id"])
    assert event == "complete"
    assert len(data[1]) == 4


def test_catalog_tells_what_is_searched(client: Client) -> None:
    catalog = client.predict(api_name="/catalog")
    assert catalog["size"] == PRODUCTS
    assert set(catalog["attributes"]) <= set(ATTRIBUTES)
    assert sum(catalog["attributes"]["gender"].values()) == PRODUCTS
    assert {"backbone", "dataset", "licence", "quality", "head"} <= set(catalog)


def test_mix_takes_the_style_of_one_and_the_colour_of_another(client: Client) -> None:
    items = [{"id": "p0", "style": 1, "colour": 0}, {"id": "p4", "style": 0, "colour": 1}]
    _, results, _ = client.predict(items=items, k=3, colour_weight=0.5, api_name="/mix")
    assert len(results) == 3
    assert {"p0", "p4"}.isdisjoint(result["id"] for result in results)


def test_browse_goes_through_the_catalogue_in_pages(client: Client) -> None:
    first, total = client.predict(filters={"gender": "Men"}, page_size=10, api_name="/browse")[1:]
    second = client.predict(filters={"gender": "Men"}, page=2, page_size=10, api_name="/browse")[1]
    assert len(first) == 10
    assert {item["attributes"]["gender"] for item in first} == {"Men"}
    assert {item["id"] for item in first}.isdisjoint(item["id"] for item in second)
    assert total == 24  # the copy is not counted


def test_item_shows_a_product(client: Client) -> None:
    path, item = client.predict(item_id="p7", api_name="/item")
    assert item["id"] == "p7"
    assert set(item["attributes"]) == set(ATTRIBUTES)
    assert item["fingerprint"] == client.predict(api_name="/catalog")["fingerprint"]
    with Image.open(path) as shown:
        assert shown.size == (90, 120)


def test_explain_shows_both_pictures_and_what_their_match_rests_on(client: Client) -> None:
    query, result, words = client.predict(item_id="p12", query_id="p0", api_name="/explain")
    for path in (query, result):
        with Image.open(path) as shown:
            assert shown.height > shown.width
    for side in ("query", "result"):
        heat = np.array(words[side]["heat"])
        assert heat.min() >= 0
        assert heat.max() <= 1


def test_a_product_lies_where_the_map_has_it(client: Client, served: Served) -> None:
    placed = client.predict(query_id="p5", api_name="/map_position")
    assert (placed["x"], placed["y"]) == pytest.approx(served.source.index.catalogue.map[5])
    assert len(placed["around"]) == 5


def test_a_picture_has_a_place_on_the_map(client: Client, picture: Path) -> None:
    placed = client.predict(image=handle_file(picture), api_name="/map_position")
    assert 0 <= placed["x"] <= 1
    assert 0 <= placed["y"] <= 1


def test_complete_look_gives_other_kinds_with_reasons(client: Client) -> None:
    items, notice = client.predict(item_id="p0", api_name="/complete_look")
    assert notice is None
    kinds = {item["attributes"]["articleType"]: item for item in items}
    assert set(kinds) == {"Trousers", "Handbags"}
    assert {item["attributes"]["gender"] for item in items} == {"Men"}  # as the shirt's is
    assert kinds["Trousers"]["attributes"]["baseColour"] == "Black"
    assert kinds["Trousers"]["reason"] == "Black goes with everything."


def test_result_sheet_is_one_picture(client: Client) -> None:
    with Image.open(client.predict(query_id="p1", k=3, api_name="/result_sheet")) as sheet:
        assert sheet.width > sheet.height > 200


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"k": 0}, "The number of results is a whole number from 1 to 100; got 0."),
        ({"k": 101}, "The number of results is a whole number from 1 to 100; got 101."),
        ({"k": 2.5}, "The number of results is a whole number from 1 to 100; got 2.5."),
        ({"k": "many"}, "The number of results is a whole number from 1 to 100; got many."),
        ({"filters": {"shoe": "x"}}, "There is no filter 'shoe'. Filters are: "),
        ({"filters": {"gender": "Cats"}}, "No product has gender 'Cats'. The commonest"),
        ({"filters": {"gender": 5}}, "The filter gender takes a value or a list of values."),
        ({"filters": [1, 2]}, 'Filters are an object such as {"gender": "Women"}.'),
        ({"colour_weight": 3}, "The weight of colour is a number from 0 to 1; got 3"),
        ({"offset": -1}, "The offset is a whole number from 0 to 999; got -1."),
        ({"offset": 999, "k": 5}, "offset and k together are at most 1,000; got 999 and 5."),
        ({"min_similarity": 2}, "The least similarity is a number from 0 to 1; got 2."),
        ({"filters": {"price": {"min": 1}}}, "There is no number 'price' to filter by a range."),
        ({"colour_weight": "x"}, "The weight of colour is a number from 0 to 1; got x."),
    ],
)
def test_an_argument_that_makes_no_sense_is_answered_in_a_sentence(
    client: Client, arguments: dict[str, Any], sentence: str
) -> None:
    assert sentence in refusal(client, item_id="p0", api_name="/similar", **arguments)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"page_size": 0}, "A page has 1 to 100 products; got 0."),
        ({"page_size": 2.5}, "A page has 1 to 100 products; got 2.5."),
        ({"page_size": "all"}, "A page has 1 to 100 products; got all."),
        ({"page": "last"}, "The page is a whole number, counted from 1; got last."),
        ({"page": 1.5}, "The page is a whole number, counted from 1; got 1.5."),
    ],
)
def test_a_page_that_cannot_be_is_answered_in_a_sentence(
    client: Client, arguments: dict[str, Any], sentence: str
) -> None:
    assert sentence in refusal(client, api_name="/browse", **arguments)


def test_an_unknown_product_is_answered_in_a_sentence(client: Client) -> None:
    said = refusal(client, item_id="nothing", api_name="/similar")
    assert said == "The catalogue has no item with the id 'nothing'."


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("notes.txt", b"just words", "The file is not a picture"),
        ("page.html", b"<!DOCTYPE html><html></html>", "This is a web page."),
        ("paper.pdf", b"%PDF-1.7 ...", "This is a PDF document."),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This is an SVG drawing."),
        ("empty.png", b"", "The file is empty."),
        ("cut.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF", "picture"),
    ],
)
def test_a_file_that_is_no_picture_is_refused_in_a_sentence(
    client: Client, tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    said = refusal(client, image=handle_file(path), api_name="/recommend")
    assert sentence in said
    assert said.endswith(".")


def test_no_picture_at_all_is_answered_in_a_sentence(client: Client) -> None:
    said = "No picture was given. Send one as the argument image."
    for name in ("/recommend", "/embed"):
        assert refusal(client, image=None, api_name=name) == said
        assert refusal(client, api_name=name) == said


def test_a_bug_is_logged_and_answered_in_a_sentence(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("a secret of ours")

    monkeypatch.setattr(Recommender, "similar", broken)
    with caplog.at_level(logging.ERROR):
        said = refusal(client, item_id="p0", api_name="/similar")
    assert said == BROKEN
    assert "a secret of ours" in caplog.text


def test_an_uploaded_picture_is_deleted_after_the_search(
    served: Served, picture: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "KEPT_SECONDS", 0.2)
    path = upload(served.address, picture)
    assert Path(path).exists()
    image = {"path": path, "meta": {"_type": "gradio.FileData"}}
    call = httpx.post(f"{served.address}/gradio_api/call/v2/recommend", json={"image": image})
    stream(served.address, "recommend", call.json()["event_id"])
    wait_until_gone(Path(path))


def wait_until_gone(path: Path) -> None:
    """Uploads of earlier tests, which are kept for longer, are deleted before this one."""
    deadline = time.monotonic() + 30
    while path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_picture_that_is_read_again_meanwhile_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "KEPT_SECONDS", 0.5)
    path = upload_folder().path / "sent-once.png"
    path.write_bytes(b"searched with twice")
    began = time.monotonic()
    uploads.delete_soon(str(path))
    time.sleep(0.3)
    uploads.delete_soon(str(path))
    wait_until_gone(path)
    assert time.monotonic() - began >= 0.8
    assert str(path) not in uploads._reads


def test_a_picture_that_is_sent_once_can_be_searched_with_again(
    served: Served, picture: Path
) -> None:
    image = {"path": upload(served.address, picture), "meta": {"_type": "gradio.FileData"}}
    for name in ("recommend", "map_position", "recommend"):
        body = {"image": image}
        call = httpx.post(f"{served.address}/gradio_api/call/v2/{name}", json=body)
        assert stream(served.address, name, call.json()["event_id"])[0] == "complete"


def test_every_endpoint_and_argument_is_documented(served: Served) -> None:
    described = httpx.get(f"{served.address}/gradio_api/info").json()["named_endpoints"]
    assert set(described) == {f"/{name}" for name in ENDPOINTS}
    assert all(endpoint["description"] for endpoint in described.values())


def test_agents_find_the_same_tools_described(served: Served) -> None:
    tools = httpx.get(f"{served.address}/gradio_api/mcp/schema").json()
    named = {re.sub(r"^.*?(?=recommend$|similar$)", "", tool["name"]): tool for tool in tools}
    tool = named["recommend"]
    assert "most similar to a picture" in tool["description"]
    arguments = tool["inputSchema"]["properties"]
    assert {"image", "k", "filters"} <= set(arguments)
    assert "a list of values" in arguments["filters"]["description"]
    assert len(tools) == len(ENDPOINTS)


def test_thumbnails_have_an_address_that_never_changes(served: Served) -> None:
    version = served.source.index.manifest.fingerprint[:12]
    answer = httpx.get(f"{served.address}/thumbnail/{version}/0")
    assert answer.headers["content-type"].startswith("image/")
    assert "immutable" in answer.headers["cache-control"]
    for wrong in (f"{version}/{PRODUCTS}", "0123456789ab/0", f"{version}/-1"):
        assert httpx.get(f"{served.address}/thumbnail/{wrong}").status_code == 404


def test_traffic_is_not_shown_to_strangers(served: Served) -> None:
    assert httpx.get(f"{served.address}/monitoring/summary").status_code == 403


@pytest.fixture
def searches(picture: Path) -> list[tuple[HistoryEntry | None, Controls]]:
    query = Query(None)  # type: ignore[arg-type] - the code shown does not depend on it
    awkward = Controls(3, 0.4, filters={"gender": ("Women", "Men")}, min_similarity=0.01)
    return [(None, Controls()), (HistoryEntry("Product", query, item_id="p1"), awkward)]


def test_the_python_that_the_page_shows_runs(
    served: Served,
    searches: list[tuple[HistoryEntry | None, Controls]],
    picture: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    picture.rename(picture.with_name("picture.jpg"))
    monkeypatch.chdir(picture.parent)
    for entry, controls in searches:
        exec(snippets(served.address, entry, controls)[0], {})
        assert re.search(r"^1 (Men|Women) ", capsys.readouterr().out, re.MULTILINE)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_curl_that_the_page_shows_runs(
    served: Served, searches: list[tuple[HistoryEntry | None, Controls]], picture: Path
) -> None:
    picture.rename(picture.with_name("picture.jpg"))
    for entry, controls in searches:
        command = snippets(served.address, entry, controls)[1]
        done = subprocess.run(
            ["bash", "-c", command], cwd=picture.parent, capture_output=True, text=True, check=True
        )
        assert "event: complete" in done.stdout
        assert '"rank"' in done.stdout


def test_the_garments_of_an_outfit_are_found_and_searched_with_one_by_one(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "outfit.png"
    outfit = Image.new("RGB", (240, 120), "white")
    for number, kind in enumerate(("Tshirts", "Handbags")):
        outfit.paste(draw_product(kind, "Red", 903).resize((90, 120)), (15 + 120 * number, 0))
    outfit.save(path)
    shirt, bag = Region((0.02, 0, 0.48, 1), "Top", 0.9), Region((0.52, 0, 0.98, 1), "Bag", 0.8)
    monkeypatch.setattr(Recommender, "regions", lambda self, picture: [shirt, bag])
    found = client.predict(image=handle_file(path), api_name="/regions")
    assert found[1] == {"region": 2, "box": [0.52, 0, 0.98, 1], "name": "Bag", "confidence": 0.8}
    first = [
        client.predict(image=handle_file(path), region=number, api_name="/recommend")[1][0]["id"]
        for number in (1, 2)
    ]
    assert first[0] != first[1]
    said = refusal(client, image=handle_file(path), region=3, api_name="/recommend")
    assert said == (
        "The picture has the regions 1 to 2; got 3. Leave region out to search with the whole "
        "picture."
    )


def test_a_picture_of_one_garment_has_no_regions(client: Client, picture: Path) -> None:
    assert client.predict(image=handle_file(picture), api_name="/regions") == []
    said = refusal(client, image=handle_file(picture), region=1, api_name="/recommend")
    assert said.startswith("The picture has no regions")

"""What is too long, too many or too large is refused in a sentence before any work is done."""

import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from recommender.answers.recommender import Recommender
from recommender.errors import RecommenderError
from recommender.interface.limits import check_sizes
from tests.conftest import Served
from tests.interface.test_api import stream, upload
from tests.support.drawn_products import draw_product

ITEM = {"id": "p0", "style": 1, "colour": 1}
VALUES = [f"value {i}" for i in range(201)]


@pytest.mark.parametrize(
    "arguments",
    [
        {"items": [ITEM] * 16, "k": 5.0, "filters": {}, "colour_weight": None},
        {"filters": {f"attribute {i}": VALUES[:200] for i in range(32)}, "page": 3},
        {"item_id": "x" * 1000, "image": "data:image/png;base64," + "A" * 5000, "query_id": None},
    ],
)
def test_what_is_within_the_limits_passes(arguments: dict[str, Any]) -> None:
    check_sizes(arguments)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"items": [ITEM] * 100_000}, "A mix takes at most 16 products; got 100,000."),
        ({"items": [{**ITEM, "id": "x" * 1001}]}, "A text has at most 1,000 characters; that of "),
        ({"items": [{str(i): i for i in range(99)}]}, "has an id, style and colour; got 99 fields"),
        ({"items": [{"id": ["p0"]}]}, "'id' is a single value, not a list or an object."),
        ({"items": [[ITEM]]}, "'items' is a single value, not a list or an object."),
        ({"filters": {str(i): "x" for i in range(33)}}, "at most 32 attributes; got 33."),
        ({"filters": {"gender": VALUES}}, "at most 200 values; 'gender' has 201."),
        ({"filters": {"gender": "x" * 1001}}, "that of 'gender' has 1,001."),
        ({"filters": {"x" * 5000: "y"}}, "has 5,000."),
        ({"filters": {"gender": [["Men"]]}}, "'gender' is a single value"),
        ({"filters": ["gender"] * 33}, "Filters name at most 32 attributes."),
        ({"item_id": "x" * 1001}, "that of 'item_id' has 1,001."),
        ({"query_id": {"a": 1}}, "'query_id' is a single value"),
        ({"k": int("9" * 4000)}, "The number 'k' is too large: it has over 15 digits."),
        ({"k": [1] * 1000}, "'k' is a single value"),
        ({"colour_weight": -1e300}, "The number 'colour_weight' is too large"),
    ],
)
def test_what_is_beyond_them_is_refused_in_a_short_sentence(
    arguments: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(RecommenderError) as caught:
        check_sizes(arguments)
    assert sentence in str(caught.value)
    assert len(str(caught.value)) < 250


def refused(served: Served, name: str, body: str | dict[str, Any]) -> str:
    """The sentence that a call of an endpoint ends in."""
    content = body if isinstance(body, str) else json.dumps(body)
    headers = {"Content-Type": "application/json"}
    address = f"{served.address}/gradio_api/call/v2/{name}"
    call = httpx.post(address, content=content, headers=headers, timeout=30)
    event, data = stream(served.address, name, call.json()["event_id"])
    assert event == "error"
    return data["error"]


def test_a_mix_of_thousands_is_refused_before_any_work(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def worked(*_: Any) -> None:
        raise AssertionError("an embedding was read")

    monkeypatch.setattr(Recommender, "embedding_of", worked)
    assert "at most 16 products; got 20,000." in refused(served, "mix", {"items": [ITEM] * 20_000})


@pytest.mark.parametrize("number", ['"²"', '"' + "9" * 900 + '"', "9" * 4000, "1e400", '"٣"'])
def test_a_number_that_is_none_is_refused_in_a_sentence(served: Served, number: str) -> None:
    said = refused(served, "similar", f'{{"item_id": "p0", "k": {number}}}')
    assert "'k'" in said or "The number of results is a whole number from 1 to 100" in said
    assert len(said) < 200


def test_a_number_of_five_thousand_digits_is_refused_before_the_endpoint(served: Served) -> None:
    body = f'{{"item_id": "p0", "k": {"9" * 5000}}}'
    answer = httpx.post(f"{served.address}/gradio_api/call/v2/similar", content=body)
    assert 400 <= answer.status_code < 500
    assert "Traceback" not in answer.text


def test_a_refused_search_deletes_its_picture_too(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recommender.interface.uploads.KEPT_SECONDS", 0.1)
    draw_product("Trousers", "Green", 987).save(tmp_path / "refused.png")
    path = upload(served.address, tmp_path / "refused.png")
    image = {"path": path, "meta": {"_type": "gradio.FileData"}}
    filters = {"gender": VALUES}
    assert "at most 200" in refused(served, "recommend", {"image": image, "filters": filters})
    # Uploads of earlier tests, which are kept for longer, are deleted before this one.
    deadline = time.monotonic() + 30
    while Path(path).exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_openapi_description_gives_types_and_limits(served: Served) -> None:
    paths = httpx.get(f"{served.address}/gradio_api/openapi.json").json()["paths"]
    [mix] = [path for name, path in paths.items() if name.endswith("/mix")]
    schema = mix["post"]["requestBody"]["content"]["application/json"]["schema"]
    Draft202012Validator.check_schema(schema)
    items, filters = schema["properties"]["items"], schema["properties"]["filters"]
    assert (items["type"], items["maxItems"]) == ("array", 16)
    assert items["items"]["properties"]["id"] == {"type": "string", "maxLength": 1000}
    assert (filters["type"], filters["maxProperties"]) == ("object", 32)
    [value, values, numbers] = filters["additionalProperties"]["anyOf"]
    assert set(numbers["properties"]) == {"min", "max"}
    assert value == {"type": "string", "maxLength": 1000}
    assert (values["type"], values["maxItems"]) == ("array", 200)

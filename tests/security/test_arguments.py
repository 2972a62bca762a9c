"""Missing, surplus and unknown arguments and endpoints, answered in sentences by every route."""

import re

import httpx
import pytest

from tests.conftest import Served


def post(served: Served, path: str, body: object) -> httpx.Response:
    return httpx.post(f"{served.address}/gradio_api/{path}", json=body, timeout=60)


@pytest.mark.parametrize("values", [[], ["p0", 3, {}, None, 0, 0, "", "more"]])
def test_too_few_and_too_many_values_are_told(served: Served, values: list[object]) -> None:
    sentence = (
        "/similar takes 7 values: item_id, k, filters, colour_weight, min_similarity, offset, "
        "text; "
        f"{len(values)} were sent. By their names, at /gradio_api/call/v2, those with a default "
        "can be left out."
    )
    assert post(served, "run/similar", {"data": values}).json()["error"] == sentence
    event = post(served, "call/similar", {"data": values}).json()["event_id"]
    answer = httpx.get(f"{served.address}/gradio_api/call/similar/{event}", timeout=60).text
    assert sentence in answer


@pytest.mark.parametrize("values", [["p0"], ["p0", 4], ["p0", 4, {}, None]])
def test_values_that_have_a_default_can_be_left_out_at_the_end(
    served: Served, values: list[object]
) -> None:
    """So that a call by place goes on when an endpoint gets another parameter."""
    answer = post(served, "run/similar", {"data": values}).json()
    assert len(answer["data"][1]) == (4 if len(values) > 1 else 5)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "No value provided for required argument: item_id"),
        ({"item_id": "p0", "shoe": 1}, "Parameter `shoe` is not a valid key-word argument"),
    ],
)
def test_missing_and_unknown_names_are_told_with_those_there_are(
    served: Served, body: dict[str, object], sentence: str
) -> None:
    answer = post(served, "call/v2/similar", body)
    assert answer.status_code == 422
    names = (
        "The arguments are: item_id (needed), k, filters, colour_weight, min_similarity, offset, "
        "text."
    )
    assert answer.json()["detail"] == f"{sentence}. {names}"


@pytest.mark.parametrize("path", ["call/nothing", "call/v2/nothing", "run/nothing", "api/nothing"])
def test_an_unknown_endpoint_is_told_with_those_there_are(served: Served, path: str) -> None:
    answer = post(served, path, {"data": []})
    assert answer.status_code == 404
    assert "There is no endpoint 'nothing'. There are: browse, " in answer.json()["detail"]


def test_an_unknown_event_is_told(served: Served) -> None:
    body = {"data": [], "fn_index": 12345, "session_hash": "unknown"}
    for path in ("queue/join", "run/predict"):
        answer = post(served, path, body)
        assert answer.status_code == 404
        assert "There is no endpoint '12345'." in answer.json()["detail"]


@pytest.mark.parametrize("image", [5, True, ["a"], {"path": 5}, {}])
def test_what_is_no_picture_at_all_is_told(served: Served, image: object) -> None:
    answer = post(served, "run/map_position", {"data": [image, None]})
    assert re.match(r"Send the picture itself|A value that", answer.json()["error"])

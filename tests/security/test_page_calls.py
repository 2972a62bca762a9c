"""Events of the page called without a browser: every input and event ends in a sentence."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from recommender.interface.wording import BROKEN
from tests.conftest import Served

CLIENT = httpx.Client(timeout=60)
DEEP: Any = 1
for _ in range(300):
    DEEP = [DEEP]
STRANGE: list[Any] = [
    None, True, -1, 1.5, 1e308, 10**300, "", "²", "x" * 200_000, [], {}, [None], [[[]]], DEEP,
    ["x"] * 10_000, [{"id": ["p0"]}], {"a": {"b": 1}}, {"__type__": "update", "value": 1},
    {"key": "x", "history": [1]}, "[" * 100_000,
]  # fmt: skip
STRANGE_EVENTS: list[Any] = [
    *STRANGE,
    {"id": 7}, {"id": "no such product"}, {"id": None}, {"act": 7}, {"entry": "0"},
    {"box": [0, 1]}, {"box": "0011"}, {"box": [None] * 4}, {"weights": [{}]}, {"weights": {"a": 1}},
    {"entry": 10**300}, {"number": []}, {"x": "1", "y": None}, {"x": 1e308, "y": -1e308},
]  # fmt: skip


def events(served: Served) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Each event of the page that reaches the server, with its inputs."""
    config = CLIENT.get(f"{served.address}/config").json()
    components = {component["id"]: component for component in config["components"]}
    for event in config["dependencies"]:
        if event["backend_fn"] and event["api_visibility"] != "public":
            yield event, [components[number] for number in event["inputs"]]


def answered(served: Served, event: dict[str, Any], values: list[Any], data: Any) -> None:
    """Send an event; a result or a sentence must come of it."""
    body = {"fn_index": event["id"], "data": values, "event_data": data, "session_hash": "nobody"}
    answer = CLIENT.post(
        f"{served.address}/gradio_api/run/predict",
        content=json.dumps(body),
        headers={"Content-Type": "application/json"},
    )
    said = answer.json()
    case = (event["api_name"], str(values)[:200], str(data)[:200], str(said)[:300])
    assert answer.status_code in (200, 500), case
    if answer.status_code == 500:
        sentence = said["error"]
        assert sentence != BROKEN, case
        assert sentence.endswith((".", "!")), case
        assert not any(word in sentence for word in ("Error", "<", " object at ")), case
        assert len(sentence) < 400, case


def test_inputs_that_no_browser_sends_end_in_a_sentence(
    served: Served, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    kinds: set[tuple[str, str]] = set()
    for event, inputs in events(served):
        values = [component["props"].get("value") for component in inputs]
        for number, component in enumerate(inputs):
            # One of each kind of input for each kind of listener.
            kind = (str(event["api_name"]).rstrip("0123456789_"), component["type"])
            if kind not in kinds:
                kinds.add(kind)
                for strange in STRANGE:
                    sent = [*values[:number], strange, *values[number + 1 :]]
                    answered(served, event, sent, {"id": "p0"})
    assert len(kinds) > 20
    assert "Traceback" not in capfd.readouterr().err + caplog.text


def test_events_that_no_browser_sends_end_in_a_sentence(
    served: Served, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    for event, inputs in events(served):
        values = [component["props"].get("value") for component in inputs]
        for strange in STRANGE_EVENTS:
            answered(served, event, values, strange)
    assert "Traceback" not in capfd.readouterr().err + caplog.text


@pytest.mark.parametrize("name", ["similar", "catalog", "mix"])
@pytest.mark.parametrize("values", [[], [None] * 9])
def test_a_call_with_too_few_or_too_many_values_names_the_arguments(
    served: Served, name: str, values: list[Any]
) -> None:
    if name == "catalog" and not values:
        return
    answer = CLIENT.post(f"{served.address}/gradio_api/run/{name}", json={"data": values})
    said = answer.json()["error"]
    assert f"/{name} takes" in said
    assert f"{len(values)} were sent" in said
    assert " object at 0x" not in said


@pytest.mark.parametrize(
    "path",
    [
        f"thumbnail/x/{'9' * 5000}",
        "thumbnail/x/%C2%B2",
        "thumbnail/x/-1",
        "gradio_api/proxy=%00",
        "proxy=%00",
        "gradio_api/file=%00",
        "file=%00",
        f"gradio_api/file={'x' * 5000}",
    ],
)
def test_addresses_that_nobody_was_given_are_not_found(
    served: Served, path: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert CLIENT.get(f"{served.address}/{path}").status_code in (403, 404)
    assert "Traceback" not in capfd.readouterr().err

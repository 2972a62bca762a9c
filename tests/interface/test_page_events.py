"""What the browser says of an event: each field has its type, or the event is refused."""

from typing import Any

import pytest

from recommender.errors import SettingsError
from recommender.interface.limits import MAX_ITEMS
from recommender.interface.page_events import PageEvent
from recommender.interface.wording import NOT_THE_PAGE

SHARE = {"item": 0, "part": "style", "value": 0.5}
FIELDS = ("id", "act", "entry", "number", "place", "box", "weights")


def test_what_the_pages_scripts_send_is_read() -> None:
    event = PageEvent(
        None,
        {
            "id": "p1", "act": "mix", "entry": -1, "number": 2.0, "x": 0.25, "y": 1,
            "box": [0, 0.1, 1, 0.9], "weights": [SHARE],
        },
    )  # fmt: skip
    assert (event.id, event.act, event.entry, event.number) == ("p1", "mix", -1, 2)
    assert event.place == (0.25, 1)
    assert event.box == (0, 0.1, 1, 0.9)
    assert event.weights == [SHARE]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("data", [None, {}, [], "id", 7, {"ids": 1}], ids=str)
def test_an_event_without_a_field_is_refused(field: str, data: Any) -> None:
    with pytest.raises(SettingsError, match=NOT_THE_PAGE):
        getattr(PageEvent(None, data), field)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", 7),
        ("id", None),
        ("id", "x" * 1001),
        ("act", ["mix"]),
        ("entry", "0"),
        ("entry", True),
        ("entry", 0.5),
        ("entry", float("nan")),
        ("entry", 10**4000),
        ("number", None),
        ("number", {}),
        ("box", [0, 0, 1]),
        ("box", [0, 0, 1, None]),
        ("box", {"left": 0}),
        ("weights", {}),
        ("weights", [None]),
        ("weights", [{**SHARE, "item": "first"}]),
        ("weights", [{**SHARE, "part": ["style"]}]),
        ("weights", [{**SHARE, "value": float("inf")}]),
        ("weights", [SHARE] * (2 * MAX_ITEMS + 1)),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_field_of_another_kind_is_refused(field: str, value: Any) -> None:
    with pytest.raises(SettingsError, match=NOT_THE_PAGE):
        getattr(PageEvent(None, {field: value}), field)


@pytest.mark.parametrize("place", [{"x": 1}, {"x": "1", "y": 1}, {"x": None, "y": 0}])
def test_a_place_that_is_none_is_refused(place: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match=NOT_THE_PAGE):
        _ = PageEvent(None, place).place

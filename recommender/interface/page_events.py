"""Page events: what the browser says of an event, checked before a listener reads it."""

from typing import Any

import gradio as gr

from recommender.errors import SettingsError
from recommender.interface.limits import MAX_ITEMS, MAX_NUMBER, MAX_TEXT
from recommender.interface.wording import NOT_THE_PAGE

# Left, top, right, bottom.
_SIDES = 4


class PageEvent(gr.EventData):
    """An event of the page's own scripts, whose fields have the types below.

    Anybody can send one, without a browser and with any data. A listener reads fields that the
    page's script sends with its event; each raises `SettingsError` where it is missing or of
    another kind.
    """

    @property
    def id(self) -> str:
        """A product's id."""
        return _text(self._field("id"))

    @property
    def text(self) -> str:
        """Words."""
        return _text(self._field("text"))

    @property
    def act(self) -> str:
        """What a button does."""
        return _text(self._field("act"))

    @property
    def typed(self) -> str:
        """What somebody typed into a dropdown so far, as Gradio's own `key_up` sends it."""
        return _text(self._field("input_value"))

    @property
    def entry(self) -> int:
        """Entry of the history, counted from 0; -1 is before the first."""
        return self._whole("entry")

    @property
    def number(self) -> int:
        """A picture of the mix, or a chip, counted from 0."""
        return self._whole("number")

    @property
    def place(self) -> tuple[float, float]:
        """A place on the map, across and down, 0-1."""
        return _number(self._field("x")), _number(self._field("y"))

    @property
    def box(self) -> tuple[float, ...]:
        """Left, top, right, bottom of a part of a picture, 0-1."""
        box = self._field("box")
        if not (isinstance(box, list) and len(box) == _SIDES):
            raise SettingsError(NOT_THE_PAGE)
        return tuple(_number(side) for side in box)

    @property
    def weights(self) -> list[dict[str, Any]]:
        """New weights of a mix: {"item": number, "part": "style" or "colour", "value": weight}."""
        weights = self._field("weights")
        # One for the style and one for the colour of each picture.
        if not (isinstance(weights, list) and len(weights) <= 2 * MAX_ITEMS):
            raise SettingsError(NOT_THE_PAGE)
        return [
            {
                "item": int(_number(_of(weight, "item"))),
                "part": _text(_of(weight, "part")),
                "value": _number(_of(weight, "value")),
            }
            for weight in weights
        ]

    def _field(self, name: str) -> Any:
        return _of(self._data, name)

    def _whole(self, name: str) -> int:
        number = _number(self._field(name))
        if number != int(number):
            raise SettingsError(NOT_THE_PAGE)
        return int(number)


def _of(data: Any, name: str) -> Any:
    if not (isinstance(data, dict) and name in data):
        raise SettingsError(NOT_THE_PAGE)
    return data[name]


def _text(value: Any) -> str:
    if not (isinstance(value, str) and len(value) <= MAX_TEXT):
        raise SettingsError(NOT_THE_PAGE)
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise SettingsError(NOT_THE_PAGE)
    if not -MAX_NUMBER <= value <= MAX_NUMBER:  # NaN is not within, either
        raise SettingsError(NOT_THE_PAGE)
    return value

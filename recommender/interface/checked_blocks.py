"""Checked Blocks: what callers send is checked in front of every component and every function."""

import inspect
from typing import Any

import gradio as gr
from gradio.blocks import BlockFunction
from gradio.components.base import Component
from gradio.exceptions import ComponentProcessingError
from gradio.state_holder import SessionState
from pydantic import ValidationError

from recommender.errors import PictureError, RecommenderError, SettingsError
from recommender.interface.errors import refusal
from recommender.interface.gradio_patches.stubs import without_stubs
from recommender.interface.limits import check_choices, check_depth, check_number, check_text
from recommender.interface.live_index import LiveIndex
from recommender.interface.range_choice import RangeChoice, checked_range
from recommender.interface.upload_folder import NOT_UPLOADED
from recommender.interface.uploads import picture_sent
from recommender.interface.visitors import MAX_CARRIED
from recommender.interface.wording import NOT_THE_PAGE

with without_stubs():

    class CheckedBlocks(gr.Blocks):
        """A `gr.Blocks` that lets through no file but uploads, whichever way a call comes in.

        Every route of Gradio (`/run`, `/call`, the queue, MCP) ends in `process_api`, and every
        value that a caller sends passes through `preprocess_data`; so no endpoint or component
        that is added later can do without the check. There, too, a call gets its index, one from
        its first step to its last.
        """

        live: LiveIndex

        async def process_api(self, *args: Any, **arguments: Any) -> dict[str, Any]:
            """Run an event's function; what the browser says of the event holds no file."""
            event = arguments.get("event_data")
            if event is not None:
                _in_a_sentence(refuse_files, event._data, False)
            with self.live.lease():
                return await super().process_api(*args, **arguments)

        async def preprocess_data(
            self,
            block_fn: BlockFunction,
            inputs: list[Any],
            state: SessionState | None,
            explicit_call: bool = False,
        ) -> list[Any]:
            """What a caller sent, checked and turned into what the event's function is given."""
            checked = _in_a_sentence(checked_inputs, block_fn, inputs)
            try:
                return await super().preprocess_data(block_fn, checked, state, explicit_call)
            except (ValidationError, ComponentProcessingError) as error:
                raise refusal(
                    SettingsError(
                        f"A value that was sent to {_called(block_fn)} is of a kind that it does "
                        "not take. See its arguments in the tab API, or at /gradio_api/info."
                    )
                ) from error


def checked_inputs(function: BlockFunction, values: list[Any]) -> list[Any]:
    """The values of a call, with every picture reduced to an upload or a `data:` URL.

    Raises:
        SettingsError: there are too many values, or too few; or one of a page's event is nothing
            that its component can hold.
        PictureError: one of them names a file that is no upload.
    """
    values = [*values, *_defaults(function, len(values))]
    if len(values) != len(function.inputs):
        raise SettingsError(_count_refused(function, len(values)))
    return [
        _checked(component, value, is_public=function.api_visibility == "public")
        for component, value in zip(function.inputs, values, strict=True)
    ]


def takes_files(component: Any) -> bool:
    """Whether Gradio turns what is sent to an input into files."""
    return getattr(component, "data_model", None) is not None


def refuse_files(value: Any, marked: bool = True) -> Any:
    """The value, in which no part bears Gradio's mark of a file.

    Args:
        value: that a caller sent.
        marked: whether a path without the mark may stay, such as the name of an attribute; Gradio
            looks for any path in what a browser says of an event.

    Raises:
        PictureError: one does; Gradio would open or fetch it before any code of ours runs.
        SettingsError: it is nested deeper than any value that is taken.
    """
    check_depth(value)
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            if ("meta" in part or not marked) and ("path" in part or "url" in part):
                raise PictureError(NOT_UPLOADED)
            waiting.extend(part.values())
        elif isinstance(part, list | tuple):
            waiting.extend(part)
    return value


def _checked(component: Any, value: Any, *, is_public: bool) -> Any:
    if takes_files(component):
        return None if value is None else picture_sent(value)
    refuse_files(value)
    if not is_public:  # The functions of the API check theirs, and say the argument's name.
        _check_page_input(component, value)
    return value


def _check_page_input(component: Any, value: Any) -> None:
    """Refuse what no browser sends of a component of the page."""
    match component:
        case gr.Slider() | gr.Number():
            check_number(value, component.minimum, component.maximum)
        case RangeChoice():
            checked_range(value)
        case gr.Checkbox():
            if value is not None and not isinstance(value, bool):
                raise SettingsError(NOT_THE_PAGE)
        case gr.Dropdown():
            check_choices(value)
        case gr.Textbox():
            check_text(value, MAX_CARRIED)
        case _:
            raise TypeError(f"What browsers send of a {type(component).__name__} is not checked.")


def _defaults(function: BlockFunction, sent: int) -> list[Any]:
    """The values that a call of the API left out at its end; none where one of them is needed."""
    if function.fn is None or function.api_visibility != "public":
        return []
    left_out = list(inspect.signature(function.fn).parameters.values())[sent:]
    if any(parameter.default is parameter.empty for parameter in left_out):
        return []
    return [parameter.default for parameter in left_out]


def _count_refused(function: BlockFunction, sent: int) -> str:
    needed = len(function.inputs)
    names = _argument_names(function)
    which = f": {', '.join(names)}" if len(names) == needed else ""
    return (
        f"{_called(function)} takes {needed} values{which}; {sent} were sent. "
        "By their names, at /gradio_api/call/v2, those with a default can be left out."
    )


def _called(function: BlockFunction) -> str:
    name = function.api_name if isinstance(function.api_name, str) else function.name
    return f"/{name}"


def _argument_names(function: BlockFunction) -> list[str]:
    if function.fn is None:
        return []
    stateless = [i for i in function.inputs if isinstance(i, Component) and not i.skip_api]
    return list(inspect.signature(function.fn).parameters)[: len(stateless)]


def _in_a_sentence(check: Any, *args: Any) -> Any:
    try:
        return check(*args)
    except RecommenderError as error:
        raise refusal(error) from error

"""Arguments of the API by name: what is missing, unknown or surplus is said with the names."""

from typing import Any

import gradio as gr
from gradio import route_utils
from gradio_client import utils as client_utils
from starlette.exceptions import HTTPException

# Characters of a caller's name for an endpoint that a sentence repeats.
_QUOTED = 200


class ArgumentsError(TypeError):
    """A call with names that an endpoint does not take, or without one that it needs."""


_original_get_fn = route_utils.get_fn
_original_construct_args = client_utils.construct_args


def name_arguments() -> None:
    """Make Gradio answer in sentences where an endpoint or an argument does not exist."""
    route_utils.get_fn = _get_fn
    client_utils.construct_args = _construct_args


def endpoint_names(blocks: gr.Blocks) -> list[str]:
    """The names of a page's public endpoints, sorted."""
    return sorted(
        function.api_name
        for function in blocks.fns.values()
        if isinstance(function.api_name, str) and function.api_visibility == "public"
    )


def _get_fn(blocks: gr.Blocks, api_name: str | None, body: Any) -> Any:
    try:
        return _original_get_fn(blocks, api_name, body)
    except (KeyError, route_utils.FnIndexInferError):
        asked = api_name if body.fn_index is None else body.fn_index
        raise HTTPException(
            404,
            f"There is no endpoint {str(asked)[:_QUOTED]!r}. "
            f"There are: {', '.join(endpoint_names(blocks))}.",
        ) from None


def _construct_args(parameters_info: list[Any] | None, args: tuple, kwargs: dict) -> list[Any]:
    try:
        return _original_construct_args(parameters_info, args, kwargs)
    except TypeError as error:
        names = [
            p["parameter_name"] + ("" if p["parameter_has_default"] else " (needed)")
            for p in parameters_info or []
        ]
        said = str(error).partition(". Please click")[0].rstrip(".")
        raise ArgumentsError(f"{said}. The arguments are: {', '.join(names) or 'none'}.") from error

"""Gradio patches: private parts of Gradio 6.31 that have to act otherwise on this server.

Each has a test that fails when Gradio no longer has the part, or no longer uses it.
"""

import os
from typing import Any

import gradio as gr
import gradio.mcp
import gradio.routes
import gradio.screen_recording_utils
from gradio import route_utils
from gradio_client import utils as client_utils
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

from recommender.interface.agent_tools import AgentTools
from recommender.interface.upload_folder import UploadFolder, upload_folder

# The page sends one picture at a time; Gradio would take a thousand files in a request.
MAX_FILES = 10
FIELD = "files"
_WITH_TEMPORARY_FOLDER = (
    route_utils,
    gradio.routes,
    gradio.mcp,
    gradio.screen_recording_utils,
)


def patch_gradio(folder: UploadFolder) -> None:
    """Make Gradio keep its files in a folder, and check uploads, MCP's pictures and arguments."""
    os.environ["GRADIO_TEMP_DIR"] = str(folder.path)
    for module in _WITH_TEMPORARY_FOLDER:  # They read the variable when they were imported.
        module.DEFAULT_TEMP_DIR = str(folder.path)  # type: ignore[attr-defined]
    route_utils.GradioMultiPartParser = UploadParser  # type: ignore[misc]
    gradio.mcp.GradioMCPServer = AgentTools  # type: ignore[misc]
    route_utils.get_fn = _get_fn
    client_utils.construct_args = _construct_args


class UploadParser(route_utils.GradioMultiPartParser):
    """Receives uploads, and leaves no file of one that is cut, refused or not asked for."""

    def __init__(self, *args: Any, **arguments: Any) -> None:
        super().__init__(*args, **{**arguments, "max_files": MAX_FILES})

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Take a piece of a part; Gradio's own fails on a part that is no file."""
        if self._current_part.file is None:
            self._current_part.data += data[start:end]
        else:
            super().on_part_data(data, start, end)

    async def parse(self) -> FormData:
        """Receive the whole form.

        Raises:
            MultiPartException: it is no form with files in it.
        """
        kept: set[str] = set()
        try:
            form = await super().parse()
            for name, part in self.items:
                if name == FIELD and not isinstance(part, route_utils.GradioUploadFile):
                    raise MultiPartException('The field "files" holds files. Send one with a name.')
            for part in form.getlist(FIELD):
                assert isinstance(part, route_utils.GradioUploadFile)
                if (part.filename or "").rpartition("/")[2] in ("", ".", ".."):
                    part.filename = "picture"
                upload_folder().stored(part.size or 0)
                kept.add(part.file.name)
            return form
        finally:
            for file in self._files_to_close_on_error:
                if file.name not in kept:
                    file.close()
                    upload_folder().delete(file.name)


class ArgumentsError(TypeError):
    """A call with names that an endpoint does not take, or without one that it needs."""


_original_get_fn = route_utils.get_fn
_original_construct_args = client_utils.construct_args


def _get_fn(blocks: gr.Blocks, api_name: str | None, body: Any) -> Any:
    try:
        return _original_get_fn(blocks, api_name, body)
    except (KeyError, route_utils.FnIndexInferError):
        asked = api_name if body.fn_index is None else body.fn_index
        raise HTTPException(
            404,
            f"There is no endpoint {str(asked)[:200]!r}. "
            f"There are: {', '.join(endpoint_names(blocks))}.",
        ) from None


def endpoint_names(blocks: gr.Blocks) -> list[str]:
    """The names of a page's public endpoints, sorted."""
    return sorted(
        function.api_name
        for function in blocks.fns.values()
        if isinstance(function.api_name, str) and function.api_visibility == "public"
    )


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


def remember_no_files(page: gr.Blocks) -> None:
    """Let a page keep no list of the files it handed out: the upload folder is swept as a whole.

    Gradio would remember every path for as long as it runs.
    """
    page.upload_file_set = _Forgetful()
    for block in page.blocks.values():
        block.temp_files = _Forgetful()
    page.temp_file_sets = []


class _Forgetful(set):
    def add(self, element: Any) -> None:
        """Keep nothing."""

    def update(self, *others: Any) -> None:
        """Keep nothing."""

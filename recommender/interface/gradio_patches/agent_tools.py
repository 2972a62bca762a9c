"""MCP tools: Gradio's server of them, taking pictures as they are and answering in JSON."""

import base64
import binascii
import io
import json
from typing import Any

import gradio.mcp
from gradio.processing_utils import add_root_url
from mcp.server import Server
from PIL import Image

from recommender.errors import PictureError
from recommender.interface.checked_blocks import refuse_files

HOW_TO_SEND = (
    "Send the picture itself: a data: URL such as data:image/jpeg;base64,..., or its bytes in "
    "base64. No address is fetched."
)
# Agents' clients refuse answers of more than 1 MB; base64 makes 4 bytes of 3, and an answer holds
# at most two pictures and some text.
MAX_PICTURE_BYTES = 350_000
_SMALLER = 0.8
# Refused pictures are named in messages by no more than this, in characters.
_SHOWN = 60


class _Server(Server):
    """A server of tools whose arguments the endpoints check, in sentences of their own."""

    def call_tool(self, *, validate_input: bool = False) -> Any:
        return super().call_tool(validate_input=validate_input)


class AgentTools(gradio.mcp.GradioMCPServer):
    """Gradio's MCP server, with three differences.

    Pictures: a tool takes a `data:` URL or base64 and makes no file of it; Gradio would fetch
    addresses, and copy files of this machine that an argument names. Answers: a part for each
    output, JSON where Gradio writes Python, and pictures small enough for agents. Arguments:
    checked by the endpoints.
    """

    Server = _Server

    @property
    def _file_data_tool_description(self) -> str:
        return f" {HOW_TO_SEND}"

    def simplify_filedata_schema(
        self, schema: dict[str, Any]
    ) -> tuple[dict[str, Any], list[list[str | int]]]:
        """The schema with pictures as strings in base64, and the paths of those in arguments."""
        simple, positions = super().simplify_filedata_schema(schema)
        for [name, *_] in positions:
            picture = simple["properties"][name]
            del picture["format"]
            picture["contentEncoding"] = "base64"
            picture["description"] = f"{picture.get('description', '')} {HOW_TO_SEND}".strip()
        return simple, positions

    def convert_strings_to_filedata(
        self, value: Any, filedata_positions: list[list[str | int]]
    ) -> Any:
        """The arguments of a call, with pictures as the endpoints take them.

        Raises:
            PictureError: a picture is no `data:` URL and no base64, or a file is named.
        """
        pictures = {name for [name, *_] in filedata_positions}
        converted = {}
        for name, argument in value.items():
            if name in pictures:
                converted[name] = None if argument is None else _as_picture(argument)
            else:
                converted[name] = _without_files(argument)
        return converted

    async def _execute_tool_without_progress(self, job: Any) -> list[Any]:
        """A call's outputs; Gradio makes one text of several."""
        [result] = await super()._execute_tool_without_progress(job)
        return list(result) if isinstance(result, tuple) else [result]

    @staticmethod
    def get_base64_data(image: Image.Image, format: str) -> str:
        """A picture of at most `MAX_PICTURE_BYTES` in base64, smaller than it was if need be."""
        while True:
            file = io.BytesIO()
            image.save(file, format=format)
            if file.tell() <= MAX_PICTURE_BYTES:
                return base64.b64encode(file.getvalue()).decode()
            size = (round(image.width * _SMALLER), round(image.height * _SMALLER))
            image = image.resize(size, Image.Resampling.BOX)

    def postprocess_output_data(self, data: Any, root_url: str) -> list[Any]:
        """The answer: texts and pictures as they are, everything else as JSON."""
        data = add_root_url(data, root_url, None)
        readable = [
            output
            if isinstance(output, str) or _describes_file(output)
            else json.dumps(output, ensure_ascii=False)
            for output in data
        ]
        return super().postprocess_output_data(readable, root_url)


def _as_picture(sent: Any) -> dict[str, Any]:
    if not isinstance(sent, str) or sent.startswith(("http:", "https:", "file:")):
        raise PictureError(f"The picture is {str(sent)[:_SHOWN]!r}. {HOW_TO_SEND}")
    if not sent.startswith("data:"):
        try:
            base64.b64decode("".join(sent.split()), validate=True)
        except (binascii.Error, ValueError):
            raise PictureError(f"The picture is {sent[:_SHOWN]!r}. {HOW_TO_SEND}") from None
        # The format is read from the picture itself, whatever is said here.
        sent = f"data:image/jpeg;base64,{sent}"
    # Without a path, so that Gradio's client, through which the call goes, looks for no file.
    return {"url": sent, "meta": {"_type": "gradio.FileData"}}


def _without_files(argument: Any) -> Any:
    """The argument; Gradio's client would read a file of this machine that it describes."""
    try:
        return refuse_files(argument)
    except PictureError as error:
        raise PictureError(f"A file is named where none belongs. {HOW_TO_SEND}") from error


def _describes_file(value: Any) -> bool:
    """Whether it is what Gradio takes for a file: a path, and that it is one."""
    return isinstance(value, dict) and "path" in value and "meta" in value

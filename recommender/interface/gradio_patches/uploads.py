"""Uploads as Gradio receives them: each a file of its own, none left of one that failed."""

import secrets
from collections import OrderedDict
from typing import Any

import gradio as gr
import gradio.routes
from gradio import route_utils
from starlette.datastructures import FormData
from starlette.formparsers import MultiPartException

from recommender.interface.upload_folder import upload_folder

# The page sends one picture at a time; Gradio would take a thousand files in a request.
MAX_FILES = 10
FIELD = "files"
# Uploads whose progress is kept: more than arrive at once, each of some hundred bytes.
MAX_PROGRESSES = 256
_SALT_BYTES = 16


def receive_uploads() -> None:
    """Make Gradio receive uploads with this module's parser and progress."""
    route_utils.GradioMultiPartParser = UploadParser  # type: ignore[misc]
    gradio.routes.file_upload_statuses = RecentProgress()


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
                # Gradio names a file's folder by this checksum. Two visitors who send the same
                # picture would share one file, and the first search would delete the other's.
                part.sha.update(secrets.token_bytes(_SALT_BYTES))
                upload_folder().stored(part.size or 0)
                kept.add(part.file.name)
            return form
        finally:
            for file in self._files_to_close_on_error:
                if file.name not in kept:
                    file.close()
                    upload_folder().delete(file.name)


class RecentProgress(route_utils.FileUploadProgress):
    """The progress of the uploads seen last; Gradio keeps that of each upload nobody asks about."""

    def __init__(self) -> None:
        super().__init__()
        self._statuses: OrderedDict[str, Any] = OrderedDict()
        self._seen: OrderedDict[str, None] = OrderedDict()

    def track(self, upload_id: str) -> None:
        """Keep the progress of an upload."""
        self._remember(upload_id)
        super().track(upload_id)

    async def is_tracked(self, upload_id: str) -> bool:
        """Wait until an upload begins."""
        self._remember(upload_id)
        return await super().is_tracked(upload_id)

    def stop_tracking(self, upload_id: str) -> None:
        """Forget an upload."""
        self._forget(upload_id)

    def _remember(self, upload_id: str) -> None:
        self._seen[upload_id] = None
        self._seen.move_to_end(upload_id)
        while len(self._seen) > MAX_PROGRESSES:
            self._forget(next(iter(self._seen)))

    def _forget(self, upload_id: str) -> None:
        for table in (self._seen, self._statuses, self._signals):
            table.pop(upload_id, None)


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

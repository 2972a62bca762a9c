"""Answer files: pictures handed out where they lie, without Gradio's copy and checks of each."""

import os
from pathlib import Path
from typing import Any

from gradio import utils
from gradio.data_classes import FileData

from recommender.interface.upload_folder import UploadFolder

_is_static_file = utils.is_static_file


def hand_out_answers(folder: UploadFolder) -> None:
    """Make Gradio take the files in the folder of answers for static ones.

    They are written by this program and already lie where Gradio may serve them from. For each
    file of an answer it would resolve a dozen paths and compute a checksum: a tenth of what an
    answer costs.

    Args:
        folder: where answers lie.
    """
    answers = f"{folder.answers}{os.sep}"

    def is_answer_or_static(file: Any) -> bool:
        path = file.path if isinstance(file, FileData) else file
        if isinstance(path, str | Path) and str(path).startswith(answers):
            return os.pardir not in Path(path).parts
        return _is_static_file(file)

    utils.is_static_file = is_answer_or_static  # type: ignore[assignment]

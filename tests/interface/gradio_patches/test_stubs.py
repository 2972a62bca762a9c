"""At its import Gradio writes no stubs, which would take a second of a start."""

import inspect
import subprocess
import sys
from pathlib import Path

import gradio as gr
import pytest

from recommender.interface.gradio_patches.stubs import without_stubs
from recommender.interface.uploads import QueryPicture


def test_gradio_finds_no_file_for_its_stubs_and_others_find_theirs() -> None:
    with without_stubs():
        with pytest.raises(OSError, match="no stub"):
            inspect.getfile(gr.Button)
        with pytest.raises(OSError, match="no stub"):
            inspect.getfile(QueryPicture)
        assert Path(inspect.getfile(Path)).name == "pathlib.py"
    assert Path(inspect.getfile(gr.Button)).suffix == ".py"


def test_nothing_of_gradio_is_imported_before_the_stubs_are_left_out() -> None:
    code = "import sys, recommender.interface.gradio_patches.stubs; print('gradio' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"

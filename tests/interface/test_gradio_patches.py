"""What is left out of Gradio, so that a start is quick and a visitor costs little."""

import inspect
from pathlib import Path

import gradio as gr
import pytest
from gradio.state_holder import SessionState

from recommender.interface.gradio_import import without_stubs
from recommender.interface.sessions import LeanSessionState
from recommender.interface.uploads import QueryPicture


def test_gradio_finds_no_file_for_its_stubs_and_others_find_theirs() -> None:
    with without_stubs():
        with pytest.raises(OSError, match="no stub"):
            inspect.getfile(gr.Button)
        with pytest.raises(OSError, match="no stub"):
            inspect.getfile(QueryPicture)
        assert Path(inspect.getfile(Path)).name == "pathlib.py"
    assert Path(inspect.getfile(gr.Button)).suffix == ".py"


def test_a_lean_session_works_as_gradios_own_and_describes_what_changed() -> None:
    with gr.Blocks() as page:
        state = gr.State([])
        box = gr.Textbox("before")
    lean, own = LeanSessionState(page), SessionState(page)
    for session in (lean, own):
        session[state._id] = ["kept"]
        session._update_value_in_config(box._id, "after")
        assert session[state._id] == ["kept"]
        assert session.config_values[box._id]["props"]["value"] == "after"
    assert set(lean.config_values) == {state._id, box._id}
    assert LeanSessionState(page).config_values == {}

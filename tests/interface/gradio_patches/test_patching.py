"""The private parts of Gradio that are replaced: each is there, and is what Gradio uses."""

import os
import re
import stat
import tempfile
from pathlib import Path

import gradio as gr
import gradio.mcp
import gradio.routes
import pytest
from gradio import analytics, route_utils, utils
from gradio.data_classes import FileData
from gradio.utils import get_upload_folder
from gradio_client import utils as client_utils

from recommender.errors import PictureError
from recommender.interface.gradio_patches.agent_tools import HOW_TO_SEND, AgentTools
from recommender.interface.gradio_patches.patching import patch_gradio
from recommender.interface.upload_folder import UploadFolder, upload_folder


@pytest.fixture(autouse=True)
def patched() -> UploadFolder:
    folder = upload_folder()
    patch_gradio(folder)
    return folder


def test_gradio_keeps_its_files_in_the_private_folder(patched: UploadFolder) -> None:
    folder = str(patched.path)
    assert get_upload_folder() == folder
    assert gradio.routes.App().uploaded_file_dir == folder
    kept_in = gr.Image().GRADIO_CACHE
    assert kept_in == folder
    for module in (gradio.routes, gradio.mcp, route_utils):
        used = module.DEFAULT_TEMP_DIR
        assert used == folder
    assert stat.S_IMODE(patched.path.parent.stat().st_mode) == 0o700
    assert patched.path.is_relative_to(Path(tempfile.gettempdir()).resolve())


def test_a_folder_of_another_user_is_not_touched(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Gradio makes folders in its own when an app is created: /tmp/gradio, whoever has made it."""
    shared = tmp_path / "gradio"
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(shared))
    patch_gradio(upload_folder())
    with gr.Blocks() as page:
        gr.Image()
    gradio.routes.App.create_app(page)
    assert not shared.exists()
    assert os.environ["GRADIO_TEMP_DIR"] == str(upload_folder().path)


def test_gradio_serves_agents_with_the_server_that_opens_no_files() -> None:
    with gr.Blocks() as page:
        pass
    gradio.routes.App.create_app(page, mcp_server=True)
    assert isinstance(page.mcp_server_obj, AgentTools)


@pytest.mark.parametrize(
    "arguments",
    [
        {"image": "/etc/hostname"},
        {"image": "http://pictures.example/a.png"},
        {"image": {"path": "/etc/hostname", "meta": {"_type": "gradio.FileData"}}},
        {"filters": {"a": [{"path": "/etc/hostname", "meta": {"_type": "gradio.FileData"}}]}},
    ],
)
def test_an_agents_files_are_refused_before_anything_reads_them(arguments: dict) -> None:
    with gr.Blocks() as page:
        pass
    server = AgentTools(page)
    with pytest.raises(PictureError, match=re.escape(HOW_TO_SEND)):
        server.convert_strings_to_filedata(arguments, [["image"]])
    url = "data:image/png;base64,AAAA"
    taken = server.convert_strings_to_filedata({"image": url, "k": 3}, [["image"]])
    assert taken["image"]["url"] == url
    assert taken["image"].get("path") is None
    assert taken["k"] == 3


def test_patching_twice_changes_nothing() -> None:
    before = (route_utils.get_fn, client_utils.construct_args, gradio.mcp.GradioMCPServer)
    patch_gradio(upload_folder())
    assert before == (route_utils.get_fn, client_utils.construct_args, gradio.mcp.GradioMCPServer)


def test_gradio_reports_to_nobody() -> None:
    assert not analytics.analytics_enabled()


def test_pictures_of_answers_are_handed_out_where_they_lie(patched: UploadFolder) -> None:
    own = patched.answers / "ab" / "thumbnail.jpeg"
    assert utils.is_static_file(FileData(path=str(own)))
    for path in (patched.path / "ab" / "upload.jpeg", patched.answers / ".." / "ab" / "x.jpeg"):
        assert not utils.is_static_file(FileData(path=str(path)))

"""Uploads: received by our parser, each a file of its own, and nothing of them is remembered."""

import asyncio
from pathlib import Path

import gradio as gr
import gradio.routes
import httpx
from gradio import route_utils

from recommender.interface.gradio_patches.patching import patch_gradio
from recommender.interface.gradio_patches.uploads import (
    MAX_PROGRESSES,
    RecentProgress,
    UploadParser,
    remember_no_files,
)
from recommender.interface.upload_folder import upload_folder
from tests.conftest import Served

API = "gradio_api"


def test_gradio_receives_uploads_with_the_parser_that_leaves_nothing() -> None:
    patch_gradio(upload_folder())
    assert route_utils.upload_fn.__globals__["GradioMultiPartParser"] is UploadParser


def test_two_uploads_of_one_picture_are_two_files(served: Served) -> None:
    paths = [
        Path(
            httpx.post(f"{served.address}/{API}/upload", files={"files": ("a.png", b"x")}).json()[0]
        )
        for _ in range(2)
    ]
    assert paths[0] != paths[1]
    upload_folder().delete(paths[0])
    assert [path.name for path in paths] == ["a.png", "a.png"]
    assert paths[1].read_bytes() == b"x"
    upload_folder().delete(paths[1])


def test_the_progress_of_an_upload_is_told_until_it_is_done(served: Served) -> None:
    address = f"{served.address}/{API}/upload"
    sent = {"files": ("a.png", b"x" * 1000)}
    path = httpx.post(f"{address}?upload_id=told", files=sent).json()[0]
    upload_folder().delete(path)
    told = httpx.get(f"{address}_progress?upload_id=told", timeout=30).text
    assert '"msg": "done"' in told
    assert "told" not in gradio.routes.file_upload_statuses._signals


def test_the_progress_of_uploads_that_nobody_asks_about_is_forgotten(served: Served) -> None:
    statuses = gradio.routes.file_upload_statuses
    assert isinstance(statuses, RecentProgress)
    address = f"{served.address}/{API}/upload"
    with httpx.Client() as client:
        for number in range(MAX_PROGRESSES + 20):
            client.post(f"{address}?upload_id={number}", files={"wrong": b"x"})
    assert len(statuses._statuses) <= MAX_PROGRESSES
    assert len(statuses._signals) <= MAX_PROGRESSES
    assert statuses.is_done(str(MAX_PROGRESSES + 19))


def test_asking_for_uploads_that_never_begin_leaves_nothing() -> None:
    async def asked() -> RecentProgress:
        statuses = RecentProgress()
        waiting = [
            asyncio.create_task(statuses.is_tracked(str(number)))
            for number in range(MAX_PROGRESSES + 20)
        ]
        await asyncio.sleep(0)
        for task in waiting:
            task.cancel()
        return statuses

    assert len(asyncio.run(asked())._signals) <= MAX_PROGRESSES


def test_a_page_keeps_no_list_of_files() -> None:
    with gr.Blocks() as page:
        image = gr.Image()
    remember_no_files(page)
    page.upload_file_set.update(["a"])
    image.temp_files.add("a")
    assert not page.upload_file_set
    assert not image.temp_files
    assert not page.temp_file_sets

"""The queue of events: asleep while there is nothing to do, and awake as soon as there is."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import gradio as gr
import httpx
import pytest
from gradio import queueing
from gradio_client import Client

from recommender.interface.gradio_patches.event_queue import (
    FORGET_EVERY,
    EventQueue,
    wait_for_events,
)
from recommender.interface.gradio_patches.patching import patch_gradio
from recommender.interface.upload_folder import upload_folder


@pytest.fixture(autouse=True)
def patched() -> None:
    patch_gradio(upload_folder())


def test_gradio_makes_this_queue_for_a_page() -> None:
    with gr.Blocks() as page:
        pass
    page.queue()
    assert isinstance(page._queue, EventQueue)


def test_an_idle_queue_never_asks_whether_something_has_come(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wait_for_events()
    asked: list[asyncio.AbstractEventLoop] = []
    sleep = asyncio.sleep

    async def counted(seconds: float, *args: Any) -> Any:
        asked.append(asyncio.get_running_loop())
        return await sleep(seconds, *args)

    async def idle() -> asyncio.AbstractEventLoop:
        with gr.Blocks() as page:
            pass
        queue = queueing.Queue(False, 4, 60.0, 8, page)
        queue.active_jobs = [None] * 4
        tasks = [
            asyncio.create_task(queue.start_processing()),
            asyncio.create_task(queue.start_progress_updates()),
        ]
        await sleep(0.2)
        queue.close()
        await asyncio.wait_for(asyncio.gather(*tasks), 5)
        return asyncio.get_running_loop()

    monkeypatch.setattr(asyncio, "sleep", counted)
    # Pages of other tests in this process have loops of their own.
    assert asyncio.run(idle()) not in asked


def test_events_beyond_the_limit_run_one_after_the_other() -> None:
    running = most = 0

    def slow(number: float) -> float:
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.05)
        running -= 1
        return number + 1

    with gr.Blocks() as page:
        number = gr.Number()
        number.submit(slow, number, number, api_name="slow", concurrency_limit=1)
    _, address, _ = page.queue(max_size=16).launch(prevent_thread_lock=True, quiet=True)
    try:
        clients = [Client(address, verbose=False) for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            answers = list(
                pool.map(lambda i: clients[i].predict(i, api_name="/slow"), range(len(clients)))
            )
    finally:
        page.close(verbose=False)
    assert answers == [1, 2, 3, 4]
    assert most == 1


def test_callers_who_were_answered_are_forgotten() -> None:
    with gr.Blocks() as page:
        number = gr.Number()
        number.submit(lambda n: n, number, number, api_name="same")
    _, address, _ = page.queue(max_size=16).launch(prevent_thread_lock=True, quiet=True)
    try:
        # The first call of a page on a busy machine takes seconds.
        with httpx.Client(base_url=f"{address}gradio_api/call/same", timeout=60) as client:
            for _ in range(3 * FORGET_EVERY):
                event = client.post("", json={"data": [1]}).json()["event_id"]
                assert "complete" in client.get(f"/{event}").text
        queue = page._queue
        assert len(queue.pending_event_ids_session) < 2 * FORGET_EVERY
        assert len(queue.pending_messages_per_session) < 2 * FORGET_EVERY
    finally:
        page.close(verbose=False)

"""What the server keeps of whom: the states of pages, and nothing of callers of the API."""

import gradio as gr
import httpx
import pytest
from gradio_client import Client

from recommender.interface.sessions import PageSessions
from recommender.interface.state.history import Session
from tests.conftest import Served
from tests.interface.test_api import stream


@pytest.fixture
def page() -> gr.Blocks:
    with gr.Blocks() as page:
        page.visitor = gr.State(Session())
        page.box = gr.Textbox("before")
    page.state_session_capacity = 3
    return page


@pytest.fixture
def sessions(page: gr.Blocks) -> PageSessions:
    holder = PageSessions()
    holder.set_blocks(page)
    return holder


def test_a_session_is_kept_from_its_first_change_on(
    page: gr.Blocks, sessions: PageSessions
) -> None:
    assert sessions["a"][page.visitor._id] == Session()
    assert "a" not in sessions
    changed = sessions["a"]
    changed[page.visitor._id] = Session(mix=())
    assert "a" in sessions
    assert sessions["a"] is changed


def test_events_that_run_at_once_share_a_session_that_is_not_kept_yet(
    page: gr.Blocks, sessions: PageSessions
) -> None:
    one, other = sessions["a"], sessions["a"]
    assert one is other
    del one, other
    assert len(sessions._running) == 0


def test_the_session_unused_for_longest_gives_way(page: gr.Blocks, sessions: PageSessions) -> None:
    for name in "abc":
        sessions[name][page.visitor._id] = Session()
    sessions["a"]
    sessions["d"][page.box._id] = page.box
    assert [name in sessions for name in "abcd"] == [True, False, True, True]
    assert sessions["b"][page.visitor._id] == Session()


def test_calls_of_the_api_evict_no_page(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    holder = served.page.app.state_holder
    visitor = next(block for block in served.page.blocks.values() if isinstance(block, gr.State))
    seen = Session(mix=())
    holder["a page"][visitor._id] = seen
    held = set(holder.session_data)
    monkeypatch.setattr(holder, "capacity", len(held))
    item = next(fn for fn in served.page.fns.values() if fn.api_name == "item")
    api = f"{served.address}/gradio_api"
    for number in range(4):
        named = {"data": ["p1"], "fn_index": item._id, "session_hash": f"caller {number}"}
        assert httpx.post(f"{api}/run/item", json=named).is_success
        call = httpx.post(f"{api}/call/item", json={"data": ["p1"]})
        assert stream(served.address, "item", call.json()["event_id"])[0] == "complete"
    Client(served.address, verbose=False).predict("p1", api_name="/item")
    assert set(holder.session_data) == held
    assert holder["a page"][visitor._id] is seen

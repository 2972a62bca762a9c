"""Gradio keeps nothing of whoever calls; what a page needs is kept by `Visitors`."""

import base64
import io
from types import SimpleNamespace

import gradio as gr
import httpx
import pytest
from gradio import routes
from gradio_client import Client
from PIL import Image

from recommender.interface.gradio_patches.sessions import EventState, NoSessions, keep_no_sessions
from recommender.interface.visitors import Visitors
from tests.conftest import Served
from tests.interface.test_api import stream


@pytest.fixture
def sessions() -> NoSessions:
    with gr.Blocks() as page:
        page.box = gr.Textbox("before")
    holder = NoSessions()
    holder.set_blocks(page)
    return holder


def test_an_event_finds_the_components_and_changes_them_for_itself_alone(
    sessions: NoSessions,
) -> None:
    box = sessions.blocks.box
    event = sessions["a"]
    assert event[box._id] is box
    event[box._id] = gr.Textbox(lines=9, render=False)
    event._update_config(box._id)
    event._update_value_in_config(box._id, "x" * 1000)
    assert event[box._id].lines == 9
    assert sessions["a"][box._id] is box
    assert event.config_values == {}


def test_a_page_that_relies_on_gradios_state_is_refused() -> None:
    page = SimpleNamespace(blocks={1: gr.State([])})
    with pytest.raises(ValueError, match="Use Visitors"):
        NoSessions().set_blocks(page)


def test_gradio_makes_its_sessions_so_wherever_it_makes_them(served: Served) -> None:
    keep_no_sessions()
    assert type(routes.App().state_holder) is NoSessions
    assert type(served.page.state_holder) is NoSessions
    for module in ("state_holder", "route_utils", "blocks", "mcp"):
        assert getattr(gr, module, None) is None or getattr(gr, module).SessionState is EventState


def test_calls_of_the_api_evict_no_visitor(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommender.interface.visitors.MAX_VISITORS", 1)
    kept: list[str] = []
    monkeypatch.setattr(Visitors, "keep", lambda _, session: kept.append(session.key) or "")
    item = next(fn for fn in served.page.fns.values() if fn.api_name == "item")
    api = f"{served.address}/gradio_api"
    for number in range(4):
        named = {"data": ["p1"], "fn_index": item._id, "session_hash": f"caller {number}"}
        assert httpx.post(f"{api}/run/item", json=named).is_success
        call = httpx.post(f"{api}/call/item", json={"data": ["p1"]})
        assert stream(served.address, "item", call.json()["event_id"])[0] == "complete"
    Client(served.address, verbose=False).predict("p1", api_name="/item")
    assert kept == []
    assert len(served.page.state_holder.session_data) == 0


def test_nothing_is_kept_of_a_picture_that_a_page_sent(served: Served) -> None:
    take = next(fn for fn in served.page.fns.values() if fn.name == "take")
    config = httpx.get(f"{served.address}/config").json()
    props = {component["id"]: component["props"] for component in config["components"]}
    values = [props[block._id].get("value") for block in take.inputs]
    picture = io.BytesIO()
    Image.new("RGB", (60, 80), "red").save(picture, "PNG")
    values[1] = {"url": f"data:image/png;base64,{base64.b64encode(picture.getvalue()).decode()}"}
    sent = {"data": values, "fn_index": take._id, "session_hash": "a page that sends"}
    answer = httpx.post(f"{served.address}/gradio_api/run/predict", json=sent, timeout=60)
    assert answer.is_success
    assert "a page that sends" not in served.page.state_holder
    assert len(served.page.state_holder.session_data) == 0
